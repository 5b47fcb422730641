"""One worker's claim as contents of a package. Others' rows of the same payroll, list or warning keep their place and hash."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import anxin
from anxin.dossier import (
    agency_rows,
    claim_arbitration,
    claim_tables,
    fact_rows,
    file_tables,
    journal_rows,
    officer_table,
    risk_tables,
)
from anxin.dossier.basis_tables import journal_table, left_out_words
from anxin.dossier.claim_reading import ClaimRead
from anxin.dossier.matter_tables import facts
from anxin.dossier.office import office_at
from anxin.dossier.showing import yuan
from anxin.dossier.streams import CHUNK, Counter, filled
from anxin.evidence.models import StoredFile
from anxin.kernel.refusal import Refused
from anxin.monitoring.models import WarningRow
from anxin.proof import Contents, Document, Table
from anxin.proof.contents import ABOUT, WITHHELD
from anxin.registry.models import Organisation

WHY = f"只交出本人的行；其他劳动者的行不交出，哈希留在链中。{journal_rows.WHY}"
_OTHERS = "文件里有其他人的行，不装入"
#: whose words may tell who told us, and name other claimants
_WORDS = ("t09", "t11", "t13", "t14", "t15", *(f"t{number}" for number in range(23, 34)))


def contents(told: ClaimRead, now: dt.datetime, on: dt.date, counter: Counter) -> tuple[Contents, str, str]:
    """Everything of the claim, in whose name it is given, and what stayed here. Raises :class:`Refused`."""
    code, responsible = _place(told)
    office = office_at(code, responsible)
    sources = fact_rows.Sources(told.batches)
    others = told.others()
    masked = others if told.people.full else others | {told.name: told.me.name}
    listed = [
        _who(told, office),
        *_worked(told, sources),
        *_paid(told, sources),
        *(_scrubbed(table, told, masked) for table in claim_tables.tables(told)),
        *_warned(told),
        file_tables.delivered(told.batches.values(), "t19_files", _OTHERS),
        *_agency(told),
        *(
            _scrubbed(table, told, masked)
            for table in claim_arbitration.tables(told.arbitrations, told.claimants, told.id_hash, told.me)
        ),
    ]
    logged, left = journal_rows.rows(
        journal_rows.entries(_objects(told)),
        told.people,
        lambda text: told.reporter.stands_in(text) or any(name in text for name in others),
    )
    listed.append(officer_table.table("t22_officers", logged, told.people))
    listed += [journal_table(logged), told.people.table()]
    left_out = left_out_words(left, 0)
    subject = {
        "劳动者": told.me.name,
        "出具单位": office,
        "其他劳动者": WHY,
        "人员信息": "本人的姓名和身份证号完整"
        if told.people.full
        else "姓名和身份证号已隐去一部分，合同文件没有装入",
    }
    if told.clues:
        subject["线索编号"] = "、".join(one.clue.number for one in told.clues)
    if left_out:
        subject["没有装入的"] = left_out
    return (
        Contents(
            title=f"{told.me.name}的欠薪证据包",
            subject=subject,
            as_of=on,
            made_at=now,
            made_by=office,
            product=f"安薪 {anxin.__version__}",
            tables=list(filled(listed, counter)),
            documents=_documents(told),
            withheld=WHY,
        ),
        office,
        left_out,
    )


def _place(told: ClaimRead) -> tuple[str, Organisation | None]:
    """Where the claim is: of the last site that is known, else of the clue."""
    site = max(told.roster, key=lambda one: one.pk).project if told.roster else None
    if site is None and told.own_lines:
        line = told.lines.filter(pk__in=told.own_lines).last()
        site = line.payroll.project if line else None
    if site is not None:
        return site.region_id, site.responsible
    if told.clues:
        clue = told.clues[0].clue
        return clue.region_id, clue.project.responsible if clue.project else None
    raise Refused("辖区内没有这名劳动者的用工、工资或线索，没有可以出具的。")


def _who(told: ClaimRead, office: str) -> Table:
    current = told.lines.filter(pk__in=told.own_lines, superseded_at__isnull=True)
    promised = sum(current.values_list("net_fen", flat=True))
    rows = [
        ("劳动者", f"{told.me.sign} {told.me.name} {told.me.id_number}".strip()),
        ("出具单位", office),
        ("工地", "、".join(dict.fromkeys(one.project.name for one in told.roster))),
        ("现行工资表实发合计（元）", yuan(promised) if told.own_lines else ""),
        ("线索", "、".join(f"{one.clue.number} 第{one.mine.number}号" for one in told.clues)),
    ]
    return facts("t01_worker", "劳动者", rows)


def _worked(told: ClaimRead, sources: fact_rows.Sources) -> Iterator[Table]:
    people, key = told.people, told.key
    yield Table(
        "t02_roster",
        "花名册上的登记",
        fact_rows.ROSTER,
        [fact_rows.roster(one, sources, people) for one in told.roster],
    )
    yield Table(
        "t03_contracts",
        "劳动合同",
        fact_rows.CONTRACTS,
        [fact_rows.contract(one, people) for one in told.contracts],
    )
    yield Table(
        "t04_attendance", "考勤", fact_rows.DAYS,
        (fact_rows.attended(one, key, one.project.name, sources, people) for one in told.days.iterator(chunk_size=CHUNK)),
    )  # fmt: skip
    yield Table(
        "t05_attendance_months", "只报了合计的出勤", fact_rows.MONTHS,
        [fact_rows.attended_month(one, key, one.project.name, sources, people) for one in told.months],
    )  # fmt: skip


def _paid(told: ClaimRead, sources: fact_rows.Sources) -> Iterator[Table]:
    people = told.people
    yield Table("t06_payroll", "工资表，含被替换的各版", fact_rows.LINES, _lines(told, sources))
    yield Table(
        "t07_receipts", "银行发放结果", fact_rows.RECEIPTS,
        [fact_rows.receipt(one, told.key, one.project.name, sources, people) for one in told.receipts],
    )  # fmt: skip
    yield Table(
        "t08_matches", "流水与工资行的匹配", fact_rows.MATCHES, [fact_rows.match(one) for one in told.matches]
    )


def _agency(told: ClaimRead) -> Iterator[Table]:
    said = agency_rows.answers(told.agreed, told.contested, told.words, told.people)
    yield Table("t20_answers", "本人对工资表和考勤的答复", agency_rows.ANSWERS, said)
    orders = agency_rows.ordered(told.ordered, told.people)
    yield Table("t21_orders", "代发明细和银行答复", agency_rows.ORDERS, orders)


def _lines(told: ClaimRead, sources: fact_rows.Sources) -> Iterator[dict[str, Any]]:
    me = {ABOUT: [told.me.sign], "sign": told.me.sign, "name": told.me.name}
    for one in told.lines.iterator(chunk_size=CHUNK):
        row = fact_rows.promised(one, one.payroll.project.name)
        if one.pk in told.own_lines:
            yield {**me, **row, **sources.of(one)}
        else:
            yield {"person": one.person_key, **row, WITHHELD: True}


def _warned(told: ClaimRead) -> Iterator[Table]:
    if told.worker is None:
        return
    mine = str(told.worker.pk)
    rows = WarningRow.objects.filter(warning__in=[one.pk for one in told.warnings])
    yield risk_tables.warnings(told.warnings, "t16_warnings")
    yield risk_tables.parameters(told.warnings, "t17_parameters")
    yield risk_tables.evidence(rows, {mine: told.key}, told.people, "t18_evidence", only=mine)


def _scrubbed(table: Table, told: ClaimRead, names: dict[str, str]) -> Table:
    """The table without whoever told us, and with these names masked; tables of people stay as they are."""
    if not table.slug.startswith(_WORDS):
        return table
    rows = [
        {
            name: value if name == ABOUT else _masked(told.reporter.scrubbed(value), names)
            for name, value in row.items()
        }
        for row in table.rows
    ]
    return Table(table.slug, table.title, table.columns, rows)


def _masked(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, str):
        for name, shown in names.items():
            value = value.replace(name, shown)
    return value


def _documents(told: ClaimRead) -> list[Document]:
    """The person's own contracts, where whole numbers may leave."""
    if not told.people.full:
        return []
    allowed = told.open_projects()
    found: list[tuple[StoredFile, str, str]] = [
        (one.contract_file, one.contract_file.name, f"{one.project.name}的劳动合同")
        for one in told.roster
        if one.contract_file and one.project_id in allowed
    ]
    found += [
        (one.file, f"{one.number}.pdf", f"{one.project.name}的劳动合同 {one.number}")
        for one in told.contracts
        if one.file and one.project_id in allowed
    ]
    return file_tables.documents(found, [told.me.sign])


def _objects(told: ClaimRead) -> dict[str, list[str]]:
    """What the journal is asked about: the own records, matches and answers, the clues, the warnings that count the person."""
    return {
        "worker": [str(told.worker.pk)] if told.worker else [],
        "enrolment": [str(one.pk) for one in told.roster],
        "contract": [str(one.pk) for one in told.contracts],
        "receipt_match": [str(one.pk) for one in told.matches],
        "worker_word": journal_rows.keys(told.words),
        "run_line": sorted(
            {*journal_rows.keys(told.agreed, "line_id"), *journal_rows.keys(told.contested, "line_id")}
        ),
        "clue": [str(one.clue.pk) for one in told.clues],
        "claimant": [str(one.pk) for one in told.claimants],
        "warning": [str(one.pk) for one in told.warnings],
        "arbitration_case": [str(one.case.pk) for one in told.arbitrations],
    }
