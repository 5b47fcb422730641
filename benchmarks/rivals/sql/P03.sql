SELECT project_id AS subject_id, strftime(booked_on, '%Y-%m') AS month, NULL::VARCHAR AS worker_key,
       NULL::VARCHAR AS person, amount_fen, date_diff('day', booked_on, DATE '$as_of') AS days,
       'account_entry:' || entry_id AS keys, NULL::DATE AS due,
       booked_on,
       CASE WHEN fate = '$other_payee' THEN amount_fen ELSE 0 END AS payee_fen,
       CASE WHEN fate = '$not_wages' THEN amount_fen ELSE 0 END AS purpose_fen,
       CASE WHEN fate = '$unproved' THEN amount_fen ELSE 0 END AS unproved_fen,
       CASE WHEN fate = '$unproved' THEN 0 ELSE greatest(amount_fen // 100, 1) END AS diverted_yuan,
       CASE WHEN fate = '$unproved' THEN greatest(amount_fen // 100, 1) ELSE 0 END AS unproved_yuan
FROM account_outflows
WHERE fate IN ('$other_payee', '$not_wages')
   OR (fate = '$unproved' AND date_diff('day', booked_on, DATE '$as_of') >= $proof_days)
