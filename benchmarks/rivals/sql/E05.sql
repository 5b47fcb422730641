SELECT employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person, amount_fen,
       NULL::BIGINT AS days, 'employer_event:' || event_id AS keys, "on" AS due, 1 AS orders,
       coalesce(amount_fen, 0) // 100 AS enforced_yuan, "on" AS last_on
FROM employer_events
WHERE kind = 'enforcement' AND "on" <= DATE '$as_of' AND (until IS NULL OR until > DATE '$as_of')
  AND date_diff('day', "on", DATE '$as_of') <= $event_days
