SELECT project_id AS subject_id, month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       required_fen - paid_fen AS amount_fen, days, keys, due,
       required_fen, paid_fen, working_days_left, cycle_months
FROM rival_labour_cost
WHERE days >= 1 AND paid_fen > 0 AND paid_fen < required_fen
