"""Who the rows of a delivered file are: the one place where a row becomes a known person.

An ID number decides. A row without one is looked for among the project's current enrolments: by work number,
else by name, where a card that the roster knows tells people of one name apart. Nothing is guessed: two
possible people are a reason to give the row back.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anxin.evidence import bulk
from anxin.evidence.kinds import ImportRefused, Report, RowProblem
from anxin.evidence.sealing import finder, finding_hash, sealer
from anxin.kernel.masking import mask_name
from anxin.registry.models import Project
from anxin.workforce.claim_notes import note_claims
from anxin.workforce.models import Enrolment, IdentityClaim, Worker

if TYPE_CHECKING:
    from anxin.sheets.result import ParsedRow

#: what keyboards, cards and gates write between the parts of a name: U+2022, 30FB, 2027, 25CF, FF0E, full stop,
#: 2219, 22C5, 16EB, 2E31, 2E33, A78F, 0701; U+00B7 is the one of the identity card
_POINTS = str.maketrans(dict.fromkeys("•・‧●．.∙⋅᛫⸱⸳ꞏ܁", "·"))


def plain_name(name: str) -> str:
    """The form in which names are compared: no spaces, half-width, one kind of middle point."""
    return "".join(unicodedata.normalize("NFKC", name).split()).translate(_POINTS).upper()


def named(row: ParsedRow) -> str:
    """The person of a row as a sentence may show it: ``“王**”``, or the work number where no name is given."""
    name = row.values.get("name")
    return f"“{mask_name(name)}”" if name else f"工号“{row.values.get('employee_number') or '（空）'}”"


def project_for_import(code: str, *, lock: bool = False) -> Project:
    """The project a file belongs to. With ``lock`` other files of the project wait their turn.

    Raises :class:`ImportRefused` with a sentence when the code is missing or unknown.
    """
    if not code:
        raise ImportRefused("请指明这份文件属于哪个工程项目（项目编码）。")
    projects = Project.objects.select_for_update(of=("self",)) if lock else Project.objects.all()
    project = projects.filter(code=code).first()
    if project is None:
        raise ImportRefused(f"没有编码为“{code}”的工程项目，请核对项目编码，或先登记该项目。")
    return project


@dataclass
class Identified:
    """``workers``: row number → worker id. ``unknown``: rows whose name is on no roster of the project."""

    workers: dict[int, int] = field(default_factory=dict)
    unknown: set[int] = field(default_factory=set)
    problems: list[RowProblem] = field(default_factory=list)
    #: workers registered by this file
    created: int = 0


def identify(
    project: Project, rows: Sequence[ParsedRow], *, now: dt.datetime, report: Report, source: str = "文件"
) -> Identified:
    """Find or register the person of every row, in a few queries for the whole file.

    ``source`` says where the rows come from; a name that conflicts with a known person is kept with it as a claim.
    """
    result = Identified()
    numbered = [row for row in rows if row.values.get("id_number")]
    report(0, len(rows), "核对人员身份")
    if numbered:
        _by_id_number(project, numbered, result, now, source)
    report(len(rows) // 3, len(rows), "核对人员身份")
    if len(numbered) < len(rows):
        _by_roster(project, [row for row in rows if not row.values.get("id_number")], result)
    return result


# --- by ID number ----------------------------------------------------------------------------------------


def _by_id_number(
    project: Project, rows: Sequence[ParsedRow], result: Identified, now: dt.datetime, source: str
) -> None:
    find = finder("id")
    hashes = [find(row.values["id_number"]) for row in rows]
    known = _workers(hashes)
    fresh: dict[str, ParsedRow] = {}
    for row, id_hash in zip(rows, hashes, strict=True):
        if id_hash not in known and row.values.get("name"):
            fresh.setdefault(id_hash, row)
    if fresh:
        _register(fresh, now)
        known.update(_workers(list(fresh)))
        result.created = len(fresh)
    differing: dict[tuple[int, str], tuple[str, str]] = {}
    for row, id_hash in zip(rows, hashes, strict=True):
        worker, name = known.get(id_hash), row.values.get("name") or ""
        if worker is not None and name and _differs(name, worker[1]):
            differing.setdefault((worker[0], plain_name(name)[:60]), (name, f"{source}第{row.number}行"))
    claims = note_claims(project.pk, differing, device=None, now=now)
    for row, id_hash in zip(rows, hashes, strict=True):
        _accept_or_refuse(row, known.get(id_hash), claims, result)


def _differs(name: str, registered: str) -> bool:
    return name != registered and plain_name(name) != plain_name(registered)


def _accept_or_refuse(
    row: ParsedRow,
    worker: tuple[int, str] | None,
    claims: Mapping[tuple[int, str], IdentityClaim],
    result: Identified,
) -> None:
    name = row.values.get("name") or ""
    if worker is None:
        reason = "该身份证号尚未登记，本行又没有姓名，请补填姓名。"
        result.problems.append(RowProblem(row.number, reason, field="name"))
    elif (
        name
        and _differs(name, worker[1])
        and not _decided_same(claims.get((worker[0], plain_name(name)[:60])))
    ):
        reason = (
            f"该身份证号登记的姓名与本行不一致（登记为“{mask_name(worker[1])}”，本行为“{mask_name(name)}”），"
            "请核对姓名和身份证号；确是同一人的，请监察员在“待核身份”中核定后重新导入。"
        )
        result.problems.append(RowProblem(row.number, reason, field="name"))
    else:
        result.workers[row.number] = worker[0]


def _decided_same(claim: IdentityClaim | None) -> bool:
    return claim is not None and claim.state == IdentityClaim.State.SAME_PERSON


def _workers(hashes: Iterable[str]) -> dict[str, tuple[int, str]]:
    """Hash of the ID number → (worker id, registered name)."""
    return {
        id_hash: (pk, name) for id_hash, pk, name in bulk.look_up(Worker, "id_hash", hashes, ("id", "name"))
    }


def _register(fresh: dict[str, ParsedRow], now: dt.datetime) -> None:
    # Sorted, so that two files which register the same people at the same moment take their rows in one
    # order and wait for each other instead of locking each other out.
    seal, find_phone = sealer(), finder("phone")
    rows = []
    for id_hash in sorted(fresh):
        values = fresh[id_hash].values
        phone = values.get("phone")
        told = (seal(phone), find_phone(phone)) if phone else (None, "")
        rows.append((values["name"][:60], seal(values["id_number"]), id_hash, *told))
    columns = ("name", "id_number", "id_hash", "phone", "phone_hash")
    bulk.insert(Worker, columns, rows, constants={"recorded_at": now}, ignore_conflicts=True)


# --- by roster -------------------------------------------------------------------------------------------


class _Roster:
    """The project's current enrolments, by work number and by name."""

    def __init__(self, project: Project) -> None:
        self.names: dict[int, str] = {}
        self.by_number: dict[str, set[int]] = defaultdict(set)
        self.by_name: dict[str, set[int]] = defaultdict(set)
        self.cards: dict[int, set[str]] = defaultdict(set)
        enrolments = Enrolment.objects.filter(project=project, superseded_at__isnull=True).values_list(
            "worker_id", "worker__name", "employee_number", "card_hash"
        )
        for worker, name, number, card in enrolments:
            self.names[worker] = plain_name(name)
            self.by_name[plain_name(name)].add(worker)
            if number:
                self.by_number[number.upper()].add(worker)
            if card:
                self.cards[worker].add(card)


