SELECT p.employer_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       NULL::BIGINT AS amount_fen, NULL::BIGINT AS days, 'employer:' || p.other_id AS keys, NULL::DATE AS due,
       1 AS linked, p.signs, f.insured AS concerned, p.other_id
FROM rival_linked p LEFT JOIN rival_staff f USING (employer_id)
