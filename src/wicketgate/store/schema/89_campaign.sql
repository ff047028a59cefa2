-- Recalls of many disclosures at once: whom they concern is fixed in a list when one person proposes them, and a
-- second person starts exactly this list. Overdue certificates close an agency's door by themselves.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

-- Disclosures that were made before there was this gate, or beside it: their requests are received here, and what was
-- sent then can be asked back like anything else.
CREATE TABLE gate.imported_disclosure (
    handle text PRIMARY KEY REFERENCES gate.request,
    procedure text NOT NULL CHECK (btrim(procedure) <> ''),
    disclosed_on date NOT NULL
);

CREATE TABLE gate.recall_campaign (
    number integer PRIMARY KEY CHECK (number > 0),
    reasons text NOT NULL CHECK (btrim(reasons) <> ''),
    selection jsonb NOT NULL,   -- what was asked for, as it is shown
    disclosures integer NOT NULL CHECK (disclosures > 0),
    list_digest text NOT NULL CHECK (list_digest ~ '^sha256:[0-9a-f]{64}$'),  -- of the handles, one a line
    days integer NOT NULL CHECK (days BETWEEN 1 AND 365),
    proposed_by text NOT NULL,
    proposed_at timestamptz NOT NULL,
    started_by text CHECK (lower(started_by) <> lower(proposed_by)),
    started_at timestamptz,
    CHECK ((started_by IS NULL) = (started_at IS NULL))
);
CREATE TABLE gate.recall_member (
    campaign integer NOT NULL REFERENCES gate.recall_campaign,
    handle text NOT NULL REFERENCES gate.request,
    agency text NOT NULL,
    outcome text CHECK (outcome IN ('destroyed', 'noticed', 'gone')),  -- NULL: not called back yet
    PRIMARY KEY (campaign, handle)
);
CREATE INDEX recall_member_open ON gate.recall_member (campaign, handle) WHERE outcome IS NULL;
CREATE INDEX recall_member_handle ON gate.recall_member (handle);

-- The notice to one agency, and the proof that it was served.
CREATE TABLE gate.recall_service (
    campaign integer NOT NULL REFERENCES gate.recall_campaign,
    agency text NOT NULL,
    served_on date NOT NULL,
    how text NOT NULL CHECK (how IN ('in person', 'registered mail', 'electronic, receipt confirmed')),
    proof text NOT NULL CHECK (length(btrim(proof)) BETWEEN 1 AND 200),  -- the receipt's number
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (campaign, agency)
);

CREATE FUNCTION gate.guard_campaign() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.started_by IS NOT NULL OR to_jsonb(NEW) - '{started_by,started_at}'::text[]
        <> to_jsonb(OLD) - '{started_by,started_at}'::text[] THEN
        RAISE EXCEPTION 'Recall % can only be started, once.', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE FUNCTION gate.guard_member() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (SELECT FROM gate.recall_campaign c WHERE c.number = NEW.campaign AND c.started_by IS NULL
                AND NEW.outcome IS NULL) THEN
            RAISE EXCEPTION 'The list of recall % is closed.', NEW.campaign USING ERRCODE = 'check_violation';
        END IF;
    ELSIF (NEW.campaign, NEW.handle, NEW.agency) <> (OLD.campaign, OLD.handle, OLD.agency)
        OR OLD.outcome IS NOT NULL OR NEW.outcome IS NULL
        OR NOT EXISTS (SELECT FROM gate.recall_campaign c
            WHERE c.number = NEW.campaign AND c.started_by IS NOT NULL) THEN
        RAISE EXCEPTION 'What recall % lists is called back once, after two people started it.', OLD.campaign
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON gate.recall_campaign FOR EACH ROW EXECUTE FUNCTION gate.guard_campaign();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.recall_campaign EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON gate.recall_member
    FOR EACH ROW EXECUTE FUNCTION gate.guard_member();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.recall_member EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.recall_service EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.imported_disclosure EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.recall_campaign ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.recall_member ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.recall_service ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.imported_disclosure ENABLE ALWAYS TRIGGER keep;

-- A recall knows the agency that asked, so that what is overdue is found by agency.
ALTER TABLE gate.recall ADD COLUMN agency text;
ALTER TABLE gate.recall DISABLE TRIGGER guard;
UPDATE gate.recall c SET agency = coalesce(r.agency_line[1], '') FROM gate.request r WHERE r.handle = c.handle;
ALTER TABLE gate.recall ENABLE ALWAYS TRIGGER guard;
ALTER TABLE gate.recall ALTER COLUMN agency SET NOT NULL;
CREATE INDEX recall_open ON gate.recall (agency, due_at) WHERE certified_at IS NULL;
CREATE FUNCTION gate.name_agency() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    SELECT coalesce(r.agency_line[1], '') INTO NEW.agency FROM gate.request r WHERE r.handle = NEW.handle;
    RETURN NEW;
