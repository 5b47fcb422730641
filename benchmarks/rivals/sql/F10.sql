WITH lines AS (
    SELECT l.*, e.phone FROM rival_lists l
    LEFT JOIN (SELECT project_id, worker_key, max(phone) AS phone, max(payee_key) AS declared
               FROM enrolments GROUP BY ALL) e USING (project_id, worker_key)
    WHERE e.declared IS NULL),
named AS (
    SELECT project_id, month, month_index, worker_key, days_worked, 'card' AS what, card AS shared
    FROM lines WHERE card IS NOT NULL
    UNION ALL
    SELECT project_id, month, month_index, worker_key, days_worked, 'phone', phone
    FROM lines WHERE phone IS NOT NULL),
twos AS (
    SELECT project_id, month, what, shared, sum(days_worked) AS both_days FROM named
    GROUP BY ALL HAVING count(DISTINCT worker_key) = 2),
members AS (
    SELECT DISTINCT project_id, month, month_index, what, shared, worker_key, both_days
    FROM named JOIN twos USING (project_id, month, what, shared)),
seen AS (
    SELECT DISTINCT m.project_id, m.month, m.what, m.shared, m.worker_key, s.day
    FROM members m JOIN rival_seen s USING (project_id, worker_key, month_index)),
together AS (
    SELECT project_id, month, what, shared
    FROM (SELECT project_id, month, what, shared, day, count(*) AS people, min(worker_key) AS one
          FROM seen GROUP BY ALL)
    GROUP BY ALL
    -- never on different days: only one of them ever comes without the other
    HAVING count(DISTINCT one) FILTER (people = 1) <= 1),
pairs AS (
    SELECT *, max(both_days) OVER (PARTITION BY project_id, what, shared) AS most_days
    FROM members SEMI JOIN together USING (project_id, month, what, shared)
    QUALIFY most_days > 31),
found AS (
    SELECT project_id, month, worker_key, max((what = 'card')::BIGINT) AS same_card,
           max((what = 'phone')::BIGINT) AS same_phone, max(both_days) AS both_days, max(most_days) AS most_days
    FROM pairs GROUP BY ALL)
SELECT l.project_id AS subject_id, l.month, l.worker_key, l.worker_key AS person, l.net_fen AS amount_fen,
       NULL::BIGINT AS days, 'payroll_line:' || l.line_id AS keys, NULL::DATE AS due, l.card, l.phone, l.trade,
       l.days_worked, f.both_days, f.most_days, f.same_card, f.same_phone
FROM lines l JOIN found f USING (project_id, month, worker_key)
