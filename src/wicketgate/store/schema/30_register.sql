-- The register behind its own owner: no role that runs the gate can read it.
-- What can be asked of it is one committed question per request, and what it answers is a word.
--
-- Keys are made by stages/comparison.py; '' means absent, '?' stated but not usable.
-- The decision is defined in stages/verify_rule.py, and this file is tested against it.

CREATE SCHEMA register AUTHORIZATION register_owner;
SET LOCAL ROLE gate_owner;
GRANT USAGE ON SCHEMA gate TO register_owner;
GRANT SELECT (handle, state, agency_line) ON gate.request TO register_owner;
GRANT EXECUTE ON FUNCTION gate.is_open(text[]) TO register_owner;

SET LOCAL ROLE register_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

CREATE TABLE register.person (
    person_id    text    NOT NULL CONSTRAINT person_once PRIMARY KEY,
    first_name   text    NOT NULL,
    middle_name  text    NOT NULL,
    last_name    text    NOT NULL,
    name_suffix  text    NOT NULL,
    first_key    text    NOT NULL,
    surname_key  text[]  NOT NULL,
    middle_key   text    NOT NULL,
    suffix_key   text    NOT NULL,
    first_near   integer[] NOT NULL,
    surname_near integer[] NOT NULL,
    tin          text    NOT NULL,
    birth_date   text    NOT NULL,
    flags        text[]  NOT NULL
);

CREATE TABLE register.address (
    person_id     text    NOT NULL,
    line1         text    NOT NULL,
    line2         text    NOT NULL,
    city          text    NOT NULL,
    state         text    NOT NULL,
    postal_code   text    NOT NULL,
    country       text    NOT NULL,
    point         text    NOT NULL,
    unit          text    NOT NULL,
    city_key      text    NOT NULL,
    state_key     text    NOT NULL,
    zip5          text    NOT NULL,
    from_period   integer,
    to_period     integer,
    is_last_known boolean NOT NULL
);

-- A question. It stays on record whatever becomes of the answer.
CREATE TABLE register.ticket (
    handle       text    NOT NULL PRIMARY KEY,
    first_key    text    NOT NULL,
    surname_key  text[]  NOT NULL,
    middle_key   text    NOT NULL,
    suffix_key   text    NOT NULL,
    first_near   integer[] NOT NULL,
    surname_near integer[] NOT NULL,
    point        text    NOT NULL,
    unit         text    NOT NULL,
    city_key     text    NOT NULL,
    state_key    text    NOT NULL,
    zip5         text    NOT NULL,
    tin          text    NOT NULL,
    birth_date   text    NOT NULL,
    periods      integer[] NOT NULL,
    period_bound boolean NOT NULL,
    asked_at     timestamptz NOT NULL DEFAULT now(),
    asked_by     text    NOT NULL DEFAULT session_user,
    created_xid  xid8    NOT NULL DEFAULT pg_current_xact_id()
);

-- The answer with its grounds, for nobody's eyes but the custodian's.
CREATE TABLE register.answer (
    handle      text  NOT NULL PRIMARY KEY REFERENCES register.ticket,
    outcome     text  NOT NULL CHECK (outcome IN ('one', 'not_one')),
    person_id   text  CHECK ((person_id IS NOT NULL) = (outcome = 'one')),
    held        text[] NOT NULL,
    levels      jsonb,
    answered_at timestamptz NOT NULL DEFAULT now()
);

