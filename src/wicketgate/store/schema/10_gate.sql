-- Submissions, requests and the acts that move them.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

-- What may follow what, who may do it, and through which role of the database.
-- Filled from the one table of transitions; nothing else says what may happen next.
CREATE TABLE gate.transition (
    source text NOT NULL,
    act text NOT NULL,
    target text NOT NULL,
    role text NOT NULL,
    services text[] NOT NULL,
    discloses boolean NOT NULL,  -- brings a record nearer to the requester: stops while suspended
    PRIMARY KEY (source, act)
);
CREATE TABLE gate.initial (state text PRIMARY KEY);

CREATE VIEW gate.visible AS
    SELECT DISTINCT service, state
    FROM gate.transition, unnest(services) AS service, unnest(ARRAY[source, target]) AS state;

CREATE TABLE gate.submission (
    submission bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    digest text NOT NULL CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),  -- of the bytes received
    authority text NOT NULL,
    authority_digest text NOT NULL,
    as_of date NOT NULL,
    requests bigint CHECK (requests >= 0),  -- set once, when all of them are in
    received_at timestamptz NOT NULL
);
CREATE INDEX submission_digest ON gate.submission (digest, authority_digest);

-- What a request says, what was found of it, the entries about it and what officers wrote about it lie sealed with
-- a key for each request, which the database does not hold: where the key is destroyed, they are gone. What officials
-- did (who, which act, when) stays in clear, and so does what answers an order about an officer.
CREATE TABLE gate.request (
    handle text PRIMARY KEY CHECK (handle ~ '^WG(-[2-9BCDFGHJKMNPQRSTVWXYZ]{4}){3}$'),
    submission bigint NOT NULL REFERENCES gate.submission,
    row bigint NOT NULL CHECK (row > 0),
    request_id text NOT NULL,
    agency_line text[] NOT NULL,              -- the requesting agency's code, then its parents'; empty when unknown
    agency text NOT NULL DEFAULT '',          -- the code as it was written
    officers text[] NOT NULL DEFAULT '{}',    -- who is engaged, as written
    officer_scopes text[] NOT NULL,           -- by what an order may call them, however it spells them
    body bytea NOT NULL,                      -- as written by the requester, sealed
    facts bytea NOT NULL,                     -- what the review looked at, sealed
    determination text,
    findings text[] NOT NULL DEFAULT '{}',
    authority_digest text,
    state text NOT NULL,
    version integer NOT NULL DEFAULT 0,
    received_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    UNIQUE (submission, row)
) WITH (toast_tuple_target = 128);  -- the long columns stay where they are when a request moves
CREATE INDEX request_state ON gate.request (submission, state, row);
ALTER TABLE gate.request ALTER body SET STORAGE EXTERNAL, ALTER facts SET STORAGE EXTERNAL;  -- does not compress

-- Every act, for ever. Inserting one IS the way to move a request.
CREATE TABLE gate.act (
    handle text NOT NULL REFERENCES gate.request,
    version integer NOT NULL,  -- the request's version after the act
    act text NOT NULL,
    source text NOT NULL,
    target text NOT NULL,
    role text NOT NULL,
    actor text NOT NULL CHECK (actor = btrim(actor) AND length(actor) BETWEEN 1 AND 200),
    at timestamptz NOT NULL,
    reasons text,
    PRIMARY KEY (handle, version)
);

CREATE FUNCTION gate.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of %.% is refused: what was recorded stays; mend it by a new act.',
        TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

-- An act is checked, completed and carried out in one step.
CREATE FUNCTION gate.perform() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    request gate.request;
    transition gate.transition;
BEGIN
    SELECT * INTO request FROM gate.request WHERE handle = NEW.handle FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no request %.', NEW.handle USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF NEW.version IS NOT NULL AND NEW.version <> request.version + 1 THEN
        RAISE EXCEPTION 'Request % was changed by somebody else meanwhile; read it again.', NEW.handle
            USING ERRCODE = 'serialization_failure';
    END IF;
    SELECT * INTO transition FROM gate.transition t WHERE t.source = request.state AND t.act = NEW.act;
    IF NOT FOUND OR transition.role <> NEW.role THEN
        RAISE EXCEPTION 'A % may not % request %, which is %.', NEW.role, NEW.act, NEW.handle, request.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF session_user <> ALL (transition.services) THEN
        RAISE EXCEPTION 'The database role % may not % a request.', session_user, NEW.act
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (NEW.role = 'gate') <> (NEW.actor = 'gate') THEN
        RAISE EXCEPTION 'Only the gate acts as gate, and it acts under no other name (request %).', NEW.handle
            USING ERRCODE = 'check_violation';
    END IF;
    IF EXISTS (
        SELECT FROM gate.act a
        WHERE a.handle = NEW.handle AND lower(a.actor) = lower(NEW.actor) AND a.role <> NEW.role
    ) THEN
        RAISE EXCEPTION 'Nobody holds two roles on one request: the % of % has acted on it as somebody else.',
            NEW.role, NEW.handle USING ERRCODE = 'check_violation';
    END IF;
    -- A request that was held begins again: an endorsement before it counts no more.
    IF NEW.act = 'approve' AND NOT EXISTS (
        SELECT FROM gate.act a
        WHERE a.handle = NEW.handle AND a.act = 'endorse' AND lower(a.actor) <> lower(NEW.actor)
            AND a.version > coalesce(
                (SELECT max(b.version) FROM gate.act b WHERE b.handle = NEW.handle AND b.act = 'resume'), 0)
    ) THEN
        RAISE EXCEPTION 'Request % cannot be approved: no other person has endorsed it.', NEW.handle
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.act LIKE 'find %' AND request.determination IS DISTINCT FROM transition.target THEN
        RAISE EXCEPTION 'Request % was not determined to be %.', NEW.handle, transition.target
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.act = 'release' AND NOT EXISTS (SELECT FROM gate.package p WHERE p.handle = NEW.handle) THEN
        RAISE EXCEPTION 'Request % cannot be released: it has no sealed package.', NEW.handle
            USING ERRCODE = 'check_violation';
    END IF;
    IF transition.discloses AND NOT gate.is_open(NEW.handle) THEN
        RAISE EXCEPTION 'Request % cannot go on: disclosure to its agency or to an officer it names is suspended.',
            NEW.handle USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    NEW.version := request.version + 1;
    NEW.source := request.state;
    NEW.target := transition.target;
    RETURN NEW;
