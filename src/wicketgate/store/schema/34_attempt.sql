-- How often an agency has asked for people of one class, without saying for whom: digests under a key that
-- the database does not hold. Nothing here was ever compared with the register.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.attempt (
    handle text PRIMARY KEY REFERENCES gate.request,
    agency text NOT NULL,        -- the root of the agency's line: components share one budget
    person_class text NOT NULL,  -- of first initial and surnames
    person text NOT NULL,        -- of the whole name
    at timestamptz NOT NULL
);
CREATE INDEX attempt_class ON gate.attempt (agency, person_class, at);
CREATE INDEX attempt_person ON gate.attempt (agency, person);
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.attempt EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.attempt ENABLE ALWAYS TRIGGER keep;

-- For each of the classes named: how many attempts since then, and whether an earlier submission of the same
-- agency still waits for an answer about the same person. Whoever counts is the only one until it commits.
CREATE FUNCTION gate.attempts(
    agencies text[], classes text[], persons text[], of_submission bigint, since timestamptz
) RETURNS TABLE (number bigint, earlier bigint, waiting boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOCK TABLE gate.attempt IN SHARE ROW EXCLUSIVE MODE;
    RETURN QUERY
        SELECT asked.number,
            (SELECT count(*) FROM gate.attempt a
                WHERE a.agency = asked.agency AND a.person_class = asked.person_class AND a.at > since),
            EXISTS (
                SELECT FROM gate.attempt a JOIN gate.request r USING (handle)
                WHERE a.agency = asked.agency AND a.person = asked.person AND r.submission <> of_submission
                    AND r.state IN ('received', 'referred', 'sufficient', 'endorsed', 'verified', 'approved', 'held')
                    AND NOT EXISTS (SELECT FROM gate.answer g WHERE g.handle = a.handle))
        FROM unnest(agencies, classes, persons) WITH ORDINALITY AS asked (agency, person_class, person, number);
END
$$;

GRANT EXECUTE ON FUNCTION gate.attempts(text[], text[], text[], bigint, timestamptz) TO gate_intake;
GRANT INSERT ON gate.attempt TO gate_intake;
GRANT SELECT ON gate.attempt TO gate_audit;
