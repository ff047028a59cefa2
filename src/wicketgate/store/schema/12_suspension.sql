-- Court orders and other stops. The row '*' stands for everybody and is always there.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.suspension (
    scope text PRIMARY KEY,  -- an agency's code, or '*'
    suspended boolean NOT NULL,
    court text,
    docket text,
    changed_by text,
    changed_at timestamptz,
    changes bigint NOT NULL DEFAULT 0
);
INSERT INTO gate.suspension (scope, suspended) VALUES ('*', false);

-- Whoever discloses holds '*' FOR SHARE until its transaction ends; every change writes '*' first. So a
-- suspension takes effect after what is under way and before everything else.
CREATE FUNCTION gate.is_open(agency_line text[]) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    everybody boolean;
BEGIN
    IF coalesce(cardinality(agency_line), 0) = 0 THEN
        RETURN false;  -- an unknown agency
    END IF;
    SELECT NOT suspended INTO everybody FROM gate.suspension WHERE scope = '*' FOR SHARE;
    RETURN coalesce(everybody, false)
        AND NOT EXISTS (SELECT FROM gate.suspension s WHERE s.suspended AND s.scope = ANY (agency_line));
END
$$;

-- Nothing that was found open is under way when it changes (`gate.stand_still`).
CREATE FUNCTION gate.set_suspension(
    of_scope text, to_suspended boolean, by_court text, by_docket text, by_actor text, on_at timestamptz
) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM gate.stand_still();
    INSERT INTO gate.suspension AS s (scope, suspended, court, docket, changed_by, changed_at)
    VALUES (of_scope, to_suspended, by_court, by_docket, by_actor, on_at)
    ON CONFLICT (scope) DO UPDATE SET suspended = EXCLUDED.suspended, court = EXCLUDED.court,
        docket = EXCLUDED.docket, changed_by = EXCLUDED.changed_by, changed_at = EXCLUDED.changed_at,
        changes = s.changes + 1;
END
$$;

CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.suspension EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.suspension ENABLE ALWAYS TRIGGER keep;

GRANT EXECUTE ON FUNCTION gate.is_open(text[])
    TO gate_intake, gate_review, gate_verify, gate_decide, gate_release, gate_portal, gate_oversee, gate_audit;
GRANT EXECUTE ON FUNCTION gate.set_suspension(text, boolean, text, text, text, timestamptz) TO gate_oversee;
GRANT SELECT ON gate.suspension TO gate_oversee, gate_audit, gate_review;
