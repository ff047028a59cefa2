-- What requests say, what was found of them, the entries about them and what officers wrote about them lie
-- sealed with a key for each request, which the database does not hold: where the key is destroyed, they are gone.
-- What officials did (who, which act, when) stays in clear, and so does what answers an order about an officer.
DO $$
BEGIN
    IF EXISTS (SELECT FROM gate.request) OR EXISTS (SELECT FROM log.entry WHERE handle IS NOT NULL) THEN
        RAISE EXCEPTION 'this database keeps requests in clear, and nothing can seal what its backups hold;'
            ' begin a new one and keep this one closed';
    END IF;
END
$$;

SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

ALTER TABLE gate.request DROP COLUMN body, DROP COLUMN facts;
ALTER TABLE gate.request
    ADD COLUMN body bytea NOT NULL,   -- as written by the requester, sealed
    ADD COLUMN facts bytea NOT NULL,  -- what the review looked at, sealed
    ADD COLUMN agency text NOT NULL DEFAULT '',      -- the code as it was written
    ADD COLUMN officers text[] NOT NULL DEFAULT '{}',  -- who is engaged, as written
    ADD COLUMN officer_scopes text[] NOT NULL;         -- by what an order may call them, however it spells them
ALTER TABLE gate.request ALTER body SET STORAGE EXTERNAL, ALTER facts SET STORAGE EXTERNAL;  -- does not compress
GRANT UPDATE (facts) ON gate.request TO gate_review;
ALTER TABLE gate.dissent DROP CONSTRAINT dissent_statement_check,
    ADD CHECK (length(btrim(statement)) BETWEEN 1 AND 60000);  -- 10,000 characters, sealed

CREATE OR REPLACE FUNCTION gate.guard_request() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.handle, NEW.submission, NEW.row, NEW.request_id, NEW.agency_line, NEW.agency, NEW.officers,
        NEW.officer_scopes, NEW.body, NEW.received_at) IS DISTINCT FROM
       (OLD.handle, OLD.submission, OLD.row, OLD.request_id, OLD.agency_line, OLD.agency, OLD.officers,
        OLD.officer_scopes, OLD.body, OLD.received_at) THEN
        RAISE EXCEPTION 'What request % says cannot be changed.', OLD.handle USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.facts, NEW.determination, NEW.findings, NEW.authority_digest)
        IS DISTINCT FROM (OLD.facts, OLD.determination, OLD.findings, OLD.authority_digest)
        AND NOT EXISTS (SELECT FROM gate.initial i WHERE i.state = OLD.state) THEN
        RAISE EXCEPTION 'The determination of request % stands.', OLD.handle USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.state, NEW.version) IS DISTINCT FROM (OLD.state, OLD.version) AND NOT EXISTS (
        SELECT FROM gate.act a JOIN gate.transition t USING (source, act, target)
        WHERE a.handle = OLD.handle AND a.version = OLD.version + 1 AND NEW.version = OLD.version + 1
            AND a.source = OLD.state AND a.target = NEW.state
    ) THEN
        RAISE EXCEPTION 'Request % cannot go from % to % without an act that allows it.',
            OLD.handle, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

-- The rows of these requests as they should be now.
CREATE OR REPLACE FUNCTION gate.file_work(handles text[]) RETURNS void LANGUAGE plpgsql
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

SET LOCAL ROLE log_owner;

ALTER TABLE log.entry
    ALTER body DROP NOT NULL,
    ADD COLUMN proof bytea NOT NULL DEFAULT '',  -- of the kind of a private entry: nothing of what it says
    ADD COLUMN sealed bytea,                     -- the record and its nonces, where it is about a request
    ADD CHECK ((handle IS NULL) = (sealed IS NULL) AND (sealed IS NULL) = (body IS NOT NULL)),
    ADD CHECK (sealed IS NULL OR nonces = '');
ALTER TABLE log.entry ALTER sealed SET STORAGE EXTERNAL;
