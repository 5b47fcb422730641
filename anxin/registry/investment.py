"""Whose money a project is built with, as far as its owner (建设单位) says it.

A unified social credit code begins with the body that registered its holder (GB 32100-2015): ``1`` is 机构编制, so ``11``
is an organ of state, ``12`` a public institution, ``13`` a mass organisation, ``19`` another body of theirs. A project of
such an owner is the government's whether or not somebody ticked it. A state-owned business is registered like any
other (``91``): its name only proposes it, and a person ticks it.

Whoever asks whose money it is asks here, and never the tick alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, prefetch_related_objects

from anxin.kernel.identifiers import PUBLIC_BODY
from anxin.registry.models import Participation, Project

_KINDS = {"11": "机关", "12": "事业单位", "13": "群众团体"}
#: what the names of businesses that a state owns hold; others hold it too, so that it only proposes
_STATE_WORDS = (
    "国有", "国资", "国投", "城投", "建投", "交投", "水投", "旅投", "城市建设投资", "交通投资", "轨道交通",
)  # fmt: skip
#: the rule in words, for the pages on which it is applied
RULE = (
    "建设单位统一社会信用代码以1开头的（机关、事业单位、群众团体），系统自动按政府投资项目对待，不用勾选；"
    "建设单位名称里有“国有”“城投”“交投”等字样的，只提示可能是国有企业投资，由您核实后勾选。"
)


@dataclass(frozen=True)
class Investment:
    """``government``: why it counts as the government's, empty where it does not. ``state_proposed``: why it may be a
    state-owned business's, empty where nothing says so or it is settled already."""

    government: str
    state_proposed: str


def public_owners(project: str = "pk") -> QuerySet[Participation]:
    """Owners that are public bodies, of the outer query's project; ``project``: its column there."""
    return Participation.objects.filter(
        project_id=OuterRef(project),
        role=Participation.Role.OWNER,
        employer__uscc__startswith=PUBLIC_BODY,
    ).order_by("pk")


def state_owners(project: str = "pk") -> QuerySet[Participation]:
    """Owners whose names propose that a state owns them, of the outer query's project; ``project``: its column there."""
    named = Q()
    for word in _STATE_WORDS:
        named |= Q(employer__name__contains=word)
    owners = Participation.objects.filter(named, project_id=OuterRef(project), role=Participation.Role.OWNER)
    return owners.order_by("pk")


def government_money() -> Q:
    """Of projects: the government's by a tick or by their owner."""
    return Q(government_invested=True) | Q(Exists(public_owners()))


def proposed_money(project: str) -> Q:
    """Of rows with a project: what the owner's name proposes as a state-owned business's."""
    return Q(Exists(state_owners(f"{project}_id")))


def public_money(project: str) -> Q:
    """Of rows with a project: the government's by a tick or by its owner, or a state-owned business's by a tick."""
    ticked = Q(**{f"{project}__government_invested": True}) | Q(**{f"{project}__state_invested": True})
    return ticked | Q(Exists(public_owners(f"{project}_id")))


def public_owner_name(project: str) -> Subquery:
    """The name of the public body that owns the row's project; ``None`` where there is none."""
    return Subquery(public_owners(project).values("employer__name")[:1])


def state_owner_name(project: str) -> Subquery:
    """The name of an owner that may be a state-owned business; ``None`` where none is called so."""
    return Subquery(state_owners(project).values("employer__name")[:1])


def is_public(project: Project) -> bool:
    """What :func:`public_money` asks, of one project; the tick answers without a query."""
    return project.government_invested or project.state_invested or bool(investment_of(project).government)


def investment_of(project: Project) -> Investment:
    """Why a project counts as the government's, and what is proposed. One query; none for a row that was asked before."""
    if "owners_read" not in vars(project):
        of_owners = Participation.objects.filter(role=Participation.Role.OWNER).select_related("employer")
        prefetch_related_objects(
            [project], Prefetch("participations", of_owners.order_by("pk"), to_attr="owners_read")
        )
    return judged(project, ((one.employer.uscc, one.employer.name) for one in vars(project)["owners_read"]))


def judged(project: Project, owners: Iterable[tuple[str, str]]) -> Investment:
    """:func:`investment_of` where the owners are known already, as ``(code, name)``; asks no database."""
    owners = list(owners)
    public = next(((code, name) for code, name in owners if code.startswith(PUBLIC_BODY)), None)
    if public is not None:
        kind = _KINDS.get(public[0][:2], "机构编制部门登记的单位")
        return Investment(f"建设单位{public[1]}是{kind}（信用代码以{public[0][:2]}开头）", "")
    if project.government_invested:
        return Investment("登记为政府投资", "")
    if project.state_invested:
        return Investment("", "")
    return Investment("", next((why for _, name in owners if (why := state_word(name))), ""))


def state_word(name: str) -> str:
    """Why a name proposes a state-owned business; empty where it does not."""
    word = next((word for word in _STATE_WORDS if word in name), "")
    return f"建设单位{name}的名称里有“{word}”" if word else ""
