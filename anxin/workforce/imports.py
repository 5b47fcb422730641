"""Roster files become enrolments."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from anxin.evidence import bulk
from anxin.evidence.kinds import ApplyContext, ApplyResult, RowProblem
from anxin.evidence.sealing import Sealed, finding_hash, seal_bytes
from anxin.kernel.identifiers import clean_identifier, id_number_problem
from anxin.kernel.money import MoneyError, parse_yuan, yuan_string
from anxin.registry.models import Employer, Project
from anxin.workforce.models import Enrolment
from anxin.workforce.pairing import pair
from anxin.workforce.people import identify, plain_name, project_for_import
from anxin.workforce.phones import take_phones

if TYPE_CHECKING:
    from anxin.sheets import Recognition
    from anxin.sheets.result import ParsedRow

_YES = re.compile(r"^(?:是|有|已|√|✓|✔|Y|YES|1)|已签|签订|\d{4}", re.IGNORECASE)
_NO = re.compile(r"^(?:否|无|未|没|×|✗|N|NO|0)|未签|不签", re.IGNORECASE)
#: of a card: a running number and the check digit
_LAST_DIGITS = 5
_WAGE_UNITS = (("日", "元/天"), ("天", "元/天"), ("工日", "元/天"), ("时", "元/小时"), ("月", "元/月"))


class _Entry(NamedTuple):
    """What one roster row says, in the order of the columns of the table."""

    worker_id: int
    row_number: int
    employer_id: int | None
    employer_name: str
    team: str
    trade: str
    employee_number: str
    entry: dt.date | None
    exit: dt.date | None
    agreed_wage: str
    contract_signed: bool | None
    bank_card: bytes | None
    card_hash: str
    pay_day: int | None = None
    contract_number: str = ""
    contract_from: dt.date | None = None
    contract_until: dt.date | None = None
    card_series: str = ""
    card_serial: int | None = None
    card_opened_on: dt.date | None = None
    card_branch: str = ""
    payee_hash: str = ""
    # no roster file holds it: a corrected row keeps it
    contract_file_id: int | None = None


#: sheet field → what it fills; where a file has no such column, a corrected row keeps what was known
_FILLED_BY = {
    "employer": ("employer_id", "employer_name"),
    "team": ("team",),
    "trade": ("trade",),
    "employee_number": ("employee_number",),
    "entry": ("entry",),
    "exit": ("exit",),
    "wage": ("agreed_wage",),
    "contract": ("contract_signed",),
    "contract_number": ("contract_number",),
    "contract_from": ("contract_from",),
    "contract_until": ("contract_until",),
    "pay_day": ("pay_day",),
    "bank_card": ("bank_card", "card_hash", "card_series", "card_serial"),
    "bank_name": ("card_branch",),
    "card_opened": ("card_opened_on",),
    "payee": ("payee_hash",),
}
_KEPT = ("contract_file_id",)
#: also recorded by hand: an empty cell takes nothing away
_KEPT_WHERE_EMPTY = ("pay_day", "contract_number", "contract_from", "contract_until")
#: a sealed card is never the same twice; its hash is compared
_COMPARED = tuple(name for name in _Entry._fields if name not in ("row_number", "bank_card"))


class RosterImport:
    """花名册: one enrolment per worker, project and team."""

    kind = "roster"
    title = "花名册"

    def check(self, *, project_code: str) -> None:
        project_for_import(project_code)

    def apply(self, context: ApplyContext) -> ApplyResult:
        project = project_for_import(context.batch.project_code, lock=True)
        result = ApplyResult(project_ids=[project.pk])
        rows = _in_order(self._with_id_number(context.recognition.rows, result), result)
        people = identify(
            project,
            rows,
            now=context.now,
            report=context.report,
            source=f"{self.title}“{context.batch.filename}”",
        )
        result.problems += people.problems
        result.counts["workers_registered"] = people.created
        take_phones(rows, people.workers, result)
        incoming = _entries(rows, people.workers, context.recognition)
        context.report(len(rows) // 2, len(rows), "更新花名册")
        _write(project, incoming, context, result)
        return result

    @staticmethod
    def _with_id_number(rows: Sequence[ParsedRow], result: ApplyResult) -> list[ParsedRow]:
        kept = []
        for row in rows:
            if row.values.get("id_number"):
                kept.append(row)
            else:
                reason = "花名册必须有身份证号，否则无法确认是谁；请补填后重新导入。"
                result.problems.append(RowProblem(row.number, reason, field="id_number"))
        return kept


def _in_order(rows: Sequence[ParsedRow], result: ApplyResult) -> list[ParsedRow]:
    """Give back contracts that end before they begin; warn of pay days that are no day of a month."""
    kept = []
    for row in rows:
        begins, ends = row.values.get("contract_from"), row.values.get("contract_until")
        if begins and ends and ends < begins:
            reason = f"合同终止日期{ends}早于起始日期{begins}，请核对。"
            result.problems.append(RowProblem(row.number, reason, field="contract_until"))
            continue
        stated = str(row.values.get("pay_day") or "").strip()
        if stated and _pay_day(stated) is None:
            reason = f"约定发薪日“{stated[:20]}”看不出是每月几日，没有记录；请写成每月15日的样子。"
            result.problems.append(RowProblem(row.number, reason, rejected=False, field="pay_day"))
        payee = _payee(row.values.get("payee"))
        if payee and (wrong := id_number_problem(payee)):
            reason = f"代收授权人的身份证号没有记录：{wrong}"
            result.problems.append(RowProblem(row.number, reason, rejected=False, field="payee"))
        kept.append(row)
    return kept


def _entries(rows: Sequence[ParsedRow], workers: Mapping[int, int], recognition: Recognition) -> list[_Entry]:
    names = {text for row in rows if (text := row.values.get("employer"))}
    employers = {
        name: pk for piece in bulk.chunks(names) for name, pk in Employer.objects.filter(name__in=piece).values_list("name", "id")
    }  # fmt: skip
    unit = _wage_unit(recognition.columns.get("wage", ""))
    return [
        _entry(row.values, workers[row.number], row.number, employers, unit, recognition.columns)
        for row in rows
        if row.number in workers
    ]


def _entry(
    values: Mapping[str, Any],
    worker: int,
    row: int,
    employers: Mapping[str, int],
    unit: str,
    columns: Collection[str],
) -> _Entry:
    employer = values.get("employer") or ""
    card = values.get("bank_card")
    number = str(values.get("contract_number") or "").strip()[:60]
    return _Entry(
        worker_id=worker,
        row_number=row,
        employer_id=employers.get(employer),
        employer_name=employer[:120],
        team=(values.get("team") or "")[:60],
        trade=(values.get("trade") or "")[:40],
        employee_number=str(values.get("employee_number") or "")[:40],
        # Where no column tells the entry, the contract's beginning does, as clerks mean it.
        entry=values.get("entry") if "entry" in columns else values.get("contract_from"),
        exit=values.get("exit"),
        agreed_wage=_wage(values.get("wage"), unit),
        contract_signed=_signed(values.get("contract")) if values.get("contract") else _numbered(number),
        bank_card=seal_bytes(card.encode()) if card else None,
        card_hash=finding_hash("card", card) if card else "",
        pay_day=_pay_day(values.get("pay_day")),
        contract_number=number,
        contract_from=values.get("contract_from"),
        contract_until=values.get("contract_until"),
        **_card(card, values),
    )


def _card(card: str | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of a wage card beside its number: when and where it was opened, its place in a row, who receives."""
    payee = _payee(values.get("payee"))
    told = {
        "card_opened_on": values.get("card_opened"),
        "card_branch": str(values.get("bank_name") or "").strip()[:80],
        "payee_hash": finding_hash("id", payee) if payee and not id_number_problem(payee) else "",
    }
    if card and card.isdecimal() and len(card) > _LAST_DIGITS + 1:
        told["card_series"] = finding_hash("card-series", card[:-_LAST_DIGITS])
        told["card_serial"] = int(card[-_LAST_DIGITS:-1])
    return told


