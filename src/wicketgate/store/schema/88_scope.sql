-- One function knows all that can close the gate for a request: everybody, the pause, an agency of its line, one
-- officer whom it names, an overdue recall, safeguards. And a stop comes through whatever is under way.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

-- Every scope in which a stop concerns this request.
CREATE FUNCTION gate.scopes_of(r gate.request) RETURNS text[] LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY['*', '!'] || r.agency_line
        || ARRAY(SELECT cause || ':' || code FROM unnest(r.agency_line) AS code,
            unnest(ARRAY['recall', 'safeguards']) AS cause)
        || ARRAY(SELECT gate.scope_of(code, officer)
            FROM unnest(r.officer_scopes) AS officer,
                unnest(r.agency_line || NULL::text) AS code)
$$;

-- What is stopped now. An order that is due stops before anybody has applied it.
CREATE FUNCTION gate.stopped_scopes() RETURNS text[] LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY(
        SELECT s.scope FROM gate.suspension s WHERE s.suspended
        UNION SELECT gate.scope_of(o.agency, o.recipient_scope) FROM gate.court_order o
        WHERE NOT o.in_force AND gate.is_due(o, now()))
$$;

-- Those of the requests for which the gate is open. They stay so until the caller's transaction ends, because
-- whoever stops something waits for it. Nothing about an unknown agency, nothing where the book lacks its first row.
CREATE FUNCTION gate.are_open(handles text[]) RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    stopped text[];
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1464291412);
    stopped := gate.stopped_scopes();
    IF '*' = ANY (stopped) OR NOT EXISTS (SELECT FROM gate.suspension s WHERE s.scope = '*') THEN
        RETURN;
    ELSIF stopped = '{}' THEN
        RETURN QUERY SELECT r.handle FROM gate.request r
            WHERE r.handle = ANY (handles) AND cardinality(r.agency_line) > 0;
    ELSE
        RETURN QUERY SELECT r.handle FROM gate.request r
            WHERE r.handle = ANY (handles) AND cardinality(r.agency_line) > 0
                AND NOT gate.scopes_of(r) && stopped;
    END IF;
END
$$;
CREATE FUNCTION gate.is_open(of_handle text) RETURNS boolean LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM gate.are_open(ARRAY[of_handle]))
$$;

-- May end sessions of others, and owns the one function that does. Where the administrator may not give this away,
-- a stop waits for whatever is under way, however long it takes.
RESET ROLE;
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = 'gate_signal') THEN
        CREATE ROLE gate_signal NOLOGIN;
    END IF;
    GRANT gate_signal TO CURRENT_USER;
    BEGIN
        GRANT pg_signal_backend TO gate_signal;
    EXCEPTION WHEN insufficient_privilege THEN NULL;
    END;
END
$$;
SET LOCAL ROLE gate_owner;
GRANT USAGE, CREATE ON SCHEMA gate TO gate_signal;
SET LOCAL ROLE gate_signal;
CREATE FUNCTION gate.end_stragglers() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ended integer;
BEGIN
    SELECT count(*) FILTER (WHERE pg_terminate_backend(holder.pid)) INTO ended
    FROM (
        SELECT DISTINCT l.pid FROM pg_locks l
        WHERE l.granted AND l.pid <> pg_backend_pid()
            AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
            AND (l.locktype = 'advisory' AND (l.classid, l.objid, l.objsubid) = (0, 1464291412, 1)
                AND l.mode = 'ShareLock'
                OR l.relation = 'log.head'::regclass AND l.mode = 'RowExclusiveLock')
    ) AS holder;
    RETURN ended;
EXCEPTION WHEN insufficient_privilege THEN
    RETURN 0;
END
$$;
REVOKE EXECUTE ON FUNCTION gate.end_stragglers() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gate.end_stragglers() TO gate_owner;
SET LOCAL ROLE gate_owner;
REVOKE CREATE ON SCHEMA gate FROM gate_signal;

-- Waits until nothing that was found open is under way and nobody writes the log, and keeps everything else waiting
-- until the transaction ends. The queue is fair, so it is never overtaken for ever; and whoever is not done in 0.7
-- seconds (a large piece of work, a process that was frozen) loses its session: what it began was then not done.
CREATE FUNCTION gate.stand_still() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    before text := current_setting('lock_timeout');
    ended integer := 0;
