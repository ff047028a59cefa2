-- A recipient's key counts, like an official's, when one person of the custodian has registered it and another
-- confirmed it. Agencies hand keys in with a proof that they hold them. An agency's system has a key of its own.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

-- Keys from before have no second person: nothing is sealed to them until somebody confirms them.
ALTER TABLE gate.recipient_key
    ADD COLUMN registered_by text NOT NULL DEFAULT 'before schema 83',
    ADD COLUMN confirmed_by text,
    ADD COLUMN confirmed_at timestamptz,
    ADD COLUMN revoked_by text,
    ADD CHECK (lower(confirmed_by) <> lower(registered_by)),
    ADD CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    ADD CHECK (jwk ->> 'crv' = 'P-384') NOT VALID;
ALTER TABLE gate.recipient_key ALTER COLUMN registered_by DROP DEFAULT;

CREATE FUNCTION gate.guard_recipient_key() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.confirmed_by IS NOT NULL OR NEW.revoked_at IS NOT NULL THEN
            RAISE EXCEPTION 'A key is registered first and confirmed by somebody else.' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF to_jsonb(NEW) - '{confirmed_by,confirmed_at,revoked_by,revoked_at}'::text[]
            <> to_jsonb(OLD) - '{confirmed_by,confirmed_at,revoked_by,revoked_at}'::text[]
        OR OLD.confirmed_by IS NOT NULL AND (NEW.confirmed_by, NEW.confirmed_at) IS DISTINCT FROM (OLD.confirmed_by, OLD.confirmed_at)
        OR OLD.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'A key is confirmed once and revoked once; nothing else about it changes.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON gate.recipient_key
    FOR EACH ROW EXECUTE FUNCTION gate.guard_recipient_key();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.recipient_key EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.recipient_key ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;
REVOKE UPDATE (revoked_at) ON gate.recipient_key FROM gate_intake;
GRANT UPDATE (confirmed_by, confirmed_at, revoked_by, revoked_at) ON gate.recipient_key TO gate_oversee, gate_portal;
GRANT SELECT ON gate.recipient_key TO gate_portal;

-- Nothing is sealed to a key that nobody confirmed.
CREATE FUNCTION gate.require_confirmed_key() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM gate.recipient_key k
    WHERE k.key_id = NEW.key_id AND k.confirmed_by IS NOT NULL AND k.revoked_at IS NULL;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'Nothing is sealed to the key %: it is not confirmed, or revoked.', NEW.key_id
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER confirmed BEFORE INSERT ON gate.package FOR EACH ROW EXECUTE FUNCTION gate.require_confirmed_key();
ALTER TABLE gate.package ENABLE ALWAYS TRIGGER confirmed;

-- What a key may be used for: to sign requests, pick-ups and certificates, or to speak for an agency's system.
ALTER TABLE gate.official_key ADD COLUMN use text NOT NULL DEFAULT 'sign' CHECK (use IN ('sign', 'connect'));
GRANT UPDATE (revoked_by, revoked_at) ON gate.official_key TO gate_portal;

-- Keys that agencies handed in over the API and nobody has looked at yet. Each waits for two people.
CREATE TABLE gate.key_offer (
    key_id text PRIMARY KEY CHECK (key_id ~ '^sha256:[0-9a-f]{64}$'),
    use text NOT NULL CHECK (use IN ('sign', 'receive', 'connect')),
    holder text NOT NULL CHECK (holder = btrim(holder) AND length(holder) BETWEEN 1 AND 200),
    agency text NOT NULL,
    jwk jsonb NOT NULL CHECK (jwk ->> 'crv' = 'P-384' AND NOT jwk ?| ARRAY['d', 'k', 'p', 'q', 'dp', 'dq', 'qi']),
    proof text NOT NULL CHECK (length(proof) BETWEEN 100 AND 2000),
    handed_in_with text NOT NULL REFERENCES gate.official_key,
    handed_in_at timestamptz NOT NULL
);
CREATE INDEX key_offer_agency ON gate.key_offer (agency);
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.key_offer EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.key_offer ENABLE ALWAYS TRIGGER keep;
GRANT SELECT, INSERT ON gate.key_offer TO gate_portal;
GRANT SELECT ON gate.key_offer TO gate_audit, gate_intake, gate_oversee;
ALTER TABLE gate.key_offer ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.key_offer USING (current_user <> 'gate_agency') WITH CHECK (current_user <> 'gate_agency');
CREATE POLICY of_agency ON gate.key_offer FOR SELECT TO gate_agency USING (agency = ANY (gate.the_codes()));
GRANT SELECT ON gate.key_offer TO gate_agency;
