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
SELECT project_id, worker_key, day, strftime(day, '%Y-%m') AS month, device, first_at, last_at, face, backfilled
FROM punch_days WHERE day <= DATE '$as_of' AND day > DATE '$as_of' - 31 * ($months_back + 1);

CREATE OR REPLACE TEMP TABLE rival_punched AS
SELECT project_id, worker_key, month, count(DISTINCT day) AS punched FROM rival_seen GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE rival_gate_days AS
SELECT project_id, month, count(DISTINCT day) AS gate_days FROM rival_seen GROUP BY ALL;

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
