SELECT coalesce(c.employer_id, p.contractor_id) AS subject_id, '' AS month, c.worker_key, NULL::VARCHAR AS person,
       c.amount_fen, NULL::BIGINT AS days, 'clue:' || c.clue_id AS keys, NULL::DATE AS due,
       c.received_on, c.channel, 1 AS clues, greatest(coalesce(c.people, 1), 1) AS concerned,
       c.extreme::BIGINT AS extreme
FROM clues c LEFT JOIN projects p USING (project_id)
WHERE c.received_on <= DATE '$as_of' AND c.received_on > DATE '$as_of' - $clue_days
  AND NOT coalesce(NOT c.founded AND c.closed_on <= DATE '$as_of', false)
  AND coalesce(c.employer_id, p.contractor_id) IS NOT NULL
