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