END
$$;
CREATE TRIGGER agency BEFORE INSERT ON gate.recall FOR EACH ROW EXECUTE FUNCTION gate.name_agency();
ALTER TABLE gate.recall ENABLE ALWAYS TRIGGER agency;

-- What closes an agency's door at a moment without anybody's act: the cause, the agency and why, in a few words.
CREATE FUNCTION gate.due_closures(at_ timestamptz) RETURNS TABLE (cause text, agency text, why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'recall', c.agency, count(*) || ' certificates of destruction overdue'
    FROM gate.recall c WHERE c.certified_at IS NULL AND c.due_at < at_ AND c.agency <> '' GROUP BY c.agency
$$;

-- Brings the doors into line with it; returns what closed (true) or opened (false).
CREATE FUNCTION gate.apply_closures(by_actor text, on_at timestamptz)
RETURNS TABLE (cause text, agency text, closed boolean) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changed record;
BEGIN
    FOR changed IN
        SELECT split_part(s.scope, ':', 1) AS cause, split_part(s.scope, ':', 2) AS agency, false AS closed,
            NULL::text AS why
        FROM gate.suspension s
        WHERE s.suspended AND s.scope ~ '^(recall|safeguards):'
            AND NOT EXISTS (SELECT FROM gate.due_closures(on_at) d WHERE d.cause || ':' || d.agency = s.scope)
        UNION ALL
        SELECT d.cause, d.agency, true, d.why FROM gate.due_closures(on_at) d
        WHERE NOT EXISTS (SELECT FROM gate.suspension s WHERE s.suspended AND s.scope = d.cause || ':' || d.agency)
        ORDER BY 1, 2
    LOOP
        PERFORM gate.set_suspension(changed.cause || ':' || changed.agency, changed.closed, changed.cause, changed.why,
            by_actor, on_at);
        cause := changed.cause;
        agency := changed.agency;
        closed := changed.closed;
        RETURN NEXT;
    END LOOP;
END
$$;

-- Counts of recalls for the public: what was asked back, what of it is certified, what was destroyed unopened.
CREATE FUNCTION gate.count_recalls(first date, last date) RETURNS TABLE (topic text, "row" text, part text, n bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH days AS (SELECT first::timestamp AT TIME ZONE 'UTC' AS since, (last + 1)::timestamp AT TIME ZONE 'UTC' AS until)
    SELECT 'recall', 'asked back', 'all', count(*) FROM gate.recall c, days d
    WHERE c.noticed_at >= d.since AND c.noticed_at < d.until
    UNION ALL SELECT 'recall', 'destruction certified', 'all', count(*) FROM gate.recall c, days d
    WHERE c.certified_at >= d.since AND c.certified_at < d.until
    UNION ALL SELECT 'recall', 'destroyed unopened', 'all', count(*) FROM gate.act a, days d
    WHERE a.act = 'recall' AND a.source = 'released' AND a.at >= d.since AND a.at < d.until
$$;

CREATE FUNCTION gate.import_disclosures(of_submission bigint, rows bigint[], by_procedure text, on_day date)
RETURNS SETOF text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO gate.imported_disclosure (handle, procedure, disclosed_on)
    SELECT r.handle, by_procedure, on_day FROM gate.request r
    WHERE r.submission = of_submission AND r.row = ANY (rows) AND r.state = 'received'
    RETURNING handle
$$;

-- What was disclosed elsewhere has no officer of ours: its agency certifies on a document that the custodian keeps.
CREATE FUNCTION gate.certify_imported(of_campaign integer, of_agency text, with_certificate jsonb, on_at timestamptz)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH done AS (
        UPDATE gate.recall c SET certificate = with_certificate, jws = '', certified_at = on_at
        FROM gate.recall_member m
        WHERE m.campaign = of_campaign AND m.agency = of_agency AND m.handle = c.handle AND c.certified_at IS NULL
            AND EXISTS (SELECT FROM gate.imported_disclosure i WHERE i.handle = c.handle)
        RETURNING 1
    )
    SELECT count(*) FROM done
$$;
GRANT EXECUTE ON FUNCTION gate.import_disclosures(bigint, bigint[], text, date),
    gate.certify_imported(integer, text, jsonb, timestamptz) TO gate_oversee;

GRANT INSERT ON gate.recall_campaign, gate.recall_member, gate.recall_service TO gate_oversee;
GRANT UPDATE (started_by, started_at) ON gate.recall_campaign TO gate_oversee;
GRANT UPDATE (outcome) ON gate.recall_member TO gate_oversee;
GRANT SELECT ON gate.recall_campaign, gate.recall_member, gate.recall_service, gate.imported_disclosure
    TO gate_oversee, gate_audit;
GRANT EXECUTE ON FUNCTION gate.due_closures(timestamptz) TO gate_oversee, gate_audit;
GRANT EXECUTE ON FUNCTION gate.apply_closures(text, timestamptz), gate.count_recalls(date, date) TO gate_oversee;
