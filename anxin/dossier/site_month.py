"""One site's month: who was there, who worked, what was promised, what arrived, what was warned of, and the files behind it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q

import anxin
from anxin.agency.models import Confirmation, Objection, PayOrderLine, RunLine, RunStep, WorkerWord
from anxin.clues.masking import opened
from anxin.dossier import agency_rows, fact_rows, file_tables, journal_rows, officer_table, risk_tables
from anxin.dossier.basis_tables import journal_table
from anxin.dossier.matter_tables import facts
from anxin.dossier.money_tables import Money
from anxin.dossier.office import office_at
from anxin.dossier.people import People
from anxin.dossier.showing import day, yuan
from anxin.dossier.streams import CHUNK, Counter, filled
from anxin.evidence.models import ImportBatch
from anxin.funds.models import BankReceipt, ReceiptMatch
from anxin.kernel.months import Month
from anxin.monitoring.models import Gap, Warning, WarningEvent, WarningRow
from anxin.payroll.models import Payroll, PayrollLine
from anxin.proof import Contents, Table
from anxin.registry.models import Project
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment, Worker

#: what the journal calls a site's month
OBJECT = "site_month"
_WITHOUT = "文件里有完整的姓名和号码，只在完整装入时装入"


def key_of(project: Project, month: Month) -> str:
    """By which the journal finds the packages of this site and month."""
    return f"{project.pk}:{month}"


class SiteMonthRead:
    """What a package of a site's month is made of. Long tables stay questions until their rows are packed."""

    def __init__(self, project: Project, month: Month, full: bool) -> None:
        self.project, self.month, self.people = project, month, People(full)
        first, last = month.first_day, month.last_day
        self.payrolls = list(Payroll.objects.filter(project=project, month=str(month)))
        keys = [one.pk for one in self.payrolls]
        there = (Q(entry__isnull=True) | Q(entry__lte=last)) & (Q(exit__isnull=True) | Q(exit__gte=first))
        self.roster = Enrolment.objects.filter(there, project=project).order_by("pk")
        self.days = AttendanceDay.objects.filter(project=project, day__range=(first, last)).order_by(
            "day", "pk"
        )
        self.months = AttendanceMonth.objects.filter(project=project, month=str(month)).order_by("pk")
        self.lines = PayrollLine.objects.filter(month=str(month), payroll_id__in=keys).order_by("pk")
        of_month = Q(month=str(month)) | Q(
            matches__line__month=str(month), matches__line__payroll_id__in=keys
        )
        self.receipts = BankReceipt.objects.filter(of_month, project=project).distinct().order_by("pk")
        self.matches = ReceiptMatch.objects.filter(
            line__month=str(month), line__payroll_id__in=keys
        ).order_by("pk")
        standing = Q(month="", first_seen__lte=last) & (Q(cleared_on__isnull=True) | Q(cleared_on__gte=first))
        self.warnings = list(
            Warning.objects.filter(Q(month=str(month)) | standing, project=project)
            .select_related("sweep", "project", "employer")
            .order_by("pk")
        )
        missing = Q(month="", first_seen__lte=last) & (Q(closed_on__isnull=True) | Q(closed_on__gte=first))
        self.gaps = Gap.objects.filter(Q(month=str(month)) | missing, project=project)
        self.money = Money(project, month)
        self._agency(first, last)
        self.workers = self._workers()
        self.payees = self._payees()
        self.batches = self._batches()

    def _agency(self, first: dt.date, last: dt.date) -> None:
        """The month's way to the bank: steps of its payroll runs, the workers' answers, the orders' lines."""
        of_run = Q(run__project=self.project, run__month=str(self.month))
        of_line = Q(line__run__project=self.project, line__run__month=str(self.month))
        self.run_lines = RunLine.objects.filter(of_run)
        self.steps = RunStep.objects.filter(of_run)
        self.agreed = Confirmation.objects.filter(of_line)
        self.contested = Objection.objects.filter(of_line)
        said_of = Q(promise__in=self.lines.order_by().values("pk")) | Q(day__range=(first, last))
        self.words = WorkerWord.objects.filter(said_of, project=self.project)
        self.ordered = PayOrderLine.objects.filter(
            order__run__project=self.project, order__run__month=str(self.month)
        )

    def rows(self) -> int:
        """How many rows the long tables have: what the progress is measured by."""
        long = (self.roster, self.days, self.months, self.lines, self.receipts, self.ordered)
        return sum(one.count() for one in long)

    def _workers(self) -> dict[int, str]:
        """Everybody of the month, added to the people in the order of their numbers; their key by number."""
        ties = [
            found.order_by().values("worker_id")
            for found in (self.roster, self.days, self.months, self.lines, self.run_lines, self.words)
        ]
        anywhere = Q()
        for tie in ties:
            anywhere |= Q(pk__in=tie)
        keys: dict[int, str] = {}
        for one in Worker.objects.filter(anywhere).order_by("pk").iterator(chunk_size=CHUNK):
            self.people.add(one.id_hash, one.name, opened(one.id_number))
            keys[one.pk] = one.id_hash
        return keys

    def _payees(self) -> dict[int, str]:
        """Whose money each receipt is: of the line it pays, of the ID number in it, else of whoever is named.

        With those whom only a payroll names: they too must be known before the table of people is written.
        """
        for name in self.lines.filter(worker__isnull=True).values_list("name", flat=True):
            self.people.add(f"name:{name}", name)
        of_line = dict(self.lines.order_by("pk").values_list("pk", "worker_id"))
        paid = dict(
            self.matches.exclude(state=ReceiptMatch.State.DENIED).values_list("receipt_id", "line_id")
        )
        known = set(self.workers.values())
        keys: dict[int, str] = {}
        for pk, id_hash, name in self.receipts.values_list("pk", "id_hash", "payee_name"):
            worker = self.workers.get(of_line.get(paid.get(pk, 0)) or 0)
            keys[pk] = worker or (id_hash if id_hash in known else f"name:{name}")
            self.people.add(keys[pk], name)
        return keys

    def _batches(self) -> dict[int, ImportBatch]:
        long = (self.roster, self.days, self.months, self.lines, self.receipts)
        columns = [found.order_by().values_list("batch_id", flat=True).distinct() for found in long]
        behind = fact_rows.batches_of(*columns, self.money.batch_ids())
        of_month = ImportBatch.objects.filter(project_code=self.project.code, month=str(self.month))
        return behind | {one.pk: one for one in of_month.select_related("file")}


