-- How each step of the clock fares: what fails is tried again, and whoever watches sees which and since when.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.clock_step (
    step text PRIMARY KEY CHECK (length(step) BETWEEN 1 AND 100),
    tried_at timestamptz NOT NULL,
    done_at timestamptz,
    failing_since timestamptz,
    problem text CHECK (length(problem) BETWEEN 1 AND 500),  -- names nobody
    CHECK ((failing_since IS NULL) = (problem IS NULL))
);
GRANT SELECT, INSERT, UPDATE ON gate.clock_step TO gate_oversee;
GRANT SELECT ON gate.clock_step TO gate_audit;
