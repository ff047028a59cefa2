-- What the agencies' API must remember of calls: each nonce once, how many there were, and what was answered
-- to a call that may be repeated. None of it is about a person, and none of it depends on what the gate holds.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE gate.api_nonce (
    key_id text NOT NULL REFERENCES gate.official_key,
    nonce text NOT NULL CHECK (length(nonce) BETWEEN 16 AND 100),
    at timestamptz NOT NULL,
    PRIMARY KEY (key_id, nonce)
);
CREATE INDEX api_nonce_at ON gate.api_nonce (key_id, at);

CREATE TABLE gate.api_rate (
    key_id text PRIMARY KEY REFERENCES gate.official_key,
    began_at timestamptz NOT NULL,
    calls integer NOT NULL
);

-- Counts one call of a key whose signature holds. A nonce is forgotten when messages of its time are refused anyway.
CREATE FUNCTION gate.count_call(
    of_key text, with_nonce text, on_at timestamptz, forget interval, length interval,
    OUT fresh boolean, OUT calls integer, OUT began_at timestamptz
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    INSERT INTO gate.api_rate AS r (key_id, began_at, calls) VALUES (of_key, on_at, 1)
    ON CONFLICT (key_id) DO UPDATE SET
        calls = CASE WHEN r.began_at + length <= on_at THEN 1 ELSE r.calls + 1 END,
        began_at = CASE WHEN r.began_at + length <= on_at THEN on_at ELSE r.began_at END
    RETURNING r.calls, r.began_at INTO count_call.calls, count_call.began_at;
    fresh := true;
    IF with_nonce IS NOT NULL THEN
        DELETE FROM gate.api_nonce n WHERE n.key_id = of_key AND n.at < on_at - forget;
        INSERT INTO gate.api_nonce (key_id, nonce, at) VALUES (of_key, with_nonce, on_at) ON CONFLICT DO NOTHING;
        fresh := FOUND;
    END IF;
END
$$;
GRANT EXECUTE ON FUNCTION gate.count_call(text, text, timestamptz, interval, interval) TO gate_portal;

-- A call that changes something has a key of its sender's; sent again, it is answered and not done again.
CREATE TABLE gate.api_call (
    agency text NOT NULL,
    call_key text NOT NULL CHECK (length(call_key) BETWEEN 16 AND 100),
    asked text NOT NULL CHECK (asked ~ '^sha256:[0-9a-f]{64}$'),  -- of method, address and body
    began_at timestamptz NOT NULL,
    status integer CHECK (status BETWEEN 200 AND 499),
    answer text,
    PRIMARY KEY (agency, call_key),
    CHECK ((status IS NULL) = (answer IS NULL))
);
CREATE FUNCTION gate.guard_api_call() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.status IS NOT NULL OR (NEW.agency, NEW.call_key, NEW.asked) IS DISTINCT FROM (OLD.agency, OLD.call_key, OLD.asked)
    THEN
        RAISE EXCEPTION 'What was answered to a call stays.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER guard BEFORE UPDATE ON gate.api_call FOR EACH ROW EXECUTE FUNCTION gate.guard_api_call();
CREATE TRIGGER keep BEFORE DELETE OR TRUNCATE ON gate.api_call EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.api_call ENABLE ALWAYS TRIGGER guard, ENABLE ALWAYS TRIGGER keep;
GRANT SELECT, INSERT ON gate.api_call TO gate_portal;
GRANT UPDATE (began_at, status, answer) ON gate.api_call TO gate_portal;
