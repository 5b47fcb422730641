WITH accounts AS (
    SELECT project_id, month, to_account, left_on, count(DISTINCT card) AS senders,
           epoch(max("at")) - epoch(min("at")) AS seconds
    FROM rival_emptied GROUP BY ALL HAVING senders >= $collected_people AND seconds <= $collected_minutes * 60)
SELECT e.project_id AS subject_id, e.month, e.worker_key, e.worker_key AS person, e.amount_fen,
       NULL::BIGINT AS days, 'payroll_line:' || e.line_id || '|card_flow:' || e.line_id || '@' || e.left_on AS keys,
       NULL::DATE AS due, e.card, e.to_account, e.left_on, a.senders, ceil(a.seconds / 60)::BIGINT AS span_minutes
FROM rival_emptied e JOIN accounts a USING (project_id, month, to_account, left_on)
