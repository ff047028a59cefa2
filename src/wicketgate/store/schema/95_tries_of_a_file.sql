-- A file brings thousands of tries at once, many of them of one class: each class and each person is looked up once.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE OR REPLACE FUNCTION gate.attempts(
    agencies text[], classes text[], persons text[], of_submission bigint, since timestamptz
) RETURNS TABLE (number bigint, earlier bigint, waiting boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOCK TABLE gate.attempt IN SHARE ROW EXCLUSIVE MODE;
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
