-- Every request of an agency has a number, without a gap: the agency sees by itself that one is missing.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.agency_counter (
    agency text PRIMARY KEY,
    last bigint NOT NULL CHECK (last >= 0)
);
CREATE TABLE gate.sequence (
    agency text NOT NULL REFERENCES gate.agency_counter,
    number bigint NOT NULL CHECK (number > 0),
    handle text NOT NULL UNIQUE REFERENCES gate.request,
    PRIMARY KEY (agency, number)
);

-- Whoever numbers holds the agencies' counters until it commits, and a rollback takes the numbers back.
CREATE FUNCTION gate.count_requests(handles text[], agencies text[]) RETURNS TABLE (handle text, number bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    INSERT INTO gate.agency_counter (agency, last)
        SELECT DISTINCT a, 0 FROM unnest(agencies) AS a ON CONFLICT DO NOTHING;
    PERFORM FROM gate.agency_counter c WHERE c.agency = ANY (agencies) ORDER BY c.agency FOR UPDATE;
    RETURN QUERY
        INSERT INTO gate.sequence AS s (handle, agency, number)
        SELECT new.handle, new.agency, c.last + row_number() OVER (PARTITION BY new.agency ORDER BY new.at)
        FROM unnest(handles, agencies) WITH ORDINALITY AS new (handle, agency, at)
            JOIN gate.agency_counter c USING (agency)
        RETURNING s.handle, s.number;
    UPDATE gate.agency_counter c SET last = c.last + counted.n
    FROM (SELECT a AS agency, count(*) AS n FROM unnest(agencies) AS a GROUP BY a) AS counted
    WHERE c.agency = counted.agency;
END
$$;

-- Even the owner only counts on.
CREATE FUNCTION gate.guard_counter() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.agency <> OLD.agency OR NEW.last < OLD.last THEN
        RAISE EXCEPTION 'The numbers of an agency only go on.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE OR DELETE ON gate.agency_counter FOR EACH ROW EXECUTE FUNCTION gate.guard_counter();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.sequence EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.agency_counter ENABLE ALWAYS TRIGGER guard;
ALTER TABLE gate.sequence ENABLE ALWAYS TRIGGER keep;

GRANT EXECUTE ON FUNCTION gate.count_requests(text[], text[]) TO gate_intake;
GRANT SELECT ON gate.sequence, gate.agency_counter TO gate_audit;

SET LOCAL ROLE log_owner;
CREATE INDEX entry_submission ON log.entry ((body ->> 'submission')) WHERE kind = 'submission.received';
