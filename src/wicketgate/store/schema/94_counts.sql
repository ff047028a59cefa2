-- No count goes over several agencies: less what one of them told, it would tell of another that waits.
SET LOCAL ROLE gate_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

-- A row waits as a whole: a total that is told while its parts wait would help to work them out.
ALTER TABLE gate.published DROP COLUMN parts_wait;
ALTER TABLE gate.published RENAME COLUMN total_waits TO waits;

CREATE OR REPLACE FUNCTION gate.count_answers(first date, last date)
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