def contents(told: SiteMonthRead, now: dt.datetime, on: dt.date, counter: Counter) -> tuple[Contents, str]:
    """Everything of the month, and in whose name it is given. Raises :class:`Refused`."""
    project, month, people = told.project, told.month, told.people
    office = office_at(project.region_id, project.responsible)
    sources = fact_rows.Sources(told.batches)
    listed = [
        _site(told, office),
        _participants(project),
        *_worked(told, sources),
        *_paid(told, sources),
        *told.money.tables(sources, people),
        *_warned(told),
        file_tables.delivered(told.batches.values(), "t18_files", "" if people.full else _WITHOUT),
        *_agency(told),
    ]
    logged, _ = journal_rows.rows(journal_rows.entries(_objects(told)), people)
    listed += [officer_table.table("t22_officers", logged, people), journal_table(logged), people.table()]
    packed = [
        (one.file, one.filename, f"交来的文件（{one.delivered_by_name}）") for one in told.batches.values()
    ]
    return (
        Contents(
            title=f"{project.name}{month.chinese()}证据包",
            subject={
                "工程项目": f"{project.name}（{project.code}）",
                "工资月份": str(month),
                "出具单位": office,
                "人员信息": "姓名和身份证号完整"
                if people.full
                else "姓名和身份证号已隐去一部分，交来的文件没有装入",
            },
            as_of=on,
            made_at=now,
            made_by=office,
            product=f"安薪 {anxin.__version__}",
            tables=list(filled(listed, counter)),
            documents=file_tables.documents(packed) if people.full else [],
            withheld=journal_rows.WHY,
        ),
        office,
    )


def _site(told: SiteMonthRead, office: str) -> Table:
    project, month = told.project, told.month
    promised = sum(
        one for one in told.lines.filter(superseded_at__isnull=True).values_list("net_fen", flat=True)
    )
    rows = [
        ("项目", f"{project.name}（{project.code}）"),
        ("地区", str(project.region)),
        ("主管单位", project.responsible.name if project.responsible else ""),
        ("出具单位", office),
        ("工资月份", month.chinese()),
        ("约定发薪日", f"{'当月' if not project.pay_month_offset else '次月'}{project.pay_day}日" if project.pay_day else ""),
        ("施工许可证", f"{project.permit_number} {day(project.permit_on)}".strip()),
        ("开工", day(project.commencement)),
        ("竣工", day(project.completion)),
        ("工资表首次收到", "、".join(f"{one.first_recorded_at:%Y-%m-%d}" for one in told.payrolls)),
        ("现行工资表实发合计（元）", yuan(promised) if told.payrolls else "这个月没有收到工资表"),
    ]  # fmt: skip
    return facts("t01_site", "项目和月份", rows)


