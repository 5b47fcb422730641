"""期限怎样来的: the steps of any due date that stands on any page, with its days drawn.

Each kind of due date has one function that finds it within the reader's scope and works it out again by the
law's engine. The template tag ``due`` leads here from wherever a due date stands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.funds.models import LabourCostTerm
from anxin.funds.queries import find_deposit, terms
from anxin.kernel.months import Month
from anxin.law import Deadline, Law, LawError, Step, pay_day
from anxin.law.wording import day_text
from anxin.local_law import queries as local_law
from anxin.monitoring.access import own_warnings
from anxin.monitoring.acting import act_by
from anxin.monitoring.models import Warning
from anxin.monitoring.queries import visible_warning
from anxin.registry.access import find_employer_project, find_visible
from anxin.registry.models import Participation, Project
from anxin.web import clock
from anxin.web.bureau.due_hearings import KINDS as HEARING_KINDS
from anxin.web.bureau.due_matters import KINDS as MATTER_KINDS
from anxin.web.bureau.due_mediation import KINDS as MEDIATION_KINDS
from anxin.web.bureau.due_money import KINDS as MONEY_KINDS
from anxin.web.bureau.due_parts import Kind, Part, Shown, part_of, project_place
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

PAY_DAY = "period_counting.pay_date_on_holiday"
CYCLE = "construction.labour_cost_cycle_max_months"
DEPOSIT_DAYS = "wage_deposit.deposit_days"
EXPIRY_REMINDER = "wage_deposit.guarantee_expiry_reminder_months"


@page(access.VIEW, access.EMPLOYER, access.MEDIATE, access.ARBITRATE)
def steps(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One due date: the whole page, of which the console shows the middle in a window."""
    found = KINDS.get(kind)
    shown = or_404(
        found(user_of(request), pk, request.GET.get("month", ""), local_law.current()) if found else None
    )
    return render(request, "bureau/due.html", {"shown": shown, "today": clock.today()})


def _warning(user: User, pk: int, month: str, law: Law) -> Shown | None:
    """The days by which a warning is to be dealt with, one for each line of the table."""
    warning = visible_warning(user, pk)
    where = (reverse("warning", args=[pk]), f"预警 {pk}：{warning.subject}" if warning else "")
    if warning is None:  # the employer itself, on its own page
        warning = own_warnings(user).filter(pk=pk).first()
        where = (reverse("employer:home"), "本单位的预警")
    if warning is None or warning.act_by is None:
        return None
    found = act_by(law, warning)
    notes = ["处置时限是政策口径，可由本地另定，不作为法律依据。"]
    if found.kept_earlier:
        notes.append(
            f"这条预警的处置期限已定为{day_text(warning.act_by)}：情况变重时可以提前，情况减轻时不推后。"
        )
    parts = [part_of(law, one) for one in found.deadlines] or [Part("处置期限", problem=found.problem)]
    return Shown("预警处置期限", where, warning.act_by, parts, notes=tuple(notes))


def _pay_day(user: User, pk: int, month: str, law: Law) -> Shown | None:
    """The pay day of a wage month; of the next one to come where none is named."""
    project = find_visible(user, pk) or find_employer_project(user, pk)
    wage_month = _month(month)
    if project is None or project.pay_day is None or wage_month is None:
        return None
    offset = project.pay_month_offset
    try:
        if not month:
            wage_month = Month.of(clock.today()).plus(-offset)
            if pay_day(wage_month, project.pay_day, offset, law.calendar).due < clock.today():
                wage_month = wage_month.plus(1)
        agreed = pay_day(wage_month, project.pay_day, offset, law.calendar)
        answer = law.deadline(PAY_DAY, agreed.nominal, project.region_id)
    except LawError as problem:
        return Shown("应发工资日", _about(user, project), None, [Part("", problem=str(problem))])
    # How the agreed day falls in that month, then what the law makes of it.
    agreement = [Step("start", text, agreed.nominal) for text in agreed.agreement]
    told = (*agreement, *(step for step in answer.steps if step.kind != "start"))
    name = f"{wage_month.chinese()}工资应发日"
    shown = replace(answer, steps=told)
    return Shown(
        name, _about(user, project), answer.due, [part_of(law, shown, heading="", start_word="约定日")]
    )


def _labour_cost(user: User, pk: int, month: str, law: Law) -> Shown | None:
    """The agreed day on which a month's labour cost is to be in the special account."""
    project, today = find_visible(user, pk) or _of_general_contractor(user, pk), clock.today()
    asked = _month(month)
    if project is None or asked is None:
        return None
    agreed = terms(project)
    if not month:
        following = next_labour_cost(agreed, today, law)
        asked = Month.of(following) if following else asked
    term = term_of(agreed, asked, longest_cycle(law, today))
    if term is None:
        return None
    due = asked.day(term.due_day)
    try:
        cycle = law.value(CYCLE, on=due, region=project.region_id)
    except LawError as problem:
        return Shown("人工费用拨付日", project_place(project), due, [Part("", problem=str(problem))])
    told = (
        Step("start", f"约定自{Month.parse(term.first_month).chinese()}起，每{term.cycle_months}个月拨付一次，"
             f"拨付日为{term.due_day}日。", None, ""),
        Step("note", f"拨付周期最长{cycle.value}个月，约定更长的按{cycle.value}个月算。", None, cycle.reference),
        Step("count", f"{asked.chinese()}这一期对应{day_text(due)}。", due),
        Step("note", "遇休息日提前的规定只适用于发放工资，约定的拨付日不因休息日变动。", due),
    )  # fmt: skip
    answer = Deadline(
        key=CYCLE, name=cycle.name, region=cycle.region, start=due, due=due, nominal=due, unit="日", length=0,
        day_type="natural", bound="max", backward=False, act_from=None, provisional=False,
        needs_check=cycle.needs_check, steps=told, basis=(cycle.reference,),
    )  # fmt: skip
    name = f"{asked.chinese()}人工费用拨付日"
    return Shown(name, project_place(project), due, [part_of(law, answer, heading="", start_word="约定日")])