CREATE FUNCTION register.level(asked text, held text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN asked = '?' THEN 'conflict'
                WHEN asked = '' OR held = '' THEN 'absent'
                WHEN asked = held THEN 'equal'
                ELSE 'conflict' END
$$;

CREATE FUNCTION register.spelled_out(name text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT name <> '' AND name !~ '(^| )[^ ]( |$)'
$$;

CREATE FUNCTION register.middle_level(asked text, held text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN asked = '' OR held = '' THEN 'absent'
                WHEN asked = held AND register.spelled_out(asked) THEN 'equal'
                WHEN asked = held THEN 'near'
                WHEN least(length(asked), length(held)) = 1 AND left(asked, 1) = left(held, 1) THEN 'near'
                ELSE 'conflict' END
$$;

-- Decides every named ticket. Everything is looked up ticket by ticket through indexes, so the time is
-- proportional to the number of tickets whatever the planner believes about the data.
CREATE FUNCTION register.judge(asked text[])
RETURNS TABLE (handle text, outcome text, person_id text, held text[], levels jsonb)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT t.handle,
           CASE WHEN decided.is_one THEN 'one' ELSE 'not_one' END,
           CASE WHEN decided.is_one THEN p.person_id END,
           CASE WHEN decided.is_one THEN hold.reasons ELSE '{}' END,
           CASE WHEN p.person_id IS NOT NULL THEN jsonb_build_object(
               'suffix', l.suffix, 'middle', l.middle, 'birth_date', l.birth_date, 'tin', l.tin) END
    FROM register.ticket AS t
    -- The conflict set: whoever could be confused with the one who is meant.
    CROSS JOIN LATERAL (
        SELECT count(DISTINCT c.person_id) AS persons, min(c.person_id) AS person_id,
               bool_or(c.same_address) AS same_address
        FROM (
            SELECT q.person_id,
                   a.unit = t.unit AND a.state_key = t.state_key AND (a.unit <> '' OR NOT a.several_units)
                       AS same_address
            FROM (
                SELECT b.person_id, b.unit, b.state_key, bool_or(b.unit <> '') OVER () AS several_units
                FROM (
                    -- Everyone who ever lived at the delivery point, in any unit.
                    SELECT z.person_id, z.unit, z.state_key FROM register.address AS z
                    WHERE z.point = t.point AND z.zip5 = t.zip5 AND z.point <> '' AND z.zip5 <> ''
                    UNION
                    SELECT z.person_id, z.unit, z.state_key FROM register.address AS z
                    WHERE z.point = t.point AND z.state_key = t.state_key AND z.city_key = t.city_key
                        AND z.point <> '' AND z.state_key <> '' AND z.city_key <> ''
                ) AS b
            ) AS a
            JOIN register.person AS q ON q.person_id = a.person_id
            WHERE q.first_near && t.first_near AND q.surname_near && t.surname_near
            UNION ALL
            -- The second look-up always happens: an absent number is looked up and found nowhere.
            SELECT q.person_id, false FROM register.person AS q WHERE q.tin = coalesce(nullif(t.tin, ''), '-')
        ) AS c
    ) AS conflict
    LEFT JOIN register.person AS p ON p.person_id = conflict.person_id AND conflict.persons = 1
    CROSS JOIN LATERAL (
        SELECT register.level(t.suffix_key, p.suffix_key) AS suffix,
               register.middle_level(t.middle_key, p.middle_key) AS middle,
               register.level(t.birth_date, p.birth_date) AS birth_date,
               register.level(t.tin, p.tin) AS tin
    ) AS l
    CROSS JOIN LATERAL (
        SELECT p.person_id IS NOT NULL
               AND conflict.same_address
               AND p.first_key = t.first_key AND register.spelled_out(t.first_key)
               AND p.surname_key = t.surname_key AND t.surname_key <> '{}'
               AND 'conflict' NOT IN (l.suffix, l.middle, l.birth_date, l.tin)
               AND (t.tin = '' OR l.tin = 'equal')
               AND (l.tin = 'equal' OR l.birth_date = 'equal'
                    OR (l.middle = 'equal' AND t.suffix_key = p.suffix_key))
               -- A number that two people bear identifies neither.
               AND (p.tin = '' OR NOT EXISTS (
                   SELECT FROM register.person AS o WHERE o.tin = p.tin AND o.person_id <> p.person_id))
                   AS is_one
    ) AS decided
    -- Why a disclosure about this person is held back today; empty when nothing holds it.
    CROSS JOIN LATERAL (
        SELECT p.flags
            || CASE WHEN k.person_id IS NULL THEN ARRAY['no_last_known_address'] ELSE '{}' END
            || CASE WHEN t.period_bound AND NOT EXISTS (
                    SELECT FROM unnest(t.periods) AS year
                    WHERE year >= k.from_period AND (k.to_period IS NULL OR year <= k.to_period)
               ) THEN ARRAY['period'] ELSE '{}' END AS reasons
        FROM (SELECT) AS always
        LEFT JOIN register.address AS k ON k.person_id = p.person_id AND k.is_last_known
    ) AS hold
    WHERE t.handle = ANY (asked);
END
$$;

CREATE FUNCTION register.require_state(handles text[], required text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM unnest(handles) AS h LEFT JOIN gate.request AS r ON r.handle = h
        WHERE r.state IS DISTINCT FROM required
    ) THEN
        RAISE EXCEPTION 'The register stays closed: a request named is not %.', required
            USING ERRCODE = 'WG001';
    END IF;
END
$$;

-- Nothing is read for an agency whose disclosures an order suspends, and no load is under way meanwhile.
CREATE FUNCTION register.open_for(handles text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT h FROM unnest(handles) AS h EXCEPT SELECT o FROM gate.are_open(handles) AS o) THEN
        RAISE EXCEPTION 'The register stays closed: disclosure to an agency is suspended.'
            USING ERRCODE = 'WG005';
    END IF;
    LOCK TABLE register.person, register.address IN ACCESS SHARE MODE;
END
$$;

-- Puts questions on record: one per request, only for requests that an examiner endorsed.
-- The same question may be put again; a different one for the same request is refused.
CREATE FUNCTION register.ask(questions jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM register.require_state(
        ARRAY(SELECT q ->> 'handle' FROM jsonb_array_elements(questions) AS q), 'endorsed');
    INSERT INTO register.ticket (handle, first_key, surname_key, middle_key, suffix_key, first_near,
                                 surname_near, point, unit, city_key, state_key, zip5, tin, birth_date,
                                 periods, period_bound)
    SELECT q.handle, q.first_key, q.surname_key, q.middle_key, q.suffix_key, q.first_near,
           q.surname_near, q.point, q.unit, q.city_key, q.state_key, q.zip5, q.tin, q.birth_date,
           q.periods, q.period_bound
    FROM jsonb_populate_recordset(NULL::register.ticket, questions) AS q
    ON CONFLICT DO NOTHING;
    IF EXISTS (
        SELECT FROM jsonb_populate_recordset(NULL::register.ticket, questions) AS q
        JOIN register.ticket AS t ON t.handle = q.handle
        WHERE to_jsonb(q) - '{asked_at,asked_by,created_xid}'::text[]
              <> to_jsonb(t) - '{asked_at,asked_by,created_xid}'::text[]
    ) THEN
        RAISE EXCEPTION 'The register stays closed: a different question is on record for a request named.'
            USING ERRCODE = 'WG002';
    END IF;
END
$$;

-- Answers committed questions: one | not_one | held. An answer, once given, stays.
-- A caller that rolls back cannot take its question back, because it did not put it: a ticket
-- made in the caller's own transaction is refused, and any other it sees is committed.
CREATE FUNCTION register.verify(asked text[]) RETURNS TABLE (handle text, outcome text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    unanswered text[] := ARRAY(
        SELECT h FROM unnest(asked) AS h
        WHERE NOT EXISTS (SELECT FROM register.answer AS a WHERE a.handle = h)
    );
BEGIN
    IF EXISTS (
        SELECT FROM unnest(asked) AS h LEFT JOIN register.ticket AS t ON t.handle = h
        WHERE t.created_xid IS NOT DISTINCT FROM pg_current_xact_id() OR t.handle IS NULL
    ) THEN
        RAISE EXCEPTION 'The register stays closed: a question must be committed before it is asked.'
            USING ERRCODE = 'WG003';
    END IF;
    PERFORM register.require_state(unanswered, 'endorsed');
    PERFORM register.open_for(unanswered);
    INSERT INTO register.answer (handle, outcome, person_id, held, levels)
    SELECT j.handle, j.outcome, j.person_id, j.held, j.levels FROM register.judge(unanswered) AS j
    ON CONFLICT DO NOTHING;
    RETURN QUERY
        SELECT a.handle, CASE WHEN a.held <> '{}' THEN 'held' ELSE a.outcome END
        FROM register.answer AS a WHERE a.handle = ANY (asked);
END
$$;

-- The one last known address of approved requests. The question is judged again first: whoever
-- became ambiguous, or is held back since, has no row.
CREATE FUNCTION register.release(approved text[])
RETURNS TABLE (handle text, line1 text, line2 text, city text, state text, postal_code text, country text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM register.require_state(approved, 'approved');
    PERFORM register.open_for(approved);
    IF EXISTS (
        SELECT FROM unnest(approved) AS h LEFT JOIN register.answer AS a ON a.handle = h
        WHERE (a.outcome = 'one' AND a.held = '{}') IS NOT TRUE
    ) THEN
        RAISE EXCEPTION 'The register stays closed: a request named is not verified.' USING ERRCODE = 'WG004';
    END IF;
    RETURN QUERY
        SELECT j.handle, d.line1, d.line2, d.city, d.state, d.postal_code, d.country
        FROM register.judge(approved) AS j
        JOIN register.answer AS a ON a.handle = j.handle AND a.person_id = j.person_id
        JOIN register.address AS d ON d.person_id = j.person_id AND d.is_last_known
        WHERE j.held = '{}';
END
$$;

-- Who was meant, for the custodian's own accounting.
CREATE FUNCTION register.person_of(verified text[]) RETURNS TABLE (handle text, person_id text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT a.handle, a.person_id FROM register.answer AS a
    WHERE a.handle = ANY (verified) AND a.outcome = 'one' AND a.held = '{}'
$$;

-- A load replaces the whole register inside one transaction: open, COPY, close.
CREATE FUNCTION register.open_load() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    TRUNCATE register.person, register.address;
    ALTER TABLE register.address DROP CONSTRAINT IF EXISTS address_of_a_person;
    DROP INDEX IF EXISTS register.person_by_tin, register.address_by_zip, register.address_by_town,
        register.one_last_known_address, register.address_by_person;
END
$$;

CREATE FUNCTION register.close_load(OUT persons bigint, OUT addresses bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    CREATE INDEX person_by_tin ON register.person (tin);
    CREATE INDEX address_by_zip ON register.address (point, zip5) WHERE point <> '';
    CREATE INDEX address_by_town ON register.address (point, state_key, city_key) WHERE point <> '';
    CREATE UNIQUE INDEX one_last_known_address ON register.address (person_id) WHERE is_last_known;
    ALTER TABLE register.address ADD CONSTRAINT address_of_a_person
        FOREIGN KEY (person_id) REFERENCES register.person;
    ANALYZE register.person;
    ANALYZE register.address;
    SELECT count(*) INTO persons FROM register.person;
    SELECT count(*) INTO addresses FROM register.address;
END
$$;

GRANT USAGE ON SCHEMA register TO gate_review, gate_verify, gate_release, register_load;
GRANT EXECUTE ON FUNCTION register.ask(jsonb) TO gate_review;
GRANT EXECUTE ON FUNCTION register.verify(text[]) TO gate_verify;
GRANT EXECUTE ON FUNCTION register.release(text[]) TO gate_release;
GRANT EXECUTE ON FUNCTION register.open_load(), register.close_load(), register.person_of(text[]) TO register_load;
GRANT INSERT ON register.person, register.address TO register_load;