def _participants(project: Project) -> Table:
    columns = {"role": "身份", "name": "单位", "uscc": "统一社会信用代码"}
    rows = [
        {"role": one.get_role_display(), "name": one.employer.name, "uscc": one.employer.uscc}
        for one in project.participations.select_related("employer").order_by("pk")
    ]
    return Table("t02_participants", "参建单位", columns, rows)


def _worked(told: SiteMonthRead, sources: fact_rows.Sources) -> Iterator[Table]:
    people, keys, name = told.people, told.workers, told.project.name
    roster = told.roster.select_related("worker", "employer", "project")
    yield Table(
        "t03_roster", "花名册", fact_rows.ROSTER,
        (fact_rows.roster(one, sources, people) for one in roster.iterator(chunk_size=CHUNK)),
    )  # fmt: skip
    yield Table(
        "t04_attendance", "考勤", fact_rows.DAYS,
        (
            fact_rows.attended(one, keys[one.worker_id], name, sources, people)
            for one in told.days.iterator(chunk_size=CHUNK)
        ),
    )  # fmt: skip
    yield Table(
        "t05_attendance_months", "只报了合计的出勤", fact_rows.MONTHS,
        (
            fact_rows.attended_month(one, keys[one.worker_id], name, sources, people)
            for one in told.months.iterator(chunk_size=CHUNK)
        ),
    )  # fmt: skip


def _paid(told: SiteMonthRead, sources: fact_rows.Sources) -> Iterator[Table]:
    people, name = told.people, told.project.name
    lines = told.lines.select_related("worker").iterator(chunk_size=CHUNK)
    yield Table(
        "t06_payroll", "工资表，含被替换的各版", fact_rows.LINES,
        (fact_rows.line(one, name, sources, people) for one in lines),
    )  # fmt: skip
    yield Table(
        "t07_receipts", "银行发放结果", fact_rows.RECEIPTS,
        (
            fact_rows.receipt(one, told.payees[one.pk], name, sources, people)
            for one in told.receipts.iterator(chunk_size=CHUNK)
        ),
    )  # fmt: skip
    matches = told.matches.iterator(chunk_size=CHUNK)
    yield Table(
        "t08_matches", "流水与工资行的匹配", fact_rows.MATCHES, (fact_rows.match(one) for one in matches)
    )


def _agency(told: SiteMonthRead) -> Iterator[Table]:
    people = told.people
    yield Table("t19_runs", "代发工资的办理经过", agency_rows.STEPS, agency_rows.steps(told.steps))
    said = agency_rows.answers(told.agreed, told.contested, told.words, people)
    yield Table("t20_answers", "工人对工资表和考勤的答复", agency_rows.ANSWERS, said)
    orders = agency_rows.ordered(told.ordered, people)
    yield Table("t21_orders", "代发明细和银行答复", agency_rows.ORDERS, orders)


def _warned(told: SiteMonthRead) -> Iterator[Table]:
    keys = [one.pk for one in told.warnings]
    workers = {str(pk): key for pk, key in told.workers.items()}
    events = WarningEvent.objects.filter(warning__in=keys).order_by("pk")
    yield risk_tables.warnings(told.warnings, "t13_warnings")
    yield risk_tables.parameters(told.warnings, "t14_parameters")
    yield risk_tables.evidence(
        WarningRow.objects.filter(warning__in=keys), workers, told.people, "t15_evidence"
    )
    yield risk_tables.handling(events, "t16_handling")
    yield risk_tables.gaps(told.gaps.select_related("sweep").order_by("pk"), "t17_gaps")


def _objects(told: SiteMonthRead) -> dict[str, list[str]]:
    """What the journal is asked about: the deliveries, payroll, runs, orders, matches, answers, warnings, and the month's packages."""
    return {
        "import_batch": [str(pk) for pk in told.batches],
        "payroll": [str(one.pk) for one in told.payrolls],
        "warning": [str(one.pk) for one in told.warnings],
        "payroll_run": journal_rows.keys(told.run_lines, "run_id"),
        "run_line": journal_rows.keys(told.run_lines),
        "payorder": journal_rows.keys(told.ordered, "order_id"),
        "receipt_match": journal_rows.keys(told.matches),
        "worker_word": journal_rows.keys(told.words),
        OBJECT: [key_of(told.project, told.month)],
    }
