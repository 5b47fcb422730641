"""Other names of employers and projects: remembered by a person, for one place, and taken back by a person.

Nothing here is learnt by itself: whoever links a clue says that its words are a name (``clues.nicknames`` proposes it).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from anxin.accounts.access import HANDLE, VIEW, actor, any_of, scopes
from anxin.accounts.models import User
from anxin.evidence.journal import record
from anxin.kernel.masking import mask_payee
from anxin.kernel.refusal import Refused, worded
from anxin.registry.access import visible_projects
from anxin.registry.finding import reachable_employers
from anxin.registry.models import Alias, Employer, Project, Region
from anxin.triage.names import core

Entry = Employer | Project
REMEMBERED, ENDED = "registry.alias_remembered", "registry.alias_ended"
LONGEST = 120
#: words by which anybody is called; a name needs something besides
_ANYBODY = re.compile(
    r"建筑|工程|建设|劳务|装饰|装修|安装|项目|工地|小区|施工|分包|总包|有限|责任|公司|集团|单位|企业|标段"
    r"|某+|[木瓦泥焊电]工|钢筋工|油漆工|架子工|水电工?|杂工|小工|工人|老板|包工头|工头|班组长|班组|带班|经理|负责人|甲方|乙方|业主|我们|他们|这个|那个|一个|附近|的|和"
    r"|[一二三四五六七八九十\d]+期"
)
_LEAST = 2


@dataclass(frozen=True)
class KnownAs:
    """A standing alias, as matching asks for it. ``entry`` is the key of the employer or project."""

    entry: int
    name: str
    core: str
    region: str
    by_name: str
    on: dt.date


def kind_of(entry: Entry) -> str:
    """``employer`` or ``project``."""
    return "project" if isinstance(entry, Project) else "employer"


def tells_apart(name: str) -> bool:
    """Whether these words name somebody and not just anybody (李老板, 班组, 工地)."""
    return len(_ANYBODY.sub("", core(name))) >= _LEAST


def worth_remembering(name: str, entry: Entry) -> bool:
    """Whether the words say something that the registered name does not."""
    said, registered = core(name), core(entry.name)
    return tells_apart(name) and said not in registered and registered not in said


def remember(entry: Entry, name: str, *, region: str, source: str, by: User, now: dt.datetime) -> Alias:
    """From now on ``name`` means this entry in ``region`` and below. The same again changes nothing.

    ``source`` says in words where it was said. Raises :class:`Refused`, also where the name means another entry
    already: one that fits several is nobody's.
    """
    name, kind = name.strip(), kind_of(entry)
    if not name or len(name) > LONGEST:
        raise Refused(f"别名请写1到{LONGEST}个字。", field="name")
    if not may_name(by, entry, region):
        raise Refused("您不能在这个地区给它记别名，请联系负责该地区的同事。")
    if not tells_apart(name):
        raise Refused(f"“{name}”可以指很多家，不能记作别名。", field="name")
    if not worth_remembering(name, entry):
        raise Refused(f"“{name}”与登记名称“{entry.name}”相合，不用记别名也能对上。", field="name")
    with transaction.atomic():
        # whoever names anything in this place or above waits for the other
        list(Region.objects.select_for_update().filter(_above(region)).order_by("code").values_list("pk"))
        alike = _overlapping(name, region).filter(**{f"{kind}__isnull": False})
        standing = list(alike.select_related("region"))
        for one in standing:
            if getattr(one, f"{kind}_id") != entry.pk:
                raise Refused(
                    f"“{name}”在{one.region}已经是另一个登记名称的别名，合于几家的不能记。", field="name"
                )
        if known := next((one for one in standing if region.startswith(one.region_id)), None):
            return known
        made = Alias.objects.create(
            **{kind: entry}, region_id=region, name=name, core=core(name), source=source[:80], by_name=str(by)[:80],
            at=now,
        )  # fmt: skip
        _note(made, REMEMBERED, f"{made.region}的线索里“{_shown(made)}”是它的别名", by, now)
    return made


def end(alias: Alias, *, why: str, by: User, now: dt.datetime) -> Alias:
    """It means nothing from now on; what was linked by it stays linked. Raises :class:`Refused`."""
    why = worded(why, "请写明为什么去掉这个别名", field="why")
    with transaction.atomic():
        held = (
            Alias.objects.select_for_update(of=("self",))
            .select_related("employer", "project", "region")
            .get(pk=alias.pk)
        )
        if not may_end(by, held):
            raise Refused("您不能去掉这个地区的别名，请联系负责该地区的同事。")
        if held.ended_at is not None:
            return held
        held.ended_at, held.ended_by_name, held.ended_why = now, str(by)[:80], why
        held.save(update_fields=["ended_at", "ended_by_name", "ended_why"])
        _note(held, ENDED, f"去掉别名“{_shown(held)}”：{why}", by, now)
    return held


def may_name(user: User, entry: Entry, region: str) -> bool:
    """Whether this person works in the place and reaches the entry."""
    if not _works(user, region):
        return False
    reached: QuerySet[Project] | QuerySet[Employer] = (
        visible_projects(user, HANDLE) if isinstance(entry, Project) else reachable_employers(user, HANDLE)
    )
    return reached.filter(pk=entry.pk).exists()


def may_end(user: User, alias: Alias) -> bool:
    """Who works in the place of the alias."""
    return _works(user, alias.region_id)


def home_of(user: User, place: str) -> str:
    """The place for which this person may say what is called how, when it was said in ``place``.

    Their own office's place; the county, where that is everywhere. Empty where they do not work there.
    """
    mine = [one.region for one in scopes(user, HANDLE) if place.startswith(one.region)]
    return (max(mine, key=len) or place[:6]) if mine else ""


def visible_aliases(user: User) -> QuerySet[Alias]:
    """What this person may read, the ended ones too: of entries that they see, and of places that touch theirs."""
    places = any_of(
        Q(region__code__startswith=one.region) | _above(one.region, "region__") if one.region else Q()
        for one in scopes(user, VIEW)
    )
    entries = Q(project__in=visible_projects(user)) | Q(employer__in=reachable_employers(user))
    return Alias.objects.filter(places & entries).select_related("employer", "project", "region")


def named(rows: QuerySet[Alias], text: str) -> QuerySet[Alias]:
    """Those whose own or registered name holds the text; an empty text narrows nothing."""
    if not text:
        return rows
    return rows.filter(
        Q(name__icontains=text) | Q(project__name__icontains=text) | Q(employer__name__icontains=text)
    )


def aliases_of(user: User, entry: Entry) -> list[Alias]:
    """The standing aliases of an entry that this person sees, the latest first; one query."""
    places = any_of(
        Q(region__code__startswith=one.region) | _above(one.region, "region__") if one.region else Q()
        for one in scopes(user, VIEW)
    )
    rows = Alias.objects.filter(places, **{kind_of(entry): entry}, ended_at__isnull=True)
    return list(rows.select_related("employer", "region").order_by("-pk"))


def standing(kind: str) -> list[KnownAs]:
    """All standing aliases of employers or of projects; one query."""
    rows = Alias.objects.filter(**{f"{kind}__isnull": False}, ended_at__isnull=True).order_by("pk")
    return [
        KnownAs(entry, name, said, region, by_name, timezone.localdate(at))
        for entry, name, said, region, by_name, at in rows.values_list(
            f"{kind}_id", "name", "core", "region_id", "by_name", "at"
        )
    ]


def _works(user: User, region: str) -> bool:
    return any(region.startswith(one.region) for one in scopes(user, HANDLE))


def _above(region: str, path: str = "") -> Q:
    """The place itself and those that it lies in."""
    return Q(**{f"{path}code__in": [region[:length] for length in range(1, len(region) + 1)]})


def _overlapping(name: str, region: str) -> QuerySet[Alias]:
    """Standing aliases that are the same words in a place that has something in common with this one."""
    there = Q(region__code__startswith=region) | _above(region, "region__")
    return Alias.objects.filter(there, core=core(name), ended_at__isnull=True)


def _shown(alias: Alias) -> str:
    """An employer is often called by the name of a person, and the journal has no full name of one."""
    return alias.name if alias.project_id else mask_payee(alias.name)


def _note(alias: Alias, action: str, what: str, by: User, now: dt.datetime) -> None:
    entry: Entry | None = alias.project or alias.employer
    assert entry is not None  # the database sees to it
    record(
        actor=actor(by),
        action=action,
        object_type=kind_of(entry),
        object_id=entry.pk,
        summary=f"{entry.name}：{what}",
        after={"alias": alias.pk, "region": alias.region_id, "source": alias.source},
        now=now,
    )
