SELECT employer_id AS subject_id, strftime("on", '%Y-%m') AS month, NULL::VARCHAR AS worker_key,
       NULL::VARCHAR AS person, amount_fen, NULL::BIGINT AS days, 'employer_event:' || event_id AS keys,
       NULL::DATE AS due, "on" AS received_on, greatest(coalesce(people, 1), 1) AS concerned,
       greatest(coalesce(people, 1), 1) AS people_in_case, 1 AS cases
FROM employer_events
WHERE kind = 'arbitration'
  AND "on" BETWEEN date_trunc('month', DATE '$as_of') - INTERVAL 1 MONTH AND DATE '$as_of'
