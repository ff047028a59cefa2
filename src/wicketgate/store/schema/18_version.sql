-- What a determination rests on: the version of the authority with its answers, and the day.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

-- One row for each digest: it covers all that stands here, so nothing here ever changes.
CREATE TABLE gate.version (
    digest text PRIMARY KEY CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
    authority text NOT NULL,
    overlays text[] NOT NULL,
    parameters jsonb NOT NULL,
    switches jsonb NOT NULL
);
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.version EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.version ENABLE ALWAYS TRIGGER keep;

ALTER TABLE gate.request ADD COLUMN determined_on date;

CREATE FUNCTION gate.guard_determination() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.determined_on IS DISTINCT FROM OLD.determined_on
        AND NOT EXISTS (SELECT FROM gate.initial i WHERE i.state = OLD.state) THEN
        RAISE EXCEPTION 'The determination of request % stands.', OLD.handle USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.determination IS NOT NULL AND (NEW.determined_on IS NULL
        OR NOT EXISTS (SELECT FROM gate.version v WHERE v.digest = NEW.authority_digest)) THEN
        RAISE EXCEPTION 'The determination of request % does not say on which day and under which version.',
            NEW.handle USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER determined BEFORE INSERT OR UPDATE OF determination, authority_digest, determined_on ON gate.request
    FOR EACH ROW EXECUTE FUNCTION gate.guard_determination();
ALTER TABLE gate.request ENABLE ALWAYS TRIGGER determined;

GRANT SELECT ON gate.version TO gate_intake, gate_review, gate_verify, gate_decide, gate_release, gate_oversee,
    gate_audit;
GRANT INSERT ON gate.version TO gate_intake, gate_review;
GRANT UPDATE (determined_on) ON gate.request TO gate_review;
