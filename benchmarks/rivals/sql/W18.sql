WITH open_events AS (
    SELECT employer_id, kind, 'employer_event:' || event_id AS key, date_diff('day', "on", DATE '$as_of') AS age,
           until IS NULL OR until > DATE '$as_of' AS stands
    FROM employer_events WHERE "on" <= DATE '$as_of'),
insured AS (
    SELECT employer_id, sign, 'employer_month:' || employer_id || '@' || l.month AS key
    FROM (
        SELECT employer_id, 'arrears' AS sign, arrears_at AS age FROM rival_insurance
        WHERE arrears_at <= $fresh AND owed_months[arrears_at + 1] >= greatest($least_owed, 1)
        UNION ALL
        SELECT employer_id, 'staff', insured_at FROM (
            SELECT employer_id, insured_at, insured[insured_at + 1] AS now,
                   greatest(coalesce(insured[insured_at + 2], 0), coalesce(insured[insured_at + 3], 0),
                            coalesce(insured[insured_at + 4], 0)) AS before
            FROM rival_insurance WHERE insured_at <= $fresh)
        WHERE before >= $least_staff AND (before - now) * 100 >= before * greatest($least_lost, 10)
        UNION ALL
        SELECT employer_id, 'claims', claims_at FROM rival_insurance
        WHERE claims_at <= $fresh
          AND coalesce(claims[claims_at + 1], 0) + coalesce(claims[claims_at + 2], 0)
              + coalesce(claims[claims_at + 3], 0) >= greatest($least_claims, 1)
        UNION ALL
        SELECT employer_id, 'utilities', last_age FROM rival_fallen) found
    JOIN law_months l ON l.month_index = $this_month - found.age),
signs AS (
    FROM insured
    UNION ALL
    SELECT employer_id, CASE kind WHEN 'enforcement' THEN 'enforcement' WHEN 'dishonesty' THEN 'dishonesty'
                                  WHEN 'tax_arrears' THEN 'tax' WHEN 'abnormal_registration' THEN 'registration'
                                  ELSE 'disputes' END, key
    FROM open_events
    WHERE CASE kind WHEN 'enforcement' THEN stands AND age <= $event_days
                    WHEN 'arbitration' THEN age <= $dispute_days WHEN 'inspection' THEN age <= $dispute_days
                    ELSE stands AND kind IN ('dishonesty', 'tax_arrears', 'abnormal_registration') END
    UNION ALL
    SELECT e.employer_id, 'registration', 'employer:' || e.employer_id
    FROM employers e LEFT JOIN rival_staff f USING (employer_id)
    WHERE (e.status_on IS NULL OR e.status_on <= DATE '$as_of')
      AND (e.status IN ('abnormal', 'revoked') OR (e.status = 'deregistered' AND f.insured > 0))
    UNION ALL
    SELECT employer_id, 'contagion', 'employer:' || other_id FROM rival_linked),
shown AS (SELECT employer_id, sign, min(key) AS keys FROM signs GROUP BY ALL),
said AS (
    SELECT employer_id, count(*) AS complaints FROM clues
    WHERE coalesce(founded, true) AND date_diff('day', received_on, DATE '$as_of') BETWEEN 0 AND $dispute_days
    GROUP BY ALL)
SELECT s.employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       NULL::BIGINT AS amount_fen, NULL::BIGINT AS days, s.keys, NULL::DATE AS due, 1 AS signs,
       coalesce(c.complaints, 0) AS complaints, f.insured AS concerned,
       (sign = 'arrears')::BIGINT AS has_arrears, (sign = 'staff')::BIGINT AS has_staff,
       (sign = 'claims')::BIGINT AS has_claims, (sign = 'disputes')::BIGINT AS has_disputes,
       (sign = 'enforcement')::BIGINT AS has_enforcement, (sign = 'registration')::BIGINT AS has_registration,
       (sign = 'utilities')::BIGINT AS has_utilities, (sign = 'contagion')::BIGINT AS has_contagion,
       (sign = 'dishonesty')::BIGINT AS has_dishonesty, (sign = 'tax')::BIGINT AS has_tax
FROM shown s LEFT JOIN said c USING (employer_id) LEFT JOIN rival_staff f USING (employer_id)
