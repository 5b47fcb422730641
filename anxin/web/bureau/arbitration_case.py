"""One arbitration: who applies, what is claimed and found, the awards and what comes after them.

The page is made of parts, each a template under ``parts/`` with a function in :data:`PARTS` for its context. Who sits and
when it is heard stand on a page beside it, ``arbitration_hearings``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.accounts.access import actor
from anxin.arbitration import aftermath, awarding, groups
from anxin.arbitration.access import handles, visible_case, works
from anxin.arbitration.claims import claims_of
from anxin.arbitration.imports_applicants import KIND
from anxin.arbitration.models import (
    Applicant,
    ArbitrationCase,
    Award,
    Claim,
    Consent,
    Finding,
    Item,
    Received,
)
from anxin.casework.models import Deadline
from anxin.evidence.journal import record
from anxin.evidence.workbooks import Column, Kind, table_workbook
from anxin.kernel.masking import mask_id_number, mask_name, mask_phone
from anxin.kernel.refusal import Refused
from anxin.law import Law, LawError
from anxin.local_law import queries as local_law
from anxin.mediation.sealed import plain
from anxin.sheets import SIGNALS
from anxin.sheets.registers import ColumnType
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

#: applicants of one page
PAGE = 20


@page(access.VIEW, access.ARBITRATE)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find_case(request, pk))


@page(access.VIEW, access.ARBITRATE)
def claims_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The itemised table of the case with what was found, names masked."""
    case, today = find_case(request, pk), clock.today()
    columns = [
        Column("申请人", "text", 16), Column("项目", "text", 20), Column("月份", "text", 10), Column("天数", "number", 8),
        Column("日工资", "yuan", 12), Column("应付", "yuan", 14), Column("已付", "yuan", 14), Column("请求", "yuan", 14),
        Column("数字来源", "text", 40), Column("认定", "text", 10), Column("裁决支付", "yuan", 14), Column("理由", "text", 40),
        Column("裁决", "text", 20), Column("收到裁决书", "date", 14), Column("本人起诉的最后一天", "date", 18),
    ]  # fmt: skip
    got = {
        (one.award_id, one.applicant_id): one
        for one in Received.objects.filter(award__case=case, side=Received.Side.WORKER)
    }
    law, rows = local_law.current(), []
    for one in claims_of(case):
        found = getattr(one, "finding", None)
        award = found.award if found is not None else None
        own = (got.get((award.pk, one.applicant_id)) or got.get((award.pk, None))) if award else None
        rows.append(
            [
                f"{one.applicant} {mask_name(plain(one.applicant.name))}", one.get_item_display(), one.month, one.days, one.rate_fen,
                one.due_fen, one.paid_fen, one.owed_fen, one.source, found.get_support_display() if found else "",
                found.owed_fen if found else None, found.reason if found else "",
                f"{award}（{award.get_finality_display()}）" if award else "",
                own.on if own else None, _last_day(own, award, case.region_id, law)["due"] if own and award else None,
            ]
        )  # fmt: skip
    subtitle = f"{case}　{case.employer_name}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("仲裁请求和裁决明细", subtitle, columns, rows), "仲裁请求明细", today
    )


@page(access.VIEW, access.ARBITRATE)
def applicants_template(request: HttpRequest) -> HttpResponse:
    """An empty list of applicants with the headings that are understood, and two lines that show how."""
    spec = SIGNALS[KIND]
    types: dict[ColumnType, Kind] = {ColumnType.MONEY: "yuan", ColumnType.NUMBER: "number"}
    columns = [Column(one.title, types.get(one.type, "text"), 14) for one in spec.fields]
    person = ["示例甲（请删去）", "", "", "某县某镇某村1组", "工资"]
    rows = [
        [*person, "2026-01", 24, 30_000, None, 300_000, "考勤记录"],
        [*person, "2026-02", None, None, 500_000, 0, "结算单"],
    ]
    says = (
        "一人一行；一人有几项请求的，每项一行，姓名和身份证号照写。只列人员的，请求各列留空。金额单位：元。"
    )
    data = table_workbook("仲裁申请人名单", says, columns, rows)
    return lists.workbook_response(data, "申请人名单模板", clock.today())


