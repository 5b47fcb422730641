SELECT employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       NULL::BIGINT AS amount_fen, NULL::BIGINT AS days, 'employer_month:' || employer_id || '@' || l.month AS keys,
       NULL::DATE AS due, drawn AS claims, drawn * 100 / greatest(most, drawn) AS claim_percent,
       greatest(most, drawn) AS concerned, l.month_index AS at_month
FROM (SELECT employer_id, claims_at,
             coalesce(claims[claims_at + 1], 0) + coalesce(claims[claims_at + 2], 0)
                 + coalesce(claims[claims_at + 3], 0) AS drawn,
             greatest(coalesce(insured[claims_at + 1], 0), coalesce(insured[claims_at + 2], 0),
                      coalesce(insured[claims_at + 3], 0)) AS most
      FROM rival_insurance WHERE claims_at <= $fresh) i
JOIN law_months l ON l.month_index = $this_month - claims_at
WHERE drawn >= 1
