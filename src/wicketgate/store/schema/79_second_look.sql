-- Who has decided does not decide again; exercises stand among others, and come to an end.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

-- A request that was held begins again, and needs an approver who has not read what examiners said of it before.
CREATE FUNCTION gate.refuse_second_decision() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM gate.act a WHERE a.handle = NEW.handle AND lower(a.actor) = lower(NEW.actor)
            AND a.act IN ('approve', 'refuse')
    ) THEN
        RAISE EXCEPTION 'Whoever decided on request % before it was held does not decide on it again.', NEW.handle
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER second_decision BEFORE INSERT ON gate.act FOR EACH ROW
    WHEN (NEW.act IN ('approve', 'refuse')) EXECUTE FUNCTION gate.refuse_second_decision();
CREATE TRIGGER second_decision BEFORE INSERT ON gate.claim FOR EACH ROW
    WHEN (NEW.role = 'approver') EXECUTE FUNCTION gate.refuse_second_decision();
ALTER TABLE gate.act ENABLE ALWAYS TRIGGER second_decision;
ALTER TABLE gate.claim ENABLE ALWAYS TRIGGER second_decision;

-- The submission among whose requests officers see an exercise. Its own holds nothing else, so that no agency's
-- receipts and counts know of it.
ALTER TABLE gate.exercise ADD COLUMN among bigint REFERENCES gate.submission;

CREATE FUNCTION gate.stand_among() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    NEW.submission := coalesce(
        (SELECT e.among FROM gate.exercise e WHERE e.handle = NEW.handle), NEW.submission);
    RETURN NEW;
END
$$;
CREATE TRIGGER among BEFORE INSERT ON gate.work FOR EACH ROW EXECUTE FUNCTION gate.stand_among();
ALTER TABLE gate.work ENABLE ALWAYS TRIGGER among;

-- The newest whole submission in which an agency sent more than one request.
CREATE FUNCTION gate.newest_submission(of_agency text) RETURNS bigint LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
    SELECT s.submission FROM gate.submission s
    WHERE s.requests > 1 AND EXISTS (
        SELECT FROM gate.request r WHERE r.submission = s.submission AND r.agency_line[1] = of_agency)
    ORDER BY s.submission DESC LIMIT 1
$$;
GRANT EXECUTE ON FUNCTION gate.newest_submission(text) TO gate_intake;

-- Only an exercise ends as one.
CREATE FUNCTION gate.require_exercise() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gate.exercise e WHERE e.handle = NEW.handle) THEN
        RAISE EXCEPTION 'Request % is no exercise.', NEW.handle USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER exercise BEFORE INSERT ON gate.act FOR EACH ROW
    WHEN (NEW.act = 'end exercise') EXECUTE FUNCTION gate.require_exercise();
ALTER TABLE gate.act ENABLE ALWAYS TRIGGER exercise;

-- Whose clocks stand still under an order about one of many agencies.
CREATE INDEX work_line ON gate.work USING gin (agency_line);
