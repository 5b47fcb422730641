WITH troubled AS (
    SELECT employer_id, count(*) AS signs FROM (
        SELECT employer_id, 'E01' AS sign FROM rival_insurance
        WHERE arrears_at <= $fresh AND owed_months[arrears_at + 1] >= $severe_months
        UNION SELECT employer_id, 'E05' FROM employer_events
        WHERE kind = 'enforcement' AND "on" <= DATE '$as_of' AND (until IS NULL OR until > DATE '$as_of')
          AND date_diff('day', "on", DATE '$as_of') <= $event_days
        UNION SELECT e.employer_id, 'E06' FROM employers e LEFT JOIN rival_staff f USING (employer_id)
        WHERE (e.status_on IS NULL OR e.status_on <= DATE '$as_of')
          AND (e.status = 'revoked' OR (e.status = 'deregistered' AND f.insured > 0))
        UNION SELECT employer_id, 'E09' FROM employer_events
        WHERE kind = 'dishonesty' AND "on" <= DATE '$as_of' AND (until IS NULL OR until > DATE '$as_of'))
    GROUP BY employer_id),
links AS (
    SELECT employer_id, other_id FROM employer_links
    WHERE (since IS NULL OR since <= DATE '$as_of') AND (until IS NULL OR until > DATE '$as_of')),
pairs AS (SELECT employer_id, other_id FROM links UNION SELECT other_id, employer_id FROM links)
SELECT p.employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       NULL::BIGINT AS amount_fen, NULL::BIGINT AS days, 'employer:' || p.other_id AS keys, NULL::DATE AS due,
       1 AS linked, t.signs, f.insured AS concerned, p.other_id
FROM pairs p JOIN troubled t ON t.employer_id = p.other_id LEFT JOIN rival_staff f ON f.employer_id = p.employer_id
