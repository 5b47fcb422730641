"""Which receipt paid which line, exactly and by whole tables.

The pairs are found in four rounds, each over what the earlier ones left: account and amount; name and amount (a
mistyped card that was put right); the only line of that account (paid in parts); the only line of that name. Within
equal pairs the n-th receipt goes to the n-th line. Proposals to a person, merged payments and reversals, which the
product itself handles, are left out here: nobody sits before a back-test.

Each delivered version of a list is matched on its own, so that a past day sees the version of that day.
"""

from __future__ import annotations

_EXACT = """
    WITH line AS (
        SELECT line_id, project_id, month, known_from, {key} AS key, net_fen,
               row_number() OVER (PARTITION BY project_id, month, known_from, {key}, net_fen ORDER BY line_id) AS place
        FROM kept.payroll_lines l WHERE {key} IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM kept.{before} b WHERE b.line_id = l.line_id)
    ), receipt AS (
        SELECT r.receipt_id, r.project_id, r.month, v.known_from, {key} AS key, amount_fen,
               row_number() OVER (PARTITION BY r.project_id, r.month, v.known_from, {key}, amount_fen
                                  ORDER BY receipt_id) AS place
        FROM kept.receipts r JOIN kept.payroll_lists v USING (project_id, month)
        WHERE r.paid AND NOT EXISTS (
            SELECT 1 FROM kept.{before} b WHERE b.receipt_id = r.receipt_id AND b.version = v.known_from)
    )
    SELECT receipt_id, line_id, line.known_from AS version FROM line JOIN receipt
    ON line.project_id = receipt.project_id AND line.month = receipt.month AND line.known_from = receipt.known_from
       AND line.key = receipt.key AND line.net_fen = receipt.amount_fen AND line.place = receipt.place
    UNION ALL SELECT * FROM kept.{before}
"""

_ONLY = """
    WITH line AS (
        SELECT project_id, month, known_from, {key} AS key, min(line_id) AS line_id
        FROM kept.payroll_lines WHERE {key} IS NOT NULL GROUP BY ALL HAVING count(*) = 1
    ), receipt AS (
        SELECT r.receipt_id, r.project_id, r.month, v.known_from, {key} AS key
        FROM kept.receipts r JOIN kept.payroll_lists v USING (project_id, month)
        WHERE r.paid AND NOT EXISTS (
            SELECT 1 FROM kept.{before} b WHERE b.receipt_id = r.receipt_id AND b.version = v.known_from)
    )
    SELECT receipt_id, line_id, known_from AS version FROM line JOIN receipt USING (project_id, month, known_from, key)
    UNION ALL SELECT * FROM kept.{before}
"""

_NOTHING = "SELECT 0::BIGINT AS receipt_id, 0::BIGINT AS line_id, DATE '2000-01-01' AS version WHERE false"


def matching_steps() -> tuple[tuple[str, str, str], ...]:
    """``(table, kind, query)`` of the rounds, and of ``payments``: what each receipt paid of which line."""
    rounds = (
        ("matched_0", _NOTHING),
        ("matched_1", _EXACT.format(key="account", before="matched_0")),
        ("matched_2", _EXACT.format(key="name", before="matched_1")),
        ("matched_3", _ONLY.format(key="account", before="matched_2")),
        ("matched_4", _ONLY.format(key="name", before="matched_3")),
    )
    payments = """
        SELECT m.line_id, r.amount_fen, r.paid_on, r.known_from
        FROM kept.matched_4 m JOIN kept.receipts r USING (receipt_id)
    """
    return (*((name, "", query) for name, query in rounds), ("payments", "", payments))
