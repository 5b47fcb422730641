SELECT l.project_id AS subject_id, l.month, l.worker_key, coalesce(l.worker_key, l.name_key) AS person,
       l.net_fen AS amount_fen, date_diff('day', d.due, DATE '$as_of') AS days,
       'payroll_line:' || l.line_id AS keys, d.due,
       l.net_fen AS promised_fen, coalesce(p.paid_fen, 0) AS paid_fen, d.nominal, d.provisional::BIGINT AS provisional,
       (r.project_id IS NOT NULL)::BIGINT AS receipts_delivered
FROM payroll_lines l
JOIN rival_pay_due d USING (project_id, month)
LEFT JOIN payments p USING (line_id)
LEFT JOIN (SELECT DISTINCT project_id, month FROM receipt_months) r
       ON r.project_id = l.project_id AND r.month = l.month
WHERE l.net_fen > 0 AND d.due <= DATE '$as_of' AND coalesce(p.paid_fen, 0) <= 0
