"""What the database itself refuses: a change to the words, number or files of an issued letter, or to its history.

Deleting is refused by the foreign keys: acts and papers hold on to their letter, and the journal counts its entries.
"""

from __future__ import annotations

from typing import Any

#: columns of an issued letter that stay as they were
FROZEN = (
    "matter_id", "kind", "office_id", "fields", "replaces_id", "register", "year", "serial", "number", "issued_on",
    "content", "issued_file_id", "announces_id",
)  # fmt: skip
#: filled once
ONCE = ("sealed_file_id", "document_id")


def install(connection: Any) -> None:
    """Make the triggers; made again they are the same. A database that is brought up only part of the way has none yet."""
    if not {"letters_letter", "letters_letteract"} <= set(connection.introspection.table_names()):
        return
    with connection.cursor() as cursor:
        for statement in _statements(connection.vendor):
            cursor.execute(statement)


def remove(connection: Any) -> None:
    with connection.cursor() as cursor:
        for name, table in (
            ("letter_issued_stays", "letters_letter"),
            ("letter_act_stays", "letters_letteract"),
        ):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def _statements(vendor: str) -> list[str]:
    differ = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
    changed = " OR ".join(f'OLD."{one}" {differ} NEW."{one}"' for one in FROZEN)
    filled = " OR ".join(f'(OLD."{one}" IS NOT NULL AND OLD."{one}" {differ} NEW."{one}")' for one in ONCE)
    when = f'OLD."issued_on" IS NOT NULL AND ({changed} OR {filled})'
    said = "an issued letter is never changed; a later one takes its place"
    if vendor == "postgresql":
        return [
            f"""CREATE OR REPLACE FUNCTION letters_refuse() RETURNS trigger AS $$
                BEGIN RAISE EXCEPTION '{said}'; END $$ LANGUAGE plpgsql""",
            "DROP TRIGGER IF EXISTS letter_issued_stays ON letters_letter",
            "DROP TRIGGER IF EXISTS letter_act_stays ON letters_letteract",
            f"""CREATE TRIGGER letter_issued_stays BEFORE UPDATE ON letters_letter
                FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION letters_refuse()""",
            """CREATE TRIGGER letter_act_stays BEFORE UPDATE ON letters_letteract
                FOR EACH ROW EXECUTE FUNCTION letters_refuse()""",
        ]
    return [
        "DROP TRIGGER IF EXISTS letter_issued_stays",
        "DROP TRIGGER IF EXISTS letter_act_stays",
        f"""CREATE TRIGGER letter_issued_stays BEFORE UPDATE ON letters_letter WHEN {when}
            BEGIN SELECT RAISE(ABORT, '{said}'); END""",
        f"""CREATE TRIGGER letter_act_stays BEFORE UPDATE ON letters_letteract
            BEGIN SELECT RAISE(ABORT, '{said}'); END""",
    ]
