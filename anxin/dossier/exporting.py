"""One matter as a signed file: who may, what goes in, and the entry of the journal that says it went out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone

import anxin
from anxin.accounts.access import DECIDE, HANDLE, UNMASK
from anxin.accounts.models import User
from anxin.casework.access import acts_on, may_see
from anxin.casework.models import Document as Paper
from anxin.casework.models import Matter
from anxin.dossier import (
    arbitration_tables,
    basis_tables,
    clue_tables,
    found_people,
    journal_rows,
    letter_tables,
    matter_tables,
    mediation_tables,
)
from anxin.dossier.file_tables import MOST_BYTES
from anxin.dossier.handing import Exported, signed
from anxin.dossier.office import office_of
from anxin.dossier.people import People
from anxin.dossier.reading import MatterRead, read
from anxin.evidence import contents, doors, files
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.monitoring.access import may_on_warning
from anxin.proof import Contents, Document, Table
from anxin.proof.contents import ABOUT, JOURNAL, PEOPLE, WITHHELD

#: tables that say who the people are: there a claimant keeps the name, also one who told us
_OF_PEOPLE = frozenset(
    {
        PEOPLE, "t09_found", "t12_claims", "t16_payments", "t16_recovered", "t19_evidence", "t24_applicants", "t25_asked", "t32_signers", "t33_consents",
        "t35_parties", "t39_shares", "t40_instalments", "t41_payments",
    }
)  # fmt: skip
#: where the names of people stand in them
_NAMES = frozenset({ABOUT, "name", "person", "id_number"})
#: tables of what was found, told and paid, of an arbitration and a mediation: their texts name the people of the case, and show them as a list does
_OF_CASES = ("t09_found", "t15_told", "t16_payments", *(f"t{number}_" for number in range(23, 43)))
#: papers that exist to say who told us: a report's form never leaves, a complaint's not where its clue is sealed
_OF_REPORTER, _OF_COMPLAINANT = "report_form", "complaint_form"
#: papers of an arbitration's inner file, which parties never read (arbitration case rules, articles 22 and 23)
_INNER = frozenset(
    {
        "deliberation_record",
        "file_reading_record",
        "arbitration_filing_approval",
        "arbitration_closure_approval",
        "postponement_approval",
    }
)


def may_export(user: User, matter: Matter) -> bool:
    """Whether this person hands the matter out: sees it, and handles or decides for its lead body."""
    return may_see(user, matter) and any(acts_on(user, one, matter) for one in (HANDLE, DECIDE))


def may_export_whole(user: User, matter: Matter) -> bool:
    """Whether names and ID numbers may stand in it unmasked."""
    return may_export(user, matter) and acts_on(user, UNMASK, matter)


def export_matter(
    matter: Matter, *, by: User | Actor, now: dt.datetime, law: Law, full: bool = False, purpose: str = ""
) -> Exported:
    """The signed package; journalled with its number of leaves and the ends of its chain.

    ``by`` is a person, whose rights are asked, or the operator of the installation. ``full`` shows names and ID
    numbers of the people concerned and needs a ``purpose``. Raises :class:`Refused`.
    """
    from anxin.dossier.subjects import OfMatter, hand_out

    return hand_out(OfMatter(matter), by=by, now=now, law=law, full=full, purpose=purpose)


def pack_matter(matter: Matter, *, user: User | None, now: dt.datetime, law: Law, full: bool) -> Exported:
    """The same without asking for rights and without the journal: see ``subjects``."""
    office = office_of(matter)
    told = read(matter, law, user=user, on=timezone.localdate(now))
    if full and user is not None and told.warning and not may_on_warning(user, UNMASK, told.warning.warning):
        told.warning.workers = {}  # its people stay as a list shows them
    packed, left_out = _contents(told, office, now, full)
    return signed(packed, office=office, name=matter.number, left_out=left_out)


def _contents(told: MatterRead, office: str, now: dt.datetime, full: bool) -> tuple[Contents, str]:
    matter, people = told.matter, People(full)
    loaded, withheld = _papers(told)
    if told.clue:
        clue_tables.people_of(told.clue, people)
    tables = matter_tables.tables(told, office, withheld)
    if told.clue:
        tables += clue_tables.tables(told.clue, people)
    if told.payments:
        tables.append(clue_tables.payments(told.payments, people))
    tables += [found_people.table(told.arrears, told.found_people, people), basis_tables.law_table(told)]
    if told.warning:
        tables += basis_tables.warning_tables(told.warning, people)
    tables += letter_tables.tables(told)
    if told.arbitration:
        tables += arbitration_tables.tables(told.arbitration, people)
    if told.mediation:
        tables += mediation_tables.tables(told.mediation, people)
    rows, kept_back = basis_tables.journal_rows(told)
    rows = journal_rows.named_stay(rows, people)
    left_out = basis_tables.left_out_words(kept_back, *_kept_back(told, withheld))
    tables += [people.table(), basis_tables.journal_table(rows)]
    subject = {"事项编号": matter.number, "事项": told.reporter.scrubbed(matter.title), "出具单位": office}
    if told.clue:
        subject["线索编号"] = told.clue.clue.number
    subject["人员信息"] = "姓名和身份证号完整" if full else "姓名和身份证号已隐去一部分"
    if left_out:
        subject["没有装入的"] = left_out
    if hashes := sum(WITHHELD in row for row in rows):
        subject["只留哈希的"] = f"{hashes}条操作日志写有劳动者的完整姓名"
    made = Contents(
        title=f"{matter.number}证据包",
        subject=subject,
        as_of=told.on,
        made_at=now,
        made_by=office,
        product=f"安薪 {anxin.__version__}",
        tables=[_sealed(table, told, people) for table in matter_tables.filled(tables)],
        documents=[_document(paper, data, told, people) for paper, data in loaded],
        withheld=journal_rows.WHY,
    )
    return made, left_out


def _sealed(table: Table, told: MatterRead, people: People) -> Table:
    """The table without whoever told us, each row saying about whom it is. Journal rows stay as they were hashed."""
    rows = table.rows
    if table.slug != JOURNAL:
        kept = _NAMES if table.slug in _OF_PEOPLE else {ABOUT}
        rows = [
            {name: value if name in kept else told.reporter.scrubbed(value) for name, value in row.items()}
            for row in rows
        ]
    if table.slug.startswith(_OF_CASES):
        rows = [{name: people.masked_in(value) for name, value in row.items()} for row in rows]
    return Table(table.slug, table.title, table.columns, people.marked(rows))


def _papers(told: MatterRead) -> tuple[list[tuple[Paper, bytes]], Mapping[int, str]]:
    """The files that go in, and why others do not, by paper. Raises :class:`Refused`."""
    standing = [paper for paper in told.papers if paper.withdrawn_at is None]
    if sum(paper.file.size for paper in standing) > MOST_BYTES:
        raise Refused(f"文书合计超过{MOST_BYTES // 1024 // 1024} MB，一个证据包装不下。")
    loaded: list[tuple[Paper, bytes]] = []
    withheld: dict[int, str] = {}
    for paper in told.papers:
        if paper.withdrawn_at is not None:
            withheld[paper.pk] = f"已撤下：{paper.withdrawn_why}"
            continue
        if paper.kind in _INNER:
            withheld[paper.pk] = "属于仲裁副卷，不公开"
            continue
        try:
            data = files.read(paper.file)
        except files.FileDamaged as damage:
            raise Refused(f"{damage}请联系系统管理员从备份恢复后再出具。") from damage
        if told.reporter.known and contents.recognise(data) in doors.WHOLE:
            # addresses, headings and what lies in what lies within: not all of it can be searched
            withheld[paper.pk] = "邮件和压缩包里可能有反映人的信息"
            continue
        if _tells_who(paper, data, told):
            withheld[paper.pk] = "文件写有反映人的信息"
            continue
        loaded.append((paper, data))
    return loaded, withheld


def _tells_who(paper: Paper, data: bytes, told: MatterRead) -> bool:
    if paper.kind == _OF_REPORTER or (paper.kind == _OF_COMPLAINANT and told.reporter.known):
        return True
    return told.reporter.stands_in(paper.filename) or told.reporter.stands_in_file(data)


def _kept_back(told: MatterRead, withheld: Mapping[int, str]) -> tuple[int, int]:
    """How many of the papers that stand keep their file here for who told us, and how many as an inner file."""
    held = [paper for paper in told.papers if paper.withdrawn_at is None and paper.pk in withheld]
    inner = sum(paper.kind in _INNER for paper in held)
    return len(held) - inner, inner


def _document(paper: Paper, data: bytes, told: MatterRead, people: People) -> Document:
    title = told.law.document(paper.kind).name
    number = f"（{paper.number}）" if paper.number else ""
    about = people.signs_in(f"{paper.filename} {_text(data)}")
    return Document(paper.filename, f"{title}{number}", "application/octet-stream", data, about)


def _text(data: bytes) -> str:
    """The text of a plain file, to see whom it names; anything else is nobody's."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return ""
