-- What several rules build on, worked out once a run: written as somebody would who knows all the rules.
CREATE OR REPLACE TEMP TABLE rival_pay_due AS
SELECT m.project_id, m.month, d.nominal, d.moved_earlier AS due, d.provisional
FROM (SELECT project_id, month FROM payroll_months UNION SELECT project_id, month FROM attendance_months) m
JOIN projects p USING (project_id)
JOIN law_months l USING (month)
JOIN law_month_days d ON d.month_index = l.month_index + coalesce(p.pay_month_offset, 1) AND d.day_number = p.pay_day;

CREATE OR REPLACE TEMP TABLE rival_insurance AS
SELECT employer_id,
       min(age) FILTER (insured IS NOT NULL) AS insured_at,
       min(age) FILTER (insurance_arrears_months IS NOT NULL) AS arrears_at,
       min(age) FILTER (unemployment_claims IS NOT NULL) AS claims_at,
       [max(insured) FILTER (age = 0), max(insured) FILTER (age = 1), max(insured) FILTER (age = 2),
        max(insured) FILTER (age = 3), max(insured) FILTER (age = 4), max(insured) FILTER (age = 5),
        max(insured) FILTER (age = 6)] AS insured,
       [max(leavers) FILTER (age = 0), max(leavers) FILTER (age = 1), max(leavers) FILTER (age = 2),
        max(leavers) FILTER (age = 3), max(leavers) FILTER (age = 4), max(leavers) FILTER (age = 5)] AS leavers,
       [max(unemployment_claims) FILTER (age = 0), max(unemployment_claims) FILTER (age = 1),
        max(unemployment_claims) FILTER (age = 2), max(unemployment_claims) FILTER (age = 3),
        max(unemployment_claims) FILTER (age = 4), max(unemployment_claims) FILTER (age = 5)] AS claims,
       [max(insurance_arrears_months) FILTER (age = 0), max(insurance_arrears_months) FILTER (age = 1),
        max(insurance_arrears_months) FILTER (age = 2), max(insurance_arrears_months) FILTER (age = 3)] AS owed_months,
       [max(insurance_arrears_fen) FILTER (age = 0), max(insurance_arrears_fen) FILTER (age = 1),
        max(insurance_arrears_fen) FILTER (age = 2), max(insurance_arrears_fen) FILTER (age = 3)] AS owed_fen
FROM (SELECT e.*, $this_month - l.month_index AS age FROM employer_months e JOIN law_months l USING (month))
WHERE age BETWEEN 0 AND 15
GROUP BY employer_id;

CREATE OR REPLACE TEMP TABLE rival_staff AS
SELECT employer_id, insured[insured_at + 1] AS insured FROM rival_insurance WHERE insured_at <= $fresh;

CREATE OR REPLACE TEMP TABLE rival_seen AS
SELECT project_id, worker_key, day, year(day) * 12 + month(day) AS month_index, device, first_at, last_at, face,
       backfilled
FROM punch_days WHERE day <= DATE '$as_of' AND day > DATE '$as_of' - 31 * ($months_back + 1);

CREATE OR REPLACE TEMP TABLE rival_punched AS
SELECT project_id, worker_key, month_index, count(DISTINCT day) AS punched FROM rival_seen GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE rival_gate_days AS
SELECT project_id, month_index, count(DISTINCT day) AS gate_days FROM rival_seen
WHERE device <> '$file_device' GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE rival_lists AS
SELECT l.*, w.month_index FROM payroll_lines l JOIN law_months w USING (month)
WHERE l.worker_key IS NOT NULL AND l.net_fen > 0
  AND w.month_index BETWEEN $this_month - $months_back AND $this_month;

CREATE OR REPLACE TEMP TABLE rival_active AS
SELECT * FROM projects
WHERE state <> 'completed' AND (completion IS NULL OR completion > DATE '$as_of');

CREATE OR REPLACE TEMP TABLE rival_labour_cost AS
WITH periods AS (
    SELECT t.project_id, m.month, m.month_index, t.due_day, t.cycle_months, t.monthly_fen
    FROM labour_cost_terms t
    JOIN projects p USING (project_id)
    JOIN law_months s ON s.month = t.first_month
    JOIN law_months m ON m.month_index >= s.month_index
                     AND (m.month_index - s.month_index) % greatest(least(t.cycle_months, $longest_cycle), 1) = 0
                     AND (p.completion IS NULL OR m.first_day <= p.completion)
    QUALIFY row_number() OVER (PARTITION BY t.project_id, m.month ORDER BY s.month_index DESC) = 1),
