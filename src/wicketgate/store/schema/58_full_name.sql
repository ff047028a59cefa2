-- A full middle name is a second discriminator only with a suffix that both sides state: the son often
-- has his father's full name, and where neither side says Jr or Sr, either of them may be meant.

SET LOCAL ROLE register_owner;
SET LOCAL search_path = pg_catalog, pg_temp;

-- Decides every named ticket. Everything is looked up ticket by ticket through indexes, so the time is
-- proportional to the number of tickets whatever the planner believes about the data.
CREATE OR REPLACE FUNCTION register.judge(asked text[])
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
                    OR (l.middle = 'equal' AND l.suffix = 'equal'))
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
