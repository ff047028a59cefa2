-- What those outside have cosigned, and the tiles from which proofs for them are made.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'gate_witness') THEN
        CREATE ROLE gate_witness LOGIN NOINHERIT; -- sends checkpoints to witnesses; sees nothing that is private
    END IF;
    ALTER ROLE gate_witness SET search_path = pg_catalog, pg_temp;
END
$$;

SET LOCAL ROLE log_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE log.tile (
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
    number bigint NOT NULL CHECK (number >= 0),
    hashes bytea NOT NULL CHECK (length(hashes) = 256 * 32),  -- only full tiles, which never change
    PRIMARY KEY (level, number)
);
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON log.tile EXECUTE FUNCTION log.refuse();
ALTER TABLE log.tile ENABLE ALWAYS TRIGGER keep;

CREATE TABLE log.cosignature (
    size bigint NOT NULL,          -- of a checkpoint, which no longer goes away
    witness text NOT NULL,         -- its public key, as a policy names it
    line text NOT NULL CHECK (line ~ '^— [^ \n]+ [A-Za-z0-9+/=]+\n$'),
    stated_at bigint NOT NULL CHECK (stated_at >= 0),  -- seconds since 1970, by the witness's clock
    received_at timestamptz NOT NULL,                  -- by ours
    PRIMARY KEY (size, witness)
);
CREATE INDEX cosignature_witness ON log.cosignature (witness, size);

-- A witness that cosigns the same size again states a later time; nothing else ever changes.
CREATE FUNCTION log.guard_cosignature() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM log.checkpoint c WHERE c.size = NEW.size;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'There is no checkpoint of size % to cosign.', NEW.size USING ERRCODE = 'check_violation';
        END IF;
    ELSIF (NEW.size, NEW.witness) IS DISTINCT FROM (OLD.size, OLD.witness) OR NEW.stated_at < OLD.stated_at THEN
        RAISE EXCEPTION 'A cosignature is only renewed by a later one.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON log.cosignature FOR EACH ROW EXECUTE FUNCTION log.guard_cosignature();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON log.cosignature EXECUTE FUNCTION log.refuse();
ALTER TABLE log.cosignature ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

GRANT USAGE ON SCHEMA log TO gate_witness;
GRANT SELECT (idx, leaf) ON log.entry TO gate_witness;
GRANT SELECT ON log.checkpoint TO gate_witness;
GRANT SELECT, INSERT ON log.tile TO gate_witness;
GRANT SELECT, INSERT, UPDATE (line, stated_at, received_at) ON log.cosignature TO gate_witness;
GRANT SELECT ON log.tile, log.cosignature TO gate_audit;
