-- Who signs in to the web room, and which sessions are open. The tables are made by Django's own
-- migrations as accounts_owner; gate_web reads and writes them, and nothing else anywhere.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'accounts_owner') THEN
        CREATE ROLE accounts_owner NOLOGIN NOINHERIT;
    END IF;
    GRANT accounts_owner TO CURRENT_USER;  -- only to set the owner's role while migrating
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'gate_web') THEN
        CREATE ROLE gate_web LOGIN NOINHERIT;
    END IF;
    -- Django names its tables without their schema; no other role looks here.
    ALTER ROLE gate_web SET search_path = pg_catalog, accounts, pg_temp;
END
$$;

CREATE SCHEMA accounts AUTHORIZATION accounts_owner;
SET LOCAL ROLE accounts_owner;
GRANT USAGE ON SCHEMA accounts TO gate_web;
ALTER DEFAULT PRIVILEGES IN SCHEMA accounts GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO gate_web;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
