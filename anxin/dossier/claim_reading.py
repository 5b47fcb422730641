"""One worker's claim, read once: the person's own facts, and everybody's rows of what belongs together, to be withheld.

Whoever claims may be known to us as a worker of a roster, as a claimant of a clue, or as both (the same ID number).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from anxin.accounts.access import UNMASK, VIEW
from anxin.accounts.models import User
from anxin.agency.models import Confirmation, Objection, PayOrderLine, WorkerWord
from anxin.casework.access import visible_matters
from anxin.casework.models import Matter
from anxin.clues.access import visible_clues
from anxin.clues.masking import opened
from anxin.clues.models import Claimant, Clue, Telling
from anxin.clues.queries_claimants import Person, group_of, person_page
from anxin.contracts.models import Contract
from anxin.dossier import claim_arbitration, fact_rows
from anxin.dossier.case_reading import ArbitrationRead
from anxin.dossier.people import People
from anxin.dossier.reporter import reporter_of
from anxin.evidence.models import ImportBatch
from anxin.funds.models import BankReceipt, ReceiptMatch
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.letters.models import Letter
from anxin.mediation.access import visible_cases
from anxin.mediation.models import MediationCase, Party
from anxin.monitoring.access import visible_warnings
from anxin.monitoring.models import Warning
from anxin.payroll.models import PayrollLine
from anxin.referral.models import Conclusion, Recovered, Referral
from anxin.registry.access import visible_projects
from anxin.registry.models import Project
from anxin.workforce.models import AttendanceDay, AttendanceMonth, Enrolment, Worker


@dataclass(frozen=True)
class ClueTold:
    """One clue that the person stands in, with everybody of its list."""

    clue: Clue
    telling: Telling
    mine: Claimant
    people: list[Person]


class ClaimRead:
    """``user``: who hands it out and sees only what lies in the own scope; ``None`` is the operator."""

    def __init__(
        self, worker: Worker | None, claimant: Claimant | None, user: User | None, full: bool
    ) -> None:
        self.user, self.people = user, People(full)
        self.worker = worker
        self.claimants = _claimants(worker, claimant, user)
        if worker is None and not self.claimants:
            raise Refused("线索的人员名单里没有这个人，或者已经移出名单，请核对。")
        self.clues = [self._clue(one) for one in self.claimants]
        self.key = worker.id_hash if worker else f"claimant:{self.claimants[0].pk}"
        self.name, number = self._named()
        self.me = self.people.add(self.key, self.name, number)
        self.arbitrations = self._arbitrations()
        self.reporter = reporter_of(self._told())
        self._own_facts()
        self._of_clues()
        self.warnings = self._warnings()
        self.batches = self._batches()

    def _clue(self, mine: Claimant) -> ClueTold:
        clue = mine.clue
        page = person_page(clue, group_of(clue), limit=None)
        return ClueTold(clue, clue.tellings.get(superseded_at__isnull=True), mine, page.items)

    def _named(self) -> tuple[str, str]:
        if self.worker is not None:
            return self.worker.name, opened(self.worker.id_number)
        (mine,) = [one for one in self.clues[0].people if one.claimant.pk == self.claimants[0].pk]
        return opened(mine.particulars.name), opened(mine.particulars.id_number)

    def _own_facts(self) -> None:
        projects = self._projects(VIEW)
        mine = Q(worker=self.worker, project__in=projects)
        self.roster = list(
            Enrolment.objects.filter(mine)
            .select_related("worker", "employer", "project", "contract_file")
            .order_by("pk")
        )
        self.contracts = list(
            Contract.objects.filter(mine)
            .select_related("worker", "employer", "project", "file")
            .order_by("pk")
        )
        self.days = AttendanceDay.objects.filter(mine).select_related("project").order_by("day", "pk")
        self.months = AttendanceMonth.objects.filter(mine).select_related("project").order_by("month", "pk")
        own = PayrollLine.objects.filter(worker=self.worker, payroll__project__in=projects)
        self.own_lines = dict(own.values_list("pk", "payroll_id")) if self.worker else {}
        months = sorted(set(own.values_list("month", flat=True))) if self.worker else []
        # whole payrolls: the place of one line among the others can be proved
        self.lines = (
            PayrollLine.objects.filter(month__in=months, payroll_id__in=set(self.own_lines.values()))
            .select_related("payroll__project")
            .order_by("month", "payroll_id", "pk")
        )
        paid = ReceiptMatch.objects.filter(line_id__in=self.own_lines).exclude(
            state=ReceiptMatch.State.DENIED
        )
        named = Q(pk__in=paid.values("receipt_id"))
        if self.worker is not None:
            named |= Q(id_hash=self.worker.id_hash)
        self.receipts = list(
            BankReceipt.objects.filter(named, project__in=projects).select_related("project").order_by("pk")
        )
        self.matches = list(ReceiptMatch.objects.filter(line_id__in=self.own_lines).order_by("pk"))
        mine_of_run = Q(line__worker=self.worker, line__run__project__in=projects)
        self.agreed = Confirmation.objects.filter(mine_of_run)
        self.contested = Objection.objects.filter(mine_of_run)
        self.words = WorkerWord.objects.filter(mine)
        self.ordered = PayOrderLine.objects.filter(
            run_line__worker=self.worker, order__run__project__in=projects
        )

    def _of_clues(self) -> None:
        clues = [one.clue.pk for one in self.clues]
        keys = [one.pk for one in self.claimants]
        self.conclusions = list(
            Conclusion.objects.filter(clue__in=clues).select_related("clue").order_by("pk")
        )
        self.recovered = list(
            Recovered.objects.filter(clue__in=clues)
            .select_related("clue", "receipt", "document")
            .order_by("pk")
        )
        cases = visible_cases(self.user) if self.user else MediationCase.objects.all()
        self.parties = list(
            Party.objects.filter(claimant__in=keys, case__in=cases.order_by().values("pk"))
            .select_related("case__matter", "case__body", "case__mediator")
            .prefetch_related("case__stages__body", "shares__agreement", "shares__instalments__payments")
            .order_by("pk")
        )
        matters = visible_matters(self.user) if self.user else Matter.objects.all()
        reached = matters.filter(pk__in=Referral.objects.filter(clue__in=clues).values("matter")).order_by()
        found = Letter.objects.filter(matter__in=reached.values("pk")).select_related("matter", "sealed_file")
        letters = found.prefetch_related("acts", "services").order_by("pk") if clues else []
        self.letters = [one for one in letters if one.number and self.names_me(_words(one))]

    def _arbitrations(self) -> list[ArbitrationRead]:
        seen = visible_matters(self.user) if self.user else Matter.objects.all()
        return claim_arbitration.read(self.claimants, self.id_hash, self._projects(VIEW), seen)

    def _told(self) -> list[Telling]:
        """Every telling of the clues of the person, and of those behind the arbitrations: whoever told us stays inside."""
        clues = {one.clue.pk for one in self.clues}
        clues |= {
            one.claimant.clue_id for told in self.arbitrations for one in told.applicants if one.claimant
        }
        return list(Telling.objects.filter(clue__in=clues)) if clues else []

    @property
    def id_hash(self) -> str:
        """The keyed hash of the ID number, empty where none is known."""
        if self.worker is not None:
            return self.worker.id_hash
        return self.claimants[0].id_hash

    def _warnings(self) -> list[Warning]:
        if self.worker is None:
            return []
        seen = (
            visible_warnings(self.user)
            if self.user
            else Warning.objects.select_related("project", "employer")
        )
        mine = seen.filter(rows__worker_key=str(self.worker.pk)).distinct()
        return list(mine.select_related("sweep", "project", "employer").order_by("pk"))

    def _batches(self) -> dict[int, ImportBatch]:
        facts = [one.batch_id for found in (self.roster, self.receipts) for one in found]
        columns = [
            self.days.order_by().values_list("batch_id", flat=True).distinct(),
            self.months.order_by().values_list("batch_id", flat=True).distinct(),
            PayrollLine.objects.filter(pk__in=self.own_lines).values_list("batch_id", flat=True).distinct(),
        ]
        return fact_rows.batches_of(facts, *columns)

    def _projects(self, permission: str) -> list[int]:
        """The sites of this person that may be spoken of."""
        if self.worker is None:
            return []
        tied = Q(pk__in=PayrollLine.objects.filter(worker=self.worker).values("payroll__project"))
        for model in (Enrolment, AttendanceDay, AttendanceMonth):
            tied |= Q(pk__in=model.objects.filter(worker=self.worker).values("project"))
        seen = visible_projects(self.user, permission) if self.user else Project.objects.all()
        return list(seen.filter(tied).values_list("pk", flat=True))

    def open_projects(self) -> set[int]:
        """Where whole numbers, and so the files of contracts, may be handed out."""
        return set(self._projects(UNMASK)) if self.people.full else set()

    def names_me(self, text: str) -> bool:
        return self.name in text or mask_name(self.name) in text

    def others(self) -> dict[str, str]:
        """The other claimants' and applicants' names, each with what may stand in its place."""
        names = {
            opened(one.particulars.name)
            for told in self.clues
            for one in told.people
            if one.claimant.pk != told.mine.pk
        }
        names |= {opened(one.name) for told in self.arbitrations for one in told.applicants}
        return {name: mask_name(name) for name in names if len(name) > 1 and name != self.name}


def _claimants(worker: Worker | None, claimant: Claimant | None, user: User | None) -> list[Claimant]:
    """The person in every clue that may be seen: by the ID number, and the one that was asked for."""
    known = Q(pk=claimant.pk) if claimant else Q(pk__in=[])
    id_hash = worker.id_hash if worker else claimant.id_hash if claimant else ""
    if id_hash:
        known |= Q(id_hash=id_hash)
    found = Claimant.objects.filter(known, left_at__isnull=True).select_related(
        "clue__region", "clue__project"
    )
    if user is not None:
        found = found.filter(clue__in=visible_clues(user).order_by().values("pk"))
    return list(found.prefetch_related("clue__tellings").order_by("pk"))


def _words(letter: Letter) -> str:
    """What may name somebody: the words of the letter, and who received it."""
    served = " ".join(one.receiver for one in letter.services.all())
    return f"{opened(letter.fields)} {served}"
