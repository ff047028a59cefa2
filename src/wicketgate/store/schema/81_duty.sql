-- What an agency owes for what it receives: documents that it hands in, and the custodian's reply to each.
-- A document and a reply are never changed; a correction is another document.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.safeguard_document (
    document bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    agency text NOT NULL,
    agency_line text[] NOT NULL CHECK (agency_line[1] = agency),
    kind text NOT NULL CHECK (kind IN ('automated_analysis_notice', 'practice_notice', 'safeguards_report',
        'corrective_plan', 'training', 'retention', 'use_ended', 'destruction', 'incident')),
    handle text REFERENCES gate.request,  -- of what is about one disclosure
    body jsonb NOT NULL,
    digest text NOT NULL CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
    key_id text REFERENCES gate.official_key,  -- of what is signed
    jws text,
    submitted_by text NOT NULL,
    submitted_at timestamptz NOT NULL,
    CHECK ((key_id IS NULL) = (jws IS NULL)),
    CHECK ((handle IS NOT NULL) >= (kind IN ('use_ended', 'destruction')))
);
CREATE INDEX safeguard_document_agency ON gate.safeguard_document (agency, document DESC);
CREATE INDEX safeguard_document_kind ON gate.safeguard_document (kind, document DESC);

-- What a corrective plan promises, each with its day.
CREATE TABLE gate.safeguard_item (
    document bigint NOT NULL REFERENCES gate.safeguard_document,
    item integer NOT NULL CHECK (item > 0),
    action text NOT NULL CHECK (btrim(action) <> ''),
    due_on date NOT NULL,
    PRIMARY KEY (document, item)
);

CREATE TABLE gate.safeguard_reply (
    document bigint PRIMARY KEY REFERENCES gate.safeguard_document,
    outcome text NOT NULL CHECK (outcome IN ('accepted', 'returned')),
    words text NOT NULL,
    counts_until date,  -- until when an accepted document counts; NULL: the house rule
    answered_by text NOT NULL,
    answered_at timestamptz NOT NULL,
    CHECK (outcome = 'accepted' OR (btrim(words) <> '' AND counts_until IS NULL))
);

CREATE FUNCTION gate.guard_safeguard_reply() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM gate.safeguard_document d
        WHERE d.document = NEW.document AND (lower(d.submitted_by) = lower(NEW.answered_by) OR d.submitted_at > NEW.answered_at)) THEN
        RAISE EXCEPTION 'Document % is answered by somebody else than who handed it in, and afterwards.', NEW.document
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE INSERT ON gate.safeguard_reply FOR EACH ROW EXECUTE FUNCTION gate.guard_safeguard_reply();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.safeguard_document EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.safeguard_item EXECUTE FUNCTION gate.refuse();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.safeguard_reply EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.safeguard_document ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.safeguard_item ENABLE ALWAYS TRIGGER keep;
ALTER TABLE gate.safeguard_reply ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

-- Since when each agency's notice of automated analysis is acknowledged: what element B12 asks.
CREATE FUNCTION gate.acknowledged_notices() RETURNS TABLE (agency text, acknowledged_on date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT d.agency, min((r.answered_at AT TIME ZONE 'UTC')::date)
    FROM gate.safeguard_document d JOIN gate.safeguard_reply r USING (document)
    WHERE d.kind = 'automated_analysis_notice' AND r.outcome = 'accepted'
        AND (r.counts_until IS NULL OR r.counts_until >= (now() AT TIME ZONE 'UTC')::date)
    GROUP BY d.agency
$$;
GRANT EXECUTE ON FUNCTION gate.acknowledged_notices() TO gate_intake, gate_oversee, gate_audit;

-- The officer's word that the package came and opened, by its digest: beside the gate's own entry of the pick-up.
CREATE TABLE gate.acknowledgement (
    handle text PRIMARY KEY REFERENCES gate.request,
    digest text NOT NULL,
    officer text NOT NULL,
    by text NOT NULL,
    at timestamptz NOT NULL
);
CREATE FUNCTION gate.guard_acknowledgement() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM gate.package p JOIN gate.recipient_key k USING (key_id)
        WHERE p.handle = NEW.handle AND p.picked_up_at IS NOT NULL AND p.digest = NEW.digest
            AND k.officer = NEW.officer) THEN
        RAISE EXCEPTION 'Only the officer who picked up the package of % acknowledges it, by its digest.', NEW.handle
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE INSERT ON gate.acknowledgement
    FOR EACH ROW EXECUTE FUNCTION gate.guard_acknowledgement();
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.acknowledgement EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.acknowledgement ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;

ALTER TABLE gate.safeguard_document ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.safeguard_document
    USING (current_user <> 'gate_agency') WITH CHECK (current_user <> 'gate_agency');
CREATE POLICY of_agency ON gate.safeguard_document FOR SELECT TO gate_agency
    USING ((SELECT gate.the_agency()) = ANY (agency_line));
ALTER TABLE gate.safeguard_item ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.safeguard_item
    USING (current_user <> 'gate_agency') WITH CHECK (current_user <> 'gate_agency');
CREATE POLICY of_agency ON gate.safeguard_item FOR SELECT TO gate_agency
    USING (EXISTS (SELECT FROM gate.safeguard_document d WHERE d.document = safeguard_item.document));
ALTER TABLE gate.safeguard_reply ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.safeguard_reply
    USING (current_user <> 'gate_agency') WITH CHECK (current_user <> 'gate_agency');
CREATE POLICY of_agency ON gate.safeguard_reply FOR SELECT TO gate_agency
    USING (EXISTS (SELECT FROM gate.safeguard_document d WHERE d.document = safeguard_reply.document));
ALTER TABLE gate.acknowledgement ENABLE ROW LEVEL SECURITY;
CREATE POLICY inside ON gate.acknowledgement
    USING (current_user <> 'gate_agency') WITH CHECK (current_user <> 'gate_agency');
CREATE POLICY of_agency ON gate.acknowledgement FOR SELECT TO gate_agency
    USING (EXISTS (SELECT FROM gate.request r WHERE r.handle = acknowledgement.handle));

GRANT SELECT ON gate.safeguard_document, gate.safeguard_item, gate.safeguard_reply
    TO gate_agency, gate_oversee, gate_audit;
GRANT SELECT ON gate.acknowledgement TO gate_agency, gate_audit;
GRANT INSERT (agency, agency_line, kind, handle, body, digest, key_id, jws, submitted_by, submitted_at)
    ON gate.safeguard_document TO gate_portal;
GRANT SELECT (document) ON gate.safeguard_document TO gate_portal;
GRANT INSERT ON gate.safeguard_item, gate.acknowledgement TO gate_portal;
GRANT INSERT ON gate.safeguard_reply TO gate_oversee;
