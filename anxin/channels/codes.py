"""The codes of sites and helmets: making, printing and rotating them, and what a scanned one stands for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from anxin.channels import tokens
from anxin.channels.models_codes import ScanCode
from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.registry.models import Employer, Participation, Project

#: a site with more helmets than this does not exist; a slip of the keyboard does
HELMETS_AT_MOST = 2000
_ROLES = (Participation.Role.OWNER, Participation.Role.GENERAL_CONTRACTOR)


@dataclass(frozen=True)
class Resolved:
    """What a scanned code says before anybody has typed a word.

    ``current`` is false for a code that was replaced: it may hang at another place by now, so the site is to be
    asked for and not taken from it.
    """

    code: ScanCode
    project: Project
    owner: Employer | None
    contractor: Employer | None

    @property
    def current(self) -> bool:
        return self.code.current

    @property
    def token(self) -> str:
        return tokens.token_of(self.code.pk)


def resolve(token: str) -> Resolved | None:
    """The site behind a scanned token; ``None`` for one that this installation never made. Two queries."""
    number = tokens.number_in(token)
    if number is None:
        return None
    code = ScanCode.objects.select_related("project__region").filter(pk=number).first()
    if code is None:
        return None
    parts = Participation.objects.filter(project=code.project, role__in=_ROLES).select_related("employer")
    first: dict[str, Employer] = {}
    for part in parts.order_by("pk"):
        first.setdefault(part.role, part.employer)
    owner, contractor = (first.get(role) for role in _ROLES)
    return Resolved(code, code.project, owner, contractor)


def issue_boards(projects: Iterable[Project], *, actor: Actor, now: dt.datetime) -> list[ScanCode]:
    """The board code of each site, made where there is none; one journal entry for all that are new."""
    wanted = list(projects)
    with transaction.atomic():
        _hold(wanted)
        found = _current(wanted, ScanCode.Kind.BOARD)
        have = {code.project_id for code in found}
        new = [
            _new(project, ScanCode.Kind.BOARD, 1, actor, now) for project in wanted if project.pk not in have
        ]
        _create(new, "告示牌码", actor, now)
    return sorted([*found, *new], key=lambda code: code.project_id)


def issue_helmets(
    projects: Sequence[Project], *, count: int, actor: Actor, now: dt.datetime
) -> list[ScanCode]:
    """Codes for ``count`` more helmets of each site, numbered on from those it has; one journal entry."""
    if not 1 <= count <= HELMETS_AT_MOST:
        raise Refused(f"安全帽贴一次做1至{HELMETS_AT_MOST}张，请填写张数。", field="count")
    with transaction.atomic():
        _hold(projects)
        numbers = ScanCode.objects.filter(project__in=projects, kind=ScanCode.Kind.HELMET)
        last = dict(numbers.order_by().values_list("project").annotate(Max("number")))
        new = []
        for project in projects:
            had = last.get(project.pk, 0)
            if had + count > HELMETS_AT_MOST:
                raise Refused(
                    f"“{project.name}”已有{had}张安全帽贴，一个工地最多{HELMETS_AT_MOST}张；破损的请用“换新”。",
                    field="count",
                )
            new += [_new(project, ScanCode.Kind.HELMET, had + one, actor, now) for one in range(1, count + 1)]
        _create(new, "安全帽码", actor, now)
    return new


def mark_printed(codes: Sequence[ScanCode], *, actor: Actor, now: dt.datetime) -> None:
    """Remember that sheets of these codes were made for printing: from now on they ought to be scanned."""
    if not codes:
        return
    with transaction.atomic():
        ScanCode.objects.filter(pk__in=[code.pk for code in codes]).update(printed_at=now)
        journal.record(
            actor=actor,
            action="scan_code.printed",
            object_type="scan_code",
            object_id=codes[0].pk,
            summary=f"打印{len(codes)}张扫码牌",
            now=now,
            after={"codes": [code.pk for code in codes]},
        )
    for code in codes:
        code.printed_at = now


def rotate(codes: Sequence[ScanCode], *, reason: str, actor: Actor, now: dt.datetime) -> list[ScanCode]:
    """The next generation of these codes; the old ones still open a page, which asks for the site anew."""
    reason = reason.strip()
    if not reason:
        raise Refused("请写明为什么换新码，例如：告示牌丢失、码被贴到别处。", field="reason")
    if len(reason) > 200:
        raise Refused("换新码的原因最长200个字，请缩短。", field="reason")
    with transaction.atomic():
        held = list(
            ScanCode.objects.select_for_update(of=("self",))
            .select_related("project")
            .filter(pk__in=[code.pk for code in codes], withdrawn_at__isnull=True)
            .order_by("pk")
        )
        if not held:
            raise Refused("这张码已经换过了，请打开新的一张。")
        ScanCode.objects.filter(pk__in=[code.pk for code in held]).update(
            withdrawn_at=now, withdrawn_reason=reason
        )
        new = [
            ScanCode(
                project=old.project,
                kind=old.kind,
                number=old.number,
                generation=old.generation + 1,
                issued_at=now,
                issued_by_name=actor.name,
            )
            for old in held
        ]
        _create(new, "换新的码", actor, now, reason)
    return new


def _hold(projects: Sequence[Project]) -> None:
    """Two at once would number the same helmet twice; the later one waits."""
    list(Project.objects.select_for_update().filter(pk__in=[one.pk for one in projects]).order_by("pk"))


def _current(projects: Sequence[Project], kind: str) -> list[ScanCode]:
    found = ScanCode.objects.filter(project__in=projects, kind=kind, withdrawn_at__isnull=True)
    return list(found.select_related("project"))


def _new(project: Project, kind: str, number: int, actor: Actor, now: dt.datetime) -> ScanCode:
    return ScanCode(project=project, kind=kind, number=number, issued_at=now, issued_by_name=actor.name)


def _create(new: list[ScanCode], word: str, actor: Actor, now: dt.datetime, reason: str = "") -> None:
    if not new:
        return
    ScanCode.objects.bulk_create(new, batch_size=500)
    sites = sorted({code.project_id for code in new})
    name = f"项目“{new[0].project.name}”" if len(sites) == 1 else f"{len(sites)}个项目"
    journal.record(
        actor=actor,
        action="scan_code.rotated" if reason else "scan_code.issued",
        object_type="scan_code",
        object_id=new[0].pk,
        summary=f"为{name}生成{len(new)}张{word}" + (f"，原因：{reason}" if reason else ""),
        now=now,
        after={"codes": [code.pk for code in new], "project_ids": sites},
    )
