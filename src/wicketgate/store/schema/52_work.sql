-- What waits for a person: one narrow row per open request, kept by triggers, so that a queue of a million is
-- read by index. A database without an office (a simulation) keeps none of it.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.office (
    one integer PRIMARY KEY DEFAULT 1 CHECK (one = 1),
    opened_at timestamptz
);
INSERT INTO gate.office (opened_at) VALUES (NULL);

CREATE TABLE gate.work (
    handle text PRIMARY KEY REFERENCES gate.request,
    submission bigint NOT NULL,
    agency text NOT NULL,
    agency_line text[] NOT NULL,
    state text NOT NULL,
    codes text[] NOT NULL,              -- of the elements that were not shown
    referral boolean NOT NULL,          -- stands or stood before counsel
    dissents integer NOT NULL DEFAULT 0,
    received_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,        -- before any stop of the clock
    entered_at timestamptz NOT NULL,    -- when it came into its state
    claimed_by text,
    claimed_until timestamptz
);
CREATE INDEX work_due ON gate.work (state, due_at, handle);
CREATE INDEX work_age ON gate.work (state, received_at, handle);
CREATE INDEX work_agency ON gate.work (state, agency, due_at, handle);
CREATE INDEX work_submission ON gate.work (state, submission, due_at, handle);
CREATE INDEX work_codes ON gate.work USING gin (codes);
CREATE INDEX work_referral ON gate.work (state, due_at, handle) WHERE referral;
CREATE INDEX work_dissent ON gate.work (state, due_at, handle) WHERE dissents > 0;
CREATE INDEX work_claimed ON gate.work (claimed_by, state, due_at, handle) WHERE claimed_by IS NOT NULL;

-- How many wait where, as differences that add up: nobody waits for a counter.
CREATE TABLE gate.tally (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state text NOT NULL,
    agency text NOT NULL,
    submission bigint NOT NULL,
    n bigint NOT NULL
);

-- When clocks stood still: for a suspended scope, or for one request (its handle) that was held.
CREATE TABLE gate.stop (
    scope text NOT NULL,
    since timestamptz NOT NULL,
    until timestamptz CHECK (until >= since),
    PRIMARY KEY (scope, since)
);
INSERT INTO gate.stop (scope, since)
    SELECT scope, coalesce(changed_at, now()) FROM gate.suspension WHERE suspended;

-- How long a request's clock has stood still until `at_`, overlapping stops counted once.
CREATE FUNCTION gate.stopped(handle_ text, line text[], from_ timestamptz, at_ timestamptz) RETURNS interval
LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(upper(x) - lower(x)), interval '0')
    FROM unnest((
        SELECT range_agg(tstzrange(greatest(s.since, from_), least(coalesce(s.until, at_), at_)))
        FROM gate.stop s
        WHERE s.scope = ANY (line || ARRAY[handle_, '*', '!'])
            AND s.since < at_ AND coalesce(s.until, at_) > from_
    )) AS x
$$;
CREATE FUNCTION gate.stands_still(handle_ text, line text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM gate.stop s WHERE s.until IS NULL AND s.scope = ANY (line || ARRAY[handle_, '*', '!']))
$$;

CREATE FUNCTION gate.note_stop() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    since_ timestamptz := coalesce(NEW.changed_at, now());
BEGIN
    IF NEW.suspended AND NOT EXISTS (SELECT FROM gate.stop WHERE scope = NEW.scope AND until IS NULL) THEN
        INSERT INTO gate.stop (scope, since) VALUES (NEW.scope, since_)
        ON CONFLICT (scope, since) DO UPDATE SET until = NULL;
    ELSIF NOT NEW.suspended THEN
        UPDATE gate.stop SET until = greatest(since, since_) WHERE scope = NEW.scope AND until IS NULL;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER stop AFTER INSERT OR UPDATE OF suspended ON gate.suspension
    FOR EACH ROW EXECUTE FUNCTION gate.note_stop();
ALTER TABLE gate.suspension ENABLE ALWAYS TRIGGER stop;

-- Who took a request upon themselves, from when to when, and how it ended: the time on the case.
CREATE TABLE gate.claim (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    handle text NOT NULL REFERENCES gate.request,
    actor text NOT NULL,
    role text NOT NULL,
    at timestamptz NOT NULL,
    until timestamptz NOT NULL CHECK (until > at),
    ended_at timestamptz,
    outcome text,   -- the act that ended it; or released, expired, moved
    reasons text,
    CHECK ((ended_at IS NULL) = (outcome IS NULL))
);
CREATE UNIQUE INDEX claim_open ON gate.claim (handle) WHERE ended_at IS NULL;
CREATE INDEX claim_ended ON gate.claim (ended_at);
CREATE INDEX claim_actor ON gate.claim (actor, ended_at);
CREATE INDEX claim_handle ON gate.claim (handle);

CREATE FUNCTION gate.add_tally(handles text[], sign integer) RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO gate.tally (state, agency, submission, n)
    SELECT w.state, w.agency, w.submission, sign * count(*) FROM gate.work w
    WHERE w.handle = ANY (handles) GROUP BY 1, 2, 3
$$;

