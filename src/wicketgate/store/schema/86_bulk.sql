-- Files that agencies send through the server: who sent which, how far it is, and who stopped it. A file is worked
-- on in chunks; requests of a chunk come in and are determined in one transaction.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.upload (
    upload bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    digest text NOT NULL CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),  -- of the bytes received
    bytes bigint NOT NULL CHECK (bytes > 0),
    agency text NOT NULL,
    sent_by text NOT NULL CHECK (sent_by = btrim(sent_by) AND length(sent_by) BETWEEN 1 AND 200),
    sent_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'ready', 'done', 'cancelled', 'unreadable')),
    paused boolean NOT NULL DEFAULT false,
    rows bigint,                -- read so far, and in the end all of them
    submission bigint UNIQUE REFERENCES gate.submission,
    summary jsonb,              -- of the review: counts, no request
    problem text,               -- why the file cannot be read, or why it stands still
    changed_by text,
    changed_at timestamptz,
    CHECK ((state IN ('ready', 'done')) <= (submission IS NOT NULL))
);
-- The same file twice is the same upload, unless it came to nothing or was cancelled.
CREATE UNIQUE INDEX upload_once ON gate.upload (agency, digest) WHERE state NOT IN ('cancelled', 'unreadable');
CREATE INDEX upload_open ON gate.upload (upload) WHERE state IN ('waiting', 'ready');
CREATE INDEX upload_agency ON gate.upload (agency, upload DESC);

-- What was sent stays what it was, and what is over stays over.
CREATE FUNCTION gate.guard_upload() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.upload, NEW.name, NEW.digest, NEW.bytes, NEW.agency, NEW.sent_by, NEW.sent_at) IS DISTINCT FROM
       (OLD.upload, OLD.name, OLD.digest, OLD.bytes, OLD.agency, OLD.sent_by, OLD.sent_at)
        OR OLD.submission IS NOT NULL AND NEW.submission IS DISTINCT FROM OLD.submission
        OR OLD.state IN ('done', 'cancelled', 'unreadable') AND NEW.state <> OLD.state
        OR OLD.state = 'ready' AND NEW.state = 'waiting' THEN
        RAISE EXCEPTION 'Upload % stays what it is.', OLD.upload USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON gate.upload FOR EACH ROW EXECUTE FUNCTION gate.guard_upload();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.upload EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.upload ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

-- Rows that could be read and were still not received, and why.
CREATE TABLE gate.upload_refusal (
    upload bigint NOT NULL REFERENCES gate.upload,
    row bigint NOT NULL,
    line bigint NOT NULL,
    field text NOT NULL,
    problem text NOT NULL,
    PRIMARY KEY (upload, row)
);
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.upload_refusal EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.upload_refusal ENABLE ALWAYS TRIGGER keep;

-- The agencies' own role reads what its agency sent, and nothing beside.
ALTER TABLE gate.upload ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.upload TO gate_intake, gate_audit USING (true) WITH CHECK (true);
CREATE POLICY of_agency ON gate.upload FOR SELECT TO gate_agency USING ((SELECT gate.the_agency()) = agency);
ALTER TABLE gate.upload_refusal ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.upload_refusal TO gate_intake, gate_audit USING (true) WITH CHECK (true);
CREATE POLICY of_agency ON gate.upload_refusal FOR SELECT TO gate_agency
    USING (EXISTS (SELECT FROM gate.upload u WHERE u.upload = upload_refusal.upload));
GRANT SELECT, INSERT ON gate.upload, gate.upload_refusal TO gate_intake;
GRANT UPDATE (state, paused, rows, submission, summary, problem, changed_by, changed_at) ON gate.upload TO gate_intake;
GRANT SELECT ON gate.upload, gate.upload_refusal TO gate_audit, gate_agency;
GRANT SELECT ON gate.chunk TO gate_audit, gate_agency;  -- numbers of rows, and whether they are done

-- A request begins at the beginning; or it is received and determined in one step, and its act is recorded with it.
-- Those are checked together, once for all that one statement inserts.
DROP TRIGGER begin_request ON gate.request;
CREATE TRIGGER begin_request BEFORE INSERT ON gate.request FOR EACH ROW WHEN (NEW.version <> 1)
    EXECUTE FUNCTION gate.begin_request();
DROP TRIGGER determined ON gate.request;
CREATE TRIGGER determined BEFORE UPDATE OF determination, authority_digest, determined_on ON gate.request
    FOR EACH ROW EXECUTE FUNCTION gate.guard_determination();
CREATE FUNCTION gate.find_at_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    strange text;
    born bigint;
    found bigint;
BEGIN
    SELECT a.handle INTO strange FROM added a
    WHERE a.determination IS NOT NULL AND (a.determined_on IS NULL
        OR NOT EXISTS (SELECT FROM gate.version v WHERE v.digest = a.authority_digest)) LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'The determination of request % does not say on which day and under which version.', strange
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT count(*) INTO born FROM added WHERE version = 1;
    IF born = 0 THEN
        RETURN NULL;
    END IF;
    INSERT INTO gate.act (handle, version, act, source, target, role, actor, at)
    SELECT a.handle, 1, t.act, t.source, t.target, t.role, 'gate', a.received_at
    FROM added a JOIN gate.transition t ON t.target = a.state AND t.act LIKE 'find %' AND t.role = 'gate'
        JOIN gate.initial i ON i.state = t.source
    WHERE a.version = 1 AND a.state = a.determination AND a.changed_at = a.received_at;
    GET DIAGNOSTICS found = ROW_COUNT;
    IF found <> born THEN
        RAISE EXCEPTION 'A request must begin at the beginning, or be what it was determined to be.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER find_at_once AFTER INSERT ON gate.request REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION gate.find_at_once();
ALTER TABLE gate.request ENABLE ALWAYS TRIGGER begin_request, ENABLE ALWAYS TRIGGER determined,
    ENABLE ALWAYS TRIGGER find_at_once;
-- What that trigger records it has checked; every other act is checked as before. The depth tells the one from the
-- other only because nobody who may insert an act can bring a trigger of their own: run-time roles own no table and
-- may make none, TEMP on the database and CREATE on every schema being revoked (`grant_connect`, tests/contract).
DROP TRIGGER perform ON gate.act;
DROP TRIGGER carry_out ON gate.act;
CREATE TRIGGER perform BEFORE INSERT ON gate.act FOR EACH ROW WHEN (pg_trigger_depth() = 0)
    EXECUTE FUNCTION gate.perform();
CREATE TRIGGER carry_out AFTER INSERT ON gate.act FOR EACH ROW WHEN (pg_trigger_depth() = 0)
    EXECUTE FUNCTION gate.carry_out();
ALTER TABLE gate.act ENABLE ALWAYS TRIGGER perform, ENABLE ALWAYS TRIGGER carry_out;
GRANT EXECUTE ON FUNCTION gate.give_answers(text[], text[], timestamptz) TO gate_intake;

-- A request has about ten keys: one look for all of them together, where each key looked by itself before.
ALTER TABLE gate.kin DROP CONSTRAINT kin_handle_fkey;
CREATE FUNCTION gate.know_kin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM (SELECT DISTINCT handle FROM added) a
        WHERE NOT EXISTS (SELECT FROM gate.request r WHERE r.handle = a.handle)) THEN
        RAISE EXCEPTION 'A key is of a request.' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER known AFTER INSERT ON gate.kin REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION gate.know_kin();
ALTER TABLE gate.kin ENABLE ALWAYS TRIGGER known;
