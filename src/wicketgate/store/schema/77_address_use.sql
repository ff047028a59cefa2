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
    )
    SELECT asked.number, CASE WHEN asked.address = '' THEN 0 ELSE (
        SELECT count(*) FROM (
            SELECT a.person FROM gate.attempt a WHERE a.agency = asked.agency AND a.address = asked.address
                AND a.address <> ''
            UNION
            SELECT b.person FROM asked b
            WHERE b.agency = asked.agency AND b.address = asked.address AND b.number <= asked.number
        ) AS together) END
    FROM asked
$$;
GRANT EXECUTE ON FUNCTION gate.address_uses(text[], text[], text[]) TO gate_intake;
