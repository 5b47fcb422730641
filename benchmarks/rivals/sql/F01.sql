WITH own AS (
    SELECT * FROM rival_lists l
    WHERE card IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM enrolments e WHERE e.project_id = l.project_id AND e.worker_key = l.worker_key
                      AND e.payee_key IS NOT NULL)),
cards AS (
    SELECT project_id, month, card, count(DISTINCT worker_key) AS sharers FROM own
    GROUP BY ALL HAVING sharers >= $card_people)
SELECT l.project_id AS subject_id, l.month, l.worker_key, l.worker_key AS person, l.net_fen AS amount_fen,
       NULL::BIGINT AS days, 'payroll_line:' || l.line_id AS keys, NULL::DATE AS due, l.card, c.sharers
FROM own l JOIN cards c USING (project_id, month, card)
