-- What opens a package lies in two places: the officer's key, and a share that stays here, sealed by the key
-- process, until the pick-up is on record. The pick-up is said first and handed out second.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

ALTER TABLE gate.package ADD COLUMN share text;

CREATE FUNCTION gate.guard_share() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.share IS NULL THEN
        RAISE EXCEPTION 'The package of % has no share.', NEW.handle USING ERRCODE = 'check_violation';
    ELSIF NEW.share IS NOT NULL AND TG_OP = 'UPDATE' AND NEW.share IS DISTINCT FROM OLD.share THEN
        RAISE EXCEPTION 'The package of % can only be picked up once or destroyed.', NEW.handle
            USING ERRCODE = 'check_violation';
    ELSIF (NEW.share IS NULL) <> (NEW.jwe IS NULL) OR NEW.destroyed_at IS NOT NULL AND NEW.share IS NOT NULL THEN
        RAISE EXCEPTION 'The package of % and its share go together.', NEW.handle USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER share BEFORE INSERT OR UPDATE ON gate.package FOR EACH ROW EXECUTE FUNCTION gate.guard_share();
ALTER TABLE gate.package ENABLE ALWAYS TRIGGER share;

-- Whoever may have a package now: its officer by key, in time, while nothing suspends or recalls it.
CREATE FUNCTION gate.may_have(p gate.package, with_key text, in_state text, on_at timestamptz) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.key_id = with_key AND p.jwe IS NOT NULL AND p.destroyed_at IS NULL AND on_at < p.expires_at
        AND EXISTS (SELECT FROM gate.answer a, gate.outbox o WHERE a.handle = p.handle AND a.ready_at <= o.opened_until)
        AND EXISTS (SELECT FROM gate.recipient_key k WHERE k.key_id = p.key_id AND k.revoked_at IS NULL)
        AND EXISTS (SELECT FROM gate.request r
            WHERE r.handle = p.handle AND r.state = in_state AND gate.is_open(r.agency_line))
$$;

-- First: it is said that this officer picks up this package, by digest. Nothing is handed out.
-- The gate (its lock) before the package, so that nobody waits in a circle.
DROP FUNCTION gate.pick_up(text, text, timestamptz);
CREATE FUNCTION gate.begin_pick_up(of_handle text, with_key text, on_at timestamptz) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    package gate.package;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1464291412);
    SELECT * INTO package FROM gate.package p WHERE p.handle = of_handle FOR UPDATE;
    IF NOT FOUND OR package.picked_up_at IS NOT NULL
        OR gate.may_have(package, with_key, 'released', on_at) IS NOT TRUE THEN
        RETURN NULL;
    END IF;
    UPDATE gate.package SET picked_up_at = on_at WHERE handle = of_handle;
    RETURN package.digest;
END
$$;

-- Second, once that is durable: the package with its share, once. The door can do no more.
CREATE FUNCTION gate.hand_out(
    of_handle text, with_key text, on_at timestamptz, OUT jwe text, OUT share text, OUT sealed_on date
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    package gate.package;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1464291412);
    SELECT * INTO package FROM gate.package p WHERE p.handle = of_handle FOR UPDATE;
    IF FOUND AND package.picked_up_at IS NOT NULL
        AND gate.may_have(package, with_key, 'picked_up', on_at) THEN
        UPDATE gate.package p SET jwe = NULL, share = NULL WHERE p.handle = of_handle;
        jwe := package.jwe;
        share := package.share;
        sealed_on := (package.sealed_at AT TIME ZONE 'UTC')::date;
    END IF;
END
$$;

GRANT EXECUTE ON FUNCTION gate.begin_pick_up(text, text, timestamptz), gate.hand_out(text, text, timestamptz)
    TO gate_portal;
GRANT UPDATE (share) ON gate.package TO gate_release, gate_oversee;
