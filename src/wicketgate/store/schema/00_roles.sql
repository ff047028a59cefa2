-- Owners hold the tables and never log in; run-time roles log in and own nothing.
-- Roles belong to the whole server, so every statement here may run again for the next database.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['gate_owner', 'log_owner', 'register_owner'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', name);
        END IF;
        -- Only to set the owners' role while migrating; run-time roles are members of nothing.
        EXECUTE format('GRANT %I TO CURRENT_USER', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY[
        'gate_intake',    -- receives submissions, withdraws for the requesting agency
        'gate_review',    -- the statutory review, the examiner's and counsel's work on it
        'gate_verify',    -- asks the register one committed question
        'gate_decide',    -- the approver's decision
        'gate_release',   -- seals, releases and expires packages
        'gate_portal',    -- the agencies' door: answers and one pick-up
        'gate_oversee',   -- suspends, resumes, recalls
        'gate_audit',     -- reads the accounting, changes nothing
        'register_load'   -- fills the register
    ] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = name) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', name);
        END IF;
        -- Nothing is found by an unqualified name, so nobody can put a look-alike in the way.
        EXECUTE format('ALTER ROLE %I SET search_path = pg_catalog, pg_temp', name);
    END LOOP;
END
$$;

-- A function is for those whom it names, never for everybody.
ALTER DEFAULT PRIVILEGES FOR ROLE gate_owner, log_owner, register_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA gate AUTHORIZATION gate_owner;
CREATE SCHEMA log AUTHORIZATION log_owner;