def _by_roster(project: Project, rows: Sequence[ParsedRow], result: Identified) -> None:
    roster = _Roster(project)
    for row in rows:
        found = _find(row, roster)
        if isinstance(found, RowProblem):
            result.problems.append(found)
        elif found is None:
            result.unknown.add(row.number)
        else:
            result.workers[row.number] = found


def _find(row: ParsedRow, roster: _Roster) -> int | RowProblem | None:
    name = plain_name(row.values.get("name") or "")
    number = str(row.values.get("employee_number") or "").upper()
    numbered = roster.by_number.get(number, set()) if number else set()
    if len(numbered) == 1:
        (worker,) = numbered
        if name and roster.names[worker] != name:
            reason = (
                f"工号“{number}”在花名册中登记为“{mask_name(roster.names[worker])}”，"
                f"与本行的“{mask_name(name)}”不一致，请核对。"
            )
            return RowProblem(row.number, reason, field="employee_number")
        return worker
    namesakes = roster.by_name.get(name, set())
    if len(namesakes) > 1:
        # Two people of one name, told apart by the work number or the card that the roster has for one of them.
        card = row.values.get("bank_card")
        card_hash = finding_hash("card", card) if card else ""
        narrowed = (namesakes & numbered) or {
            worker for worker in namesakes if card_hash in roster.cards[worker]
        }
        if len(narrowed) != 1:
            reason = f"花名册中有{len(namesakes)}人同名（“{mask_name(name)}”），请补充身份证号。"
            return RowProblem(row.number, reason, field="name")
        namesakes = narrowed
    return next(iter(namesakes), None)
