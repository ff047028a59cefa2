-- The append-only log: entries, the head over them, and the signed checkpoints.
-- These guards stop accidents and every run-time role; against whoever owns the machine stand the signed
-- checkpoints that others keep.
SET LOCAL ROLE log_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE log.entry (
    idx bigint PRIMARY KEY CHECK (idx >= 0),
    leaf bytea NOT NULL,   -- public
    kind text NOT NULL,
    handle text,
    body jsonb,            -- private: the record that the leaf commits to, where it is about no request
    nonces bytea NOT NULL, -- private: without them the leaf means nothing
    proof bytea NOT NULL DEFAULT '',  -- of the kind of a private entry: nothing of what it says
    sealed bytea,          -- private: the record and its nonces, where it is about a request
    at timestamptz NOT NULL,
    CHECK ((handle IS NULL) = (sealed IS NULL) AND (sealed IS NULL) = (body IS NOT NULL)),
    CHECK (sealed IS NULL OR nonces = ''),
    -- Private leaves all look alike; public ones fit the tile format.
    CHECK (CASE get_byte(leaf, 0) WHEN 1 THEN length(leaf) = 64 WHEN 2 THEN length(leaf) <= 65535 ELSE false END)
);
ALTER TABLE log.entry ALTER sealed SET STORAGE EXTERNAL;
CREATE INDEX entry_handle ON log.entry (handle, idx);

CREATE TABLE log.head (
    one integer PRIMARY KEY DEFAULT 1 CHECK (one = 1),
    size bigint NOT NULL,
    root bytea NOT NULL CHECK (length(root) = 32),
    frontier bytea NOT NULL,
    epoch bigint NOT NULL DEFAULT 0,  -- rises when another writer takes over
    vkey text                         -- whose signature this log carries; set by the first append
);
-- A tree without entries has the SHA-256 of nothing as its root.
INSERT INTO log.head (size, root, frontier) VALUES (0, sha256(''), decode('0000000000000000', 'hex'));

CREATE TABLE log.checkpoint (
    size bigint PRIMARY KEY,
    note text NOT NULL,
    at timestamptz NOT NULL
);

CREATE FUNCTION log.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of %.% is refused: the log only grows.', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

-- The head moves first and names the new size; the entries then fill the room without a gap.
CREATE FUNCTION log.guard_entries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    first bigint;
    last bigint;
    number bigint;
BEGIN
    SELECT min(idx), max(idx), count(*) INTO first, last, number FROM added;
    IF number > 0 AND (
        last - first + 1 <> number
        OR last >= (SELECT size FROM log.head)
        OR first > 0 AND NOT EXISTS (SELECT FROM log.entry WHERE idx = first - 1)
    ) THEN
        RAISE EXCEPTION 'Entries % to % do not continue the log.', first, last USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION log.guard_head() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.size < OLD.size OR NEW.epoch < OLD.epoch
        OR NEW.size = OLD.size AND (NEW.root, NEW.frontier) IS DISTINCT FROM (OLD.root, OLD.frontier)
        OR OLD.vkey IS NOT NULL AND NEW.vkey IS DISTINCT FROM OLD.vkey THEN
        RAISE EXCEPTION 'The head of the log only moves forward, under one key.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE FUNCTION log.complete() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (SELECT size FROM log.head) <> (SELECT coalesce(max(idx) + 1, 0) FROM log.entry)
        OR NOT EXISTS (SELECT FROM log.checkpoint c JOIN log.head h USING (size)) THEN
        RAISE EXCEPTION 'The log must commit its entries, its head and its checkpoint together.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION log.guard_checkpoint() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM log.head h WHERE h.size = NEW.size
            AND split_part(NEW.note, E'\n', 2) = h.size::text
            AND split_part(NEW.note, E'\n', 3) = encode(h.root, 'base64')
    ) THEN
        RAISE EXCEPTION 'A checkpoint says what the head of the log says.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

-- The head and its checkpoint, before the entries that they are over.
CREATE FUNCTION log.advance(size bigint, root bytea, frontier bytea, vkey text, note text, at timestamptz)
RETURNS void LANGUAGE sql SET search_path = pg_catalog, pg_temp BEGIN ATOMIC
    UPDATE log.head SET size = advance.size, root = advance.root, frontier = advance.frontier, vkey = advance.vkey;
    INSERT INTO log.checkpoint (size, note, at) VALUES (advance.size, advance.note, advance.at);
END;

CREATE TRIGGER guard AFTER INSERT ON log.entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION log.guard_entries();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON log.entry EXECUTE FUNCTION log.refuse();
ALTER TABLE log.entry ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

CREATE TRIGGER guard BEFORE UPDATE ON log.head FOR EACH ROW EXECUTE FUNCTION log.guard_head();
CREATE TRIGGER keep BEFORE INSERT OR DELETE OR TRUNCATE ON log.head EXECUTE FUNCTION log.refuse();
CREATE CONSTRAINT TRIGGER complete AFTER UPDATE ON log.head DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION log.complete();
ALTER TABLE log.head
    ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep, ENABLE ALWAYS TRIGGER complete;

CREATE TRIGGER guard BEFORE INSERT ON log.checkpoint FOR EACH ROW EXECUTE FUNCTION log.guard_checkpoint();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON log.checkpoint EXECUTE FUNCTION log.refuse();
ALTER TABLE log.checkpoint ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

GRANT USAGE ON SCHEMA log TO gate_intake, gate_review, gate_verify, gate_decide, gate_release, gate_portal,
    gate_oversee, gate_audit;
-- Whoever acts also records; only the auditor reads.
GRANT INSERT ON log.entry, log.checkpoint
    TO gate_intake, gate_review, gate_verify, gate_decide, gate_release, gate_portal, gate_oversee;
GRANT EXECUTE ON FUNCTION log.advance
    TO gate_intake, gate_review, gate_verify, gate_decide, gate_release, gate_portal, gate_oversee;
GRANT SELECT ON log.head TO gate_intake, gate_review, gate_verify, gate_decide, gate_release, gate_portal,
    gate_oversee;
GRANT UPDATE (size, root, frontier, vkey) ON log.head
    TO gate_intake, gate_review, gate_verify, gate_decide, gate_release, gate_portal, gate_oversee;
GRANT SELECT ON log.entry, log.checkpoint, log.head TO gate_audit;
