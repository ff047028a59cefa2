-- Who may sign for an agency, by which key: registered by one person of the custodian and confirmed by another.
-- What was signed stays as evidence, and counts once.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.official_key (
    key_id text PRIMARY KEY CHECK (key_id ~ '^sha256:[0-9a-f]{64}$'),
    official text NOT NULL CHECK (official = btrim(official) AND length(official) BETWEEN 1 AND 200),
    agency text NOT NULL,
    jwk jsonb NOT NULL CHECK (jwk ->> 'crv' = 'P-384' AND NOT jwk ?| ARRAY['d', 'k', 'p', 'q', 'dp', 'dq', 'qi']),
    registered_by text NOT NULL,
    registered_at timestamptz NOT NULL,
    confirmed_by text,
    confirmed_at timestamptz,
    revoked_by text,
    revoked_at timestamptz,
    CHECK (lower(confirmed_by) <> lower(registered_by)),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CHECK ((revoked_by IS NULL) = (revoked_at IS NULL))
);

CREATE FUNCTION gate.guard_official_key() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.confirmed_by IS NOT NULL OR NEW.revoked_by IS NOT NULL THEN
            RAISE EXCEPTION 'A key is registered first and confirmed by somebody else.' USING ERRCODE = 'check_violation';
        END IF;
    ELSIF to_jsonb(NEW) - '{confirmed_by,confirmed_at,revoked_by,revoked_at}'::text[]
            <> to_jsonb(OLD) - '{confirmed_by,confirmed_at,revoked_by,revoked_at}'::text[]
        OR OLD.confirmed_by IS NOT NULL AND (NEW.confirmed_by, NEW.confirmed_at) IS DISTINCT FROM (OLD.confirmed_by, OLD.confirmed_at)
        OR OLD.revoked_by IS NOT NULL THEN
        RAISE EXCEPTION 'A key is confirmed once and revoked once; nothing else about it changes.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE INSERT OR UPDATE ON gate.official_key FOR EACH ROW EXECUTE FUNCTION gate.guard_official_key();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.official_key EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.official_key ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

-- Every nonce and every number of a key counts once, whatever they were used for.
CREATE TABLE gate.used_signature (
    key_id text NOT NULL REFERENCES gate.official_key,
    nonce text NOT NULL CHECK (length(nonce) BETWEEN 16 AND 200),
    sequence bigint CHECK (sequence > 0),  -- of what an official signs; none for a pick-up
    about text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (key_id, nonce),
    UNIQUE (key_id, sequence)
);
CREATE TABLE gate.signed_request (
    handle text PRIMARY KEY REFERENCES gate.request,
    key_id text NOT NULL,
    nonce text NOT NULL,
    terms jsonb NOT NULL,
    jws text NOT NULL CHECK (length(jws) BETWEEN 100 AND 2000),
    FOREIGN KEY (key_id, nonce) REFERENCES gate.used_signature
);
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.used_signature EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.signed_request EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.used_signature ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.signed_request ENABLE ALWAYS TRIGGER keep;

GRANT SELECT ON gate.official_key TO gate_intake, gate_portal, gate_oversee, gate_audit;
GRANT INSERT ON gate.official_key TO gate_intake;
GRANT UPDATE (confirmed_by, confirmed_at, revoked_by, revoked_at) ON gate.official_key TO gate_oversee;
GRANT SELECT, INSERT ON gate.used_signature TO gate_intake, gate_portal;
GRANT INSERT ON gate.signed_request TO gate_intake;
GRANT SELECT ON gate.signed_request TO gate_release, gate_audit;
