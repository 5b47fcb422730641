SELECT project_id AS subject_id, '' AS month, worker_key, NULL::VARCHAR AS person, amount_fen,
       date_diff('day', received_on, DATE '$as_of') AS days, 'clue:' || clue_id AS keys, NULL::DATE AS due,
       received_on, channel, greatest(coalesce(people, 1), 1) AS concerned,
       greatest(coalesce(people, 1), 1) AS people_in_case, extreme::BIGINT AS extreme
FROM clues
WHERE project_id IS NOT NULL AND received_on <= DATE '$as_of' AND (closed_on IS NULL OR closed_on > DATE '$as_of')