-- The rows of these requests as they should be now.
CREATE FUNCTION gate.file_work(handles text[]) RETURNS void LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM gate.add_tally(handles, -1);
    DELETE FROM gate.work w USING gate.request r
    WHERE w.handle = ANY (handles) AND r.handle = w.handle AND NOT EXISTS (
        SELECT FROM gate.transition t WHERE t.source = r.state AND t.act IN ('withdraw', 'resume'));
    INSERT INTO gate.work AS w (handle, submission, agency, agency_line, state, codes, referral, dissents,
        received_at, due_at, entered_at)
    SELECT r.handle, r.submission, coalesce(r.agency_line[1], r.agency), r.agency_line,
        r.state, r.findings, r.state = 'referred', 0, r.received_at,
        -- Thirty days where the version names none: the same house rule.
        r.received_at + make_interval(days => coalesce((v.parameters ->> 'answer_days')::integer, 30)),
        r.changed_at
    FROM gate.request r LEFT JOIN gate.version v ON v.digest = r.authority_digest
    WHERE r.handle = ANY (handles) AND EXISTS (
        SELECT FROM gate.transition t WHERE t.source = r.state AND t.act IN ('withdraw', 'resume'))
    ON CONFLICT (handle) DO UPDATE SET state = EXCLUDED.state, codes = EXCLUDED.codes,
        referral = w.referral OR EXCLUDED.referral, entered_at = EXCLUDED.entered_at,
        claimed_by = NULL, claimed_until = NULL;
    PERFORM gate.add_tally(handles, 1);
    -- Now and then the differences are added up; what somebody else adds up meanwhile is left to them.
    IF random() < 0.02 THEN
        WITH gone AS (
            DELETE FROM gate.tally WHERE id IN (SELECT id FROM gate.tally FOR UPDATE SKIP LOCKED)
            RETURNING state, agency, submission, n
        )
        INSERT INTO gate.tally (state, agency, submission, n)
        SELECT state, agency, submission, sum(n) FROM gone GROUP BY 1, 2, 3 HAVING sum(n) <> 0;
    END IF;
END
$$;

CREATE FUNCTION gate.follow_work() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE gate.claim c SET ended_at = greatest(a.at, c.at),
        outcome = CASE WHEN c.actor = a.actor THEN a.act ELSE 'moved' END
    FROM added a WHERE c.handle = a.handle AND c.ended_at IS NULL;
    IF NOT EXISTS (SELECT FROM gate.office WHERE opened_at IS NOT NULL) THEN
        RETURN NULL;
    END IF;
    UPDATE gate.stop s SET until = greatest(a.at, s.since)
        FROM added a WHERE a.source = 'held' AND s.scope = a.handle AND s.until IS NULL;
    INSERT INTO gate.stop (scope, since) SELECT a.handle, a.at FROM added a WHERE a.target = 'held'
        ON CONFLICT (scope, since) DO UPDATE SET until = NULL;
    PERFORM gate.file_work(ARRAY(SELECT DISTINCT a.handle FROM added a));
    RETURN NULL;
END
$$;
CREATE TRIGGER work_follows AFTER INSERT ON gate.act REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION gate.follow_work();
ALTER TABLE gate.act ENABLE ALWAYS TRIGGER work_follows;

-- Opens the office once: from here on the work is kept, beginning with all that is open now.
CREATE FUNCTION gate.open_office(on_at timestamptz) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    already timestamptz;
BEGIN
    SELECT opened_at INTO already FROM gate.office FOR UPDATE;
    IF already IS NOT NULL THEN
        RETURN false;
    END IF;
    LOCK TABLE gate.act IN SHARE ROW EXCLUSIVE MODE;  -- nothing moves while the work is filed
    UPDATE gate.office SET opened_at = on_at;
    INSERT INTO gate.stop (scope, since)
        SELECT handle, changed_at FROM gate.request WHERE state = 'held' ON CONFLICT DO NOTHING;
    PERFORM gate.file_work(ARRAY(SELECT r.handle FROM gate.request r WHERE r.version > 0 AND EXISTS (
        SELECT FROM gate.transition t WHERE t.source = r.state AND t.act IN ('withdraw', 'resume'))));
    RETURN true;
END
$$;

-- Requests that share something, by keyed digests: an officer, a person, a stretch of their reasons.
CREATE TABLE gate.kin (
    key bigint NOT NULL,
    at timestamptz NOT NULL,
    handle text NOT NULL REFERENCES gate.request,
    PRIMARY KEY (key, at, handle)
);
CREATE INDEX kin_handle ON gate.kin (handle);
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.kin EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.kin ENABLE ALWAYS TRIGGER keep;

GRANT EXECUTE ON FUNCTION gate.open_office(timestamptz) TO gate_intake;
GRANT INSERT ON gate.kin TO gate_intake;
GRANT EXECUTE ON FUNCTION gate.stopped(text, text[], timestamptz, timestamptz),
    gate.stands_still(text, text[]) TO gate_audit;
GRANT SELECT ON gate.work, gate.tally, gate.stop, gate.claim, gate.kin, gate.office TO gate_audit;
GRANT SELECT ON gate.claim TO gate_review, gate_decide, gate_oversee;
