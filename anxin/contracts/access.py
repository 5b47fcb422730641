"""Whose contracts somebody sees: a clerk those of the own employer, an officer those of the sites in scope, a worker the own."""

from __future__ import annotations

from django.db.models import QuerySet

from anxin.accounts.access import HANDLE, VIEW, employers_of, may_on
from anxin.accounts.models import User
from anxin.contracts.models import Contract, ContractBatch, ContractText
from anxin.registry.access import own_employers, visible_projects
from anxin.registry.models import Employer
from anxin.workforce.models import Worker

#: what a worker never sees: not sent yet, or never sent
_UNSENT = (Contract.State.WAITING, Contract.State.DRAFTED, Contract.State.FAILED)


def clerk_contracts(user: User) -> QuerySet[Contract]:
    """The contracts of the employers this person works for; the general contractor does not see a subcontractor's."""
    return Contract.objects.filter(employer__uscc__in=employers_of(user))


def clerk_batches(user: User) -> QuerySet[ContractBatch]:
    return ContractBatch.objects.filter(employer__uscc__in=employers_of(user))


def clerk_texts(user: User) -> QuerySet[ContractText]:
    return ContractText.objects.filter(employer__in=own_employers(user), withdrawn_at__isnull=True)


def visible_contracts(user: User, permission: str = VIEW) -> QuerySet[Contract]:
    """The contracts of the sites on which an officer has the permission."""
    return Contract.objects.filter(project__in=visible_projects(user, permission))


def worker_contracts(worker: Worker) -> QuerySet[Contract]:
    """What was sent to this worker."""
    return Contract.objects.filter(worker=worker, sent_at__isnull=False).exclude(state__in=_UNSENT)


def may_act_for(user: User, employer: Employer) -> bool:
    """Whether this person makes, seals and ends contracts of the employer."""
    return employer.uscc in employers_of(user)


def may_attend(user: User, contract: Contract) -> bool:
    """Whether this person may help a worker to sign at a counter: the employer's own clerk, an officer of the site."""
    return may_act_for(user, contract.employer) or may_on(user, HANDLE, contract.project)
