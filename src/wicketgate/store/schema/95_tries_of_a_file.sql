-- A file brings thousands of tries at once, many of them of one class: each class and each person is looked up
-- once.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

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
                SELECT FROM gate.attempt a JOIN gate.request r USING (handle)
                WHERE a.agency = d.agency AND a.person = d.person AND r.submission <> of_submission
                    AND r.state IN ('received', 'referred', 'sufficient', 'endorsed', 'verified', 'approved', 'held')
                    AND NOT EXISTS (SELECT FROM gate.answer g WHERE g.handle = a.handle)) AS open
            FROM (SELECT DISTINCT asked.agency, asked.person FROM asked) AS d
        )
        SELECT asked.number, tried.times, due.open
        FROM asked JOIN tried USING (agency, person_class) JOIN due USING (agency, person);
END
$$;
