"""Large tables of facts in pieces by month, on PostgreSQL; other databases keep the plain table.

A question about a month reads one piece, and an old month can be set aside or kept elsewhere as a whole. The
rows of a table stay one table to the program. Rows outside of the months that were made wait in a piece of
their own (``…_other``), so that nothing is ever refused for its date; :func:`ensure_months` takes them out of there.
The number of a row alone is no key of such a table: a question that groups rows by their number (an aggregate
annotated on whole rows) is refused by PostgreSQL; ask for the sum in a question of its own. See docs/decisions/0018.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from anxin.kernel.months import Month

#: table → the column that decides: a date, or a month as text (``2026-11``)
BY_MONTH = {"workforce_attendanceday": "day", "payroll_payrollline": "month"}
#: months that are made before they begin
AHEAD = 3
#: rows older than this stay in the piece for all others
_YEARS = 30


def ensure_months(today: dt.date) -> int:
    """Make the pieces that are missing up to some months ahead; how many were made. For every night.

    Rows that came before their month had a piece are moved into it.
    """
    if connection.vendor != "postgresql":
        return 0
    made = 0
    with transaction.atomic(), connection.cursor() as cursor:
        for table, column in BY_MONTH.items():
            made += make_months(cursor, table, column, _wanted(cursor, table, column, today))
    return made


def split_by_month(database: BaseDatabaseWrapper, table: str, column: str, today: dt.date) -> None:
    """Turn a plain table, with its rows, into one of monthly pieces. For a migration.

    The key becomes ``(id, column)``, because PostgreSQL wants the deciding column in every unique key; that ``id`` alone
    is unique is kept by its sequence. Raises ``ValueError`` where another table refers to this one.
    """
    if database.vendor != "postgresql":
        return
    plain = f"{table}_plain"
    with database.cursor() as cursor:
        if _refer_to(cursor, table):
            raise ValueError(f"{table} is referred to by {_refer_to(cursor, table)}")
        indexes, references = _indexes(cursor, table), _references(cursor, table)
        # waiting checks of this transaction stand in the way of changing the table
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f'ALTER TABLE "{table}" RENAME TO "{plain}"')
        cursor.execute(
            f'CREATE TABLE "{table}" (LIKE "{plain}" INCLUDING DEFAULTS INCLUDING CONSTRAINTS) '
            f'PARTITION BY RANGE ("{column}")'
        )
        cursor.execute(f'CREATE SEQUENCE "{table}_number" OWNED BY "{table}"."id"')
        cursor.execute(f"SELECT setval('{table}_number', coalesce(max(id), 0) + 1, false) FROM \"{plain}\"")
        cursor.execute(f"ALTER TABLE \"{table}\" ALTER id SET DEFAULT nextval('{table}_number')")
        cursor.execute(f'CREATE TABLE "{table}_other" PARTITION OF "{table}" DEFAULT')
        make_months(cursor, table, column, _wanted(cursor, plain, column, today))
        cursor.execute(f'INSERT INTO "{table}" SELECT * FROM "{plain}"')
        cursor.execute(f'DROP TABLE "{plain}"')
        cursor.execute(f'ALTER TABLE "{table}" ADD PRIMARY KEY (id, "{column}")')
        for statement in [*indexes, *references]:
            cursor.execute(statement)


def make_months(cursor: CursorWrapper, table: str, column: str, months: list[Month]) -> int:
    """Make the pieces of ``months`` that do not stand yet; how many were made."""
    cursor.execute(
        "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = %s::regclass",
        [table],
    )
    standing = {name for (name,) in cursor.fetchall()}
    in_text = _is_text(cursor, table, column)
    new = {f"{table}_{month.first_day:%Y_%m}": month for month in months}
    missing = {piece: month for piece, month in new.items() if piece not in standing}
    for piece, month in missing.items():
        span = [_bound(one, in_text) for one in (month, month.plus(1))]
        cursor.execute(f'CREATE TABLE "{piece}" (LIKE "{table}" INCLUDING DEFAULTS INCLUDING CONSTRAINTS)')
        cursor.execute(
            f'WITH moved AS (DELETE FROM "{table}_other" WHERE "{column}" >= %s AND "{column}" < %s RETURNING *) '
            f'INSERT INTO "{piece}" SELECT * FROM moved',
            span,
        )
        # waiting checks of this transaction stand in the way of changing the table
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            f"ALTER TABLE \"{table}\" ATTACH PARTITION \"{piece}\" FOR VALUES FROM ('{span[0]}') TO ('{span[1]}')"
        )
    return len(missing)


def _wanted(cursor: CursorWrapper, table: str, column: str, today: dt.date) -> list[Month]:
    """Months with rows up to now, and those ahead. Dates far off (a slip of the pen) get no piece of their own."""
    now = Month.of(today)
    in_text = _is_text(cursor, table, column)
    of_row = f'"{column}"' if in_text else f"to_char(\"{column}\", 'YYYY-MM')"
    span = [_bound(one, in_text) for one in (now.plus(-12 * _YEARS), now.plus(AHEAD + 1))]
    cursor.execute(
        f'SELECT DISTINCT {of_row} FROM "{table}" WHERE "{column}" >= %s AND "{column}" < %s', span
    )
    with_rows = {Month.parse(text) for (text,) in cursor.fetchall()}
    return sorted(with_rows | {now.plus(ahead) for ahead in range(AHEAD + 1)})


def _bound(month: Month, in_text: bool) -> str:
    return str(month) if in_text else month.first_day.isoformat()


def _is_text(cursor: CursorWrapper, table: str, column: str) -> bool:
    cursor.execute(
        "SELECT atttypid <> 'date'::regtype FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s",
        [table, column],
    )
    return bool(cursor.fetchone()[0])


def _refer_to(cursor: CursorWrapper, table: str) -> list[str]:
    cursor.execute(
        "SELECT conrelid::regclass::text FROM pg_constraint WHERE contype = 'f' AND confrelid = %s::regclass",
        [table],
    )
    return [name for (name,) in cursor.fetchall()]


def _indexes(cursor: CursorWrapper, table: str) -> list[str]:
    """The statements that make the table's indexes anew, but for its key's."""
    cursor.execute(
        "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass AND NOT indisprimary",
        [table],
    )
    return [statement for (statement,) in cursor.fetchall()]


def _references(cursor: CursorWrapper, table: str) -> list[str]:
    """The statements that make the table's references to others anew."""
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
        [table],
    )
    return [f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {said}' for name, said in cursor.fetchall()]
