WITH limits AS (
    SELECT o.*, date_diff('day', o.due_on, DATE '$as_of') AS days,
           round(s.number * 100)::BIGINT AS single_limit_fen, round(g.number * 100)::BIGINT AS group_limit_fen,
           greatest(s.lower_bound::BIGINT, g.lower_bound::BIGINT) AS limit_is_minimum
    FROM rival_orders o
    LEFT JOIN law_parameters s ON s.key = 'crime.large_amount_single' AND s.region = o.region
                              AND DATE '$as_of' BETWEEN s.valid_from AND s.valid_until
    LEFT JOIN law_parameters g ON g.key = 'crime.large_amount_group' AND g.region = o.region
                              AND DATE '$as_of' BETWEEN g.valid_from AND g.valid_until
    WHERE date_diff('day', o.due_on, DATE '$as_of') >= $order_days)
SELECT employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person, amount_fen, days,
       'payment_order:' || order_id AS keys, due_on AS due,
       served_on, people AS order_people, months AS order_months, concerned, single_limit_fen, group_limit_fen,
       limit_is_minimum,
       CASE WHEN days >= 1
            THEN greatest(CASE WHEN months >= $crime_months THEN amount_fen * 100 / concerned / single_limit_fen END,
                          CASE WHEN concerned >= $crime_people THEN amount_fen * 100 / group_limit_fen END, 0)
            ELSE 0 END AS limit_percent,
       $crime_months AS single_months, $crime_people AS group_people
FROM limits
