SELECT employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       NULL::BIGINT AS amount_fen, NULL::BIGINT AS days, 'employer_month:' || employer_id || '@' || l.month AS keys,
       NULL::DATE AS due, drop_percent, low_months, 1 AS meters,
       CASE WHEN meter = 'water' THEN drop_percent END AS water_percent,
       CASE WHEN meter = 'power' THEN drop_percent END AS power_percent, l.month_index AS at_month
FROM rival_fallen JOIN law_months l ON l.month_index = $this_month - last_age
