-- What was disclosed is shown to an inspector only against the entry that says who opens it and for what.
SET LOCAL ROLE log_owner;
SET LOCAL search_path = pg_catalog, pg_temp;
GRANT USAGE ON SCHEMA log TO register_owner;
GRANT SELECT ON log.entry TO register_owner;

SET LOCAL ROLE register_owner;

-- The entry must be committed: it is not one of this very transaction. That it names this record, the key process
-- has proved to it before it gives the key.
CREATE FUNCTION register.opened(
    of_handle text, entry bigint, of_record text, OUT record text, OUT load integer, OUT sealed bytea
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.record, d.load, d.sealed FROM log.entry AS e, register.address AS d
    WHERE e.idx = entry AND e.handle = of_handle AND e.kind = 'access.opened'
        AND e.xmin <> pg_current_xact_id()::xid AND d.record = of_record
$$;
GRANT USAGE ON SCHEMA register TO gate_oversee;
GRANT EXECUTE ON FUNCTION register.opened(text, bigint, text) TO gate_oversee;

SET LOCAL ROLE gate_owner;

-- Keyed digests by which requests that share their reasons, an address or a matter are counted, unread.
CREATE TABLE gate.mark (
    handle text PRIMARY KEY REFERENCES gate.request,
    reasons bigint,   -- the reasons without names, numbers and signs
    address bigint,
    person bigint,
    matter bigint
);
CREATE INDEX mark_reasons ON gate.mark (reasons);
CREATE INDEX mark_address ON gate.mark (address);
CREATE TRIGGER keep BEFORE UPDATE OR TRUNCATE ON gate.mark EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER leave BEFORE DELETE ON gate.mark FOR EACH ROW EXECUTE FUNCTION gate.leave_with_request();
ALTER TABLE gate.mark ENABLE ALWAYS TRIGGER keep, ENABLE ALWAYS TRIGGER leave;
GRANT INSERT ON gate.mark TO gate_intake;
GRANT SELECT ON gate.mark TO gate_audit;

-- Somebody asks what the accounting says of themselves: one person takes it down, another decides.
CREATE TABLE gate.account (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    handle text NOT NULL REFERENCES gate.request,
    identified_by text NOT NULL CHECK (btrim(identified_by) <> ''),  -- sealed, like all words here
    reasons text NOT NULL CHECK (btrim(reasons) <> ''),
    asked_by text NOT NULL CHECK (asked_by = lower(btrim(asked_by))),
    asked_at timestamptz NOT NULL,
    due_on date NOT NULL,       -- not before this day
    decided_by text CHECK (decided_by = lower(btrim(decided_by)) AND decided_by <> asked_by),
    decided_at timestamptz,
    decision text CHECK (decision IN ('release', 'refuse')),
    words text,                 -- why
    size bigint,                -- the entries of the log that the account was made of
    language text CHECK (language IN ('en', 'es')),
    digest text CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
    CHECK ((decided_by IS NULL) = (decision IS NULL) AND (decided_at IS NULL) = (decision IS NULL)
        AND (words IS NULL) = (decision IS NULL)),
    CHECK (((size IS NULL) OR (digest IS NULL) OR (language IS NULL)) = (decision IS DISTINCT FROM 'release')),
    CHECK (decision <> 'release' OR (decided_at AT TIME ZONE 'UTC')::date >= due_on)
);
CREATE UNIQUE INDEX account_open ON gate.account (handle) WHERE decision IS NULL;

CREATE FUNCTION gate.guard_account() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.decision IS NOT NULL
        OR (NEW.handle, NEW.identified_by, NEW.reasons, NEW.asked_by, NEW.asked_at, NEW.due_on)
            IS DISTINCT FROM (OLD.handle, OLD.identified_by, OLD.reasons, OLD.asked_by, OLD.asked_at, OLD.due_on) THEN
        RAISE EXCEPTION 'What was asked stays, and is decided once.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON gate.account FOR EACH ROW EXECUTE FUNCTION gate.guard_account();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.account EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.account ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;
GRANT SELECT, INSERT ON gate.account TO gate_oversee;
GRANT UPDATE (decided_by, decided_at, decision, words, size, language, digest) ON gate.account TO gate_oversee;
GRANT SELECT ON gate.account TO gate_audit;