paid AS (
    SELECT project_id, month, sum(paid_fen)::BIGINT AS paid_fen, max(due_fen) AS stated_fen
    FROM disbursements WHERE paid_on <= DATE '$as_of' GROUP BY ALL)
SELECT p.project_id, p.month, d.nominal AS due, coalesce(p.monthly_fen, a.stated_fen) AS required_fen,
       coalesce(a.paid_fen, 0) AS paid_fen, date_diff('day', d.nominal, DATE '$as_of') AS days,
       c.workday_number - (SELECT workday_number FROM law_calendar WHERE day = DATE '$as_of') AS working_days_left,
       p.cycle_months, 'labour_cost:' || p.project_id || '@' || p.month AS keys
FROM periods p
JOIN law_month_days d ON d.month_index = p.month_index AND d.day_number = p.due_day
JOIN law_calendar c ON c.day = d.nominal
LEFT JOIN paid a ON a.project_id = p.project_id AND a.month = p.month;

CREATE OR REPLACE TEMP TABLE rival_orders AS
SELECT o.* REPLACE (coalesce(o.employer_id, p.contractor_id) AS employer_id),
       greatest(coalesce(o.people, 1), 1) AS concerned
FROM payment_orders o LEFT JOIN projects p USING (project_id)
WHERE o.served_on <= DATE '$as_of' AND (o.paid_on IS NULL OR o.paid_on > DATE '$as_of')
  AND coalesce(o.employer_id, p.contractor_id) IS NOT NULL;

CREATE OR REPLACE TEMP TABLE rival_at_gates AS
SELECT l.project_id, l.month, l.worker_key, l.line_id, l.net_fen, l.gross_fen, l.days_worked, g.gate_days,
       coalesce(p.punched, 0) AS punched, day(w.last_day) AS length
FROM rival_lists l
JOIN rival_gate_days g USING (project_id, month_index)
JOIN law_months w USING (month)
LEFT JOIN rival_punched p USING (project_id, worker_key, month_index)
WHERE l.month_index < $this_month AND g.gate_days * 100 >= least(l.days_worked, 26.0) * $gate_share;

CREATE OR REPLACE TEMP TABLE rival_beside AS
WITH lines AS (
    SELECT l.*, w.month_index, p.punched, g.gate_days
    FROM payroll_lines l JOIN law_months w USING (month)
    LEFT JOIN rival_punched p USING (project_id, worker_key, month_index)
    LEFT JOIN rival_gate_days g USING (project_id, month_index)
    WHERE l.worker_key IS NOT NULL AND l.net_fen > 0
      AND w.month_index BETWEEN $this_month - $months_back - 1 AND $this_month)
SELECT l.project_id, l.month, l.worker_key, l.line_id, l.net_fen, l.days_worked, l.position, l.punched,
       b.days_worked AS days_before, b.punched AS punched_before,
       coalesce(l.days_worked = b.days_worked AND l.gross_fen = b.gross_fen, false) AS same,
       coalesce(abs(l.punched - b.punched) >= 2
                AND abs((l.punched - b.punched) - (l.gate_days - b.gate_days)) >= 2, false) AS apart
FROM lines l LEFT JOIN lines b ON b.project_id = l.project_id AND b.worker_key = l.worker_key
                              AND b.month_index = l.month_index - 1;

CREATE OR REPLACE TEMP TABLE rival_repeated AS
SELECT project_id, month, count(DISTINCT worker_key) FILTER (days_before IS NOT NULL) AS listed,
       count(*) FILTER (same) AS same_lines, count(*) FILTER (same AND apart) AS apart_lines
FROM rival_beside GROUP BY ALL
HAVING listed >= 5 AND same_lines * 100 >= listed * $copied_percent;

CREATE OR REPLACE TEMP TABLE rival_emptied AS
SELECT l.project_id, l.month, l.worker_key, l.line_id, l.card, p.last_paid_on, f.to_account, f.at, f.amount_fen,
       f.at::DATE AS left_on
