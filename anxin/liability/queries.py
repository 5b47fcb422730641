"""Who answers for a project's arrears, from everything recorded, at any two dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from anxin.kernel.money import sentence_yuan, yuan_string
from anxin.law import Law, LawError
from anxin.law.liability import Plan, plan, read_case
from anxin.liability.gathering import (
    Owed,
    View,
    account_balance,
    deposit_available,
    labour_cost_paid,
    owed_by_employer,
)
from anxin.liability.kinds import CONTRACTOR, EMPLOYER, KINDS, PARTY, PROJECT, FactKind
from anxin.liability.models import LiabilityFact
from anxin.registry.models import Participation, Project

_Role = Participation.Role
#: what a facts file calls the status of a claim
_STATUS = {LiabilityFact.Status.DISPUTED: "争议", LiabilityFact.Status.UNKNOWN: "未知"}
#: workers whose employer the roster does not name, where nobody else can be named for them
UNPLACED = "用人单位待查的工人"


@dataclass(frozen=True)
class PartyRow:
    """One party of the chain as registered or recorded."""

    name: str
    role: str
    above: str
    #: general or direct contractor: the owner gave it its work
    contractor: bool


@dataclass(frozen=True)
class Settlement:
    """The plan with what it was made from; ``plan`` is empty where ``problem`` says what is missing."""

    project: Project
    as_of: dt.date
    known_at: dt.datetime
    parties: Sequence[PartyRow]
    facts: Sequence[LiabilityFact]
    document: Mapping[str, Any]
    #: sentences: what was assumed for want of a record
    notes: Sequence[str] = ()
    plan: Plan | None = None
    problem: str = ""


@dataclass
class _Draft:
    """A facts file in the making."""

    owner: str = ""
    parties: dict[str, dict[str, Any]] = field(default_factory=dict)
    arrears: dict[str, dict[str, Any]] = field(default_factory=dict)
    top: dict[str, Any] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def settlement_plan(project: Project, as_of: dt.date, known_at: dt.datetime, law: Law) -> Settlement:
    """The order of payers for the project's arrears; a constant number of queries."""
    view = View(project, as_of, known_at)
    facts = standing_facts(view)
    draft = _Draft()
    _register(view, draft)
    _lay_facts(facts, draft)
    _gather(view, draft, law)
    # What was said about somebody's arrears stays recorded after they are paid; it is nothing to plan for.
    order = [draft.owner, *draft.parties]
    draft.arrears = {
        name: draft.arrears[name]
        for name in sorted(draft.arrears, key=lambda name: order.index(name) if name in order else len(order))
        if {"金额", "人数"} & set(draft.arrears[name])
    }
    document = {
        **draft.top,
        "案情": project.name,
        "建设单位": draft.owner,
        "单位": draft.parties,
        "拖欠": list(draft.arrears.values()),
    }
    found = Settlement(project, as_of, known_at, _rows(draft), facts, document, tuple(draft.notes))
    problem = _missing(draft)
    if problem:
        return replace(found, problem=problem)
    try:
        return replace(found, plan=plan(read_case(document)))
    except LawError as refusal:
        return replace(found, problem=str(refusal))


def standing_facts(view: View) -> list[LiabilityFact]:
    """The facts that hold on the day, one of a kind and subject: the one that began last."""
    found: dict[tuple[str, str], LiabilityFact] = {}
    rows = LiabilityFact.objects.filter(view.known(), project=view.project, since__lte=view.as_of)
    for fact in rows.order_by("since", "recorded_at", "id"):
        if fact.kind in KINDS:
            found[fact.subject, fact.kind] = fact
    return sorted(found.values(), key=lambda fact: (fact.subject, list(KINDS).index(fact.kind)))


def find_fact(project: Project, fact_id: int) -> LiabilityFact | None:
    """One fact of the project that stands."""
    return (
        LiabilityFact.objects.select_related("project")
        .filter(pk=fact_id, project=project, superseded_at__isnull=True)
        .first()
    )


