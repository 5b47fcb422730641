WITH stated AS (
    SELECT employer_id, CASE status WHEN 'abnormal' THEN 1 WHEN 'revoked' THEN 2 ELSE 3 END AS severity,
           status_on AS said_on, 'employer:' || employer_id AS keys
    FROM employers
    WHERE status IN ('abnormal', 'revoked', 'deregistered') AND (status_on IS NULL OR status_on <= DATE '$as_of')
    UNION ALL
    SELECT employer_id, 1, "on", 'employer_event:' || event_id FROM employer_events
    WHERE kind = 'abnormal_registration' AND "on" <= DATE '$as_of' AND (until IS NULL OR until > DATE '$as_of'))
SELECT s.employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       NULL::BIGINT AS amount_fen, NULL::BIGINT AS days, s.keys, s.said_on AS due, s.severity,
       (coalesce(f.insured, 0) > 0)::BIGINT AS staffed, f.insured AS concerned, s.said_on AS last_on
FROM stated s LEFT JOIN rival_staff f USING (employer_id)
WHERE s.severity < 3 OR f.insured > 0
