"""A matter that goes on in another procedure: mediation, inspection, arbitration, without entering anything twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from anxin.accounts.access import DECIDE, HANDLE, actor
from anxin.accounts.models import User
from anxin.casework.access import acts_on, visible_matters
from anxin.casework.flow import locked
from anxin.casework.models import Document, Matter
from anxin.casework.services import open_matter
from anxin.evidence import journal
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.law.procedures import Procedure
from anxin.law.successions import Succession


@dataclass(frozen=True)
class Successor:
    """A procedure that may be begun from a matter, with when and by which articles."""

    table: Procedure
    says: str
    articles: Sequence[str]


@dataclass(frozen=True)
class Chain:
    """The matters before and after, as far as somebody may see them, and what may be begun from here."""

    before: Matter | None
    after: Sequence[Matter]
    successors: Sequence[Successor]


def chain(user: User, matter: Matter, law: Law) -> Chain:
    """Where a matter comes from and where it may go on; one query."""
    near = Matter.objects.filter(Q(followed_by=matter) | Q(follows=matter)).order_by("pk")
    seen = visible_matters(user).filter(pk=OuterRef("pk"))
    found = list(near.annotate(seen=Exists(seen)).distinct())
    after = [one for one in found if one.follows_id == matter.pk]
    return Chain(
        before=next((one for one in found if one.pk == matter.follows_id and one.seen), None),
        after=[one for one in after if one.seen],
        successors=_successors(matter, {one.procedure for one in after}, law),
    )


def _successors(matter: Matter, begun: set[str], law: Law) -> list[Successor]:
    """What may go on from here by the law's table; what has been begun already is not offered again."""
    return [
        Successor(
            law.procedure(one.opens),
            one.says,
            [law.cite_reference(reference) for reference in one.references],
        )
        for one in law.successions(matter.procedure, matter.state)
        if one.opens not in begun
    ]


def go_on(
    matter: Matter,
    procedure: str,
    *,
    by: User,
    now: dt.datetime,
    law: Law,
    beside: Sequence[int] = (),
    **opening: Any,
) -> Matter:
    """Begin ``procedure`` from a matter; ``opening`` is what :func:`open_matter` takes besides.

    ``beside`` are matters begun from it before that do not stand in the way: each award of a case has its own remedies.
    The project, the employer and the papers that the new procedure knows come along; the first matter keeps its own
    course. Raises :class:`Refused`.
    """
    with transaction.atomic():
        held = locked(matter.pk)
        if not any(acts_on(by, permission, held) for permission in (HANDLE, DECIDE)):
            raise Refused(f"本件由{held.lead}牵头办理，您没有办理权限，请联系{held.lead}。")
        _fitting(held, procedure, law, beside)
        opening |= _about(held, opening)
        begun = open_matter(procedure=procedure, by=by, now=now, law=law, **opening)
        join(begun, held)
        brought = _bring_papers(held, begun, law)
        journal.record(
            actor=actor(by),
            action="matter.followed",
            object_type="matter",
            object_id=held.pk,
            summary=f"{held.number}：接着办理{begun.number}",
            after={"matter": begun.pk, "procedure": procedure, "papers": brought},
            now=now,
        )
    return begun


def join(begun: Matter, earlier: Matter) -> None:
    """Say that ``begun`` goes on from ``earlier``, and with which matter their chain began."""
    begun.follows, begun.root_id = earlier, earlier.root_id or earlier.pk
    begun.save(update_fields=["follows", "root"])


def _about(held: Matter, opening: dict[str, Any]) -> dict[str, Any]:
    """Project and employer come along together where nothing else was named; a form names only one of the two."""
    told = {name for name in ("project", "employer") if name in opening}
    named = [opening[name] for name in told if opening[name] is not None]
    if told and (not named or any(one not in (held.project, held.employer) for one in named)):
        return {}
    return {"project": held.project, "employer": held.employer}


def _fitting(matter: Matter, procedure: str, law: Law, beside: Sequence[int]) -> Succession:
    table = law.procedure(matter.procedure)
    fits = [one for one in law.successions(matter.procedure, matter.state) if one.opens == procedure]
    if not fits:
        state = table.state(matter.state).name
        raise Refused(f"“{table.name}”现在是“{state}”，不能由此接着办理这个程序，请刷新页面。")
    if matter.followed_by.filter(procedure=procedure).exclude(pk__in=beside).exists():
        raise Refused(f"已经由本件接着办理过“{law.procedure(procedure).name}”，请打开后续事项。")
    return fits[0]


def _bring_papers(matter: Matter, begun: Matter, law: Law) -> int:
    """The papers that the new procedure asks for are the same files, attached there as well."""
    known = law.procedure(begun.procedure).documents_used()
    papers = matter.documents.filter(kind__in=known, withdrawn_at__isnull=True).order_by("pk")
    copies = [
        Document(
            matter=begun,
            kind=paper.kind,
            file_id=paper.file_id,
            filename=paper.filename,
            number=paper.number,
            dated=paper.dated,
            attached_by_id=paper.attached_by_id,
            attached_at=paper.attached_at,
        )
        for paper in papers
    ]
    return len(Document.objects.bulk_create(copies))
