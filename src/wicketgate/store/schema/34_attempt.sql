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
-- agency still waits for an answer about the same person. An answer is due until it has left: that it is decided must
-- not show in what a second request is told. A file brings thousands of tries at once, many of them of one class: each
-- class and each person is looked up once.
CREATE FUNCTION gate.attempts(
    agencies text[], classes text[], persons text[], of_submission bigint, since timestamptz
) RETURNS TABLE (number bigint, earlier bigint, waiting boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    root text;
BEGIN
    -- Until the commit nobody else counts for these agencies; the others do not wait for a file of theirs.
    FOR root IN SELECT DISTINCT a FROM unnest(agencies) AS a ORDER BY a LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('gate.attempt ' || root, 0));
    END LOOP;
    RETURN QUERY
        WITH asked AS MATERIALIZED (
            SELECT * FROM unnest(agencies, classes, persons) WITH ORDINALITY AS a (agency, person_class, person, number)
        ), tried AS MATERIALIZED (
            SELECT d.agency, d.person_class, (SELECT count(*) FROM gate.attempt a
                WHERE a.agency = d.agency AND a.person_class = d.person_class AND a.at > since) AS times
            FROM (SELECT DISTINCT asked.agency, asked.person_class FROM asked) AS d
        ), due AS MATERIALIZED (
            SELECT d.agency, d.person, EXISTS (
                SELECT FROM gate.attempt a JOIN gate.request r USING (handle)
                WHERE a.agency = d.agency AND a.person = d.person AND r.submission <> of_submission
                    AND r.state <> 'withdrawn'
                    AND NOT EXISTS (SELECT FROM gate.answer g
                        WHERE g.handle = a.handle AND g.ready_at <= (SELECT o.opened_until FROM gate.outbox o))) AS open
            FROM (SELECT DISTINCT asked.agency, asked.person FROM asked) AS d
        )
        SELECT asked.number, tried.times, due.open
        FROM asked JOIN tried USING (agency, person_class) JOIN due USING (agency, person);
END
$$;

GRANT EXECUTE ON FUNCTION gate.attempts(text[], text[], text[], bigint, timestamptz) TO gate_intake;
GRANT INSERT ON gate.attempt TO gate_intake;
GRANT SELECT ON gate.attempt TO gate_audit;
