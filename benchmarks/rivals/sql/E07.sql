WITH used AS (
    SELECT employer_id, $this_month - l.month_index AS age, e.water_m3, e.power_kwh
    FROM employer_months e JOIN law_months l USING (month) WHERE l.month_index BETWEEN $this_month - 15 AND $this_month),
back AS (
    SELECT employer_id, min(age) FILTER (water_m3 IS NOT NULL) AS water_at,
           min(age) FILTER (power_kwh IS NOT NULL) AS power_at,
           [max(water_m3) FILTER (age = 0), max(water_m3) FILTER (age = 1), max(water_m3) FILTER (age = 2),
            max(water_m3) FILTER (age = 3), max(water_m3) FILTER (age = 4), max(water_m3) FILTER (age = 5),
            max(water_m3) FILTER (age = 6), max(water_m3) FILTER (age = 7), max(water_m3) FILTER (age = 8),
            max(water_m3) FILTER (age = 9), max(water_m3) FILTER (age = 10), max(water_m3) FILTER (age = 11),
            max(water_m3) FILTER (age = 12), max(water_m3) FILTER (age = 13), max(water_m3) FILTER (age = 14),
            max(water_m3) FILTER (age = 15)] AS water,
           [max(power_kwh) FILTER (age = 0), max(power_kwh) FILTER (age = 1), max(power_kwh) FILTER (age = 2),
            max(power_kwh) FILTER (age = 3), max(power_kwh) FILTER (age = 4), max(power_kwh) FILTER (age = 5),
            max(power_kwh) FILTER (age = 6), max(power_kwh) FILTER (age = 7), max(power_kwh) FILTER (age = 8),
            max(power_kwh) FILTER (age = 9), max(power_kwh) FILTER (age = 10), max(power_kwh) FILTER (age = 11),
            max(power_kwh) FILTER (age = 12), max(power_kwh) FILTER (age = 13), max(power_kwh) FILTER (age = 14),
            max(power_kwh) FILTER (age = 15)] AS power
    FROM used GROUP BY employer_id),
meters AS (
    SELECT employer_id, 'water' AS meter, water_at AS last_age, water AS used, $least_water AS least FROM back
    WHERE water_at <= $fresh
    UNION ALL
    SELECT employer_id, 'power', power_at, power, $least_power FROM back WHERE power_at <= $fresh),
spans AS (
    SELECT employer_id, meter, last_age, used[last_age + 1] AS now, used[last_age + 2] AS previous, used[last_age + 13] AS last_year, least,
           coalesce(used[last_age + 3], 0) + coalesce(used[last_age + 4], 0) + coalesce(used[last_age + 5], 0)
               + coalesce(used[last_age + 6], 0) + coalesce(used[last_age + 7], 0) + coalesce(used[last_age + 8], 0) AS whole,
           (used[last_age + 3] IS NOT NULL)::BIGINT + (used[last_age + 4] IS NOT NULL)::BIGINT + (used[last_age + 5] IS NOT NULL)::BIGINT
               + (used[last_age + 6] IS NOT NULL)::BIGINT + (used[last_age + 7] IS NOT NULL)::BIGINT
               + (used[last_age + 8] IS NOT NULL)::BIGINT AS counted
    FROM meters),
fallen AS (
    SELECT *, whole / counted AS usual, floor((1 - now / (whole / counted)) * 100)::BIGINT AS drop_percent FROM spans
    WHERE counted >= 3 AND whole >= counted * least AND now < whole / counted * 0.5
      AND (last_year IS NULL OR now < last_year * 0.6))
SELECT employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       NULL::BIGINT AS amount_fen, NULL::BIGINT AS days, 'employer_month:' || employer_id || '@' || l.month AS keys,
       NULL::DATE AS due, drop_percent, 1 + coalesce(previous < usual * 0.5, false)::BIGINT AS low_months, 1 AS meters,
       CASE WHEN meter = 'water' THEN drop_percent END AS water_percent,
       CASE WHEN meter = 'power' THEN drop_percent END AS power_percent, l.month_index AS at_month
FROM fallen JOIN law_months l ON l.month_index = $this_month - last_age
