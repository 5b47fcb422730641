SELECT o.employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person, o.amount_fen,
       (SELECT workday_number FROM law_calendar WHERE day = DATE '$as_of') - c.workday_number AS days,
       'payment_order:' || o.order_id AS keys, o.due_on AS due,
       o.served_on, o.concerned
FROM rival_orders o JOIN law_calendar c ON c.day = o.due_on
WHERE o.due_on < DATE '$as_of'