def _payee(value: object) -> str:
    return clean_identifier(value) if value is not None else ""


def _wage_unit(header: str) -> str:
    return next((unit for word, unit in _WAGE_UNITS if word in header), "元")


def _wage(value: object, unit: str) -> str:
    """``300`` below 日工资（元/天） → ``300元/天``; a cell that names its own unit stays as it was written."""
    text = str(value or "").strip()
    try:
        fen = parse_yuan(text) if not any(word in text for word in ("元", "/", "万")) else None
    except MoneyError:
        fen = None
    return (text if fen is None else yuan_string(fen).removesuffix(".00") + unit)[:40]


def _numbered(number: str) -> bool | None:
    """A contract that has a number was signed; without one nothing is known."""
    return True if re.search(r"\d", number) else None


def _pay_day(value: object) -> int | None:
    """``每月15日`` or ``15`` → 15; what is no day of a month is not guessed."""
    found = re.fullmatch(r"(?:每|次|当)?月?(\d{1,2})(?:\.0)?[日号]?(?:前|发)?", str(value or "").strip())
    return int(found[1]) if found and 1 <= int(found[1]) <= 31 else None


def _signed(value: object) -> bool | None:
    text = str(value or "").strip()
    if not text:
        return None
    if _NO.search(text):
        return False
    return True if _YES.search(text) else None


