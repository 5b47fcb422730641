SELECT project_id AS subject_id, month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       required_fen AS amount_fen, days, keys, due,
       required_fen, paid_fen, working_days_left, cycle_months
FROM rival_labour_cost
WHERE paid_fen <= 0
