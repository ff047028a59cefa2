-- The register at rest: what could be disclosed is sealed with keys that the database does not hold, and what
-- is compared are tokens made with another of them. A register that was loaded in clear is emptied: load it again.
SET LOCAL ROLE register_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

TRUNCATE register.person, register.address;
ALTER TABLE register.person
    DROP COLUMN first_name, DROP COLUMN middle_name, DROP COLUMN last_name, DROP COLUMN name_suffix;
ALTER TABLE register.address
    DROP COLUMN line1, DROP COLUMN line2, DROP COLUMN city, DROP COLUMN state, DROP COLUMN postal_code,
    DROP COLUMN country,
    ADD COLUMN record text NOT NULL CHECK (record ~ '^[0-9a-f]{32}$'),  -- the gate's own random name of it
    ADD COLUMN load integer NOT NULL,                                   -- whose key seals it
    ADD COLUMN sealed bytea NOT NULL;

-- Which record a release would open: a random name, so that the intent can say it before anything is read.
CREATE FUNCTION register.subjects(approved text[]) RETURNS TABLE (handle text, record text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.require_state(approved, 'approved');
    RETURN QUERY
        SELECT a.handle, d.record
        FROM register.answer AS a JOIN register.address AS d ON d.person_id = a.person_id AND d.is_last_known
        WHERE a.handle = ANY (approved) AND a.outcome = 'one' AND a.held = '{}';
END
$$;

-- The one last known address of approved requests, sealed. The question is judged again first: whoever
-- became ambiguous, or is held back since, has no row.
DROP FUNCTION register.release(text[]);
CREATE FUNCTION register.release(approved text[])
RETURNS TABLE (handle text, record text, load integer, sealed bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM register.require_state(approved, 'approved');
    PERFORM register.open_for(approved);
    IF EXISTS (
        SELECT FROM unnest(approved) AS h LEFT JOIN register.answer AS a ON a.handle = h
        WHERE (a.outcome = 'one' AND a.held = '{}') IS NOT TRUE
    ) THEN
        RAISE EXCEPTION 'The register stays closed: a request named is not verified.' USING ERRCODE = 'WG004';
    END IF;
    RETURN QUERY
        SELECT j.handle, d.record, d.load, d.sealed
        FROM register.judge(approved) AS j
        JOIN register.answer AS a ON a.handle = j.handle AND a.person_id = j.person_id
        JOIN register.address AS d ON d.person_id = j.person_id AND d.is_last_known
        WHERE j.held = '{}';
END
$$;

GRANT EXECUTE ON FUNCTION register.subjects(text[]), register.release(text[]) TO gate_release;
