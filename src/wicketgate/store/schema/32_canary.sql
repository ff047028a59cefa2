-- A canary is a made-up person on file for whom no lawful request can exist. An answer about one pauses the
-- whole programme in the transaction of the answer: whoever asks for people who do not exist is guessing.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.canary_hit (
    handle text PRIMARY KEY REFERENCES gate.request,
    at timestamptz NOT NULL
);
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.canary_hit EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.canary_hit ENABLE ALWAYS TRIGGER keep;

-- The pause is a suspension of its own, under '!', so that lifting an order does not lift it.
CREATE OR REPLACE FUNCTION gate.is_open(agency_line text[]) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    everybody boolean;
BEGIN
    IF coalesce(cardinality(agency_line), 0) = 0 THEN
        RETURN false;  -- an unknown agency
    END IF;
    SELECT NOT suspended INTO everybody FROM gate.suspension WHERE scope = '*' FOR SHARE;
    RETURN coalesce(everybody, false)
        AND NOT EXISTS (SELECT FROM gate.suspension s WHERE s.suspended AND s.scope = ANY (agency_line || '!'::text));
END
$$;

CREATE FUNCTION gate.is_paused() RETURNS boolean LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM gate.suspension s WHERE s.scope = '!' AND s.suspended)
$$;

-- Only the register can call this, and only while it answers.
CREATE FUNCTION gate.pause_for_canary(of_handle text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO gate.canary_hit (handle, at) VALUES (of_handle, now());
    PERFORM gate.set_suspension('!', true, NULL, NULL, 'gate', now());
END
$$;

GRANT EXECUTE ON FUNCTION gate.pause_for_canary(text) TO register_owner;
GRANT EXECUTE ON FUNCTION gate.is_paused() TO gate_verify, gate_decide, gate_release, gate_oversee, gate_audit;
GRANT SELECT ON gate.canary_hit TO gate_verify, gate_oversee, gate_audit;

SET LOCAL ROLE register_owner;

CREATE FUNCTION register.notice_canary() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM gate.pause_for_canary(NEW.handle);
    RETURN NULL;
END
$$;
CREATE TRIGGER notice_canary AFTER INSERT ON register.answer FOR EACH ROW
    WHEN ('canary' = ANY (NEW.held)) EXECUTE FUNCTION register.notice_canary();
ALTER TABLE register.answer ENABLE ALWAYS TRIGGER notice_canary;