def find_case(request: HttpRequest, pk: int) -> ArbitrationCase:
    """The case in this person's sight, else 404."""
    return or_404(visible_case(user_of(request), pk))


def show(
    request: HttpRequest,
    case: ArbitrationCase,
    *,
    refusal: Refused | None = None,
    where: str = "",
    shown: bool = False,
) -> HttpResponse:
    """The page; ``shown`` names the applicants in full, after the look was journalled."""
    user, law = user_of(request), local_law.current()
    handling = works(user, case)
    context: dict[str, Any] = {
        "case": case,
        "matter": case.matter,
        "procedure": law.procedure(case.matter.procedure).name,
        "state": law.procedure(case.matter.procedure).state(case.matter.state).name,
        "today": clock.today(),
        "views": access.may(user, access.VIEW),
        "handles": handling,
        "leads": handles(user, case),
        "may_import": handling and access.may(user, access.IMPORT),
        "shown": shown and handling,
        "refusal": refusal,
        "where": where,
        "typed": request.POST if refusal is not None else {},
    }
    # read once for all parts: everybody, and every claim with what was found of it
    context["applicants"], context["claims"] = list(case.applicants.order_by("number")), list(claims_of(case))
    for part in PARTS:
        context |= part(request, case, law, context)
    status = 422 if refusal is not None else 200
    return render(request, "bureau/arbitration_case.html", context, status=status)


def _claims(request: HttpRequest, case: ArbitrationCase, law: Law, so_far: dict[str, Any]) -> dict[str, Any]:
    """``parts/arbitration_claims.html``: a page of applicants with their claims and findings; no query."""
    after = lists.whole_number(request.GET.get("after")) or 0
    people = [one for one in so_far["applicants"] if one.number > after][: PAGE + 1]
    rows: dict[int, list[Claim]] = {}
    for claim in so_far["claims"]:
        rows.setdefault(claim.applicant_id, []).append(claim)
    return {
        "people": [
            {**_person(one, full=so_far["shown"]), "claims": rows.get(one.pk, []), "key": str(one.pk)}
            for one in people[:PAGE]
        ],
        "next_key": people[PAGE - 1].number if len(people) > PAGE else None,
        "claimed_fen": sum(one.owed_fen for one in so_far["claims"]),
        "unfound": any(not hasattr(one, "finding") for one in so_far["claims"]),
        "items": Item.choices,
    }


def _awards(request: HttpRequest, case: ArbitrationCase, law: Law, so_far: dict[str, Any]) -> dict[str, Any]:
    """``parts/arbitration_awards.html``: what may be decided now and how, and the awards; four queries."""
    findings = [one.finding for one in so_far["claims"] if hasattr(one, "finding")]
    ready = [one for one in findings if one.award_id is None]
    decided = [one for one in findings if one.award_id is not None]
    line, problem = None, ""
    try:
        line = awarding.line(case.region, clock.today(), law)
    except Refused as refusal:
        problem = str(refusal)
    awards = list(
        case.awards.select_related("after")
        .prefetch_related("corrections", "received__applicant")
        .order_by("number")
    )
    clocks: dict[int, list[Deadline]] = {}
    after = [one.after_id for one in awards if one.after_id]
    for row in Deadline.objects.filter(matter__in=after, ended_on__isnull=True).order_by("due_on", "pk"):
        clocks.setdefault(row.matter_id, []).append(row)
    return {
        "ready": ready,
        "line": line,
        "line_problem": problem,
        "judged": awarding.judged(case, ready, line, decided) if line and ready else [],
        "may_decide": so_far["handles"] and case.matter.state in awarding.HEARD,
        "awards": [
            _award(
                one,
                [row for row in decided if row.award_id == one.pk],
                clocks.get(one.after_id or 0, []),
                law,
                case.region_id,
            )
            for one in awards
        ],
        "awarded_fen": sum(one.owed_fen for one in decided),
        "sides": Received.Side.choices,
    }


