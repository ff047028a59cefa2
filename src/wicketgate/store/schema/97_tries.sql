-- The requests of one submission never wait for each other: they are passed over without a look at any of them,
-- which for a file of a million requests was a look at every earlier one about the same person.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

ALTER TABLE gate.attempt ADD COLUMN submission bigint;
ALTER TABLE gate.attempt DISABLE TRIGGER keep;
UPDATE gate.attempt a SET submission = r.submission FROM gate.request r WHERE r.handle = a.handle;
ALTER TABLE gate.attempt ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.attempt ALTER COLUMN submission SET NOT NULL;
DROP INDEX gate.attempt_person;
CREATE INDEX attempt_person ON gate.attempt (agency, person, submission);

-- As in 34_attempt.sql, but for `due`.
CREATE OR REPLACE FUNCTION gate.attempts(
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
                SELECT FROM (
                    SELECT a.handle FROM gate.attempt a
                    WHERE a.agency = d.agency AND a.person = d.person AND a.submission < of_submission
                    UNION ALL SELECT a.handle FROM gate.attempt a
                    WHERE a.agency = d.agency AND a.person = d.person AND a.submission > of_submission
                ) AS a JOIN gate.request r USING (handle)
                WHERE r.state <> 'withdrawn'
                    AND NOT EXISTS (SELECT FROM gate.answer g
                        WHERE g.handle = a.handle AND g.ready_at <= (SELECT o.opened_until FROM gate.outbox o))) AS open
            FROM (SELECT DISTINCT asked.agency, asked.person FROM asked) AS d
        )
        SELECT asked.number, tried.times, due.open
        FROM asked JOIN tried USING (agency, person_class) JOIN due USING (agency, person);
END
$$;
