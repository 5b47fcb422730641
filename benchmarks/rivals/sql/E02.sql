SELECT employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       NULL::BIGINT AS amount_fen, NULL::BIGINT AS days, 'employer_month:' || employer_id || '@' || l.month AS keys,
       NULL::DATE AS due, before AS concerned, now AS staying, before - now AS lost,
       (before - now) * 100 / before AS lost_percent, gone AS leavers, l.month_index AS at_month
FROM (SELECT employer_id, insured_at, insured[insured_at + 1] AS now,
             greatest(coalesce(insured[insured_at + 2], 0), coalesce(insured[insured_at + 3], 0),
                      coalesce(insured[insured_at + 4], 0)) AS before,
             coalesce(leavers[insured_at + 1], 0) + coalesce(leavers[insured_at + 2], 0)
                 + coalesce(leavers[insured_at + 3], 0) AS gone
      FROM rival_insurance WHERE insured_at <= $fresh) i
JOIN law_months l ON l.month_index = $this_month - insured_at
WHERE before >= $least_staff AND (before - now) * 10 >= before
