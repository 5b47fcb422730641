SELECT i.employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       owed_fen[arrears_at + 1] AS amount_fen, NULL::BIGINT AS days,
       'employer_month:' || i.employer_id || '@' || l.month AS keys, NULL::DATE AS due,
       owed_months[arrears_at + 1] AS arrears_months, insured[arrears_at + 1] AS concerned, l.month_index AS at_month
FROM rival_insurance i JOIN law_months l ON l.month_index = $this_month - arrears_at
WHERE arrears_at <= $fresh AND owed_months[arrears_at + 1] >= 1
