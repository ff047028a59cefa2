-- The end of what is kept: two people dispose of requests whose retention is over, unless a hold keeps them.
-- What is destroyed are keys, elsewhere. Here only what those keys cannot reach is deleted: keyed digests, tokens.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.hold (
    number integer PRIMARY KEY CHECK (number > 0),
    handle text REFERENCES gate.request,
    agency text,  -- with its components
    submission bigint REFERENCES gate.submission,
    matter text NOT NULL CHECK (length(btrim(matter)) BETWEEN 1 AND 200),
    placed_by text NOT NULL,
    placed_at timestamptz NOT NULL,
    lifted_by text,
    lifted_at timestamptz CHECK (lifted_at >= placed_at),
    CHECK (num_nonnulls(handle, agency, submission) <= 1),  -- none: everything
    CHECK ((lifted_by IS NULL) = (lifted_at IS NULL))
);
CREATE TABLE gate.disposition (
    number integer PRIMARY KEY CHECK (number > 0),
    schedule text NOT NULL,
    authority text NOT NULL,
    states text[] NOT NULL,
    before date NOT NULL,  -- the last act on each request is earlier (UTC)
    requests integer NOT NULL CHECK (requests > 0),
    list_digest text NOT NULL CHECK (list_digest ~ '^sha256:[0-9a-f]{64}$'),
    reasons text NOT NULL CHECK (btrim(reasons) <> ''),
    proposed_by text NOT NULL,
    proposed_at timestamptz NOT NULL,
    confirmed_by text CHECK (lower(confirmed_by) <> lower(proposed_by)),
    confirmed_at timestamptz CHECK (confirmed_at >= proposed_at),
    withdrawn_by text,
    withdrawn_at timestamptz CHECK (withdrawn_at >= proposed_at),
    carried_out_at timestamptz CHECK (carried_out_at >= confirmed_at),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
    CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL)),
    CHECK (confirmed_at IS NULL OR withdrawn_at IS NULL),
    CHECK (carried_out_at IS NULL OR confirmed_at IS NOT NULL)
);
CREATE TABLE gate.disposed (
    disposition integer NOT NULL REFERENCES gate.disposition,
    handle text NOT NULL REFERENCES gate.request,
    PRIMARY KEY (disposition, handle)
);
CREATE INDEX disposed_handle ON gate.disposed (handle);

-- What was set once stays, even for the owner.
CREATE FUNCTION gate.guard_once() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT key FROM jsonb_each(to_jsonb(OLD)) AS o
        WHERE o.value IS DISTINCT FROM to_jsonb(NEW) -> o.key LOOP
        IF name <> ALL (TG_ARGV) OR to_jsonb(OLD) -> name <> 'null' THEN
            RAISE EXCEPTION '%.% stands as it was recorded (%).', TG_TABLE_SCHEMA, TG_TABLE_NAME, name
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON gate.hold FOR EACH ROW EXECUTE FUNCTION gate.guard_once('lifted_by', 'lifted_at');
CREATE TRIGGER guard BEFORE UPDATE ON gate.disposition FOR EACH ROW EXECUTE FUNCTION gate.guard_once(
    'confirmed_by', 'confirmed_at', 'withdrawn_by', 'withdrawn_at', 'carried_out_at');
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.hold EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.disposition EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.disposed EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.hold ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.disposition ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.disposed ENABLE ALWAYS TRIGGER keep;

CREATE FUNCTION gate.on_hold(r gate.request) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM gate.hold h WHERE h.lifted_at IS NULL AND (
        num_nonnulls(h.handle, h.agency, h.submission) = 0 OR h.handle = r.handle
        OR h.agency = ANY (r.agency_line || r.agency) OR h.submission = r.submission))
$$;
-- Nothing waits any more: the last act is old enough, no package is out, no certificate is missing, and nobody waits
-- for their own account of it.
CREATE FUNCTION gate.is_over(r gate.request, in_states text[], before date) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN r.state = ANY (in_states) AND r.changed_at < before::timestamp AT TIME ZONE 'UTC'
        AND NOT EXISTS (SELECT FROM gate.package p WHERE p.handle = r.handle AND p.jwe IS NOT NULL)
        AND NOT EXISTS (SELECT FROM gate.recall c WHERE c.handle = r.handle AND c.certified_at IS NULL)
        AND NOT EXISTS (SELECT FROM gate.account a WHERE a.handle = r.handle AND a.decision IS NULL);
END
$$;