FROM rival_lists l JOIN payments p USING (line_id) JOIN card_flows f USING (card)
WHERE date_diff('day', p.last_paid_on, f.at::DATE) BETWEEN 0 AND $emptied_days
  AND f.amount_fen * 100 >= p.paid_fen * $emptied_percent;

CREATE OR REPLACE TEMP TABLE rival_fallen AS
WITH used AS (
    SELECT employer_id, $this_month - l.month_index AS age, e.water_m3, e.power_kwh
    FROM employer_months e JOIN law_months l USING (month) WHERE l.month_index BETWEEN $this_month - 15 AND $this_month),
back AS (
    SELECT employer_id, min(age) FILTER (water_m3 IS NOT NULL) AS water_at,
           min(age) FILTER (power_kwh IS NOT NULL) AS power_at,
           [max(water_m3) FILTER (age = 0), max(water_m3) FILTER (age = 1), max(water_m3) FILTER (age = 2),
            max(water_m3) FILTER (age = 3), max(water_m3) FILTER (age = 4), max(water_m3) FILTER (age = 5),
            max(water_m3) FILTER (age = 6), max(water_m3) FILTER (age = 7), max(water_m3) FILTER (age = 8),
            max(water_m3) FILTER (age = 9), max(water_m3) FILTER (age = 10), max(water_m3) FILTER (age = 11),
            max(water_m3) FILTER (age = 12), max(water_m3) FILTER (age = 13), max(water_m3) FILTER (age = 14),
            max(water_m3) FILTER (age = 15)] AS water,
           [max(power_kwh) FILTER (age = 0), max(power_kwh) FILTER (age = 1), max(power_kwh) FILTER (age = 2),
            max(power_kwh) FILTER (age = 3), max(power_kwh) FILTER (age = 4), max(power_kwh) FILTER (age = 5),
            max(power_kwh) FILTER (age = 6), max(power_kwh) FILTER (age = 7), max(power_kwh) FILTER (age = 8),
            max(power_kwh) FILTER (age = 9), max(power_kwh) FILTER (age = 10), max(power_kwh) FILTER (age = 11),
            max(power_kwh) FILTER (age = 12), max(power_kwh) FILTER (age = 13), max(power_kwh) FILTER (age = 14),
            max(power_kwh) FILTER (age = 15)] AS power
    FROM used GROUP BY employer_id),
meters AS (
    SELECT employer_id, 'water' AS meter, water_at AS last_age, water AS used, $least_water AS least FROM back
    WHERE water_at <= $fresh
    UNION ALL
    SELECT employer_id, 'power', power_at, power, $least_power FROM back WHERE power_at <= $fresh),
spans AS (
    SELECT employer_id, meter, last_age, used[last_age + 1] AS now, used[last_age + 2] AS previous, used[last_age + 13] AS last_year, least,
           coalesce(used[last_age + 3], 0) + coalesce(used[last_age + 4], 0) + coalesce(used[last_age + 5], 0)
               + coalesce(used[last_age + 6], 0) + coalesce(used[last_age + 7], 0) + coalesce(used[last_age + 8], 0) AS whole,
           (used[last_age + 3] IS NOT NULL)::BIGINT + (used[last_age + 4] IS NOT NULL)::BIGINT + (used[last_age + 5] IS NOT NULL)::BIGINT
               + (used[last_age + 6] IS NOT NULL)::BIGINT + (used[last_age + 7] IS NOT NULL)::BIGINT
               + (used[last_age + 8] IS NOT NULL)::BIGINT AS counted
    FROM meters)
SELECT employer_id, meter, last_age, floor((1 - now / (whole / counted)) * 100)::BIGINT AS drop_percent,
       1 + coalesce(previous < whole / counted * 0.5, false)::BIGINT AS low_months
FROM spans
WHERE counted >= 3 AND whole >= counted * least AND now < whole / counted * 0.5
  AND (last_year IS NULL OR now < last_year * 0.6);