END
$$;

CREATE FUNCTION gate.carry_out() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    UPDATE gate.request SET state = NEW.target, version = NEW.version, changed_at = NEW.at
    WHERE handle = NEW.handle;
    RETURN NULL;
END
$$;

CREATE TRIGGER perform BEFORE INSERT ON gate.act FOR EACH ROW EXECUTE FUNCTION gate.perform();
CREATE TRIGGER carry_out AFTER INSERT ON gate.act FOR EACH ROW EXECUTE FUNCTION gate.carry_out();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.act EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.act ENABLE ALWAYS TRIGGER perform, ENABLE ALWAYS TRIGGER carry_out, ENABLE ALWAYS TRIGGER keep;

CREATE FUNCTION gate.begin_request() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.version <> 0 OR NOT EXISTS (SELECT FROM gate.initial i WHERE i.state = NEW.state) THEN
        RAISE EXCEPTION 'Request % must begin at the beginning.', NEW.handle USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

-- Even the owner changes a request only along the table, by an act, and never what was asked.
CREATE FUNCTION gate.guard_request() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF (NEW.handle, NEW.submission, NEW.row, NEW.request_id, NEW.agency_line, NEW.agency, NEW.officers,
        NEW.officer_scopes, NEW.body, NEW.received_at) IS DISTINCT FROM
       (OLD.handle, OLD.submission, OLD.row, OLD.request_id, OLD.agency_line, OLD.agency, OLD.officers,
        OLD.officer_scopes, OLD.body, OLD.received_at) THEN
        RAISE EXCEPTION 'What request % says cannot be changed.', OLD.handle USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.facts, NEW.determination, NEW.findings, NEW.authority_digest)
        IS DISTINCT FROM (OLD.facts, OLD.determination, OLD.findings, OLD.authority_digest)
        AND NOT EXISTS (SELECT FROM gate.initial i WHERE i.state = OLD.state) THEN
        RAISE EXCEPTION 'The determination of request % stands.', OLD.handle USING ERRCODE = 'check_violation';
    END IF;
    IF (NEW.state, NEW.version) IS DISTINCT FROM (OLD.state, OLD.version) AND NOT EXISTS (
        SELECT FROM gate.act a JOIN gate.transition t USING (source, act, target)
        WHERE a.handle = OLD.handle AND a.version = OLD.version + 1 AND NEW.version = OLD.version + 1
            AND a.source = OLD.state AND a.target = NEW.state
    ) THEN
        RAISE EXCEPTION 'Request % cannot go from % to % without an act that allows it.',
            OLD.handle, OLD.state, NEW.state USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER begin_request BEFORE INSERT ON gate.request FOR EACH ROW EXECUTE FUNCTION gate.begin_request();
CREATE TRIGGER guard BEFORE UPDATE ON gate.request FOR EACH ROW EXECUTE FUNCTION gate.guard_request();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.request EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.request
    ENABLE ALWAYS TRIGGER begin_request, ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

-- Each role sees the requests in the states it works on, and no others.
ALTER TABLE gate.request ENABLE ROW LEVEL SECURITY;
CREATE POLICY work ON gate.request FOR ALL TO gate_review, gate_verify, gate_decide, gate_release, gate_oversee
    USING (state = ANY (ARRAY(SELECT v.state FROM gate.visible v WHERE v.service = current_user)));
CREATE POLICY receive ON gate.request TO gate_intake USING (true) WITH CHECK (true);
CREATE POLICY account ON gate.request FOR SELECT TO gate_audit, register_owner USING (true);

GRANT USAGE ON SCHEMA gate TO gate_intake, gate_review, gate_verify, gate_decide, gate_release, gate_portal,
    gate_oversee, gate_audit;
GRANT SELECT ON gate.transition, gate.initial, gate.visible, gate.submission
    TO gate_intake, gate_review, gate_verify, gate_decide, gate_release, gate_oversee, gate_audit;
GRANT INSERT ON gate.submission TO gate_intake;
GRANT UPDATE (requests) ON gate.submission TO gate_intake;
GRANT INSERT ON gate.request TO gate_intake;
GRANT SELECT (handle, submission, row, request_id, agency_line, state, version, received_at, changed_at)
    ON gate.request TO gate_intake;
GRANT SELECT ON gate.request TO gate_review, gate_verify, gate_decide, gate_release, gate_oversee, gate_audit;
GRANT UPDATE (facts, determination, findings, authority_digest) ON gate.request TO gate_review;
GRANT INSERT ON gate.act
    TO gate_intake, gate_review, gate_verify, gate_decide, gate_release, gate_portal, gate_oversee;
GRANT SELECT ON gate.act TO gate_review, gate_verify, gate_decide, gate_release, gate_oversee, gate_audit;
