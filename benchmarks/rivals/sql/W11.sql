WITH latest AS (
    SELECT c.* FROM board_checks c SEMI JOIN rival_active USING (project_id) WHERE checked_on <= DATE '$as_of'
    QUALIFY row_number() OVER (PARTITION BY project_id ORDER BY checked_on DESC, check_id DESC) = 1)
SELECT project_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       NULL::BIGINT AS amount_fen, date_diff('day', fix_by, DATE '$as_of') AS days, 'board_check:' || check_id AS keys,
       fix_by AS due,
       checked_on, missing_items, (NOT standing)::BIGINT AS no_board,
       date_diff('day', fix_by, DATE '$as_of') AS fix_days, fix_by, NULL::DATE AS fixed_on
FROM latest
WHERE (NOT standing OR missing_items > 0) AND (fixed_on IS NULL OR fixed_on > DATE '$as_of')