CREATE OR REPLACE TEMP TABLE rival_linked AS
WITH troubled AS (
    SELECT employer_id, count(*) AS signs FROM (
        SELECT employer_id, 'E01' AS sign FROM rival_insurance
        WHERE arrears_at <= $fresh AND owed_months[arrears_at + 1] >= $severe_months
        UNION SELECT employer_id, 'E05' FROM employer_events
        WHERE kind = 'enforcement' AND "on" <= DATE '$as_of' AND (until IS NULL OR until > DATE '$as_of')
          AND date_diff('day', "on", DATE '$as_of') <= $event_days
        UNION SELECT e.employer_id, 'E06' FROM employers e LEFT JOIN rival_staff f USING (employer_id)
        WHERE (e.status_on IS NULL OR e.status_on <= DATE '$as_of')
          AND (e.status = 'revoked' OR (e.status = 'deregistered' AND f.insured > 0))
        UNION SELECT employer_id, 'E09' FROM employer_events
        WHERE kind = 'dishonesty' AND "on" <= DATE '$as_of' AND (until IS NULL OR until > DATE '$as_of'))
    GROUP BY employer_id),
links AS (
    SELECT employer_id, other_id FROM employer_links
    WHERE (since IS NULL OR since <= DATE '$as_of') AND (until IS NULL OR until > DATE '$as_of')),
pairs AS (SELECT employer_id, other_id FROM links UNION SELECT other_id, employer_id FROM links)
SELECT p.employer_id, p.other_id, t.signs FROM pairs p JOIN troubled t ON t.employer_id = p.other_id;

CREATE OR REPLACE TEMP TABLE rival_unsettled AS
WITH leavers AS (
    SELECT project_id, worker_key,
           max(exit) FILTER (exit <= DATE '$as_of'
                             AND exit >= DATE '$as_of' - round_even($limitation_years * 365.25, 0)::INTEGER) AS left_on
    FROM enrolments SEMI JOIN settlements USING (project_id)
    GROUP BY ALL
    HAVING left_on IS NOT NULL AND count(*) FILTER ((exit IS NULL OR exit > DATE '$as_of')
                                                    AND (entry IS NULL OR entry <= DATE '$as_of')) = 0),
said AS (
    SELECT project_id, worker_key, max(confirmed_on) FILTER (confirmed_on <= DATE '$as_of') AS confirmed,
           max(contested_on) FILTER (contested_on <= DATE '$as_of') AS contested_on,
           max(handling::BIGINT) AS handling
    FROM settlements GROUP BY ALL),
unsettled AS (
    SELECT l.*, s.contested_on, (s.contested_on IS NOT NULL)::BIGINT AS contested,
           CASE WHEN s.contested_on IS NULL THEN 0 ELSE s.handling END AS handling,
           date_diff('day', l.left_on, DATE '$as_of') AS days
    FROM leavers l LEFT JOIN said s USING (project_id, worker_key)
    WHERE s.confirmed IS NULL OR s.confirmed < s.contested_on),
owed AS (
    SELECT l.project_id, l.worker_key, sum(greatest(l.net_fen - coalesce(p.paid_fen, 0), 0))::BIGINT AS open_fen
    FROM payroll_lines l SEMI JOIN unsettled USING (project_id, worker_key) LEFT JOIN payments p USING (line_id)
    GROUP BY ALL),
unlisted AS (
    SELECT a.project_id, a.worker_key, count(*) AS unlisted_months
    FROM attendance a SEMI JOIN unsettled USING (project_id, worker_key)
    WHERE a.days > 0 AND NOT EXISTS (
        SELECT 1 FROM payroll_lines l
        WHERE l.project_id = a.project_id AND l.worker_key = a.worker_key AND l.month = a.month)
    GROUP BY ALL)
SELECT u.project_id AS subject_id, '' AS month, u.worker_key, u.worker_key AS person,
       coalesce(o.open_fen, 0) AS amount_fen, u.days, 'enrolment:' || u.project_id || '@' || u.worker_key AS keys,
       u.left_on AS due,
       u.contested, u.handling, 1 - u.handling AS silent,
       CASE WHEN o.open_fen > 0 OR n.unlisted_months > 0 THEN u.days ELSE 0 END AS open_days,
       coalesce(o.open_fen, 0) AS open_fen, coalesce(n.unlisted_months, 0) AS unlisted_months, u.contested_on
