-- Bulk work in pieces: a piece is claimed, worked on and marked done in one transaction.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.chunk (
    job text NOT NULL,
    number integer NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL CHECK (last >= first),  -- inclusive
    done boolean NOT NULL DEFAULT false,
    PRIMARY KEY (job, number)
);
CREATE INDEX chunk_open ON gate.chunk (job, number) WHERE NOT done;

CREATE FUNCTION gate.guard_chunk() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.done OR NOT NEW.done THEN
        RAISE EXCEPTION 'Chunk % of % is done once.', OLD.number, OLD.job USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON gate.chunk FOR EACH ROW EXECUTE FUNCTION gate.guard_chunk();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.chunk EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.chunk ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

GRANT SELECT, INSERT ON gate.chunk TO gate_intake, gate_review, gate_verify, gate_decide, gate_release;
GRANT UPDATE (done) ON gate.chunk TO gate_intake, gate_review, gate_verify, gate_decide, gate_release;
