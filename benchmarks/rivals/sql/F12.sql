WITH accounts AS (
    SELECT project_id, month, to_account FROM rival_emptied GROUP BY ALL
    HAVING count(DISTINCT card) >= $returned_cards
       AND count(DISTINCT card) FILTER (left_on = last_paid_on) = count(DISTINCT card)
       AND epoch(max("at")) - epoch(min("at")) > $collected_minutes * 60)
SELECT project_id AS subject_id, strftime(booked_on, '%Y-%m') AS month, NULL::VARCHAR AS worker_key,
       NULL::VARCHAR AS person, amount_fen, NULL::BIGINT AS days, 'account_entry:' || entry_id AS keys,
       NULL::DATE AS due, booked_on, fate, NULL::VARCHAR AS to_account, 1 AS outflows, 0 AS returned
FROM account_outflows
WHERE fate IN ('$other_payee', '$not_wages') AND amount_fen >= $diverted_yuan * 100
  AND year(booked_on) * 12 + month(booked_on) BETWEEN $this_month - $months_back AND $this_month
UNION ALL
SELECT e.project_id, strftime(e.left_on, '%Y-%m'), e.worker_key, e.worker_key, e.amount_fen, NULL,
       'payroll_line:' || e.line_id || '|card_flow:' || e.line_id || '@' || e.left_on, NULL,
       e.left_on, 'returned', e.to_account, 0, 1
FROM rival_emptied e JOIN accounts USING (project_id, month, to_account)
WHERE e.left_on = e.last_paid_on
