-- What was picked up can be called back only by asking: the officer destroys it and signs that they did.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.recall (
    handle text PRIMARY KEY REFERENCES gate.request,
    reasons text NOT NULL CHECK (btrim(reasons) <> ''),
    noticed_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL CHECK (due_at > noticed_at),
    certificate jsonb,
    jws text,
    certified_at timestamptz,
    CHECK ((certificate IS NULL) = (certified_at IS NULL) AND (jws IS NULL) = (certified_at IS NULL))
);
CREATE INDEX recall_due ON gate.recall (due_at) WHERE certified_at IS NULL;

CREATE FUNCTION gate.guard_recall() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.certified_at IS NOT NULL
        OR (NEW.handle, NEW.reasons, NEW.noticed_at, NEW.due_at)
            IS DISTINCT FROM (OLD.handle, OLD.reasons, OLD.noticed_at, OLD.due_at) THEN
        RAISE EXCEPTION 'The recall of % is certified once; nothing else about it changes.', OLD.handle
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON gate.recall FOR EACH ROW EXECUTE FUNCTION gate.guard_recall();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.recall EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.recall ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

-- A notice and a certificate stand beside the act, or the act did not happen.
CREATE FUNCTION gate.account_for_recall() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM gate.recall c WHERE c.handle = NEW.handle
            AND (NEW.act = 'recall' OR c.certified_at IS NOT NULL)
    ) THEN
        RAISE EXCEPTION 'To % request % needs its notice or certificate.', NEW.act, NEW.handle
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER recall AFTER INSERT ON gate.act DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN (NEW.source = 'picked_up' AND NEW.act = 'recall' OR NEW.act = 'certify destruction')
    EXECUTE FUNCTION gate.account_for_recall();
ALTER TABLE gate.act ENABLE ALWAYS TRIGGER recall;

GRANT INSERT, SELECT ON gate.recall TO gate_oversee;
GRANT SELECT ON gate.recall TO gate_portal, gate_audit;
GRANT UPDATE (certificate, jws, certified_at) ON gate.recall TO gate_portal;

CREATE FUNCTION gate.package_officer(of_handle text) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.officer FROM gate.package p JOIN gate.recipient_key k USING (key_id) WHERE p.handle = of_handle
$$;
GRANT EXECUTE ON FUNCTION gate.package_officer(text) TO gate_portal;

-- What was not handed out yet goes; when each was sealed tells the key process which share to destroy.
CREATE FUNCTION gate.destroy_packages(handles text[], on_at timestamptz) RETURNS TABLE (handle text, sealed_on date)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    UPDATE gate.package p SET jwe = NULL, share = NULL, destroyed_at = on_at
    WHERE p.handle = ANY (handles) AND p.destroyed_at IS NULL AND p.jwe IS NOT NULL
    RETURNING p.handle, (p.sealed_at AT TIME ZONE 'UTC')::date
$$;
GRANT EXECUTE ON FUNCTION gate.destroy_packages(text[], timestamptz) TO gate_release, gate_oversee;
REVOKE UPDATE (jwe, share, destroyed_at) ON gate.package FROM gate_release, gate_oversee;
