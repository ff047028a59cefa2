-- What was published about the gate's answers, and what waits to be: counts, never about a person.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

-- One line for each row and period. `counts` by part; NULL where nothing of the kind was told.
CREATE TABLE gate.published (
    topic text NOT NULL,
    row text NOT NULL,
    first date NOT NULL,
    last date NOT NULL CHECK (last >= first),
    total jsonb,
    parts jsonb,
    waits jsonb NOT NULL,  -- a row waits as a whole: a total told while its parts wait would help to work them out
    PRIMARY KEY (topic, row, last)
);
CREATE TRIGGER keep BEFORE UPDATE OR DELETE OR TRUNCATE ON gate.published EXECUTE FUNCTION gate.refuse();
ALTER TABLE gate.published ENABLE ALWAYS TRIGGER keep;

-- Counts of the answers that left on the days from the first to the last (UTC), requests planted by the inspector
-- left out. A request about which an agency was told nothing final is in no count. No count goes over several agencies:
-- less what one of them told, it would tell of another that waits.
CREATE FUNCTION gate.count_answers(first date, last date)
RETURNS TABLE (topic text, "row" text, part text, n bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH told AS (
        SELECT coalesce(r.agency_line[1], 'unknown') AS agency, r.findings, r.received_at, a.ready_at,
            a.body::jsonb ->> 'answer' AS answer
        FROM gate.answer a JOIN gate.request r USING (handle)
        WHERE a.ready_at >= first::timestamp AT TIME ZONE 'UTC'
            AND a.ready_at < (last + 1)::timestamp AT TIME ZONE 'UTC'
            AND NOT EXISTS (SELECT FROM gate.exercise e WHERE e.handle = a.handle)
    )
    SELECT 'agency', t.agency, t.answer, count(*) FROM told t GROUP BY 2, 3
    UNION ALL
    SELECT 'element', t.agency, code, count(*) FROM told t, unnest(t.findings) AS code
    WHERE t.answer = 'deficient' GROUP BY 2, 3
    UNION ALL
    SELECT 'time', t.agency, CASE
        WHEN t.ready_at - t.received_at <= interval '7 days' THEN '1 week'
        WHEN t.ready_at - t.received_at <= interval '30 days' THEN '30 days'
        WHEN t.ready_at - t.received_at <= interval '90 days' THEN '90 days'
        ELSE 'longer' END, count(*)
    FROM told t GROUP BY 2, 3
$$;

CREATE FUNCTION gate.first_answer() RETURNS date LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$ SELECT (min(ready_at) AT TIME ZONE 'UTC')::date FROM gate.answer $$;

-- The statistics are everybody's; what waits stays with those who publish.
GRANT SELECT (topic, row, first, last, total, parts) ON gate.published TO gate_audit, gate_portal;
GRANT SELECT, INSERT ON gate.published TO gate_oversee;
GRANT EXECUTE ON FUNCTION gate.count_answers(date, date), gate.first_answer() TO gate_oversee;