BEGIN
    PERFORM set_config('lock_timeout', '700ms', true);
    BEGIN
        PERFORM pg_advisory_xact_lock(1464291412);
        PERFORM FROM log.head FOR UPDATE;
    EXCEPTION WHEN lock_not_available THEN
        ended := gate.end_stragglers();
        PERFORM set_config('lock_timeout', before, true);
        PERFORM pg_advisory_xact_lock(1464291412);
        PERFORM FROM log.head FOR UPDATE;
    END;
    PERFORM set_config('lock_timeout', before, true);
    RETURN ended;
END
$$;

-- The way of an order as far as the moment at which all stand still, in a scope in which no request is. The scope is
-- left as open as it was.
CREATE FUNCTION gate.rehearse(by_actor text, on_at timestamptz) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    ended integer := gate.stand_still();
BEGIN
    PERFORM gate.set_suspension('rehearsal', false, NULL, NULL, by_actor, on_at);
    RETURN ended;
END
$$;
GRANT EXECUTE ON FUNCTION gate.rehearse(text, timestamptz) TO gate_oversee;

-- What has been disclosed so far, by the tables and not by the log: it only grows.
CREATE FUNCTION gate.count_disclosed() RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT (SELECT count(*) FROM gate.act a JOIN gate.transition t USING (source, act) WHERE t.discloses)
        + (SELECT count(*) FROM gate.package p
            WHERE p.picked_up_at IS NOT NULL AND p.jwe IS NULL AND p.destroyed_at IS NULL)
$$;
GRANT EXECUTE ON FUNCTION gate.count_disclosed() TO gate_audit;

-- Everything that asked by agency asks by request.

CREATE OR REPLACE FUNCTION gate.may_have(p gate.package, with_key text, in_state text, on_at timestamptz) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT p.key_id = with_key AND p.jwe IS NOT NULL AND p.destroyed_at IS NULL AND on_at < p.expires_at
        AND EXISTS (SELECT FROM gate.answer a, gate.outbox o WHERE a.handle = p.handle AND a.ready_at <= o.opened_until)
        AND EXISTS (SELECT FROM gate.recipient_key k WHERE k.key_id = p.key_id AND k.revoked_at IS NULL)
        AND gate.is_open(p.handle)
        AND EXISTS (SELECT FROM gate.request r WHERE r.handle = p.handle AND r.state = in_state)
$$;

-- How long a request's clock has stood still until `at_`, overlapping stops counted once.
CREATE OR REPLACE FUNCTION gate.stopped(handle_ text, line text[], from_ timestamptz, at_ timestamptz) RETURNS interval
LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(upper(x) - lower(x)), interval '0')
    FROM unnest((
        SELECT range_agg(tstzrange(greatest(s.since, from_), least(coalesce(s.until, at_), at_)))
        FROM gate.stop s
        WHERE s.scope = ANY ((SELECT gate.scopes_of(r) FROM gate.request r WHERE r.handle = handle_) || handle_)
            AND s.since < at_ AND coalesce(s.until, at_) > from_
    )) AS x
$$;
CREATE OR REPLACE FUNCTION gate.stands_still(handle_ text, line text[]) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM gate.stop s WHERE s.until IS NULL
            AND s.scope = ANY ((SELECT gate.scopes_of(r) FROM gate.request r WHERE r.handle = handle_) || handle_))
$$;

SET LOCAL ROLE log_owner;
GRANT USAGE ON SCHEMA log TO gate_owner, gate_signal;
GRANT SELECT, UPDATE ON log.head TO gate_owner;
SET LOCAL ROLE gate_owner;
GRANT EXECUTE ON FUNCTION gate.are_open(text[])
    TO gate_intake, gate_review, gate_verify, gate_decide, gate_release, gate_portal, gate_oversee, gate_audit,
        register_owner;
GRANT EXECUTE ON FUNCTION gate.scopes_of(gate.request), gate.scope_of(text, text) TO gate_audit;
GRANT EXECUTE ON FUNCTION gate.scope_of(text, text) TO register_owner;

SET LOCAL ROLE register_owner;
RESET ROLE;
SET LOCAL ROLE gate_owner;
DROP FUNCTION gate.is_open(text[]);