def kinds_of(row: PartyRow | None, owes: bool) -> list[FactKind]:
    """What can be recorded about a party, or about the project where there is none."""
    if row is None:
        return [kind for kind in KINDS.values() if kind.about == PROJECT]
    wanted = {PARTY} | ({CONTRACTOR} if row.contractor else set()) | ({EMPLOYER} if owes else set())
    return [kind for kind in KINDS.values() if kind.about in wanted]


def _register(view: View, draft: _Draft) -> None:
    """Participants of the register: the owner, its contractors, and those below."""
    rows = list(Participation.objects.filter(project=view.project).select_related("employer").order_by("id"))
    by_role: dict[str, list[str]] = {}
    for row in rows:
        by_role.setdefault(row.role, []).append(row.employer.name)
        draft.roles.setdefault(row.employer.name, row.get_role_display())
    owners, contractors = by_role.get(_Role.OWNER, []), by_role.get(_Role.GENERAL_CONTRACTOR, [])
    draft.owner = owners[0] if owners else ""
    for name in contractors:
        if name != draft.owner:
            draft.parties[name] = {"发包人": draft.owner}
    for name in [*by_role.get(_Role.SUBCONTRACTOR, []), *by_role.get(_Role.LABOUR_COMPANY, [])]:
        if name not in draft.parties and name != draft.owner:
            draft.parties[name] = {"发包人": contractors[0] if contractors else draft.owner}
            if len(contractors) > 1:
                draft.notes.append(
                    f"没有登记“{name}”从谁那里接的活，暂按{contractors[0]}的分包计算，请登记发包人。"
                )


def _lay_facts(facts: Sequence[LiabilityFact], draft: _Draft) -> None:
    """Recorded facts at their places in the facts file."""
    for fact in facts:
        kind = KINDS[fact.kind]
        if kind.about == PROJECT:
            entry = draft.top
        elif kind.about == EMPLOYER:
            entry = draft.arrears.setdefault(fact.subject, {"用人": fact.subject})
        else:
            entry = draft.parties.setdefault(fact.subject, {})
        for step in kind.place[:-1]:
            entry = entry.setdefault(step, {})
        entry[kind.place[-1]] = _value(fact)
        if fact.kind == "above":
            draft.notes = [note for note in draft.notes if f"“{fact.subject}”" not in note]


def _value(fact: LiabilityFact) -> Any:
    claims = fact.claims
    if fact.kind in ("investors", "successors"):
        return [name for name in claims[0]["value"].split("、") if name.strip()]
    if fact.kind == "people":
        return int(claims[0]["value"])
    status = _STATUS.get(fact.status)  # type: ignore[call-overload]
    if status is None:
        return claims[0]["value"]
    said: Any = [claim["value"] for claim in claims]
    if status == "争议":
        said = {claim["value"]: claim["by"] for claim in claims}
    return {status: said, "凭据": fact.document}


def _gather(view: View, draft: _Draft, law: Law) -> None:
    """What the other packages know, where nothing was recorded here."""
    owed = owed_by_employer(view, law.calendar)
    _place_unplaced(owed, draft)
    for name, found in owed.items():
        if name not in draft.parties and name != draft.owner:
            _join(name, draft)
        entry = draft.arrears.setdefault(name, {"用人": name})
        entry.setdefault("人数", len(found.workers))
        entry.setdefault("金额", yuan_string(found.fen))
        entry.setdefault("月份", sorted(found.months))
    if "手续齐备" not in draft.top:
        draft.top["手续齐备"] = "是" if view.project.permit_number else "未知"
    _money(view, draft)
    _fund(view, draft, law)


def _place_unplaced(owed: dict[str, Owed], draft: _Draft) -> None:
    found = owed.pop("", None)
    if found is None:
        return
    below = [name for name, entry in draft.parties.items() if entry.get("发包人") != draft.owner]
    contractors = [name for name, entry in draft.parties.items() if entry.get("发包人") == draft.owner]
    name = below[0] if len(below) == 1 else (contractors[0] if contractors else UNPLACED)
    draft.notes.append(
        f"花名册没有写明{len(found.workers)}人的用人单位，他们的{sentence_yuan(found.fen)}暂记在“{name}”名下，请补齐花名册。"
    )
    same = owed.setdefault(name, Owed(name, set(), set()))
    same.workers |= found.workers
    same.months |= found.months
    same.fen += found.fen


