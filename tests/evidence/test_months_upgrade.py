"""An office's filled database before the tables lay in pieces, brought up to now: nothing lost, everything in its piece."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
ROOT = Path(__file__).parents[2]
NAME = "anxin_before_pieces"
#: where each app stood then
BEFORE = (("workforce", "0008"), ("payroll", "0003"), ("funds", "0007"), ("agency", "0002"))

FILLED = """
INSERT INTO registry_region (code, name) VALUES ('990102', '虚构区');
INSERT INTO registry_project (id, code, name, region_id, industry, state, pay_month_offset, government_invested, site_address,
    permit_number, recorded_at) VALUES (1, 'P1', '虚构工程', '990102', 'housing', 'in_progress', 1, false, '', '', now());
INSERT INTO workforce_worker (id, name, id_number, id_hash, recorded_at) VALUES (7, '甲', '\\x00', 'h7', now());
INSERT INTO workforce_attendanceday (id, project_id, worker_id, day, share, source, recorded_at)
    SELECT g, 1, 7, date '2026-08-30' + g, 1, 'file', now() FROM generate_series(1, 40) AS g;
INSERT INTO payroll_payroll (id, project_id, month, first_recorded_at) VALUES (1, 1, '2026-09', now()), (2, 1, '2026-10', now());
INSERT INTO payroll_payrollline (id, payroll_id, worker_id, name, person_key, team, gross_fen, net_fen, card_hash, content_hash, recorded_at)
    VALUES (11, 1, 7, '甲', 'w7', '', 100, 100, '', 'c11', now()), (12, 2, 7, '甲', 'w7', '', 200, 200, '', 'c12', now());
INSERT INTO funds_bankreceipt (id, project_id, month, payee_name, card_hash, id_hash, amount_fen, outcome, reason, reference, natural_key, recorded_at)
    VALUES (21, 1, '2026-09', '甲', '', '', 100, 'paid', '', '', 'n21', now());
INSERT INTO funds_receiptmatch (receipt_id, line_id, amount_fen, state, reason, recorded_at, decided_by_name)
    VALUES (21, 11, 100, 'exact', '测试', now(), '');
SELECT setval(pg_get_serial_sequence('payroll_payrollline', 'id'), 12);
SELECT setval(pg_get_serial_sequence('workforce_attendanceday', 'id'), 40);
"""


@pytest.fixture
def before(tmp_path):
    """The address of a database of its own, with tables and rows as they were."""
    server = connection.settings_dict
    url = f"postgresql://{server['USER']}@{server['HOST']}:{server['PORT']}/postgres"
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {NAME}")
    own = urlunsplit(urlsplit(url)._replace(path=f"/{NAME}"))
    environment = os.environ | {"DATABASE_URL": own, "ANXIN_HOME": str(tmp_path)}

    def migrate(*to: str) -> None:
        command = [sys.executable, str(ROOT / "manage.py"), "migrate", "-v0", *to]
        subprocess.run(command, env=environment, check=True, cwd=ROOT)

    try:
        for app, number in BEFORE:
            migrate(app, number)
        with psycopg.connect(own) as office:
            office.execute(FILLED)
        yield own, migrate
    finally:
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def test_an_office_brought_up_to_now_has_every_row_in_its_piece(before):
    own, migrate = before
    migrate()
    with psycopg.connect(own) as office:

        def ask(question: str) -> list[tuple]:
            return office.execute(question).fetchall()

        assert ask(
            "SELECT tableoid::regclass::text, id, month, net_fen FROM payroll_payrollline ORDER BY id"
        ) == [
            ("payroll_payrollline_2026_09", 11, "2026-09", 100),
            ("payroll_payrollline_2026_10", 12, "2026-10", 200),
        ]
        assert ask(
            "SELECT tableoid::regclass::text, count(*) FROM workforce_attendanceday GROUP BY 1 ORDER BY 1"
        ) == [
            ("workforce_attendanceday_2026_08", 1),
            ("workforce_attendanceday_2026_09", 30),
            ("workforce_attendanceday_2026_10", 9),
        ]
        assert ask(
            "SELECT m.amount_fen, l.month FROM funds_receiptmatch m JOIN payroll_payrollline l ON l.id = m.line_id"
        ) == [(100, "2026-09")]
        for table, number in (("payroll_payrollline", 13), ("workforce_attendanceday", 41)):
            assert ask(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))") == [(number,)]