-- How many requests are over, and how many of them a hold keeps; those already disposed of are not counted.
CREATE FUNCTION gate.count_due(in_states text[], before date, OUT due bigint, OUT held bigint) LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT count(*) FILTER (WHERE NOT gate.on_hold(r)), count(*) FILTER (WHERE gate.on_hold(r))
    FROM gate.request r
    WHERE gate.is_over(r, in_states, before) AND NOT EXISTS (
        SELECT FROM gate.disposed i JOIN gate.disposition d ON d.number = i.disposition
        WHERE i.handle = r.handle AND d.withdrawn_at IS NULL)
$$;

-- The oldest of them go on a list, one list at a time; NULL when there are none.
CREATE FUNCTION gate.propose_disposition(
    of_schedule text, on_authority text, in_states text[], before_day date, for_reasons text, most integer,
    by_actor text, on_at timestamptz
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given integer;
    listed text[];
BEGIN
    LOCK TABLE gate.disposition IN SHARE ROW EXCLUSIVE MODE;
    IF before_day > (on_at AT TIME ZONE 'UTC')::date THEN
        RAISE EXCEPTION 'A retention that ends in the future is not over.' USING ERRCODE = 'check_violation';
    END IF;
    listed := ARRAY(
        SELECT r.handle FROM gate.request r
        WHERE gate.is_over(r, in_states, before_day) AND NOT gate.on_hold(r) AND NOT EXISTS (
            SELECT FROM gate.disposed i JOIN gate.disposition d ON d.number = i.disposition
            WHERE i.handle = r.handle AND d.withdrawn_at IS NULL)
        ORDER BY r.changed_at, r.handle LIMIT most);
    IF cardinality(listed) = 0 THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(max(d.number), 0) + 1 INTO given FROM gate.disposition d;
    INSERT INTO gate.disposition (number, schedule, authority, states, before, requests, list_digest, reasons,
        proposed_by, proposed_at)
    SELECT given, of_schedule, on_authority, in_states, before_day, cardinality(listed),
        -- The canonical JSON of the sorted list, as the key process reads it.
        'sha256:' || encode(sha256(convert_to(
            '[' || string_agg('"' || h || '"', ',' ORDER BY h COLLATE "C") || ']', 'UTF8')), 'hex'),
        for_reasons, by_actor, on_at
    FROM unnest(listed) AS h;
    INSERT INTO gate.disposed (disposition, handle) SELECT given, h FROM unnest(listed) AS h;
    RETURN given;
END
$$;

-- The second person. A hold that is placed meanwhile waits, or is seen.
CREATE FUNCTION gate.confirm_disposition(of_number integer, by_actor text, on_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    proposed gate.disposition;
    kept bigint;
BEGIN
    LOCK TABLE gate.hold IN SHARE MODE;
    SELECT * INTO proposed FROM gate.disposition d WHERE d.number = of_number FOR UPDATE;
    IF NOT FOUND OR proposed.withdrawn_at IS NOT NULL OR proposed.confirmed_at IS NOT NULL THEN
        RAISE EXCEPTION 'Disposition % does not wait for anybody.', of_number USING ERRCODE = 'check_violation';
    END IF;
    IF lower(proposed.proposed_by) = lower(by_actor) THEN
        RAISE EXCEPTION 'You proposed disposition %; another person confirms it.', of_number
            USING ERRCODE = 'check_violation';
    END IF;
    PERFORM FROM gate.request r JOIN gate.disposed i USING (handle) WHERE i.disposition = of_number
        ORDER BY r.handle FOR UPDATE OF r;
    SELECT count(*) INTO kept FROM gate.request r JOIN gate.disposed i USING (handle)
    WHERE i.disposition = of_number
        AND (gate.on_hold(r) OR NOT gate.is_over(r, proposed.states, proposed.before));
    IF kept > 0 THEN
        RAISE EXCEPTION 'Disposition % is not confirmed: % of its requests are on hold or moved since; withdraw it.',
            of_number, kept USING ERRCODE = 'check_violation';
    END IF;
    UPDATE gate.disposition d SET confirmed_by = by_actor, confirmed_at = on_at WHERE d.number = of_number;
END
$$;

-- How much of a list a hold keeps; until the end of the transaction nobody places or lifts one.
CREATE FUNCTION gate.count_held(of_number integer) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    LOCK TABLE gate.hold IN SHARE MODE;
    RETURN (SELECT count(*) FROM gate.request r JOIN gate.disposed i USING (handle)
        WHERE i.disposition = of_number AND gate.on_hold(r));
END
$$;

CREATE FUNCTION gate.is_disposed(of_handle text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM gate.disposed i JOIN gate.disposition d ON d.number = i.disposition
        WHERE i.handle = of_handle AND d.confirmed_at IS NOT NULL)
$$;
CREATE FUNCTION gate.rest_in_peace() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF gate.is_disposed(NEW.handle) THEN
        RAISE EXCEPTION 'Request % was expunged; nothing more happens to it.', NEW.handle
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER disposed BEFORE INSERT ON gate.act FOR EACH ROW EXECUTE FUNCTION gate.rest_in_peace();
ALTER TABLE gate.act ENABLE ALWAYS TRIGGER disposed;

-- Digests, tokens and signatures about a request leave only with it.
CREATE FUNCTION gate.leave_with_request() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT gate.is_disposed(OLD.handle) THEN
        RAISE EXCEPTION '% of %.% is refused: what was recorded stays; two people have not disposed of request %.',
            TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME, OLD.handle USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN OLD;
END
$$;
DROP TRIGGER keep ON gate.kin;
DROP TRIGGER keep ON gate.attempt;
DROP TRIGGER keep ON gate.signed_request;
CREATE TRIGGER keep BEFORE UPDATE OR TRUNCATE ON gate.kin EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR TRUNCATE ON gate.attempt EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR TRUNCATE ON gate.signed_request EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER leave BEFORE DELETE ON gate.kin FOR EACH ROW EXECUTE FUNCTION gate.leave_with_request();
CREATE TRIGGER leave BEFORE DELETE ON gate.attempt FOR EACH ROW EXECUTE FUNCTION gate.leave_with_request();
CREATE TRIGGER leave BEFORE DELETE ON gate.signed_request FOR EACH ROW EXECUTE FUNCTION gate.leave_with_request();
ALTER TABLE gate.kin ENABLE ALWAYS TRIGGER keep, ENABLE ALWAYS TRIGGER leave;
ALTER TABLE gate.attempt ENABLE ALWAYS TRIGGER keep, ENABLE ALWAYS TRIGGER leave;
ALTER TABLE gate.signed_request ENABLE ALWAYS TRIGGER keep, ENABLE ALWAYS TRIGGER leave;
GRANT EXECUTE ON FUNCTION gate.is_disposed(text) TO register_owner;

SET LOCAL ROLE register_owner;
CREATE FUNCTION register.forget(disposed text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(disposed) AS h WHERE NOT gate.is_disposed(h)) THEN
        RAISE EXCEPTION 'The register forgets no question: two people have not disposed of a request named.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM register.answer a WHERE a.handle = ANY (disposed);
    DELETE FROM register.ticket t WHERE t.handle = ANY (disposed);
END
$$;
GRANT USAGE ON SCHEMA register TO gate_owner;
GRANT EXECUTE ON FUNCTION register.forget(text[]) TO gate_owner;

SET LOCAL ROLE gate_owner;
-- Once the keys are destroyed.
CREATE FUNCTION gate.forget(of_number integer, on_at timestamptz) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    listed text[] := ARRAY(SELECT i.handle FROM gate.disposed i WHERE i.disposition = of_number);
BEGIN
    PERFORM register.forget(listed);
    DELETE FROM gate.kin k WHERE k.handle = ANY (listed);
    DELETE FROM gate.mark m WHERE m.handle = ANY (listed);
    DELETE FROM gate.attempt a WHERE a.handle = ANY (listed);
    DELETE FROM gate.signed_request s WHERE s.handle = ANY (listed);
    UPDATE gate.disposition d SET carried_out_at = on_at WHERE d.number = of_number AND d.carried_out_at IS NULL;
END
$$;

CREATE FUNCTION gate.place_hold(
    of_handle text, of_agency text, of_submission bigint, on_matter text, by_actor text, on_at timestamptz
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given integer;
BEGIN
    LOCK TABLE gate.hold IN SHARE ROW EXCLUSIVE MODE;
    SELECT coalesce(max(h.number), 0) + 1 INTO given FROM gate.hold h;
    INSERT INTO gate.hold (number, handle, agency, submission, matter, placed_by, placed_at)
    VALUES (given, of_handle, of_agency, of_submission, on_matter, by_actor, on_at);
    RETURN given;
END
$$;

GRANT SELECT ON gate.hold, gate.disposition, gate.disposed TO gate_oversee, gate_audit;
GRANT UPDATE (lifted_by, lifted_at) ON gate.hold TO gate_oversee;
GRANT UPDATE (withdrawn_by, withdrawn_at) ON gate.disposition TO gate_oversee;
GRANT EXECUTE ON FUNCTION gate.count_due(text[], date) TO gate_oversee, gate_audit;
GRANT EXECUTE ON FUNCTION gate.place_hold(text, text, bigint, text, text, timestamptz),
    gate.propose_disposition(text, text, text[], date, text, integer, text, timestamptz),
    gate.confirm_disposition(integer, text, timestamptz), gate.count_held(integer), gate.forget(integer, timestamptz)
    TO gate_oversee;

SET LOCAL ROLE log_owner;
CREATE INDEX entry_disposition ON log.entry ((body ->> 'number')) WHERE kind = 'disposition';
