-- A pseudonym for each taxpayer to whom a disclosure belongs: the law counts taxpayers, the ledger names none.
SET LOCAL ROLE register_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

-- Its key never leaves this schema, and outlives every load: the same person stays the same.
CREATE TABLE register.pseudonym (
    one integer PRIMARY KEY DEFAULT 1 CHECK (one = 1),
    key bytea NOT NULL CHECK (length(key) = 32)
);
INSERT INTO register.pseudonym (key) SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
    || uuid_send(gen_random_uuid()));

-- Of approved requests only, by whoever releases them: two hashes under the key, as HMAC has them.
CREATE FUNCTION register.taxpayers(approved text[]) RETURNS TABLE (handle text, taxpayer text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.require_state(approved, 'approved');
    RETURN QUERY
        SELECT a.handle,
            'taxpayer:' || left(encode(sha256(p.key || sha256(p.key || convert_to(a.person_id, 'UTF8'))), 'hex'), 32)
        FROM register.answer AS a, register.pseudonym AS p
        WHERE a.handle = ANY (approved) AND a.outcome = 'one' AND a.held = '{}';
END
$$;
GRANT EXECUTE ON FUNCTION register.taxpayers(text[]) TO gate_release;