def _deposit(user: User, pk: int, month: str, law: Law) -> Shown | None:
    """The last day of a guarantee, and the day by which the bureau reminds of it."""
    deposit = find_deposit(pk)
    if deposit is None or deposit.valid_until is None:
        return None
    project = find_visible(user, deposit.project_id)
    if project is None:
        return None
    notes = (
        f"{deposit.get_kind_display()}登记的有效期至{day_text(deposit.valid_until)}，"
        "这是约定的最后一日，遇休息日不顺延。",
        "工程尚未完工的，应在到期前更换或延期。",
    )
    try:
        part = part_of(law, law.deadline(EXPIRY_REMINDER, deposit.valid_until, project.region_id))
    except LawError as problem:
        part = Part("保函到期前提醒", problem=str(problem))
    about = (reverse("project-deposits", args=[project.pk]), project.name)
    return Shown("保函有效期", about, deposit.valid_until, [part], notes=notes)


def _deposit_days(user: User, pk: int, month: str, law: Law) -> Shown | None:
    """The day by which the wage deposit is to be stored after the permit."""
    project = find_visible(user, pk)
    if project is None or project.permit_on is None:
        return None
    try:
        answer = law.deadline(DEPOSIT_DAYS, project.permit_on, project.region_id)
    except LawError as problem:
        return Shown("保证金存储期限", project_place(project), None, [Part("", problem=str(problem))])
    return Shown("保证金存储期限", project_place(project), answer.due, [part_of(law, answer, heading="")])


#: kind in the address → how it is found
KINDS: dict[str, Kind] = {
    "warning": _warning,
    "pay-day": _pay_day,
    "labour-cost": _labour_cost,
    "deposit": _deposit,
    "deposit-days": _deposit_days,
    **MATTER_KINDS,
    **MONEY_KINDS,
    **MEDIATION_KINDS,
    **HEARING_KINDS,
}


def next_labour_cost(agreed: Sequence[LabourCostTerm], today: dt.date, law: Law) -> dt.date | None:
    """The next day on which labour cost is to be disbursed, today included; no terms: ``None``."""
    if not agreed:
        return None
    longest = longest_cycle(law, today)
    month = max(Month.of(today), min(Month.parse(one.first_month) for one in agreed))
    # The next one lies at most one cycle, or the start of later terms, ahead.
    for number in range(2 * longest + 1):
        term = term_of(agreed, month.plus(number), longest)
        if term is not None and (due := month.plus(number).day(term.due_day)) >= today:
            return due
    return None


def longest_cycle(law: Law, on: dt.date) -> int:
    """Months that a cycle may last at most: an agreed longer one does not hold."""
    return int(law.value(CYCLE, on=on).value)


def term_of(agreed: Sequence[LabourCostTerm], month: Month, longest: int) -> LabourCostTerm | None:
    """The terms by which something falls due in a month, the latest first; as the sweep reads them."""
    for term in agreed:
        first = Month.parse(term.first_month)
        gone = (month.year - first.year) * 12 + month.number - first.number
        if gone >= 0 and gone % max(min(term.cycle_months, longest), 1) == 0:
            return term
    return None


def duty_of(warning: Warning) -> tuple[str, int, str] | None:
    """The due date whose being missed a warning tells of: kind, key and month for the tag ``due``."""
    if warning.project is None or warning.project_id is None:
        return None
    if warning.rule in ("W03", "P01") and warning.month and warning.project.pay_day:
        return "pay-day", warning.project_id, warning.month
    if warning.rule in ("W01", "W02") and warning.month:
        return "labour-cost", warning.project_id, warning.month
    if warning.rule == "W07" and warning.project.permit_on and _is_short(warning):
        return "deposit-days", warning.project_id, ""
    return None


def _of_general_contractor(user: User, pk: int) -> Project | None:
    """The project for its general contractor's clerk, whom the owner's payments concern."""
    return find_employer_project(user, pk, Participation.Role.GENERAL_CONTRACTOR)


def _about(user: User, project: Project) -> tuple[str, str]:
    """The project's page in the portal that this person works in."""
    if find_visible(user, project.pk) is None:
        return reverse("employer:project", args=[project.pk]), project.name
    return project_place(project)


def _is_short(warning: Warning) -> bool:
    """Whether it tells of too little stored, and not only of a use that was not topped up."""
    measures = warning.explanation.get("measures") or {}
    return bool(measures.get("short_fen", 1))


def _month(text: str) -> Month | None:
    """The month asked for; this one where none is; ``None`` for nonsense."""
    try:
        return Month.parse(text) if text else Month.of(clock.today())
    except ValueError:
        return None
