"""What a package can be of, who may hand it out, and how it is made: a matter, a site's month, one worker's claim."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from django.db.models import QuerySet
from django.utils import timezone

from anxin.accounts.access import DECIDE, HANDLE, UNMASK, VIEW, actor, may_on
from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.clues.access import reaches
from anxin.clues.models import Claimant
from anxin.dossier import exporting, site_month, worker_claim
from anxin.dossier.claim_reading import ClaimRead
from anxin.dossier.handing import ACTION, REDACTED, Exported, journal, signed
from anxin.dossier.streams import Counter
from anxin.evidence.journal import Actor
from anxin.evidence.models import JournalEntry
from anxin.kernel.masking import mask_name
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law
from anxin.registry.access import find_visible
from anxin.registry.models import Project
from anxin.workforce.models import Worker
from anxin.workforce.queries import visible_worker

#: told while a package is made: how many rows are packed, of about how many
Tell = Callable[[int, int], None]


class Subject(Protocol):
    """One thing that packages are made of."""

    @property
    def what(self) -> str:
        """As a sentence names it."""

    @property
    def key(self) -> tuple[str, str]:
        """Kind and key by which the journal knows it."""

    @property
    def only(self) -> str:
        """The sentence for who may not hand it out."""

    def may(self, user: User) -> bool: ...
    def may_whole(self, user: User) -> bool: ...
    def pack(
        self, user: User | None, *, now: dt.datetime, law: Law, full: bool, tell: Tell | None
    ) -> Exported: ...


@dataclass(frozen=True)
class OfMatter:
    """A matter with everything about it."""

    matter: Matter
    only = "证据包由牵头单位的承办人或者领导出具，您没有这件事项的办理权限。"

    @property
    def what(self) -> str:
        return self.matter.number

    @property
    def key(self) -> tuple[str, str]:
        return "matter", str(self.matter.pk)

    def may(self, user: User) -> bool:
        return exporting.may_export(user, self.matter)

    def may_whole(self, user: User) -> bool:
        return exporting.may_export_whole(user, self.matter)

    def pack(
        self, user: User | None, *, now: dt.datetime, law: Law, full: bool, tell: Tell | None
    ) -> Exported:
        return exporting.pack_matter(self.matter, user=user, now=now, law=law, full=full)


@dataclass(frozen=True)
class OfSiteMonth:
    """One project and one wage month; ``project`` with region and responsible body at hand."""

    project: Project
    month: Month
    only = "证据包由能处置这个项目的监察员或者领导出具，您没有这项权限。"

    @property
    def what(self) -> str:
        return f"{self.project.name}（{self.project.code}）{self.month.chinese()}"

    @property
    def key(self) -> tuple[str, str]:
        return site_month.OBJECT, site_month.key_of(self.project, self.month)

    def may(self, user: User) -> bool:
        """Sees the project, and handles or decides on it."""
        handles = any(may_on(user, one, self.project) for one in (HANDLE, DECIDE))
        return handles and find_visible(user, self.project.pk) is not None

    def may_whole(self, user: User) -> bool:
        return self.may(user) and may_on(user, UNMASK, self.project)

    def pack(
        self, user: User | None, *, now: dt.datetime, law: Law, full: bool, tell: Tell | None
    ) -> Exported:
        told = site_month.SiteMonthRead(self.project, self.month, full)
        total = told.rows() if tell else 0
        counter = Counter((lambda done: tell(min(done, total), total)) if tell else None)
        contents, office = site_month.contents(told, now, timezone.localdate(now), counter)
        return signed(contents, office=office, name=f"{self.project.code}_{self.month}")


@dataclass(frozen=True)
class OfWorker:
    """What one worker claims: known by the roster, by a clue's list, or by both."""

    worker: Worker | None
    claimant: Claimant | None = None
    only = "证据包由能处置这名劳动者所在项目或线索的监察员或者领导出具，您没有这项权限。"

    @property
    def what(self) -> str:
        if self.claimant is not None:
            return f"{self.claimant.clue.number}第{self.claimant.number}号"
        return f"{mask_name(self.worker.name)}（内部编号{self.worker.pk}）" if self.worker else ""

    @property
    def key(self) -> tuple[str, str]:
        if self.claimant is not None:
            return "claimant", str(self.claimant.pk)
        return "worker", str(self.worker.pk) if self.worker else ""

    def may(self, user: User) -> bool:
        """Sees and works the clue, or a project of this worker."""
        return any(self._reached(user, one) for one in (HANDLE, DECIDE)) and self._reached(user, VIEW)

    def may_whole(self, user: User) -> bool:
        return self.may(user) and self._reached(user, UNMASK)

    def _reached(self, user: User, permission: str) -> bool:
        if self.claimant is not None:
            return reaches(user, permission, self.claimant.clue)
        return self.worker is not None and visible_worker(user, self.worker.pk, permission) is not None

    def pack(
        self, user: User | None, *, now: dt.datetime, law: Law, full: bool, tell: Tell | None
    ) -> Exported:
        told = ClaimRead(self.worker, self.claimant, user, full)
        total = told.lines.count() if tell else 0
        counter = Counter((lambda done: tell(min(done, total), total)) if tell else None)
        contents, office, left_out = worker_claim.contents(told, now, timezone.localdate(now), counter)
        name = (
            self.claimant.clue.number + f"_{self.claimant.number}"
            if self.claimant
            else f"劳动者{self.key[1]}"
        )
        return signed(contents, office=office, name=name, left_out=left_out)


def of_claimant(claimant: Claimant) -> OfWorker:
    """The claimant of a clue, with the worker of the same ID number where one is known."""
    known = Worker.objects.filter(id_hash=claimant.id_hash).first() if claimant.id_hash else None
    return OfWorker(known, claimant)


def asked(subject: Subject, by: User | Actor, full: bool, purpose: str) -> str:
    """The purpose as it is kept, once everything that may forbid the package was asked. Raises :class:`Refused`."""
    user = by if isinstance(by, User) else None
    if user is not None and not subject.may(user):
        raise Refused(subject.only)
    if full and user is not None and not subject.may_whole(user):
        raise Refused("您没有查看这里的人员完整信息的权限，只能出具隐去号码的证据包。", field="full")
    if not full:
        return ""
    return worded(
        purpose, "请写明为什么要装入完整的姓名和身份证号", field="purpose", more="，例如“移送法院立案”"
    )


def hand_out(
    subject: Subject, *, by: User | Actor, now: dt.datetime, law: Law, full: bool = False, purpose: str = ""
) -> Exported:
    """The signed package at once, journalled. ``by``: a person, whose rights are asked, or the operator.

    Raises :class:`Refused`.
    """
    purpose = asked(subject, by, full, purpose)
    user = by if isinstance(by, User) else None
    made = subject.pack(user, now=now, law=law, full=full, tell=None)
    noted(subject, made, by=by, now=now, full=full, purpose=purpose)
    return made


def noted(
    subject: Subject, made: Exported, *, by: User | Actor, now: dt.datetime, full: bool, purpose: str
) -> None:
    """The entry of the journal for a package of this."""
    kind, key = subject.key
    who = actor(by) if isinstance(by, User) else by
    journal(
        made, what=subject.what, object_type=kind, object_id=key, by=who, now=now, full=full, purpose=purpose
    )


def exports_of(subject: Subject) -> QuerySet[JournalEntry]:
    """The packages made of this, and those from which people were taken out, the latest first; as the journal has them."""
    kind, key = subject.key
    return JournalEntry.objects.filter(
        object_type=kind, object_id=key, action__in=(ACTION, REDACTED)
    ).order_by("-sequence")
