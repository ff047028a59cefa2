-- A register is replaced without a pause: the next generation is built beside the one in force and takes its
-- place in one moment. Whoever reads holds the one in force until the end of the transaction.
CREATE SCHEMA register_next AUTHORIZATION register_owner;
SET LOCAL ROLE register_owner;
SET LOCAL search_path = pg_catalog, pg_temp;
GRANT USAGE ON SCHEMA register_next TO register_load;
REVOKE INSERT ON register.person, register.address FROM register_load;  -- what is in force stays as it is

CREATE TABLE register.generation (
    generation bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,  -- the digest of the files, or the name of the view
    persons bigint NOT NULL,
    addresses bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

CREATE FUNCTION register.latest() RETURNS bigint LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT max(g.generation) FROM register.generation AS g
$$;

-- Which generation answered; NULL for answers from before there were any.
ALTER TABLE register.answer ADD COLUMN generation bigint;
ALTER TABLE register.answer ALTER COLUMN generation SET DEFAULT register.latest();

-- Empty tables beside those in force, without indexes. One load at a time.
CREATE OR REPLACE FUNCTION register.open_load() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
BEGIN
    IF NOT pg_try_advisory_xact_lock(hashtextextended('wicketgate: load of the register', 0)) THEN
        RAISE EXCEPTION 'The register was not loaded: another load is under way.' USING ERRCODE = 'WG007';
    END IF;
    DROP TABLE IF EXISTS register_next.address, register_next.person;
    CREATE TABLE register_next.person (LIKE register.person INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
    CREATE TABLE register_next.address (LIKE register.address INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
    GRANT INSERT ON register_next.person, register_next.address TO register_load;
END
$$;

-- The indexes, the rules between rows, the counts, and last the exchange: from here to the commit of the
-- caller, who does nothing more, whoever asks the register waits.
DROP FUNCTION register.close_load();
CREATE FUNCTION register.close_load(of_source text, OUT persons bigint, OUT addresses bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
BEGIN
    REVOKE ALL ON register_next.person, register_next.address FROM register_load;
    ALTER TABLE register_next.person ADD CONSTRAINT person_once PRIMARY KEY (person_id);
    CREATE INDEX person_by_tin ON register_next.person (tin);
    CREATE INDEX address_by_zip ON register_next.address (point, zip5) WHERE point <> '';
    CREATE INDEX address_by_town ON register_next.address (point, state_key, city_key) WHERE point <> '';
    CREATE UNIQUE INDEX one_last_known_address ON register_next.address (person_id) WHERE is_last_known;
    ALTER TABLE register_next.address ADD CONSTRAINT address_of_a_person
        FOREIGN KEY (person_id) REFERENCES register_next.person;
    ANALYZE register_next.person;
    ANALYZE register_next.address;
    SELECT count(*) INTO persons FROM register_next.person;
    SELECT count(*) INTO addresses FROM register_next.address;
    INSERT INTO register.generation (source, persons, addresses) VALUES (of_source, persons, addresses);
    -- In the order in which readers take them, so that neither waits for the other for ever.
    LOCK TABLE register.person, register.address IN ACCESS EXCLUSIVE MODE;
    DROP TABLE register.address, register.person;
    ALTER TABLE register_next.person SET SCHEMA register;
    ALTER TABLE register_next.address SET SCHEMA register;
END
$$;

CREATE FUNCTION register.generations() RETURNS SETOF register.generation
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT * FROM register.generation ORDER BY generation
$$;

GRANT EXECUTE ON FUNCTION register.close_load(text), register.generations() TO register_load;
