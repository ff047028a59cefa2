-- The order book: what courts ordered, on which document, and who lifted it. `gate.suspension` follows from it.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.court_order (
    number integer PRIMARY KEY CHECK (number > 0),
    court text NOT NULL,
    docket text NOT NULL,
    binds text NOT NULL CHECK (binds IN ('custodian', 'recipient')),
    agency text,     -- the agency and its components; NULL: all
    recipient text,  -- one officer as requests name him; NULL: every recipient
    recipient_scope text,  -- by what requests know this officer, however either spells the name
    begins date NOT NULL,
    ends date CHECK (ends >= begins),  -- the last day; NULL: until it is lifted
    document bytea,  -- NULL: the order stands in the custodian's context, and its document elsewhere
    document_digest text CHECK (document_digest ~ '^sha256:[0-9a-f]{64}$'),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    in_force boolean NOT NULL DEFAULT false,
    CHECK ((recipient IS NULL) = (recipient_scope IS NULL)),
    CHECK ((document IS NULL) = (document_digest IS NULL)),
    CHECK (document IS NOT NULL OR recorded_by = 'gate')
);

CREATE TABLE gate.order_lifting (
    number integer PRIMARY KEY REFERENCES gate.court_order,
    document bytea NOT NULL,
    document_digest text NOT NULL CHECK (document_digest ~ '^sha256:[0-9a-f]{64}$'),
    proposed_by text NOT NULL,
    proposed_at timestamptz NOT NULL,
    confirmed_by text CHECK (lower(confirmed_by) <> lower(proposed_by)),
    confirmed_at timestamptz CHECK (confirmed_at >= proposed_at),
    CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL))
);

-- What an order says is never changed; a lifting is confirmed once.
CREATE FUNCTION gate.guard_order() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'in_force' <> to_jsonb(OLD) - 'in_force' THEN
        RAISE EXCEPTION 'Order % stands as it was recorded.', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE FUNCTION gate.guard_lifting() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.confirmed_by IS NOT NULL OR to_jsonb(NEW) - '{confirmed_by,confirmed_at}'::text[]
        <> to_jsonb(OLD) - '{confirmed_by,confirmed_at}'::text[] THEN
        RAISE EXCEPTION 'The lifting of order % can only be confirmed, once.', OLD.number
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON gate.court_order FOR EACH ROW EXECUTE FUNCTION gate.guard_order();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.court_order EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER guard BEFORE UPDATE ON gate.order_lifting FOR EACH ROW EXECUTE FUNCTION gate.guard_lifting();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.order_lifting EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.court_order ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.order_lifting ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

-- Orders are numbered without a gap, in the order in which they were recorded.
CREATE FUNCTION gate.record_order(
    of_court text, of_docket text, it_binds text, of_agency text, of_recipient text, with_scope text,
    from_day date, to_day date, on_document bytea, by_actor text, on_at timestamptz
) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    given integer;
BEGIN
    PERFORM gate.stand_still();  -- numbers without a gap, too
    SELECT coalesce(max(o.number), 0) + 1 INTO given FROM gate.court_order o;
    INSERT INTO gate.court_order (number, court, docket, binds, agency, recipient, recipient_scope, begins, ends,
        document, document_digest, recorded_by, recorded_at)
    VALUES (given, of_court, of_docket, it_binds, of_agency, of_recipient, with_scope, from_day, to_day, on_document,
        'sha256:' || encode(sha256(on_document), 'hex'), by_actor, on_at);
    RETURN given;
END
$$;

CREATE FUNCTION gate.scope_of(agency text, officer text) RETURNS text LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp
RETURN coalesce('officer:' || officer || CASE WHEN agency IS NULL THEN '' ELSE '@' || agency END, agency, '*');

-- A day begins where it begins first of all places concerned, and ends where it ends last (UTC-12).
CREATE FUNCTION gate.is_due(o gate.court_order, at_ timestamptz) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT o.begins <= (at_ AT TIME ZONE 'UTC')::date
        AND (o.ends IS NULL OR o.ends >= ((at_ AT TIME ZONE 'UTC') - interval '12 hours')::date)
        AND NOT EXISTS (
            SELECT FROM gate.order_lifting l WHERE l.number = o.number AND l.confirmed_by IS NOT NULL)
$$;

-- Brings the suspensions into line with the orders that hold, and returns the orders that began (true) or ended
-- (false) to be in force. A scope is open again only when no order about it is left; a stop that no order made
-- is not touched. Where something changes, it waits for what is under way and keeps everything else waiting.
CREATE FUNCTION gate.apply_orders(by_actor text, on_at timestamptz)
RETURNS TABLE (number integer, began boolean) LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    changed record;
BEGIN
    PERFORM FROM gate.court_order o WHERE o.in_force <> gate.is_due(o, on_at);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM gate.stand_still();
    FOR changed IN
        SELECT o.number, o.court, o.docket, gate.scope_of(o.agency, o.recipient_scope) AS scope, NOT o.in_force AS holds
        FROM gate.court_order o
        WHERE o.in_force <> gate.is_due(o, on_at)
        ORDER BY o.number
    LOOP
        UPDATE gate.court_order o SET in_force = changed.holds WHERE o.number = changed.number;
        IF changed.holds OR NOT EXISTS (
            SELECT FROM gate.court_order o
            WHERE o.in_force AND gate.scope_of(o.agency, o.recipient_scope) = changed.scope
        ) THEN
            PERFORM gate.set_suspension(changed.scope, changed.holds, changed.court, changed.docket, by_actor, on_at);
        END IF;
        number := changed.number;
        began := changed.holds;
        RETURN NEXT;
    END LOOP;
END
$$;

-- An order that is due and was not applied yet closes the door all the same.
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
        AND NOT EXISTS (SELECT FROM gate.suspension s WHERE s.suspended AND s.scope = ANY (agency_line || '!'::text))
        AND NOT EXISTS (SELECT FROM gate.court_order o WHERE NOT o.in_force AND gate.is_due(o, now()));
END
$$;

GRANT SELECT ON gate.court_order, gate.order_lifting TO gate_oversee, gate_audit;
GRANT INSERT ON gate.order_lifting TO gate_oversee;
GRANT UPDATE (confirmed_by, confirmed_at) ON gate.order_lifting TO gate_oversee;
GRANT EXECUTE ON FUNCTION gate.apply_orders(text, timestamptz),
    gate.record_order(text, text, text, text, text, text, date, date, bytea, text, timestamptz) TO gate_oversee;
GRANT EXECUTE ON FUNCTION gate.scope_of(text, text) TO gate_oversee, gate_audit;
