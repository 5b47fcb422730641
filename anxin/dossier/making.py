"""A package asked for by a person and made by the worker: told how far it is, journalled exactly once, fetched by its maker."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.dossier import keeping, redacting
from anxin.dossier.handing import Exported
from anxin.dossier.models import EvidencePackage
from anxin.dossier.subjects import OfMatter, OfSiteMonth, OfWorker, Subject, Tell, asked, noted, of_claimant
from anxin.evidence.journal import record
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.proof import WrongContents
from anxin.proof.container import BrokenContainer

_log = logging.getLogger(__name__)
_BUSY = (EvidencePackage.State.WAITING, EvidencePackage.State.RUNNING)
#: seconds between two notes of how far it is
_PAUSE = 0.5
_OF = (
    "asked_by", "source", "matter__region", "matter__lead", "matter__handler", "matter__project", "matter__employer", "matter__follows",
    "project__region", "project__responsible", "worker", "claimant__clue__region", "claimant__clue__project__responsible",
)  # fmt: skip


def ask(
    subject: Subject, *, by: User, now: dt.datetime, full: bool = False, purpose: str = ""
) -> EvidencePackage:
    """Queue it. Asked again by the same person while it is being made, it is the same one. Raises :class:`Refused`."""
    purpose = asked(subject, by, full, purpose)
    return _queue({**_columns(subject), "full": full, "purpose": purpose, "source": None}, by, now)


def ask_without(
    source: EvidencePackage, *, people: Sequence[str], reason: str, recipient: str, by: User, now: dt.datetime
) -> EvidencePackage:
    """Queue another one without these people (``P3``), for ``recipient`` to read; the source stays as it is.

    Asked by whoever made the source and may still hand it out. Raises :class:`Refused`.
    """
    data, subject = opened(source, by), subject_of(source)
    without = redacting.wanted(data, people, reason, recipient, subject)
    same = {"full": source.full, "purpose": source.purpose, "source": source}
    return _queue({**_columns(subject), **same, **without}, by, now)


def _queue(wanted: dict[str, Any], by: User, now: dt.datetime) -> EvidencePackage:
    from anxin.dossier.tasks import make_package_task

    keeping.drop_old(now)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # two clicks of one person come one after the other
        mine = EvidencePackage.objects.filter(asked_by=by, state__in=_BUSY, **wanted)
        found = mine.order_by("-pk").first()
        if found is None:
            found = EvidencePackage.objects.create(asked_by=by, asked_at=now, **wanted)
            make_package_task.enqueue(found.pk)
    return found


def run(pk: int, *, now: dt.datetime, law: Law) -> EvidencePackage:
    """Make it, unless it is made; what cannot be is kept as a sentence.

    May be begun again after a worker was killed: the file has a name of its own each time, and the entry of the
    journal, the name and the state come in one transaction, which only the first of several reaches.
    """
    package = find(pk)
    if package is None or not package.busy:
        return EvidencePackage.objects.get(pk=pk)
    EvidencePackage.objects.filter(pk=pk, state__in=_BUSY).update(state=EvidencePackage.State.RUNNING, done=0)
    subject, by = subject_of(package), package.asked_by
    try:
        # the rights may have gone while it waited
        asked(subject, by, package.full, package.purpose)
        made = _made(package, subject, now, law)
    except (Refused, WrongContents, BrokenContainer) as problem:
        _failed(pk, str(problem), now)
    except Exception:
        _failed(pk, "做证据包时系统出错，没有出具；请稍后再试，仍不成功请联系管理员。", now)
        _log.exception("making evidence package %s failed", pk)
        raise
    else:
        _finish(package, subject, made, now)
    return EvidencePackage.objects.get(pk=pk)


def fetch(package: EvidencePackage, *, by: User, now: dt.datetime) -> bytes:
    """The finished file for whoever asked for it and may still hand it out; journalled. Raises :class:`Refused`."""
    data, subject = opened(package, by), subject_of(package)
    kind, key = subject.key
    record(
        actor=actor(by), action="evidence.fetched", object_type=kind, object_id=key,
        summary=f"下载{subject.what}的证据包", now=now, after={"package": package.pk, "size": package.size},
    )  # fmt: skip
    return data


def opened(package: EvidencePackage, by: User) -> bytes:
    """The finished file, to be worked with; its rights are asked. Raises :class:`Refused`."""
    if by.pk != package.asked_by_id or package.state != EvidencePackage.State.DONE:
        raise Refused("证据包只能由出具的人下载、隐去某人，做好以后才可以。")
    asked(subject_of(package), by, package.full, package.purpose)
    return keeping.read(package)


def kept(subject: Subject, by: User) -> QuerySet[EvidencePackage]:
    """Finished packages of this that the person can still fetch, the latest first."""
    mine = EvidencePackage.objects.filter(asked_by=by, state=EvidencePackage.State.DONE, **_columns(subject))
    return mine.exclude(kept_as="").order_by("-pk")


def find(pk: int) -> EvidencePackage | None:
    """One package with what its subject needs; one query."""
    return EvidencePackage.objects.select_related(*_OF).filter(pk=pk).first()


def subject_of(package: EvidencePackage) -> Subject:
    """Of what it is."""
    if package.matter is not None:
        return OfMatter(package.matter)
    if package.project is not None:
        return OfSiteMonth(package.project, Month.parse(package.month))
    return of_claimant(package.claimant) if package.claimant is not None else OfWorker(package.worker)


def _made(package: EvidencePackage, subject: Subject, now: dt.datetime, law: Law) -> Exported:
    """From the records; or from a finished package, without those who are to go. Raises :class:`Refused`."""
    if package.source is not None:
        return redacting.made(package, keeping.read(package.source), now)
    return subject.pack(package.asked_by, now=now, law=law, full=package.full, tell=_teller(package.pk))


def _columns(subject: Subject) -> dict[str, Any]:
    if isinstance(subject, OfMatter):
        return {"matter": subject.matter}
    if isinstance(subject, OfSiteMonth):
        return {"project": subject.project, "month": str(subject.month)}
    assert isinstance(subject, OfWorker)
    return {"claimant": subject.claimant} if subject.claimant else {"worker": subject.worker}


def _finish(package: EvidencePackage, subject: Subject, made: Exported, now: dt.datetime) -> None:
    name = keeping.keep(made.content)
    with transaction.atomic():
        locked = EvidencePackage.objects.select_for_update().get(pk=package.pk)
        first = locked.busy
        if first:
            _noted(package, subject, made, now)
            locked.state, locked.finished_at = EvidencePackage.State.DONE, now
            locked.filename, locked.left_out = made.filename, made.left_out
            locked.kept_as, locked.size, locked.done = name, len(made.content), locked.total
            locked.save()
    if not first:
        keeping.drop(name)


def _noted(package: EvidencePackage, subject: Subject, made: Exported, now: dt.datetime) -> None:
    if package.source is not None:
        redacting.noted(package, subject, made, now)
    else:
        noted(subject, made, by=package.asked_by, now=now, full=package.full, purpose=package.purpose)


def _failed(pk: int, sentence: str, now: dt.datetime) -> None:
    EvidencePackage.objects.filter(pk=pk, state__in=_BUSY).update(
        state=EvidencePackage.State.FAILED, problem=sentence[:300], finished_at=now
    )


def _teller(pk: int) -> Tell:
    due = 0.0

    def tell(done: int, total: int) -> None:
        nonlocal due
        if (clock := time.monotonic()) >= due:
            due = clock + _PAUSE
            EvidencePackage.objects.filter(pk=pk).update(done=done, total=total)

    return tell
