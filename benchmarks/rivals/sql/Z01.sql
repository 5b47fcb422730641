SELECT DISTINCT h.employer_id AS subject_id, strftime(c.received_on, '%Y-%m') AS month, c.worker_key,
       NULL::VARCHAR AS person, c.amount_fen, NULL::BIGINT AS days, 'clue:' || c.clue_id AS keys, NULL::DATE AS due,
       c.received_on, c.channel, 1 AS clues, greatest(coalesce(c.people, 1), 1) AS concerned,
       c.extreme::BIGINT AS extreme
FROM clues c JOIN projects p USING (project_id),
     LATERAL (SELECT unnest([p.owner_id, p.contractor_id]) AS employer_id) h
WHERE c.received_on BETWEEN date_trunc('month', DATE '$as_of') - INTERVAL 1 MONTH AND DATE '$as_of'
  AND NOT coalesce(NOT c.founded AND c.closed_on <= DATE '$as_of', false) AND h.employer_id IS NOT NULL
