-- What the custodian makes of an agency's safeguards: findings, review visits, incidents, and since when missing
-- papers close the agency's door. The papers themselves and the replies to them are the agency's (81_duty.sql).
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

-- From this day on an agency receives nothing while something is missing or overdue. An agency that is not here stands
-- as the custodian's context says.
CREATE TABLE gate.safeguard_agency (
    agency text PRIMARY KEY,
    kept_since date NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE TABLE gate.safeguard_finding (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agency text NOT NULL REFERENCES gate.safeguard_agency,
    finding text NOT NULL CHECK (length(btrim(finding)) BETWEEN 1 AND 2000),
    found_on date NOT NULL,
    plan_due_on date NOT NULL CHECK (plan_due_on >= found_on),  -- by then a corrective plan is accepted
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL,
    closed_by text CHECK (lower(closed_by) <> lower(recorded_by)),
    closed_at timestamptz,
    closing_words text,
    CHECK ((closed_by IS NULL) = (closed_at IS NULL) AND (closed_by IS NULL) = (closing_words IS NULL))
);
CREATE INDEX safeguard_finding_open ON gate.safeguard_finding (agency) WHERE closed_at IS NULL;

CREATE TABLE gate.safeguard_visit (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agency text NOT NULL REFERENCES gate.safeguard_agency,
    done_on date NOT NULL,
    report text NOT NULL CHECK (length(btrim(report)) BETWEEN 1 AND 10000),
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL
);

-- An incident and its steps, each once, each by whom it belongs to. Nobody waits for an inquiry to tell.
CREATE TABLE gate.incident (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agency text NOT NULL,
    document bigint REFERENCES gate.safeguard_document,  -- the agency's own report, where there is one
    what text NOT NULL CHECK (length(btrim(what)) BETWEEN 1 AND 10000),
    discovered_at timestamptz NOT NULL,
    recorded_by text NOT NULL,
    recorded_at timestamptz NOT NULL CHECK (recorded_at >= discovered_at)
);
CREATE TABLE gate.incident_step (
    incident bigint NOT NULL REFERENCES gate.incident,
    step text NOT NULL CHECK (step IN ('inspector general told', 'office of safeguards told', 'contained',
        'affected people decided', 'affected people told', 'reviewed')),
    choice text CHECK (choice IN ('notify', 'do not notify')),
    words text NOT NULL CHECK (length(btrim(words)) BETWEEN 1 AND 10000),
    actor text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (incident, step),
    CHECK ((choice IS NOT NULL) = (step = 'affected people decided'))
);

CREATE FUNCTION gate.guard_finding() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.closed_at IS NOT NULL OR to_jsonb(NEW) - '{closed_by,closed_at,closing_words}'::text[]
        <> to_jsonb(OLD) - '{closed_by,closed_at,closing_words}'::text[] THEN
        RAISE EXCEPTION 'Finding % can only be closed, once.', OLD.number USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
-- People are told only after a person decided so, and safeguards is told before them: they share the text.
CREATE FUNCTION gate.guard_step() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.step = 'affected people told' AND 2 > (
        SELECT count(*) FROM gate.incident_step s WHERE s.incident = NEW.incident
            AND (s.step = 'affected people decided' AND s.choice = 'notify' OR s.step = 'office of safeguards told')) THEN
        RAISE EXCEPTION 'In incident % people are told after it was decided and after Safeguards was told.',
            NEW.incident USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
-- A plan answers an open finding about its own agency, by number; an incident's report is the agency's own.
CREATE FUNCTION gate.guard_plan() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gate.safeguard_finding f WHERE f.agency = NEW.agency AND f.closed_at IS NULL
            AND f.number::text = NEW.body ->> 'finding') THEN
        RAISE EXCEPTION 'A corrective plan answers an open finding about %, by its number.', NEW.agency
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER plan BEFORE INSERT ON gate.safeguard_document FOR EACH ROW WHEN (NEW.kind = 'corrective_plan')
    EXECUTE FUNCTION gate.guard_plan();
ALTER TABLE gate.safeguard_document ENABLE ALWAYS TRIGGER plan;
CREATE FUNCTION gate.guard_incident() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.document IS NOT NULL AND NOT EXISTS (SELECT FROM gate.safeguard_document d
            WHERE d.document = NEW.document AND d.kind = 'incident' AND d.agency = NEW.agency) THEN
        RAISE EXCEPTION 'Document % is no report of an incident by %.', NEW.document, NEW.agency
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER report BEFORE INSERT ON gate.incident FOR EACH ROW EXECUTE FUNCTION gate.guard_incident();
ALTER TABLE gate.incident ENABLE ALWAYS TRIGGER report;

CREATE TRIGGER guard BEFORE UPDATE ON gate.safeguard_finding FOR EACH ROW EXECUTE FUNCTION gate.guard_finding();
CREATE TRIGGER guard BEFORE INSERT ON gate.incident_step FOR EACH ROW EXECUTE FUNCTION gate.guard_step();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.safeguard_agency EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.safeguard_finding EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.safeguard_visit EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.incident EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.incident_step EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.safeguard_agency ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.safeguard_finding ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.safeguard_visit ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.incident ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.incident_step ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

