-- What leaves the custodian: sealed packages for one officer, and the answers.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.recipient_key (
    key_id text PRIMARY KEY,
    officer text NOT NULL,
    jwk jsonb NOT NULL CHECK (jwk ? 'kty' AND NOT jwk ?| ARRAY['d', 'k', 'p', 'q', 'dp', 'dq', 'qi']),
    registered_at timestamptz NOT NULL,
    revoked_at timestamptz CHECK (revoked_at >= registered_at)
);
CREATE INDEX recipient_key_officer ON gate.recipient_key (officer);

CREATE TABLE gate.package (
    handle text PRIMARY KEY REFERENCES gate.request,
    key_id text NOT NULL REFERENCES gate.recipient_key,
    jwe text,  -- gone once it was picked up, has expired or was recalled
    digest text NOT NULL,
    sealed_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > sealed_at),
    picked_up_at timestamptz,
    destroyed_at timestamptz,
    CHECK (jwe IS NOT NULL OR picked_up_at IS NOT NULL OR destroyed_at IS NOT NULL)
);

CREATE FUNCTION gate.guard_package() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM FROM gate.request r WHERE r.handle = NEW.handle AND r.state = 'approved' FOR UPDATE;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'A package is sealed only for an approved request; % is not one.', NEW.handle
                USING ERRCODE = 'check_violation';
        END IF;
    ELSIF (NEW.handle, NEW.key_id, NEW.digest, NEW.sealed_at, NEW.expires_at)
            IS DISTINCT FROM (OLD.handle, OLD.key_id, OLD.digest, OLD.sealed_at, OLD.expires_at)
        OR NEW.jwe IS NOT NULL AND NEW.jwe IS DISTINCT FROM OLD.jwe
        OR OLD.picked_up_at IS NOT NULL AND NEW.picked_up_at IS DISTINCT FROM OLD.picked_up_at
        OR OLD.destroyed_at IS NOT NULL AND NEW.destroyed_at IS DISTINCT FROM OLD.destroyed_at THEN
        RAISE EXCEPTION 'The package of % can only be picked up once or destroyed.', OLD.handle
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON gate.package FOR EACH ROW EXECUTE FUNCTION gate.guard_package();

-- A pick-up commits with its act, or it did not happen.
CREATE FUNCTION gate.account_for_pick_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.picked_up_at IS NOT NULL AND EXISTS (
        SELECT FROM gate.request r WHERE r.handle = NEW.handle AND r.state IN ('approved', 'released')
    ) THEN
        RAISE EXCEPTION 'The pick-up of % is not recorded as an act.', NEW.handle USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER account AFTER UPDATE ON gate.package DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION gate.account_for_pick_up();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.package EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.package
    ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep, ENABLE ALWAYS TRIGGER account;

-- The whole pick-up: the sealed package once, to the holder of its key, or nothing. The door can do no more.
CREATE FUNCTION gate.pick_up(of_handle text, with_key text, on_at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sealed text;
BEGIN
    SELECT p.jwe INTO sealed
    FROM gate.package p JOIN gate.request r USING (handle) JOIN gate.recipient_key k USING (key_id)
    WHERE p.handle = of_handle AND p.key_id = with_key AND p.jwe IS NOT NULL AND p.picked_up_at IS NULL
        AND p.destroyed_at IS NULL AND on_at < p.expires_at AND k.revoked_at IS NULL
        AND r.state = 'released' AND gate.is_open(r.agency_line)
    FOR UPDATE OF p;
    IF FOUND THEN
        UPDATE gate.package SET picked_up_at = on_at, jwe = NULL WHERE handle = of_handle;
    END IF;
    RETURN sealed;
END
$$;

CREATE TABLE gate.answer (
    handle text PRIMARY KEY REFERENCES gate.request,
    body text NOT NULL,  -- exactly what the requester is sent
    ready_at timestamptz NOT NULL
);
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.answer EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.answer ENABLE ALWAYS TRIGGER keep;

GRANT SELECT ON gate.recipient_key
    TO gate_intake, gate_review, gate_decide, gate_release, gate_oversee, gate_audit;
GRANT INSERT ON gate.recipient_key TO gate_intake;
GRANT UPDATE (revoked_at) ON gate.recipient_key TO gate_intake, gate_oversee;
GRANT SELECT, INSERT ON gate.package TO gate_release;
GRANT UPDATE (jwe, destroyed_at) ON gate.package TO gate_release, gate_oversee;
GRANT SELECT (handle, key_id, digest, sealed_at, expires_at, picked_up_at, destroyed_at)
    ON gate.package TO gate_oversee, gate_audit;
GRANT EXECUTE ON FUNCTION gate.pick_up(text, text, timestamptz) TO gate_portal;
GRANT INSERT ON gate.answer TO gate_review, gate_verify, gate_decide, gate_release;
GRANT SELECT ON gate.answer TO gate_portal, gate_release, gate_audit;