def _join(name: str, draft: _Draft) -> None:
    """An employer that only the roster names stands below the first contractor until somebody says more."""
    contractors = [one for one, entry in draft.parties.items() if entry.get("发包人") == draft.owner]
    draft.parties[name] = {"发包人": contractors[0] if contractors else draft.owner}
    draft.notes.append(
        f"“{name}”只见于花名册，没有登记为参建单位，暂按{contractors[0] if contractors else '建设单位'}的分包计算。"
    )


def _money(view: View, draft: _Draft) -> None:
    """Project money, deposit and account of the first contractor; without a record they stay unknown."""
    contractors = [name for name, entry in draft.parties.items() if entry.get("发包人") == draft.owner]
    for number, name in enumerate(contractors):
        entry = draft.parties[name]
        if isinstance(entry.get("工程款"), dict):
            _complete(view, entry["工程款"], first=number == 0)
        if number:
            continue
        deposit = deposit_available(view)
        if deposit is not None and "保证金" not in entry:
            entry["保证金"] = {"形式": deposit[0], "可用": yuan_string(deposit[1])}
        balance = account_balance(view)
        if balance is not None and "专户余额" not in entry:
            entry["专户余额"] = yuan_string(balance)


def _complete(view: View, money: dict[str, Any], *, first: bool) -> None:
    """Amounts that nobody recorded are unknown; whether labour cost arrived is known from its deliveries."""
    if "应付" not in money and "已付" not in money:
        money["应付"], money["已付"] = "未知", "0"
    money.setdefault("应付", "未知")
    money.setdefault("已付", "未知")
    if view.project.contract_fen:
        money.setdefault("合同价", yuan_string(view.project.contract_fen))
    arrived = labour_cost_paid(view) if first else None
    if arrived is not None:
        money.setdefault("人工费足额", "是" if arrived else "否")


def _fund(view: View, draft: _Draft, law: Law) -> None:
    fund = draft.top.get("应急周转金")
    if fund is None:
        return
    try:
        value = law.value("emergency.emergency_fund_per_person_cap", view.as_of, view.project.region_id).value
    except LawError as missing:
        draft.notes.append(f"应急周转金没有计入：{missing}")
        return
    if type(value) is int:
        fund["每人上限"] = str(value)


def _missing(draft: _Draft) -> str:
    if not draft.owner:
        return "还没有登记建设单位，无法列出合同链；请先在概况里登记参建单位。"
    if not draft.arrears:
        return "按工资表和银行到账，没有到期未发的工资；如有工资表以外的拖欠，请登记拖欠金额和人数。"
    for name, entry in draft.arrears.items():
        if "金额" not in entry:
            return f"“{name}”还没有拖欠金额，请登记，或者导入工资表。"
        if "人数" not in entry:
            return f"“{name}”的拖欠没有写明人数，请登记“被拖欠的人数”。"
    return ""


def _rows(draft: _Draft) -> list[PartyRow]:
    """The owner first, then everybody below the party it got its work from."""
    behind = {
        name
        for entry in draft.parties.values()
        for kind in ("出资人", "承继单位")
        for name in entry.get(kind, ())
    }
    rows = [PartyRow(draft.owner, "建设单位", "", False)] if draft.owner else []
    for name, entry in draft.parties.items():
        if name == draft.owner:
            continue
        above = str(entry.get("发包人") or "")
        added = "出资人或者承继单位" if name in behind else "另外登记的单位"
        role = draft.roles.get(name, "个人" if entry.get("性质") == "个人" else added)
        rows.append(PartyRow(name, role, above, bool(above) and above == draft.owner))
    return rows
