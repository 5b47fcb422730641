"""The words clerks use, one small file per kind of sheet."""

from __future__ import annotations

from anxin.sheets.spec import KindSpec
from anxin.sheets.vocabulary.attendance import ATTENDANCE
from anxin.sheets.vocabulary.payroll import PAYROLL
from anxin.sheets.vocabulary.receipts import RECEIPTS
from anxin.sheets.vocabulary.roster import ROSTER

KINDS: dict[str, KindSpec] = {kind.name: kind for kind in (ROSTER, ATTENDANCE, PAYROLL, RECEIPTS)}
