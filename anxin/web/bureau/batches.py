"""Which deliveries a person may see, and which they may act on.

A delivery belongs to its project's scope; ``evidence`` lies below the registry and cannot know that, so the
answer is given here. One without a registered project is seen by whoever brought it.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from anxin.accounts.access import IMPORT, VIEW, actor, may, may_on
from anxin.accounts.models import User
from anxin.arbitration.imports_applicants import KIND as APPLICANTS
from anxin.arbitration.models import ArbitrationCase
from anxin.clues.imports_claimants import KIND as CLAIMANTS
from anxin.clues.models import Clue
from anxin.evidence.models import ImportBatch
from anxin.referral.imports_payments import KIND as PAYMENTS
from anxin.registry.access import visible_projects
from anxin.registry.models import Project
from anxin.web.found import or_404

#: recognised and not yet decided on, or ended without a result
WAITING = (ImportBatch.State.RECOGNISED, ImportBatch.State.FAILED)


def visible_batches(user: User) -> QuerySet[ImportBatch]:
    """Deliveries for visible projects, and one's own."""
    return ImportBatch.objects.filter(
        Q(project_code__in=visible_projects(user, VIEW).values("code")) | Q(delivered_by=actor(user).key)
    )


def batch_or_404(user: User, pk: int) -> ImportBatch:
    return or_404(visible_batches(user).select_related("file").filter(pk=pk).first())


def waiting_batches(user: User) -> QuerySet[ImportBatch]:
    """Files waiting to be accepted by this person, newest first."""
    if not may(user, IMPORT):
        return ImportBatch.objects.none()
    return (
        visible_batches(user)
        .filter(
            Q(project_code__in=visible_projects(user, IMPORT).values("code"))
            | Q(delivered_by=actor(user).key),
            state__in=WAITING,
        )
        .order_by("-id")
    )


def project_of(batch: ImportBatch) -> Project | None:
    if not batch.project_code:
        return None
    return Project.objects.select_related("responsible").filter(code=batch.project_code).first()


def clue_of(batch: ImportBatch) -> Clue | None:
    """The clue whose people the delivery lists."""
    if batch.kind not in (CLAIMANTS, PAYMENTS):
        return None
    return Clue.objects.filter(number=batch.project_code).first()


#: kind of a list → the page on which it is chosen
LIST_PAGES = {CLAIMANTS: "claimants", PAYMENTS: "claimants-paid", APPLICANTS: "arbitration-case"}


def list_of(batch: ImportBatch) -> Clue | ArbitrationCase | None:
    """The clue or the arbitration whose people the delivery lists."""
    if batch.kind == APPLICANTS:
        return ArbitrationCase.objects.filter(matter__number=batch.project_code).first()
    return clue_of(batch)


def may_act(user: User, batch: ImportBatch, project: Project | None) -> bool:
    """Whether this person may accept, mend or give up the delivery."""
    if project is None:
        return batch.delivered_by == actor(user).key and may(user, IMPORT)
    return may_on(user, IMPORT, project)
