-- For how many people one agency has given one address, in whichever submission: digests, like the attempts.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

ALTER TABLE gate.attempt ADD COLUMN address text NOT NULL DEFAULT '';  -- of the delivery point; '' for none
CREATE INDEX attempt_address ON gate.attempt (agency, address, person) WHERE address <> '';

-- For each of those on their way in, in order: the people on record under its address, with those of the same
-- batch up to itself. For use after gate.attempts, which keeps every other count waiting.
CREATE FUNCTION gate.address_uses(agencies text[], addresses text[], persons text[])
RETURNS TABLE (number bigint, people bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH asked AS (
        SELECT * FROM unnest(agencies, addresses, persons) WITH ORDINALITY AS a (agency, address, person, number)
    ), held AS (
        SELECT d.agency, d.address, (SELECT count(DISTINCT a.person) FROM gate.attempt a
            WHERE a.agency = d.agency AND a.address = d.address AND a.address <> '') AS people
        FROM (SELECT DISTINCT agency, address FROM asked WHERE address <> '') AS d
    ), new AS (
        SELECT min(b.number) AS number FROM asked b
        WHERE b.address <> '' AND NOT EXISTS (SELECT FROM gate.attempt a
            WHERE a.agency = b.agency AND a.address = b.address AND a.address <> '' AND a.person = b.person)
        GROUP BY b.agency, b.address, b.person
    )
    SELECT asked.number, CASE WHEN asked.address = '' THEN 0 ELSE held.people
        + count(new.number) OVER (PARTITION BY asked.agency, asked.address ORDER BY asked.number) END
    FROM asked LEFT JOIN held USING (agency, address) LEFT JOIN new USING (number)
$$;
GRANT EXECUTE ON FUNCTION gate.address_uses(text[], text[], text[]) TO gate_intake;
