WITH accounts AS (
    SELECT a.*, p.region, coalesce(a.closed_on <= DATE '$as_of', false) AS closed
    FROM special_accounts a JOIN rival_active p USING (project_id) WHERE a.opened_on <= DATE '$as_of'),
asked AS (
    SELECT project_id, region, contract_on AS since, 'opening' AS missing, 'special_account.open_days' AS key
    FROM rival_active
    WHERE contract_on IS NOT NULL AND project_id NOT IN (SELECT project_id FROM accounts)
    UNION ALL
    SELECT project_id, region, opened_on, 'filing', 'special_account.filing_days' FROM accounts
    WHERE NOT closed AND (filed_on IS NULL OR filed_on > DATE '$as_of')),
found AS (
    SELECT a.project_id, a.since, a.missing, c.workday_on_or_after AS due
    FROM asked a
    JOIN law_parameters w ON w.key = a.key AND w.region = a.region AND a.since BETWEEN w.valid_from AND w.valid_until
    JOIN rival_calendar c ON c.day = a.since + w.number::INTEGER
    WHERE a.missing = 'opening' OR c.workday_on_or_after < DATE '$as_of'
    UNION ALL
    SELECT project_id, opened_on, 'closed', closed_on FROM accounts
    WHERE closed AND project_id NOT IN (SELECT project_id FROM accounts WHERE NOT closed))
SELECT project_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       NULL::BIGINT AS amount_fen, date_diff('day', due, DATE '$as_of') AS days,
       CASE WHEN missing = 'opening' THEN 'project:' || project_id
            ELSE 'special_account:' || project_id || '@' || since END AS keys, due,
       missing,
       CASE WHEN missing = 'opening' THEN date_diff('day', due, DATE '$as_of') END AS opening_days,
       CASE WHEN missing = 'filing' THEN date_diff('day', due, DATE '$as_of') END AS filing_days,
       CASE WHEN missing = 'closed' THEN 1 END AS closed_early, since
FROM found