def _award(
    award: Award, findings: list[Finding], clocks: list[Deadline], law: Law, region: str
) -> dict[str, Any]:
    people = {one.claim.applicant_id: one.claim.applicant for one in findings}
    got = sorted(
        award.received.all(), key=lambda one: (one.side, one.applicant.number if one.applicant else 0)
    )
    for_all = any(one.side == Received.Side.WORKER and one.applicant_id is None for one in got)
    known = {one.applicant_id for one in got if one.applicant_id}
    waiting = [] if for_all else [one for one in people.values() if one.pk not in known]
    after = award.after
    return {
        "row": award,
        "key": str(award.pk),
        "total": sum(one.owed_fen for one in findings),
        "findings": findings,
        "people": sorted(people.values(), key=lambda one: one.number),
        "received": [{"row": one, **_last_day(one, award, region, law)} for one in got],
        "waiting": sorted(waiting, key=lambda one: one.number),
        "speakers": [one for one in people.values() if one.represents],
        "corrections": list(award.corrections.all()),
        "clocks": clocks,
        "after": after,
        "after_state": law.procedure(after.procedure).state(after.state).name if after else "",
    }


def _last_day(received: Received, award: Award, region: str, law: Law) -> dict[str, Any]:
    """The last day of the party's own remedy and its name, or why none can be said."""
    name = law.parameter(aftermath.remedy(received, award)).name
    try:
        return {"name": name, "due": aftermath.last_day(received, award, region, law).due_day, "problem": ""}
    except LawError as problem:
        return {"name": name, "due": None, "problem": str(problem)}


def _group(request: HttpRequest, case: ArbitrationCase, law: Law, so_far: dict[str, Any]) -> dict[str, Any]:
    """``parts/arbitration_group.html``: representatives, and what they may only do with consent; three queries."""
    people = so_far["applicants"]
    rule = groups.standing(case, law, people)
    spoken_for = [one for one in people if not one.represents]
    consents = []
    for one in case.consents.prefetch_related("answers__applicant").order_by("-pk"):
        answers = list(one.answers.all())
        said = {answer.applicant_id for answer in answers}
        consents.append(
            {
                "row": one,
                "yes": sum(answer.agrees for answer in answers),
                "no": sum(not answer.agrees for answer in answers),
                "waiting": [person for person in spoken_for if person.pk not in said],
                "whole": all(answer.agrees for answer in answers)
                and {person.pk for person in spoken_for} <= said,
            }
        )
    return {
        "rule": rule,
        "number_of_people": len(people),
        "represented": [one for one in people if one.represents],
        "everybody": [{**_person(one, full=so_far["shown"])} for one in people] if rule.collective else [],
        "consents": consents,
        "consent_kinds": Consent.What.choices,
    }


def _person(one: Applicant, *, full: bool) -> dict[str, Any]:
    name, number, phone = plain(one.name), plain(one.id_number), plain(one.phone)
    return {
        "row": one,
        "name": name if full else mask_name(name),
        "id": number if full else mask_id_number(number) if number else "",
        "phone": phone if full else mask_phone(phone) if phone else "",
        "address": plain(one.address) if full else "已填" if one.address else "",
    }


Part = Callable[[HttpRequest, ArbitrationCase, Law, dict[str, Any]], dict[str, Any]]
#: what the page is made of, in the order of its includes; each gives the context of its own template
PARTS: Sequence[Part] = (_claims, _awards, _group)


def seen(request: HttpRequest, case: ArbitrationCase, what: str, action: str = "seen") -> None:
    """A look at what is personal, in the journal."""
    record(
        actor=actor(user_of(request)), action=f"arbitration.{action}", object_type="arbitration_case", object_id=case.pk,
        summary=f"{case}：{what}", now=clock.now(),
    )  # fmt: skip
