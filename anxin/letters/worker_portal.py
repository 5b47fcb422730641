"""Letters served to a worker on the worker's own pages: placed there with the proof of service; each opening is kept.

Whose pages they are is shown by the number of the identity card, which the officer copies from the paper; the worker agreed to
electronic service in this matter (确认书), as for every electronic service.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from anxin.accounts.models import User
from anxin.evidence import journal
from anxin.evidence.sealing import finding_hash
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters import paper_copies, serving
from anxin.letters.life import Act, State
from anxin.letters.models import Letter, LetterAct, PaperRequest, WorkerCopy
from anxin.workforce.models import Worker
from anxin.workforce.signin import worker_actor

PLACE = "安薪手机页面“我的文书”"


def place(
    letter: Letter,
    *,
    id_number: str,
    receiver: str,
    target: str,
    by: User,
    now: dt.datetime,
    law: Law,
    expected_version: int,
) -> WorkerCopy:
    """Put the letter before one worker and record the service with its proof. Raises :class:`Refused`."""
    number = "".join(id_number.split()).upper()
    worker = Worker.objects.filter(id_hash=finding_hash("id", number)).first() if len(number) == 18 else None
    if worker is None:
        raise Refused(
            "花名册里没有这个身份证号的工人，他的手机上看不到文书，请核对号码，或者换一种送达方式。",
            field="id_number",
        )
    if worker.name != receiver.strip():
        raise Refused("这个身份证号不是受送达人的，请核对姓名和号码。", field="id_number")
    today = timezone.localdate(now)
    told = serving.Told(worker.name, "electronic", today, PLACE, str(by), target=target)
    with transaction.atomic():
        service = serving.serve(letter, told, by=by, now=now, law=law, expected_version=expected_version)
        return WorkerCopy.objects.create(letter=letter, worker=worker, service=service, placed_at=now)


def received(worker: Worker) -> QuerySet[WorkerCopy]:
    """What was put before this worker and nobody else, with what the page shows."""
    shown = WorkerCopy.objects.filter(worker=worker).select_related(
        "letter__office", "letter__matter", "letter__sealed_file", "service__proof__file"
    )
    return shown.prefetch_related("service__paper_requests")


def unread(worker: Worker) -> int:
    """How many of them nobody has opened yet; those that another letter has replaced do not count."""
    rows = WorkerCopy.objects.filter(worker=worker, first_opened_at=None)
    return rows.exclude(letter__state=State.REPLACED).count()


def ask_paper(copy: WorkerCopy, *, now: dt.datetime) -> PaperRequest:
    """The worker asks for the letter on paper. Raises :class:`Refused`."""
    return paper_copies.ask(copy.service, who=worker_actor(copy.worker), where="手机页面“我的文书”", now=now)


def opened(copy: WorkerCopy, *, now: dt.datetime) -> None:
    """The worker opened the letter: one row of its history and one entry of the journal, each time."""
    letter, who = copy.letter, worker_actor(copy.worker)
    with transaction.atomic():
        rows = WorkerCopy.objects.filter(pk=copy.pk)
        rows.filter(first_opened_at=None).update(first_opened_at=now)
        rows.update(times_opened=F("times_opened") + 1)
        LetterAct.objects.create(
            letter=letter, act=Act.OPENED, by=None, by_name=who.name[:80], at=now, note="在手机页面“我的文书”打开",
            from_state=letter.state, to_state=letter.state,
        )  # fmt: skip
        journal.record(
            actor=who, action="letter.opened", object_type="letter", object_id=letter.pk,
            summary=f"受送达的工人在手机页面打开{letter.number}", now=now, after={"worker_copy": copy.pk},
        )  # fmt: skip
