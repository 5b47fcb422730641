WITH coming AS (
    SELECT p.project_id, w.month, d.nominal, d.provisional, d.moved_earlier AS due
    FROM rival_active p
    JOIN law_month_days d ON d.day_number = p.pay_day AND d.month_index BETWEEN $this_month AND $this_month + 1
                         AND d.moved_earlier >= DATE '$as_of'
    LEFT JOIN law_months w ON w.month_index = d.month_index - coalesce(p.pay_month_offset, 1)
    QUALIFY row_number() OVER (PARTITION BY p.project_id ORDER BY d.moved_earlier) = 1),
open AS (
    SELECT l.project_id, sum(greatest(l.net_fen - coalesce(p.paid_fen, 0), 0))::BIGINT AS open_fen
    FROM payroll_lines l JOIN coming USING (project_id, month) LEFT JOIN payments p USING (line_id)
    WHERE l.net_fen > 0 GROUP BY ALL),
before AS (
    SELECT l.project_id, l.month, sum(l.net_fen)::BIGINT AS net_fen
    FROM payroll_lines l JOIN coming c ON c.project_id = l.project_id AND l.month < c.month
    WHERE l.net_fen > 0 GROUP BY l.project_id, l.month
    QUALIFY row_number() OVER (PARTITION BY l.project_id ORDER BY l.month DESC) = 1),
balances AS (
    SELECT project_id, "on", sum(balance_fen)::BIGINT AS balance_fen FROM account_balances
    WHERE "on" BETWEEN DATE '$as_of' - $balance_days AND DATE '$as_of' GROUP BY project_id, "on"
    QUALIFY row_number() OVER (PARTITION BY project_id ORDER BY "on" DESC) = 1),
judged AS (
    SELECT c.*, b.balance_fen, b."on" AS balance_on, coalesce(o.open_fen, f.net_fen) AS need_fen,
           (o.open_fen IS NULL)::BIGINT AS estimated
    FROM coming c JOIN balances b USING (project_id)
    LEFT JOIN open o ON o.project_id = c.project_id LEFT JOIN before f ON f.project_id = c.project_id)
SELECT project_id AS subject_id, month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       need_fen - balance_fen AS amount_fen, date_diff('day', due, DATE '$as_of') AS days,
       'account_balance:' || project_id || '@' || balance_on AS keys, due,
       balance_fen, balance_on, balance_fen * 100 / need_fen AS balance_percent, need_fen, estimated, nominal,
       provisional::BIGINT AS provisional
FROM judged
WHERE need_fen > 0 AND balance_fen < need_fen
