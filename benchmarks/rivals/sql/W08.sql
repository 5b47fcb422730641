WITH kept AS (
    SELECT d.* FROM wage_deposits d SEMI JOIN rival_active USING (project_id)
    WHERE d.released_on IS NULL OR d.released_on > DATE '$as_of')
SELECT project_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person, amount_fen,
       date_diff('day', valid_until, DATE '$as_of') AS days, 'wage_deposit:' || deposit_id AS keys, valid_until AS due,
       kind, valid_from, valid_until
FROM kept k
WHERE date_diff('day', valid_until, DATE '$as_of') >= $lapse_days
  AND NOT EXISTS (
      SELECT 1 FROM kept l
      WHERE l.project_id = k.project_id AND l.deposit_id <> k.deposit_id AND l.amount_fen >= k.amount_fen
        AND (l.valid_until IS NULL OR l.valid_until > k.valid_until))
