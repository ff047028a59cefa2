-- Queues narrowed to one element of the law, and clocks that stood still, read by index whatever their number.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

-- One row for each element that an open request does not show, in the orders of a queue.
CREATE TABLE gate.work_code (
    code text NOT NULL,
    state text NOT NULL,
    due_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    handle text NOT NULL,
    PRIMARY KEY (handle, code)
);
CREATE INDEX work_code_due ON gate.work_code (code, state, due_at, handle);
CREATE INDEX work_code_age ON gate.work_code (code, state, received_at, handle);
DROP INDEX gate.work_codes;
INSERT INTO gate.work_code (code, state, due_at, received_at, handle)
    SELECT DISTINCT c, w.state, w.due_at, w.received_at, w.handle FROM gate.work w, unnest(w.codes) AS c;

CREATE FUNCTION gate.follow_codes() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        DELETE FROM gate.work_code k WHERE k.handle = OLD.handle;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO gate.work_code (code, state, due_at, received_at, handle)
        SELECT DISTINCT c, NEW.state, NEW.due_at, NEW.received_at, NEW.handle FROM unnest(NEW.codes) AS c;
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER codes AFTER INSERT OR DELETE OR UPDATE OF state, codes, due_at ON gate.work
    FOR EACH ROW EXECUTE FUNCTION gate.follow_codes();
ALTER TABLE gate.work ENABLE ALWAYS TRIGGER codes;
GRANT SELECT ON gate.work_code TO gate_audit;

CREATE INDEX stop_open ON gate.stop (scope) WHERE until IS NULL;

-- How long, at most, any one clock has stood still until `at_`: for whatever scopes, and for one request.
CREATE FUNCTION gate.longest_stop(at_ timestamptz) RETURNS interval LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT sum(coalesce(s.until, at_) - s.since) FROM gate.stop s
            WHERE s.scope !~ '^WG-' AND s.since < at_), interval '0')
        + coalesce((SELECT max(one.lasted) FROM (SELECT sum(coalesce(s.until, at_) - s.since) AS lasted
            FROM gate.stop s WHERE s.scope ~ '^WG-' AND s.since < at_ GROUP BY s.scope) AS one), interval '0')
$$;
GRANT EXECUTE ON FUNCTION gate.longest_stop(timestamptz) TO gate_audit;
