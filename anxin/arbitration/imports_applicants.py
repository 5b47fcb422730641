"""A list of applicants as a file: people and claims that are new go in, bad rows come back with the reason.

The delivery is about one case: the number of its matter stands where a project's code does.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from anxin.accounts.access import IMPORT, may
from anxin.accounts.models import User
from anxin.arbitration import applicants, claims
from anxin.arbitration.access import works
from anxin.arbitration.applicants import Person
from anxin.arbitration.claims import Line
from anxin.arbitration.models import Applicant, ArbitrationCase, Claim, Item
from anxin.evidence.journal import Actor
from anxin.evidence.kinds import ApplyContext, ApplyResult, ImportRefused, RowProblem
from anxin.kernel.refusal import Refused
from anxin.mediation.sealed import plain
from anxin.sheets import SIGNALS

if TYPE_CHECKING:
    from anxin.sheets.result import ParsedRow

KIND = "applicants"
_SUMS = {"合计", "小计", "总计", "共计"}
_FIGURES = ("item", "month", "days", "rate", "due", "paid")


class ApplicantsImport:
    """申请人名单: a row is a person and, where it names figures, one claim of theirs."""

    kind = KIND
    title = SIGNALS[KIND].title

    def check(self, *, project_code: str) -> None:
        case = ArbitrationCase.objects.filter(matter__number=project_code).select_related("matter").first()
        if case is None:
            raise ImportRefused("申请人名单要从仲裁案件的页面导入：打开案件，在“申请人”里选择文件。")
        if case.matter.closed_on is not None:
            raise ImportRefused("这件仲裁已经办结，不能再增加申请人。")

    def apply(self, context: ApplyContext) -> ApplyResult:
        rows = ArbitrationCase.objects.select_related("matter__lead")
        case = rows.get(matter__number=context.batch.project_code)
        user, result = _allowed(case, context.actor), ApplyResult()
        people = _People(case)
        good = [(row, person) for row in context.recognition.rows if (person := people.read(row, result))]
        try:
            added = applicants.add(case, [person for _, person in good], by=user, now=context.now)
        except Refused as refusal:
            raise ImportRefused(refusal.sentence) from refusal
        known = _People(case)
        asked = [
            (row.number, known.find(person), line) for row, person in good if (line := _line(row, result))
        ]
        fresh = _fresh(case, asked, result)
        taken = claims.take(case, fresh, by=user, now=context.now, said="按导入的名单")
        result.inserted = added + taken
        kept = {
            person.id_number or person.name for row, person in good if row.number not in result.rejected_rows
        }
        result.unchanged = max(0, len(kept) - added)
        result.counts = {"applicants_new": added, "claims_new": taken}
        return result


class _People:
    """The applicants of a case as a list names them: by ID number, else by name."""

    def __init__(self, case: ArbitrationCase) -> None:
        self.by_id: dict[str, tuple[str, Applicant | None]] = {}
        self.nameless: dict[str, Applicant] = {}
        for one in case.applicants.order_by("number"):
            number, name = plain(one.id_number), plain(one.name)
            if number:
                self.by_id[number] = (name, one)
            else:
                self.nameless.setdefault(name, one)

    def find(self, person: Person) -> Applicant:
        """The applicant whom a good row names, once all were added."""
        found = self.by_id[person.id_number][1] if person.id_number else self.nameless[person.name]
        assert found is not None
        return found

    def read(self, row: ParsedRow, result: ApplyResult) -> Person | None:
        """Who the row names, or ``None`` where it is a sum or comes back."""
        said = row.values
        name = "".join(str(said["name"]).split())
        if name in _SUMS:
            sentence = "这一行是合计，不算作一个人。"
            result.notes.append(RowProblem(row.number, sentence, rejected=False, field="name"))
            return None
        words = [str(said.get(one) or "") for one in ("id_number", "phone", "address")]
        person = Person(name, *words, row=row.number)
        try:
            applicants.check(person)
            self._same_name(person)
        except Refused as refusal:
            result.problems.append(RowProblem(row.number, refusal.sentence, field="name"))
            return None
        return person

    def _same_name(self, person: Person) -> None:
        """An ID number belongs to one name. Raises :class:`Refused`."""
        if not person.id_number:
            return
        name, one = self.by_id.setdefault(person.id_number, (person.name, None))
        if name != person.name:
            whose = f"本件{one}申请人" if one is not None else "名单里另一行"
            raise Refused(f"这个身份证号已经是{whose}的，姓名不同，请核对。")


def _allowed(case: ArbitrationCase, who: Actor) -> User:
    """The person who brings the list: of the commission or the tribunal, with the right to import."""
    kind, _, key = who.key.partition(":")
    user = User.objects.filter(pk=key).first() if kind == "user" and key.isdecimal() else None
    if user is None or not works(user, case) or not may(user, IMPORT):
        raise ImportRefused("这件仲裁不由您办理，申请人名单不能由您导入，请交给承办人。")
    return user


def _line(row: ParsedRow, result: ApplyResult) -> Line | None:
    """The claim of the row, or ``None`` where it names none or comes back."""
    said = row.values
    if all(said.get(one) in (None, "") for one in _FIGURES):
        return None
    days = said.get("days")
    line = Line(
        item=said.get("item") or Item.WAGE,
        month=str(said.get("month") or ""),
        days=Decimal(str(days)) if days is not None else None,
        rate_fen=said.get("rate"),
        due_fen=said.get("due"),
        paid_fen=said.get("paid") or 0,
        source=said.get("source") or "",
    )
    try:
        return claims.checked(line)
    except Refused as refusal:
        field = refusal.field if refusal.field in _FIGURES else "due"
        result.problems.append(RowProblem(row.number, refusal.sentence, field=field))
        return None


def _fresh(
    case: ArbitrationCase, asked: Sequence[tuple[int, Applicant, Line]], result: ApplyResult
) -> list[tuple[Applicant, Line]]:
    """The claims that are new; one that stands with other figures comes back, since a person decides which holds."""
    rows = Claim.objects.filter(applicant__case=case)
    standing = {(one.applicant_id, one.item, one.month): (one.due_fen, one.paid_fen) for one in rows}
    fresh = []
    for number, applicant, line in asked:
        assert line.due_fen is not None
        was = standing.setdefault((applicant.pk, line.item, line.month), (line.due_fen, line.paid_fen))
        if was != (line.due_fen, line.paid_fen):
            what = f"{Item(line.item).label}{f' {line.month}' if line.month else ''}"
            sentence = f"{applicant}申请人的“{what}”已经有一行，金额不同；要改的请在案件页面改那一行。"
            result.problems.append(RowProblem(number, sentence, field="due"))
        else:
            fresh.append((applicant, line))
    return fresh
