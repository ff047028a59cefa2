-- Answers leave together: in the next slot of the clock after they were decided, in an order that nobody
-- chose. When a slot opens, everything decided before it can be read at once, and nothing else until the next.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.outbox (
    one integer PRIMARY KEY DEFAULT 1 CHECK (one = 1),
    slot interval NOT NULL DEFAULT '1 day' CHECK (slot BETWEEN '1 minute' AND '7 days'),
    opened_until timestamptz NOT NULL DEFAULT '-infinity'  -- the latest slot that has opened
);
INSERT INTO gate.outbox DEFAULT VALUES;
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.outbox EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.outbox ENABLE ALWAYS TRIGGER keep;

-- `ready_at` is the slot; `place` the order within it, from the server's strong random source.
ALTER TABLE gate.answer ADD COLUMN place uuid NOT NULL DEFAULT gen_random_uuid();
CREATE INDEX answer_slot ON gate.answer (ready_at, place);

-- The only way to answer. Whoever answers holds the outbox FOR SHARE until its transaction ends, so a slot
-- opens after what is under way, and an answer that comes later waits for the next one.
CREATE FUNCTION gate.give_answers(handles text[], bodies text[], decided_at timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    due timestamptz;
BEGIN
    SELECT date_bin(o.slot, greatest(decided_at, o.opened_until), 'epoch') + o.slot INTO due
    FROM gate.outbox o FOR SHARE;
    INSERT INTO gate.answer (handle, body, ready_at)
    SELECT new.handle, new.body, due FROM unnest(handles, bodies) AS new (handle, body);
END
$$;

-- Opens every slot up to the moment, in slots of the length from now on; says which is the latest open one.
CREATE FUNCTION gate.open_slot(moment timestamptz, length interval) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    latest timestamptz;
BEGIN
    UPDATE gate.outbox SET slot = length,
        opened_until = greatest(opened_until, date_bin(length, moment, 'epoch'))
    RETURNING opened_until INTO latest;
    RETURN latest;
END
$$;

CREATE FUNCTION gate.opened_until() RETURNS timestamptz LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT opened_until FROM gate.outbox
$$;

-- The door sees what has left and nothing else: neither that an answer waits nor when it was made.
ALTER TABLE gate.answer ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.answer FOR SELECT TO gate_release, gate_audit USING (true);
CREATE POLICY outside ON gate.answer FOR SELECT TO gate_portal
    USING (ready_at <= (SELECT gate.opened_until()));
REVOKE ALL ON gate.answer FROM gate_review, gate_verify, gate_decide, gate_release, gate_portal;
GRANT SELECT ON gate.answer TO gate_release;
GRANT SELECT (handle, body, ready_at, place) ON gate.answer TO gate_portal;  -- not the system's columns

-- A package leaves with its answer.
CREATE OR REPLACE FUNCTION gate.pick_up(of_handle text, with_key text, on_at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    sealed text;
BEGIN
    SELECT p.jwe INTO sealed
    FROM gate.package p JOIN gate.request r USING (handle) JOIN gate.recipient_key k USING (key_id)
        JOIN gate.answer a USING (handle)
    WHERE p.handle = of_handle AND p.key_id = with_key AND p.jwe IS NOT NULL AND p.picked_up_at IS NULL
        AND p.destroyed_at IS NULL AND on_at < p.expires_at AND k.revoked_at IS NULL
        AND a.ready_at <= (SELECT o.opened_until FROM gate.outbox o)
        AND r.state = 'released' AND gate.is_open(r.agency_line)
    FOR UPDATE OF p;
    IF FOUND THEN
        UPDATE gate.package SET picked_up_at = on_at, jwe = NULL WHERE handle = of_handle;
    END IF;
    RETURN sealed;
END
$$;

GRANT EXECUTE ON FUNCTION gate.give_answers(text[], text[], timestamptz)
    TO gate_review, gate_verify, gate_decide, gate_release;
GRANT EXECUTE ON FUNCTION gate.open_slot(timestamptz, interval) TO gate_release;
GRANT EXECUTE ON FUNCTION gate.opened_until() TO gate_portal, gate_audit;