FROM unsettled u
LEFT JOIN owed o USING (project_id, worker_key)
LEFT JOIN unlisted n ON n.project_id = u.project_id AND n.worker_key = u.worker_key;

CREATE OR REPLACE TEMP TABLE rival_outliers AS
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
-- only whose month or whole year is beyond a limit is looked at closer
years AS (
    SELECT project_id, person, month[:4] AS year
    FROM pay JOIN limits USING (project_id)
    GROUP BY ALL
    HAVING sum(greatest(month_fen, 0)) > max(year_limit_fen)
        OR max(month_fen) > least(max(notice_fen), max(month_limit_fen))),
high AS (
    SELECT p.*, l.* EXCLUDE (project_id),
           CASE WHEN p.worker_key IS NULL THEN p.month_fen
                ELSE sum(p.month_fen) OVER (PARTITION BY p.project_id, p.person, p.month[:4]
                                            ORDER BY p.month ROWS UNBOUNDED PRECEDING)::BIGINT END AS year_fen
    FROM pay p JOIN limits l USING (project_id)
    SEMI JOIN years y ON y.project_id = p.project_id AND y.person = p.person AND y.year = p.month[:4]),
lines AS (
    SELECT h.project_id, h.month, h.person, string_agg('payroll_line:' || l.line_id, '|') AS keys
    FROM high h JOIN payroll_lines l ON l.project_id = h.project_id AND l.month = h.month
                                    AND coalesce(l.worker_key, l.name_key) = h.person
    GROUP BY ALL)
SELECT project_id AS subject_id, month, h.worker_key, person, h.month_fen AS amount_fen, NULL::BIGINT AS days, l.keys,
       NULL::DATE AS due,
       h.month_fen, h.year_fen, (h.month_fen > h.month_limit_fen)::BIGINT AS over_month,
       (h.year_fen > h.year_limit_fen)::BIGINT AS over_year,
       (h.month_fen > h.month_limit_fen AND h.year_fen > h.year_limit_fen)::BIGINT AS over_both,
       h.notice_fen, h.month_limit_fen, h.year_limit_fen
FROM high h JOIN lines l USING (project_id, month, person);

CREATE OR REPLACE TEMP TABLE rival_unlisted AS
WITH present AS (SELECT project_id, month, worker_key, days FROM attendance WHERE days > 0),
missing AS (SELECT * FROM present a WHERE NOT EXISTS (
    SELECT 1 FROM payroll_lines l
    WHERE l.project_id = a.project_id AND l.month = a.month AND l.worker_key = a.worker_key)),
attended AS (SELECT project_id, month, count(DISTINCT worker_key) AS attended FROM present GROUP BY ALL),
counted AS (SELECT project_id, month, count(DISTINCT worker_key) AS missing FROM missing GROUP BY ALL),
unknown AS (SELECT project_id, month, count(DISTINCT name_key) AS lines FROM payroll_lines
            WHERE worker_key IS NULL GROUP BY ALL),
delivered AS (SELECT DISTINCT project_id, month FROM payroll_months)
SELECT m.project_id AS subject_id, m.month, m.worker_key, m.worker_key AS person, NULL::BIGINT AS amount_fen,
       greatest(coalesce(date_diff('day', d.due, DATE '$as_of'), 0), 0) AS days,
       'attendance:' || m.worker_key || '@' || m.month AS keys, d.due,
       m.days AS attended_days, a.attended, coalesce(u.lines, 0) AS unidentified_lines,
       (v.project_id IS NOT NULL)::BIGINT AS payroll_delivered, d.nominal,
       coalesce(d.provisional::BIGINT, 0) AS provisional
FROM missing m
JOIN attended a USING (project_id, month)
JOIN counted c USING (project_id, month)
JOIN law_months l USING (month)
LEFT JOIN unknown u USING (project_id, month)
LEFT JOIN delivered v ON v.project_id = m.project_id AND v.month = m.month
LEFT JOIN rival_pay_due d ON d.project_id = m.project_id AND d.month = m.month
WHERE l.last_day < DATE '$as_of' AND (v.project_id IS NOT NULL OR d.due < DATE '$as_of')
  AND c.missing > coalesce(u.lines, 0);
