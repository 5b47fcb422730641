WITH limits AS (
    SELECT p.project_id, round(n.number * 100)::BIGINT AS notice_fen, round(m.number * 100)::BIGINT AS month_limit_fen,
           round(y.number * 100)::BIGINT AS year_limit_fen
    FROM projects p
    JOIN law_parameters n ON n.region = p.region AND n.key = 'pay_outlier.notice_amount'
                         AND DATE '$as_of' BETWEEN n.valid_from AND n.valid_until
    JOIN law_parameters m ON m.region = p.region AND m.key = 'pay_outlier.month_amount'
                         AND DATE '$as_of' BETWEEN m.valid_from AND m.valid_until
    JOIN law_parameters y ON y.region = p.region AND y.key = 'pay_outlier.year_amount'
                         AND DATE '$as_of' BETWEEN y.valid_from AND y.valid_until),
pay AS (
    SELECT project_id, month, coalesce(worker_key, name_key) AS person, max(worker_key) AS worker_key,
           sum(gross_fen)::BIGINT AS month_fen
    FROM payroll_lines GROUP BY ALL),
high AS (SELECT p.*, l.* EXCLUDE (project_id) FROM pay p JOIN limits l USING (project_id) WHERE month_fen > notice_fen),
years AS (
    SELECT h.project_id, h.month, h.person, sum(p.month_fen)::BIGINT AS year_fen
    FROM high h JOIN pay p ON p.project_id = h.project_id AND p.person = h.person AND p.month <= h.month
                          AND p.month[:4] = h.month[:4]
    GROUP BY ALL),
lines AS (
    SELECT h.project_id, h.month, h.person, string_agg('payroll_line:' || l.line_id, '|') AS keys
    FROM high h JOIN payroll_lines l ON l.project_id = h.project_id AND l.month = h.month
                                    AND coalesce(l.worker_key, l.name_key) = h.person
    GROUP BY ALL),
found AS (
    SELECT h.* EXCLUDE (worker_key), h.worker_key, l.keys,
           CASE WHEN h.worker_key IS NULL THEN h.month_fen ELSE y.year_fen END AS year_fen
    FROM high h JOIN years y USING (project_id, month, person) JOIN lines l USING (project_id, month, person))
SELECT project_id AS subject_id, month, worker_key, person, month_fen AS amount_fen, NULL::BIGINT AS days, keys,
       NULL::DATE AS due,
       month_fen, year_fen, (month_fen > month_limit_fen)::BIGINT AS over_month,
       (year_fen > year_limit_fen)::BIGINT AS over_year,
       (month_fen > month_limit_fen AND year_fen > year_limit_fen)::BIGINT AS over_both,
       notice_fen, month_limit_fen, year_limit_fen
FROM found