def _write(project: Project, incoming: list[_Entry], context: ApplyContext, result: ApplyResult) -> None:
    """Compare with the current enrolments person by person; replace what changed, add what is new."""
    absent = set(_KEPT) | {
        name
        for field, names in _FILLED_BY.items()
        if field not in context.recognition.columns
        for name in names
    }
    current: dict[int, list[tuple[int, _Entry]]] = defaultdict(list)
    for pk, entry in _current(project):
        current[entry.worker_id].append((pk, entry))
    by_worker: dict[int, list[_Entry]] = defaultdict(list)
    for entry in _without_repeats(incoming, result):
        by_worker[entry.worker_id].append(entry)
    new: list[_Entry] = []
    replaced: list[int] = []
    for worker, entries in by_worker.items():
        known = current.get(worker, [])
        # One enrolment against one row: a changed team is a correction. Otherwise another team is another enrolment.
        likenesses = (_same_team, _same_employer) if len(known) == len(entries) == 1 else (_same_team,)
        for entry, old in pair(known, entries, *likenesses):
            if old is None:
                new.append(entry)
                continue
            keeps = absent | {name for name in _KEPT_WHERE_EMPTY if not getattr(entry, name)}
            merged = entry._replace(**{name: getattr(old[1], name) for name in keeps})
            if all(getattr(merged, name) == getattr(old[1], name) for name in _COMPARED):
                result.unchanged += 1
                continue
            replaced.append(old[0])
            new.append(merged)
            result.changes.append({"before": _shown(old[1]), "after": _shown(merged)})
    result.superseded = bulk.supersede(Enrolment, replaced, by=context.batch.pk, now=context.now)
    result.inserted = len(new)
    bulk.insert(
        Enrolment,
        _Entry._fields,
        new,
        constants={"project_id": project.pk, "batch_id": context.batch.pk, "recorded_at": context.now},
    )


def _current(project: Project) -> list[tuple[int, _Entry]]:
    rows = Enrolment.objects.filter(project=project, superseded_at__isnull=True).order_by("id")
    found = []
    for pk, *values in rows.values_list("id", *_Entry._fields):
        entry = _Entry(*values)
        card = entry.bank_card
        found.append((pk, entry._replace(bank_card=card.envelope if isinstance(card, Sealed) else None)))
    return found


def _without_repeats(entries: Sequence[_Entry], result: ApplyResult) -> list[_Entry]:
    """One row per worker and team; a second one in the same file goes back."""
    seen: dict[tuple[int, str], int] = {}
    kept = []
    for entry in entries:
        first = seen.setdefault((entry.worker_id, entry.team), entry.row_number)
        if first == entry.row_number:
            kept.append(entry)
        else:
            reason = f"与第{first}行是同一人、同一班组，请只保留一行。"
            result.problems.append(RowProblem(entry.row_number, reason, field="id_number"))
    return kept


def _same_team(old: tuple[int, _Entry], new: _Entry) -> bool:
    return plain_name(old[1].team) == plain_name(new.team)


def _same_employer(old: tuple[int, _Entry], new: _Entry) -> bool:
    """A moved team is a correction; another employer is another enrolment."""
    names = (old[1].employer_name, new.employer_name)
    return not all(names) or names[0] == names[1]


def _shown(entry: _Entry) -> dict[str, Any]:
    """The journal's view: no identifiers; the row number leads to the sealed source row."""
    return {
        "row": entry.row_number,
        "worker_id": entry.worker_id,
        "team": entry.team,
        "trade": entry.trade,
        "employer": entry.employer_name,
        "entry": str(entry.entry) if entry.entry else None,
        "exit": str(entry.exit) if entry.exit else None,
        "agreed_wage": entry.agreed_wage,
    }
