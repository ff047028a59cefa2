-- What one requesting agency may read: its own requests and what it was told about them, and nothing beside.
-- The role sees rows of the agency that its transaction names (`gate.agency`), and none where it names none.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'gate_agency') THEN
        CREATE ROLE gate_agency LOGIN NOINHERIT;
    END IF;
    ALTER ROLE gate_agency SET search_path = pg_catalog, pg_temp;
END
$$;
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;
GRANT USAGE ON SCHEMA gate TO gate_agency;

CREATE FUNCTION gate.the_agency() RETURNS text LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT nullif(current_setting('gate.agency', true), '')
$$;
-- The agency's code and its components': by these, lists are read from an index.
CREATE FUNCTION gate.the_codes() RETURNS text[] LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(string_to_array(nullif(current_setting('gate.codes', true), ''), ','), '{}')
$$;
-- An exercise is nobody's request: the inspector planted it, and the agency that it names never sent it.
CREATE FUNCTION gate.is_exercise(of_handle text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM gate.exercise e WHERE e.handle = of_handle)
$$;
GRANT EXECUTE ON FUNCTION gate.the_agency(), gate.the_codes(), gate.is_exercise(text), gate.opened_until() TO gate_agency;

-- No state, no finding, no time of a change: those would tell what is kept inside.
CREATE POLICY of_agency ON gate.request FOR SELECT TO gate_agency
    USING ((SELECT gate.the_agency()) = ANY (agency_line) AND NOT gate.is_exercise(handle));
GRANT SELECT (handle, submission, row, request_id, agency_line, body, received_at) ON gate.request TO gate_agency;
-- One agency's requests in order, however many the others have: by code, newest submission first.
CREATE INDEX request_agency ON gate.request ((agency_line[1]), submission DESC, row);

-- What has left, as the answers' own door sees it, of this agency's requests.
CREATE POLICY of_agency ON gate.answer FOR SELECT TO gate_agency
    USING (ready_at <= (SELECT gate.opened_until())
        AND EXISTS (SELECT FROM gate.request r WHERE r.handle = answer.handle));
GRANT SELECT (handle, body, ready_at) ON gate.answer TO gate_agency;

-- The other tables had no rows to hide from anybody who could read them; now one reader has.
ALTER TABLE gate.submission ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.submission USING (current_user <> 'gate_agency') WITH CHECK (current_user <> 'gate_agency');
CREATE POLICY of_agency ON gate.submission FOR SELECT TO gate_agency
    USING (EXISTS (SELECT FROM gate.request r
        WHERE r.submission = submission.submission AND r.agency_line[1] = ANY (gate.the_codes())));
GRANT SELECT (submission, name, digest, authority, authority_digest, as_of, received_at) ON gate.submission TO gate_agency;

ALTER TABLE gate.act ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.act USING (current_user <> 'gate_agency') WITH CHECK (current_user <> 'gate_agency');
CREATE POLICY of_agency ON gate.act FOR SELECT TO gate_agency
    USING (act = 'withdraw' AND EXISTS (SELECT FROM gate.request r WHERE r.handle = act.handle));
GRANT SELECT (handle, act, at) ON gate.act TO gate_agency;

-- A package is told of when its answer has left.
ALTER TABLE gate.package ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.package USING (current_user <> 'gate_agency') WITH CHECK (current_user <> 'gate_agency');
CREATE POLICY of_agency ON gate.package FOR SELECT TO gate_agency
    USING (EXISTS (SELECT FROM gate.answer a WHERE a.handle = package.handle));
GRANT SELECT (handle, key_id, digest, expires_at, picked_up_at, destroyed_at) ON gate.package TO gate_agency;

ALTER TABLE gate.recall ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.recall USING (current_user <> 'gate_agency') WITH CHECK (current_user <> 'gate_agency');
CREATE POLICY of_agency ON gate.recall FOR SELECT TO gate_agency
    USING (EXISTS (SELECT FROM gate.request r WHERE r.handle = recall.handle));
GRANT SELECT (handle, noticed_at, due_at, certified_at) ON gate.recall TO gate_agency;

ALTER TABLE gate.recipient_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.recipient_key USING (current_user <> 'gate_agency') WITH CHECK (current_user <> 'gate_agency');
CREATE POLICY of_agency ON gate.recipient_key FOR SELECT TO gate_agency
    USING (split_part(officer, '|', 3) = ANY (gate.the_codes()));
GRANT SELECT ON gate.recipient_key TO gate_agency;
ALTER TABLE gate.official_key ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.official_key USING (current_user <> 'gate_agency') WITH CHECK (current_user <> 'gate_agency');
CREATE POLICY of_agency ON gate.official_key FOR SELECT TO gate_agency USING (agency = ANY (gate.the_codes()));
GRANT SELECT ON gate.official_key TO gate_agency;

-- How long a clock stood still by orders, which are public; what holds one request alone is nobody's to see here.
CREATE FUNCTION gate.stopped_by_orders(line text[], from_ timestamptz, at_ timestamptz) RETURNS interval
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(sum(upper(x) - lower(x)), interval '0')
    FROM unnest((
        SELECT range_agg(tstzrange(greatest(s.since, from_), least(coalesce(s.until, at_), at_)))
        FROM gate.stop s
        WHERE s.scope = ANY (line || '*'::text) AND s.since < at_ AND coalesce(s.until, at_) > from_
    )) AS x
$$;
GRANT EXECUTE ON FUNCTION gate.stopped_by_orders(text[], timestamptz, timestamptz) TO gate_agency;

-- Where each request stands as its agency may know it. The view asks as its reader, so the policies hold.
CREATE VIEW gate.outward WITH (security_invoker = true) AS
    SELECT r.handle, r.submission, r.row, r.request_id, r.agency_line, r.received_at,
        -- Thirty days where the version names none: the same house rule as in the office.
        r.received_at + make_interval(days => coalesce((v.parameters ->> 'answer_days')::integer, 30)) AS due_at,
        w.at AS withdrawn_at, a.ready_at AS answered_at, a.body AS answer,
        p.key_id, p.digest AS package_digest, p.expires_at, p.picked_up_at, p.destroyed_at,
        c.noticed_at, c.due_at AS certificate_due_at, c.certified_at,
        CASE
            WHEN w.at IS NOT NULL THEN 'withdrawn'
            WHEN a.body IS NULL THEN 'in_progress'
            WHEN a.body::jsonb ->> 'answer' <> 'disclosed' THEN a.body::jsonb ->> 'answer'
            WHEN c.certified_at IS NOT NULL THEN 'recalled'
            WHEN c.noticed_at IS NOT NULL THEN 'recall_noticed'
            WHEN p.picked_up_at IS NOT NULL THEN 'picked_up'
            WHEN p.destroyed_at IS NULL THEN 'disclosed'
            WHEN p.destroyed_at >= p.expires_at THEN 'expired'
            ELSE 'recalled'
        END AS status
    FROM gate.request r
        JOIN gate.submission s ON s.submission = r.submission
        LEFT JOIN gate.version v ON v.digest = s.authority_digest
        LEFT JOIN gate.act w ON w.handle = r.handle AND w.act = 'withdraw'
        LEFT JOIN gate.answer a ON a.handle = r.handle
        LEFT JOIN gate.package p ON p.handle = r.handle
        LEFT JOIN gate.recall c ON c.handle = r.handle;
GRANT SELECT ON gate.outward, gate.version TO gate_agency;
