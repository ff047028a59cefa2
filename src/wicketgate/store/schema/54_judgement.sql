-- What people say about a request beside their acts, and what keeps two of them two.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

-- "No conflict", or a recusal, which is for good.
CREATE TABLE gate.declaration (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    handle text NOT NULL REFERENCES gate.request,
    actor text NOT NULL CHECK (actor = lower(btrim(actor)) AND length(actor) BETWEEN 1 AND 200 AND actor <> 'gate'),
    role text NOT NULL,
    conflict boolean NOT NULL,
    reasons text,
    at timestamptz NOT NULL
);
CREATE INDEX declaration_handle ON gate.declaration (handle, actor);

-- An officer's objection. Nobody removes it; `version` is the request's when it was made.
CREATE TABLE gate.dissent (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    handle text NOT NULL REFERENCES gate.request,
    version integer NOT NULL,
    actor text NOT NULL CHECK (actor = lower(btrim(actor)) AND length(actor) BETWEEN 1 AND 200 AND actor <> 'gate'),
    role text NOT NULL,
    statement text NOT NULL CHECK (length(btrim(statement)) BETWEEN 1 AND 60000),  -- 10,000 characters, sealed
    digest text NOT NULL CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
    signature text CHECK (length(signature) <= 20000),  -- as the officer's device made it; none: attributed
    at timestamptz NOT NULL
);
CREATE INDEX dissent_handle ON gate.dissent (handle);

-- Why the disclosure proceeds against a dissent that was made after the approval.
CREATE TABLE gate.dissent_answer (
    dissent bigint PRIMARY KEY REFERENCES gate.dissent,
    handle text NOT NULL REFERENCES gate.request,
    actor text NOT NULL CHECK (actor = lower(btrim(actor)) AND length(actor) BETWEEN 1 AND 200 AND actor <> 'gate'),
    role text NOT NULL,
    reasons text NOT NULL CHECK (btrim(reasons) <> ''),
    at timestamptz NOT NULL
);
CREATE INDEX dissent_answer_handle ON gate.dissent_answer (handle);

-- The elements that an act is about: referred, resolved, rejected, returned.
CREATE TABLE gate.point (
    handle text NOT NULL,
    version integer NOT NULL,
    code text NOT NULL,
    reasons text NOT NULL CHECK (btrim(reasons) <> ''),
    PRIMARY KEY (handle, version, code),
    FOREIGN KEY (handle, version) REFERENCES gate.act
);

-- Requests planted to be refused. They never reach the register and nothing is ever sealed for them.
CREATE TABLE gate.exercise (
    handle text PRIMARY KEY REFERENCES gate.request,
    inspector text NOT NULL CHECK (inspector = lower(btrim(inspector)) AND inspector <> 'gate'),
    reasons text NOT NULL CHECK (btrim(reasons) <> ''),  -- why a sound officer refuses it
    at timestamptz NOT NULL
);

-- One person, one role: among the acts, the claims, the declarations, the dissents and the exercises of a
-- request. The request stays locked, so that two roles cannot be taken at once.
CREATE FUNCTION gate.require_one_role(of_handle text, of_actor text, of_role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM gate.request r WHERE r.handle = of_handle FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no request %.', of_handle USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF EXISTS (
        SELECT FROM (
            SELECT a.actor, a.role FROM gate.act a WHERE a.handle = of_handle
            UNION ALL SELECT c.actor, c.role FROM gate.claim c WHERE c.handle = of_handle
            UNION ALL SELECT d.actor, d.role FROM gate.declaration d WHERE d.handle = of_handle
            UNION ALL SELECT d.actor, d.role FROM gate.dissent d WHERE d.handle = of_handle
            UNION ALL SELECT d.actor, d.role FROM gate.dissent_answer d WHERE d.handle = of_handle
            UNION ALL SELECT e.inspector, 'inspector' FROM gate.exercise e WHERE e.handle = of_handle
        ) AS held
        WHERE lower(held.actor) = lower(of_actor) AND held.role <> of_role
    ) THEN
        RAISE EXCEPTION 'Nobody holds two roles on one request: the % of % has acted on it as somebody else.',
            of_role, of_handle USING ERRCODE = 'check_violation';
    END IF;
END
$$;

-- Whoever acts on a request first waits for those who do.
CREATE FUNCTION gate.lock_request(of_handle text) RETURNS integer LANGUAGE sql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.version FROM gate.request r WHERE r.handle = of_handle FOR UPDATE
$$;

CREATE FUNCTION gate.is_recused(of_handle text, of_actor text) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM gate.declaration d
        WHERE d.handle = of_handle AND lower(d.actor) = lower(of_actor) AND d.conflict)
$$;

