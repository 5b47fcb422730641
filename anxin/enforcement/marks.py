"""领导包案, 提级办理, 挂牌督办, 一案双查: who looks at a matter since when, and which matters suggest it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone

from anxin.accounts.access import DECIDE, actor
from anxin.accounts.models import User
from anxin.casework.access import acts_on, visible_matters
from anxin.casework.flow import locked
from anxin.casework.models import Matter
from anxin.enforcement.models import Mark
from anxin.evidence import journal
from anxin.kernel.refusal import Refused, require_words
from anxin.registry.investment import (
    investment_of,
    proposed_money,
    public_money,
    public_owner_name,
    state_owner_name,
    state_word,
)

#: annotation of :func:`with_marks` → the kind of mark in words
MARKED = {f"mark_{kind.value}": kind.label for kind in Mark.Kind}
#: procedures about wages that somebody owes: in these a public owner's own duty is looked into as well
ABOUT_ARREARS = (
    "clue_platform",
    "complaint_intake",
    "crime_transfer",
    "gov_project_arrears",
    "group_event",
    "hotline_12345",
    "inspection_case",
    "petition",
)
_WHO, _WHY, _RESULT = 80, 300, 500


def put_mark(
    matter: Matter, *, kind: str, who: str, since: dt.date, why: str, by: User, now: dt.datetime
) -> Mark:
    """Put a matter under somebody's eyes; only a leader of its lead body does. Raises :class:`Refused`."""
    if kind not in Mark.Kind.values:
        raise Refused("请选择包案、提级、挂牌督办或者一案双查。", field="kind")
    require_words(who, "由谁包案、督办或者调查", field="who", most=_WHO)
    require_words(why, "原因", field="why", most=_WHY)
    with transaction.atomic():
        held = _leading(matter, by)
        if held.closed_on is not None:
            raise Refused("本件已经办结，不能再加标记。")
        if not held.opened_on <= since <= timezone.localdate(now):
            raise Refused(f"起始日期应在{held.opened_on}和今天之间，请核对。", field="since")
        title = Mark.Kind(kind).label
        if (open_mark := held.marks.filter(kind=kind, ended_on__isnull=True).first()) is not None:
            raise Refused(f"本件已由{open_mark.who}{title}，先登记结果再另行指定。", field="kind")
        mark = Mark.objects.create(
            matter=held, kind=kind, who=who.strip(), since=since, why=why.strip(), by_name=str(by)[:80],
            recorded_at=now,
        )  # fmt: skip
        _note(mark, "mark.put", f"{title}：{mark.who}", by, now, {"kind": kind, "since": since.isoformat()})
    return mark


def end_mark(mark: Mark, *, on: dt.date, result: str, by: User, now: dt.datetime) -> Mark:
    """What came of it. Raises :class:`Refused`."""
    require_words(result, "结果", field="result", most=_RESULT)
    with transaction.atomic():
        _leading(mark.matter, by)
        held = Mark.objects.select_for_update().get(pk=mark.pk)
        if held.ended_on is not None:
            raise Refused("这项标记已经登记过结果，请刷新页面。")
        if not held.since <= on <= timezone.localdate(now):
            raise Refused(f"结束日期应在{held.since}和今天之间，请核对。", field="ended_on")
        held.ended_on, held.result, held.ended_by_name = on, result.strip(), str(by)[:80]
        held.save(update_fields=["ended_on", "result", "ended_by_name"])
        _note(held, "mark.ended", f"{held.get_kind_display()}结束", by, now, {"ended_on": on.isoformat()})
    return held


def with_marks(rows: QuerySet[Matter]) -> QuerySet[Matter]:
    """Matters with who looks at them now, one annotation a kind (:data:`MARKED`), and the public body or what may be
    the state-owned business that owns the project, in the same query."""
    open_marks = Mark.objects.filter(matter=OuterRef("pk"), ended_on__isnull=True)
    return rows.annotate(
        **{
            name: Subquery(open_marks.filter(kind=name.removeprefix("mark_")).values("who")[:1])
            for name in MARKED
        },
        public_owner=public_owner_name("project_id"),
        state_owner=state_owner_name("project_id"),
    )


def shown(matter: Matter) -> list[tuple[str, str]]:
    """What stands on a matter of :func:`with_marks`: the kind in words, and who."""
    return [(title, who) for name, title in MARKED.items() if (who := getattr(matter, name, None))]


def visible_marks(user: User, standing: bool = True) -> QuerySet[Mark]:
    """The marks on matters this person sees: those that stand, or those that have ended; the latest first."""
    rows = Mark.objects.filter(matter__in=visible_matters(user).values("pk"), ended_on__isnull=standing)
    return rows.select_related("matter__lead", "matter__region", "matter__project").order_by("-since", "-pk")


def candidates(user: User) -> QuerySet[Matter]:
    """Open matters about arrears on projects of public money that nobody has looked into in this way yet.

    Those whose owner is only called like a state-owned business come too: a leader decides on each, and the reason says
    what has to be checked first.
    """
    done = Mark.objects.filter(matter=OuterRef("pk"), kind=Mark.Kind.DUAL)
    rows = visible_matters(user).filter(
        public_money("project") | proposed_money("project"),
        closed_on__isnull=True,
        procedure__in=ABOUT_ARREARS,
    )
    return with_marks(rows.filter(~Exists(done))).order_by("-opened_on", "-pk")


def reason(matter: Matter) -> str:
    """Why a matter of :func:`with_marks` suggests looking into the duties behind it; empty where nothing does."""
    project = matter.project
    if project is None or matter.closed_on is not None or matter.procedure not in ABOUT_ARREARS:
        return ""
    if getattr(matter, "mark_dual", None):
        return ""
    if project.government_invested:
        return "政府投资项目欠薪"
    if why := _owner_of_public_money(matter):
        return f"政府投资项目欠薪（{why}）"
    if project.state_invested:
        return "国有企业投资项目欠薪"
    proposed = _proposed(matter)
    return f"可能是国有企业投资项目欠薪（{proposed}，请核实后在项目页勾选）" if proposed else ""


def _proposed(matter: Matter) -> str:
    """Why the owner may be a state-owned business, brought by :func:`with_marks` or looked for."""
    if hasattr(matter, "state_owner"):
        return state_word(matter.state_owner) if matter.state_owner else ""
    return investment_of(matter.project).state_proposed if matter.project is not None else ""


def _owner_of_public_money(matter: Matter) -> str:
    """Rows of :func:`with_marks` bring the owner's name with them; a single matter looks for it."""
    if hasattr(matter, "public_owner"):
        return f"建设单位{matter.public_owner}是机关事业单位" if matter.public_owner else ""
    return investment_of(matter.project).government if matter.project is not None else ""


def _leading(matter: Matter, by: User) -> Matter:
    held = locked(matter.pk)
    if not acts_on(by, DECIDE, held):
        raise Refused(f"包案、提级、挂牌和双查由{held.lead}的领导决定，您没有权限。")
    return held


def _note(mark: Mark, action: str, said: str, by: User, now: dt.datetime, after: dict[str, object]) -> None:
    journal.record(
        actor=actor(by), action=action, object_type="matter", object_id=mark.matter_id,
        summary=f"{mark.matter.number}：{said}", now=now, after={"mark": mark.pk, **after},
    )  # fmt: skip
