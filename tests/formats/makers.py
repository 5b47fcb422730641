"""Invented orders and results for the tests of bank files."""

from __future__ import annotations

import datetime as dt

from anxin.formats import Outcome, PayOrder, PayOrderLine, PayResult, PayResults

CHINA = dt.timezone(dt.timedelta(hours=8))
CREATED = dt.datetime(2026, 11, 21, 10, 30, tzinfo=CHINA)


def line(number: int, **changes) -> PayOrderLine:
    values = {
        "sequence": number,
        "reference": f"DF2026110001-{number:05d}",
        "name": "买买提·吐尔逊" if number % 7 == 0 else f"王{'零一二三四五六七八九'[number % 10]}",
        "card": f"62{number:014d}",
        "id_number": "",
        "amount_fen": 512_345 + number,
        "bank_code": "",
        "purpose": "2026年10月工资",
    }
    return PayOrderLine(**{**values, **changes})


def order(count: int = 3, **changes) -> PayOrder:
    values = {
        "reference": "DF2026110001",
        "project_code": "XM-2026-001",
        "month": "2026-10",
        "payer_account": "755900008010306",
        "payer_name": "示范建设有限公司农民工工资专用账户",
        "created_at": CREATED,
        "lines": tuple(line(number) for number in range(1, count + 1)),
    }
    return PayOrder(**{**values, **changes})


def results(of: PayOrder, *fates: tuple[Outcome, str, str]) -> PayResults:
    """What became of each line: ``fates`` in turn, paid where they end."""
    lines = []
    for index, item in enumerate(of.lines):
        outcome, code, reason = fates[index] if index < len(fates) else (Outcome.PAID, "", "")
        paid_on = None if outcome == Outcome.PENDING else dt.date(2026, 11, 22)
        lines.append(
            PayResult(
                sequence=item.sequence,
                reference=item.reference,
                name=item.name,
                card=item.card,
                id_number=item.id_number,
                amount_fen=item.amount_fen,
                paid_on=paid_on,
                outcome=outcome,
                code=code,
                reason=reason,
                month=of.month,
                project_code=of.project_code,
                bank_reference=f"B{index:08d}",
            )
        )
    return PayResults(of.reference, tuple(lines))