-- What holds back a release: an exercise, or a dissent that nobody who proceeds has answered yet.
CREATE FUNCTION gate.withheld(handles text[]) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.handle FROM gate.exercise e WHERE e.handle = ANY (handles)
    UNION
    SELECT d.handle FROM gate.dissent d
    WHERE d.handle = ANY (handles)
        AND NOT EXISTS (SELECT FROM gate.dissent_answer w WHERE w.dissent = d.id)
        AND d.version >= (SELECT max(a.version) FROM gate.act a WHERE a.handle = d.handle AND a.act = 'approve')
$$;
CREATE FUNCTION gate.exercises(handles text[]) RETURNS SETOF text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT e.handle FROM gate.exercise e WHERE e.handle = ANY (handles)
$$;

-- Further guards of an act, after gate.perform has completed it.
CREATE FUNCTION gate.guard_work() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    reasoned boolean := btrim(coalesce(NEW.reasons, '')) <> '';
BEGIN
    IF NEW.act = 'release' THEN
        IF EXISTS (SELECT FROM gate.withheld(ARRAY[NEW.handle])) THEN
            RAISE EXCEPTION 'Request % cannot be released: it is withheld.', NEW.handle USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    PERFORM gate.require_one_role(NEW.handle, NEW.actor, NEW.role);
    IF gate.is_recused(NEW.handle, NEW.actor) THEN
        RAISE EXCEPTION 'Whoever declared a conflict of interest acts no more on request %.', NEW.handle
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.role IN ('examiner', 'counsel', 'approver') AND EXISTS (
        SELECT FROM gate.claim c WHERE c.handle = NEW.handle AND c.ended_at IS NULL AND c.until > NEW.at
            AND c.actor <> NEW.actor
    ) THEN
        RAISE EXCEPTION 'Request % is claimed by somebody else.', NEW.handle USING ERRCODE = 'serialization_failure';
    END IF;
    IF NEW.act IN ('refer', 'return', 'resolve referral', 'reject referral', 'refuse') AND NOT reasoned THEN
        RAISE EXCEPTION 'To % request % needs reasons.', NEW.act, NEW.handle USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.act IN ('endorse', 'resolve referral', 'approve') AND NOT reasoned
        AND EXISTS (SELECT FROM gate.dissent d WHERE d.handle = NEW.handle) THEN
        RAISE EXCEPTION 'There is a dissent on request %: whoever proceeds records why.', NEW.handle
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER work BEFORE INSERT ON gate.act FOR EACH ROW
    WHEN (NEW.role <> 'gate' OR NEW.act = 'release') EXECUTE FUNCTION gate.guard_work();
ALTER TABLE gate.act ENABLE ALWAYS TRIGGER work;

-- A word beside the acts is attributed, made by one role, and there for ever.
CREATE FUNCTION gate.attribute() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM gate.require_one_role(NEW.handle, NEW.actor, NEW.role);
    IF TG_TABLE_NAME = 'dissent' THEN
        SELECT r.version INTO NEW.version FROM gate.request r WHERE r.handle = NEW.handle;
        UPDATE gate.work SET dissents = dissents + 1 WHERE handle = NEW.handle;
    ELSIF TG_TABLE_NAME = 'dissent_answer' THEN
        IF NOT EXISTS (SELECT FROM gate.dissent d
            WHERE d.id = NEW.dissent AND d.handle = NEW.handle AND d.actor <> NEW.actor) THEN
            RAISE EXCEPTION 'Nobody answers their own dissent, nor one of another request than %.', NEW.handle
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER attribute BEFORE INSERT ON gate.declaration FOR EACH ROW EXECUTE FUNCTION gate.attribute();
CREATE TRIGGER attribute BEFORE INSERT ON gate.dissent FOR EACH ROW EXECUTE FUNCTION gate.attribute();
CREATE TRIGGER attribute BEFORE INSERT ON gate.dissent_answer FOR EACH ROW EXECUTE FUNCTION gate.attribute();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.declaration EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.dissent EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.dissent_answer EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.point EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.exercise EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.declaration ENABLE ALWAYS TRIGGER attribute, ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.dissent ENABLE ALWAYS TRIGGER attribute, ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.dissent_answer ENABLE ALWAYS TRIGGER attribute, ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.point ENABLE ALWAYS TRIGGER keep;

CREATE FUNCTION gate.guard_exercise() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gate.request r WHERE r.handle = NEW.handle AND r.version = 0) THEN
        RAISE EXCEPTION 'Only a new request is an exercise; % is not new.', NEW.handle USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE INSERT ON gate.exercise FOR EACH ROW EXECUTE FUNCTION gate.guard_exercise();
ALTER TABLE gate.exercise ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

CREATE FUNCTION gate.refuse_exercise() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM gate.exercise e WHERE e.handle = NEW.handle) THEN
        RAISE EXCEPTION 'Request % goes no further than this.', NEW.handle USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER exercise BEFORE INSERT ON gate.package FOR EACH ROW EXECUTE FUNCTION gate.refuse_exercise();
