SELECT e.employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person, e.amount_fen,
       NULL::BIGINT AS days, 'employer_event:' || e.event_id AS keys, e."on" AS due, 1 AS entries,
       f.insured AS concerned, e."on" AS last_on
FROM employer_events e LEFT JOIN rival_staff f USING (employer_id)
WHERE e.kind = 'dishonesty' AND e."on" <= DATE '$as_of' AND (e.until IS NULL OR e.until > DATE '$as_of')
