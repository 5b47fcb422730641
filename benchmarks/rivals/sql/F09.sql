WITH lines AS (
    SELECT l.project_id, l.month, l.month_index, l.worker_key, l.line_id, l.net_fen, l.card,
           c.series, c.serial, c.opened_on, c.branch
    FROM rival_lists l JOIN cards c USING (card, worker_key)
    WHERE c.series IS NOT NULL AND c.opened_on IS NOT NULL AND c.branch IS NOT NULL),
batches AS (
    SELECT l.project_id, l.month, l.series, l.opened_on, l.branch, count(DISTINCT l.serial) AS in_row,
           date_diff('day', min(e.entered), max(e.entered)) AS entry_span
    FROM lines l
    LEFT JOIN (SELECT project_id, worker_key, max(entry) AS entered FROM enrolments GROUP BY ALL) e
           USING (project_id, worker_key)
    GROUP BY ALL
    HAVING in_row >= $series_cards AND max(l.serial) - min(l.serial) + 1 <= in_row * 2 AND entry_span > $batch_days),
batched AS (SELECT * FROM lines JOIN batches USING (project_id, month, series, opened_on, branch)),
sent AS (
    SELECT b.*, f.to_account FROM batched b JOIN card_flows f USING (card)
    WHERE year(f.at) * 12 + month(f.at) - b.month_index BETWEEN 0 AND 2
      AND f.amount_fen * 100 >= b.net_fen * $emptied_percent),
gathered AS (
    SELECT project_id, month, series, opened_on, branch, to_account FROM sent
    GROUP BY ALL HAVING count(DISTINCT card) >= $collected_people),
moved AS (
    SELECT line_id FROM sent JOIN gathered USING (project_id, month, series, opened_on, branch, to_account)
    UNION SELECT line_id FROM rival_emptied),
odd AS (
    SELECT b.*, (p.punched IS NULL)::BIGINT AS absent, (m.line_id IS NOT NULL)::BIGINT AS moved
    FROM batched b
    LEFT JOIN rival_punched p USING (project_id, worker_key, month_index)
    LEFT JOIN moved m USING (line_id))
SELECT project_id AS subject_id, month, worker_key, worker_key AS person, net_fen AS amount_fen,
       NULL::BIGINT AS days, 'payroll_line:' || line_id AS keys, NULL::DATE AS due,
       card, serial, opened_on, branch, in_row, entry_span, absent, moved
FROM odd
QUALIFY sum(greatest(absent, moved)) OVER (PARTITION BY project_id, month, series, opened_on, branch) * 2 >= in_row