-- How often each duty returns: house rules, where no day was named in the reply to a document. A plan is
-- owed only while a finding is open.
CREATE FUNCTION gate.safeguard_periods() RETURNS TABLE (kind text, period interval) LANGUAGE sql IMMUTABLE
SET search_path = pg_catalog, pg_temp AS $$
    VALUES ('safeguards_report', interval '1 year'), ('training', interval '1 year'), ('retention', interval '3 years'),
        ('corrective_plan', interval '6 months'), ('visit', interval '3 years')
$$;

-- Until which day each duty of an agency is met, the day included; NULL: it never was. A visit counts from the
-- beginning of the book, so that the custodian has time for the first one; each open finding needs a plan of its own.
CREATE FUNCTION gate.safeguard_standing(at_ timestamptz) RETURNS TABLE (agency text, kind text, met_until date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.agency, p.kind, CASE p.kind
        WHEN 'visit' THEN (coalesce((SELECT max(v.done_on) FROM gate.safeguard_visit v WHERE v.agency = a.agency),
            a.kept_since) + p.period)::date
        WHEN 'corrective_plan' THEN (
            SELECT CASE WHEN count(*) = count(plan.met_until) THEN min(plan.met_until) END
            FROM gate.safeguard_finding f LEFT JOIN LATERAL (
                SELECT max(coalesce(r.counts_until, ((r.answered_at AT TIME ZONE 'UTC')::date + p.period)::date))
                    AS met_until
                FROM gate.safeguard_document d JOIN gate.safeguard_reply r USING (document)
                WHERE d.agency = a.agency AND d.kind = p.kind AND d.body ->> 'finding' = f.number::text
                    AND r.outcome = 'accepted' AND r.answered_at <= at_) AS plan ON true
            WHERE f.agency = a.agency AND f.closed_at IS NULL AND f.plan_due_on < (at_ AT TIME ZONE 'UTC')::date)
        ELSE (SELECT max(coalesce(r.counts_until, ((r.answered_at AT TIME ZONE 'UTC')::date + p.period)::date))
            FROM gate.safeguard_document d JOIN gate.safeguard_reply r USING (document)
            WHERE d.agency = a.agency AND d.kind = p.kind AND r.outcome = 'accepted'
                AND r.answered_at <= at_)
        END
    FROM gate.safeguard_agency a, gate.safeguard_periods() p
    WHERE a.kept_since <= (at_ AT TIME ZONE 'UTC')::date
        AND (p.kind <> 'corrective_plan' OR EXISTS (SELECT FROM gate.safeguard_finding f
            WHERE f.agency = a.agency AND f.closed_at IS NULL
                AND f.plan_due_on < (at_ AT TIME ZONE 'UTC')::date))
$$;

-- The one function that says which doors close without anybody's act.
CREATE OR REPLACE FUNCTION gate.due_closures(at_ timestamptz) RETURNS TABLE (cause text, agency text, why text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'recall', c.agency, count(*) || ' certificates of destruction overdue'
    FROM gate.recall c WHERE c.certified_at IS NULL AND c.due_at < at_ AND c.agency <> '' GROUP BY c.agency
    UNION ALL
    SELECT 'safeguards', s.agency, string_agg(
        replace(s.kind, '_', ' ') || CASE WHEN s.met_until IS NULL THEN ' missing' ELSE ' overdue' END, ', ' ORDER BY s.kind)
    FROM gate.safeguard_standing(at_) s
    WHERE s.met_until IS NULL OR s.met_until < (at_ AT TIME ZONE 'UTC')::date
    GROUP BY s.agency
$$;

GRANT INSERT ON gate.safeguard_agency, gate.safeguard_finding, gate.safeguard_visit, gate.incident, gate.incident_step
    TO gate_oversee;
GRANT UPDATE (closed_by, closed_at, closing_words) ON gate.safeguard_finding TO gate_oversee;
GRANT SELECT ON gate.safeguard_agency, gate.safeguard_finding, gate.safeguard_visit, gate.incident, gate.incident_step
    TO gate_oversee, gate_audit;
GRANT EXECUTE ON FUNCTION gate.safeguard_standing(timestamptz) TO gate_oversee, gate_audit;

-- An agency reads the findings about itself and its components, and who recorded them in none.
ALTER TABLE gate.safeguard_finding ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.safeguard_finding
    USING (current_user <> 'gate_agency') WITH CHECK (current_user <> 'gate_agency');
CREATE POLICY of_agency ON gate.safeguard_finding FOR SELECT TO gate_agency
    USING (agency = ANY (gate.the_codes()));
GRANT SELECT (number, agency, finding, found_on, plan_due_on, closed_at) ON gate.safeguard_finding TO gate_agency;