ALTER TABLE gate.package ENABLE ALWAYS TRIGGER exercise;

-- Claims: one at a time on a request, by whoever's work it is.
CREATE FUNCTION gate.take(of_handle text, by_actor text, in_role text, on_at timestamptz, to_until timestamptz)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    request gate.request;
    held gate.claim;
BEGIN
    PERFORM gate.require_one_role(of_handle, by_actor, in_role);
    SELECT * INTO request FROM gate.request WHERE handle = of_handle;
    IF NOT EXISTS (
        SELECT FROM gate.transition t WHERE t.source = request.state AND t.role = in_role
            AND t.act NOT IN ('withdraw', 'hold') AND session_user = ANY (t.services)
    ) OR gate.is_recused(of_handle, by_actor) THEN
        RAISE EXCEPTION 'Request % does not wait for this person as %.', of_handle, in_role
            USING ERRCODE = 'check_violation';
    END IF;
    SELECT * INTO held FROM gate.claim WHERE handle = of_handle AND ended_at IS NULL;
    IF FOUND AND held.until > on_at AND held.actor <> by_actor THEN
        RAISE EXCEPTION 'Request % is claimed by somebody else.', of_handle USING ERRCODE = 'serialization_failure';
    END IF;
    IF held.id IS NOT NULL AND held.until > on_at THEN
        UPDATE gate.claim SET until = greatest(until, to_until) WHERE id = held.id;
    ELSE
        UPDATE gate.claim SET ended_at = until, outcome = 'expired' WHERE id = held.id;
        INSERT INTO gate.claim (handle, actor, role, at, until) VALUES (of_handle, by_actor, in_role, on_at, to_until);
    END IF;
    UPDATE gate.work SET claimed_by = by_actor, claimed_until = to_until WHERE handle = of_handle;
END
$$;

-- True when there was a claim of this person to give back.
CREATE FUNCTION gate.give_back(of_handle text, by_actor text, on_at timestamptz, for_reasons text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM FROM gate.request r WHERE r.handle = of_handle FOR UPDATE;
    UPDATE gate.claim SET ended_at = greatest(on_at, at), outcome = 'released', reasons = for_reasons
    WHERE handle = of_handle AND actor = by_actor AND ended_at IS NULL;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE gate.work SET claimed_by = NULL, claimed_until = NULL WHERE handle = of_handle;
    RETURN true;
END
$$;

-- What somebody did was done: a claim that ended stays as it is.
CREATE FUNCTION gate.guard_claim() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL
        OR (NEW.handle, NEW.actor, NEW.role, NEW.at) IS DISTINCT FROM (OLD.handle, OLD.actor, OLD.role, OLD.at) THEN
        RAISE EXCEPTION 'A claim that ended stays as it was.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON gate.claim FOR EACH ROW EXECUTE FUNCTION gate.guard_claim();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.claim EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.claim ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

GRANT EXECUTE ON FUNCTION gate.take(text, text, text, timestamptz, timestamptz),
    gate.give_back(text, text, timestamptz, text) TO gate_review, gate_decide, gate_oversee;
GRANT EXECUTE ON FUNCTION gate.lock_request(text) TO gate_intake, gate_review, gate_decide, gate_oversee;
GRANT EXECUTE ON FUNCTION gate.withheld(text[]) TO gate_release;
GRANT EXECUTE ON FUNCTION gate.exercises(text[]) TO gate_review, gate_verify, gate_decide, gate_release, gate_intake;
GRANT INSERT ON gate.declaration, gate.dissent, gate.dissent_answer TO gate_review, gate_decide, gate_oversee;
GRANT SELECT ON gate.declaration, gate.dissent TO gate_review, gate_decide, gate_oversee, gate_audit;
GRANT SELECT ON gate.dissent_answer TO gate_audit;
GRANT INSERT ON gate.point TO gate_review;
GRANT SELECT ON gate.point TO gate_review, gate_verify, gate_decide, gate_release, gate_audit;
GRANT INSERT ON gate.exercise TO gate_intake;
GRANT SELECT ON gate.exercise TO gate_audit;
GRANT EXECUTE ON FUNCTION gate.exercises(text[]) TO register_owner;

SET LOCAL ROLE register_owner;

-- No question about an exercise is ever put on record, so none is ever answered.
CREATE FUNCTION register.refuse_exercise() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM gate.exercises(ARRAY[NEW.handle])) THEN
        RAISE EXCEPTION 'The register stays closed: a request named goes no further.' USING ERRCODE = 'WG006';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER exercise BEFORE INSERT ON register.ticket FOR EACH ROW EXECUTE FUNCTION register.refuse_exercise();
ALTER TABLE register.ticket ENABLE ALWAYS TRIGGER exercise;
