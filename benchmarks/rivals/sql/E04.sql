SELECT employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person, amount_fen,
       NULL::BIGINT AS days, keys, said_on AS due, people AS concerned, formal, 1 - formal AS leads, 1 AS disputes,
       said_on AS last_on
FROM (SELECT employer_id, amount_fen, 'employer_event:' || event_id AS keys, "on" AS said_on,
             coalesce(people, 1) AS people, 1 AS formal
      FROM employer_events WHERE kind IN ('arbitration', 'inspection')
      UNION ALL
      SELECT employer_id, amount_fen, 'clue:' || clue_id, received_on, coalesce(people, 1), 0
      FROM clues WHERE employer_id IS NOT NULL AND coalesce(founded, true))
WHERE date_diff('day', said_on, DATE '$as_of') BETWEEN 0 AND $dispute_days
