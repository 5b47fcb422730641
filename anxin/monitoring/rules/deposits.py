"""W07 and W08: the wage deposit is missing, short or used up; a guarantee lapses before the work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.days import day_words
from anxin.kernel.money import sentence_yuan
from anxin.monitoring.rules.due_dates import DueRules, due_dates
from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.grading import lowest_limit
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, subject
from anxin.monitoring.rules.shared import active, as_gaps, as_rows, left, only_left, parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_RATIO = "wage_deposit.ratio_percent"
_CAP = "wage_deposit.single_project_cap"
_DAYS = "wage_deposit.deposit_days"
_WAIVER = "wage_deposit.small_contract_waiver_amount"
_REPLENISH = "wage_deposit.replenish_days"
_DETAILS = (
    "short_fen",
    "assessed",
    "replenish_late",
    "replenish_fen",
    "replenish_due",
    "contract_fen",
    "ratio_percent",
    "ratio_is_minimum",
    "ratio_source",
    "cap_fen",
    "required_fen",
    "held_fen",
    "permit_on",
    "limit_days",
    "limit_unit",
)


def _held(facts: Facts, ctx: RuleContext) -> ir.Table:
    """What is deposited per project. A lapsed guarantee still counts here: it is W08's matter."""
    as_of = ibis.literal(ctx.as_of)
    deposits = facts.wage_deposits
    kept = deposits.filter(deposits.released_on.isnull() | (deposits.released_on > as_of))
    return kept.group_by("project_id").agg(held_fen=kept.amount_fen.sum())


def _on_permit(ctx: RuleContext, table: ir.Table, key: str, **names: str) -> ir.Table:
    """Left join of a parameter as it stood in the project's region on the day of the permit."""
    spans = parameter(ctx, key).select("region", "valid_from", "valid_until", **names)
    joined = table.left_join(
        spans,
        (table.region == spans.region)
        & (table.permit_on >= spans.valid_from)
        & (table.permit_on <= spans.valid_until),
    )
    return only_left(joined).drop("valid_from", "valid_until")


def _obligations(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Unfinished projects with permit and contract price: what they hold and what they should."""
    return ctx.once("deposit_obligations", lambda: _held_and_required(facts, ctx))


def _held_and_required(facts: Facts, ctx: RuleContext) -> ir.Table:
    projects = active(facts, ctx).select("project_id", "region", "permit_on", "contract_fen")
    projects = projects.filter(projects.permit_on.notnull() & projects.contract_fen.notnull())
    table = _on_permit(
        ctx, projects, _RATIO, ratio_percent="number", ratio_is_minimum="lower_bound", ratio_source="source"
    )
    table = _on_permit(ctx, table, _CAP, cap="number")
    table = _on_permit(ctx, table, _WAIVER, waiver="number")
    table = _on_permit(ctx, table, _DAYS, limit="number", limit_unit="unit")
    table = left(table, _held(facts, ctx), "project_id")
    assessed = facts.deposit_assessments.group_by("project_id").agg(
        assessed_fen=facts.deposit_assessments.assessed_fen.max()
    )
    table = left(table, assessed, "project_id")
    full = (table.contract_fen * table.ratio_percent / 100).round().cast("int64")
    cap = (table.cap * 100).round().cast("int64")
    return table.mutate(
        held_fen=table.held_fen.fill_null(0),
        cap_fen=cap,
        required_fen=ibis.coalesce(table.assessed_fen, ibis.least(full, ibis.coalesce(cap, full))),
        # what the bureau has worked out and fixed holds, exempt or not
        small=table.assessed_fen.isnull() & (table.contract_fen < (table.waiver * 100).round().cast("int64")),
        assessed=table.assessed_fen.notnull().cast("int64"),
        ratio_is_minimum=table.ratio_is_minimum.cast("int64"),
    )


def _with_due(ctx: RuleContext, table: ir.Table) -> ir.Table:
    """The last day to deposit, counted from the permit in the unit of the local text."""
    calendar = ctx.tables.calendar
    limit = table["limit"].cast("int64")
    permit = calendar.select(permit_on="day", permit_number="workday_number", permit_ordinal="ordinal")
    table = table.mutate(limit_days=limit).join(permit, "permit_on")
    table = table.mutate(
        number_due=table.permit_number + table.limit_days,
        ordinal_due=table.permit_ordinal + table.limit_days,
    )
    by_work = calendar.filter(calendar.workday).select(number_due="workday_number", day_by_work="day")
    natural = calendar.select(ordinal_due="ordinal", day_by_nature="workday_on_or_after")
    table = left(table, by_work, "number_due")
    table = left(table, natural, "ordinal_due")
    working = table.limit_unit == "工作日"
    table = table.mutate(due=ibis.ifelse(working, table.day_by_work, table.day_by_nature))
    due_number = calendar.select(due="day", due_number="workday_number")
    today = calendar.filter(calendar.day == ibis.literal(ctx.as_of)).select(today="workday_number")
    table = table.join(due_number, "due").cross_join(today)
    return table.mutate(days=table.today - table.due_number)


def missing_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Projects that hold less than they should, or have not made good what was used."""
    return _short_rows(facts, ctx).union(_unreplenished_rows(facts, ctx))


def _short_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Projects that hold less than the rate requires; small contracts may be exempt and are a gap."""
    table = _with_due(ctx, _obligations(facts, ctx))
    short = table.filter((table.held_fen < table.required_fen) & ~table.small)
    missing = short.required_fen - short.held_fen
    none = ibis.literal(0, type="int64")
    return as_rows(
        short.mutate(
            month=ibis.literal(""),
            amount_fen=missing,
            short_fen=missing,
            replenish_late=none,
            replenish_fen=none,
            replenish_due=ibis.null("date"),
            keys=ibis.literal("project:") + short.project_id.cast("string"),
        ),
        _DETAILS,
    )


def _unreplenished_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Money taken from a deposit and not topped up within the working days of the local rule, use by use."""
    projects = active(facts, ctx).select("project_id", "region")
    uses = facts.deposit_uses.filter(facts.deposit_uses.open_fen > 0).join(projects, "project_id")
    rules = DueRules.lay_out(ctx.law, [_REPLENISH], facts.regions, until=ctx.as_of)
    table = due_dates(only_left(uses), "used_on", rules, key=_REPLENISH, region=uses.region)
    as_of = ibis.literal(ctx.as_of)
    late = table.filter(table.due.notnull() & (table.due < as_of))
    number = ctx.tables.calendar.select(due="day", due_number="workday_number")
    today = ctx.tables.calendar.filter(ctx.tables.calendar.day == as_of).select(today="workday_number")
    late = left(late, number, "due").cross_join(today)
    whole, text = ibis.null("int64"), ibis.null("string")
    return as_rows(
        late.mutate(
            month=ibis.literal(""),
            amount_fen=late.open_fen,
            # a use that fell due before the calendar laid out for this run has no number: its days stay unknown
            days=late.today - late.due_number,
            short_fen=ibis.literal(0, type="int64"),
            assessed=ibis.literal(0, type="int64"),
            replenish_late=ibis.literal(1, type="int64"),
            replenish_fen=late.open_fen,
            replenish_due=late.due,
            contract_fen=whole,
            ratio_percent=ibis.null("float64"),
            ratio_is_minimum=whole,
            ratio_source=text,
            cap_fen=whole,
            required_fen=whole,
            held_fen=whole,
            permit_on=ibis.null("date"),
            limit_days=whole,
            limit_unit=text,
            keys=ibis.literal("deposit_event:") + late.use_id.cast("string"),
        ),
        _DETAILS,
    )


def missing_gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Contract price or permit unknown; permit before the rules; small contract without a deposit."""
    projects = active(facts, ctx)
    obligations = _obligations(facts, ctx)
    exempt = obligations.filter(obligations.small & (obligations.held_fen == 0))
    return ibis.union(
        as_gaps(projects.filter(projects.contract_fen.isnull()), "contract_unknown"),
        as_gaps(projects.filter(projects.permit_on.isnull()), "permit_unknown"),
        as_gaps(obligations.filter(obligations.ratio_percent.isnull()), "before_rules", subject="permit_on"),
        as_gaps(exempt, "waiver_unconfirmed"),
    )


def missing_sentence(finding: Finding, project_name: str) -> str:
    """What is short with its computation; what was used and not made good."""
    used, due = finding.measures["replenish_fen"], finding.measures["replenish_due"]
    if not used:
        return f"{_short_sentence(finding, project_name)}。"
    topped = f"工资保证金动用后应于{day_words(due)}前补足{sentence_yuan(used)}，至今没有补足"
    if finding.measures["short_fen"]:
        return f"{_short_sentence(finding, project_name)}；另外，{topped}。"
    days = f"，已超{finding.days}个工作日" if finding.days else ""
    return f"{subject(finding, project_name)}{topped}{days}。"


def _short_sentence(finding: Finding, project_name: str) -> str:
    """The amount with its computation: contract price times rate, cap where it bites, what is held."""
    measures = finding.measures
    if measures["assessed"]:
        return _assessed_sentence(finding, project_name)
    ratio = f"{measures['ratio_percent']:g}%"
    lowest = "（国家规定比例的下限，当地比例未录入）" if measures["ratio_is_minimum"] else ""
    cap, required, held = measures["cap_fen"], measures["required_fen"], measures["held_fen"]
    capped = f"，按当地上限{sentence_yuan(cap)}计" if cap is not None and required == cap else ""
    computed = f"合同价款{sentence_yuan(measures['contract_fen'])}×{ratio}{lowest}{capped}"
    due = f"应于{day_words(finding.due)}前" if finding.due else "应"
    state = f"现有{sentence_yuan(held)}，还差{amount(measures['short_fen'])}" if held else "至今没有存储记录"
    days = finding.days or 0
    late = f"，已超{days}个工作日" if days > 0 else f"，距期满还有{-days}个工作日" if days else ""
    return (
        f"{subject(finding, project_name)}{due}存储工资保证金{sentence_yuan(required)}"
        f"（{computed}），{state}{late}"
    )


def _assessed_sentence(finding: Finding, project_name: str) -> str:
    """The same where the bureau has fixed the amount: how it came about stands with the assessment."""
    measures = finding.measures
    held = measures["held_fen"]
    state = f"现有{sentence_yuan(held)}，还差{amount(measures['short_fen'])}" if held else "至今没有存储记录"
    due = f"应于{day_words(finding.due)}前" if finding.due else "应"
    return (
        f"{subject(finding, project_name)}{due}存储工资保证金{sentence_yuan(measures['required_fen'])}"
        f"（按核定数额），{state}"
    )


def _guarantees(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Guarantees of unfinished projects that end, and that no later deposit of at least the sum replaces."""
    as_of = ibis.literal(ctx.as_of)
    deposits = facts.wage_deposits.semi_join(active(facts, ctx), "project_id")
    kept = deposits.filter(deposits.released_on.isnull() | (deposits.released_on > as_of))
    ending = kept.filter(kept.valid_until.notnull())
    later = kept.select(
        "project_id", later_id="deposit_id", later_fen="amount_fen", later_until="valid_until"
    )
    replaced = ending.join(
        later,
        (ending.project_id == later.project_id)
        & (ending.deposit_id != later.later_id)
        & (later.later_fen >= ending.amount_fen)
        & (later.later_until.isnull() | (later.later_until > ending.valid_until)),
    )
    return ending.anti_join(replaced.select("deposit_id").distinct(), "deposit_id")


def lapsing_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Guarantees that end within the reminder of the grading table, or have ended."""
    guarantees = _guarantees(facts, ctx)
    floor = min(
        lowest_limit(ctx.law.value("warning.w08", on=ctx.as_of, region=region), "days")
        for region in ("", *facts.regions)
    )
    table = guarantees.mutate(
        month=ibis.literal(""),
        days=ibis.literal(ctx.as_of).delta(guarantees.valid_until, unit="day"),
        due=guarantees.valid_until,
        keys=ibis.literal("wage_deposit:") + guarantees.deposit_id.cast("string"),
    )
    return as_rows(table.filter(table.days >= floor), ("kind", "valid_from", "valid_until"))


def lapsing_sentence(finding: Finding, project_name: str) -> str:
    """``…工程未完工，1份保函（担保金额…）将于…到期，还剩20天，请更换或延期。``"""
    days = finding.days or 0
    when = day_words(finding.due) if finding.due else ""
    head = (
        f"{subject(finding, project_name)}工程尚未完工，{finding.rows}份工资保证金保函"
        f"（担保金额{amount(finding.amount_fen)}）"
    )
    if days > 0:
        return f"{head}已于{when}到期，过期{days}天，没有更换或延期记录。"
    left = f"还剩{-days}天" if days else "今天是最后一天"
    return f"{head}将于{when}到期，{left}，请更换或延期。"


MISSING = Rule(
    code="W07",
    title="工资保证金未存、不足或动用后未补",
    family="paper",
    articles=(
        Article("wage_regulation", 32),
        Article("wage_deposit_rules", 7),
        Article("wage_deposit_rules", 11),
        Article("wage_deposit_rules", 20),
    ),
    grading="warning.w07",
    parameters=(_RATIO, _CAP, _DAYS, _WAIVER, _REPLENISH),
    rows=missing_rows,
    gaps=missing_gaps,
    gap_sentences={
        "contract_unknown": "没有登记施工合同价款，应存多少保证金无法计算，请补录合同价款。",
        "permit_unknown": "没有登记施工许可（开工报告批复）日期，保证金何时应存无法计算，请补录。",
        "before_rules": "施工许可日期{subject}早于现行保证金规定施行日，应按当时的地方规定核对，系统未收录。",
        "waiver_unconfirmed": "合同价款低于免存门槛且没有保证金记录，是否符合当地免存条件须核实并登记。",
    },
    sentence=missing_sentence,
    clears="存储或补足保证金（现金、保函或保险）并上传凭证；已批准减免的，登记核定结果；动用后补足的，登记补足。",
    responsible="general_contractor",
    measures={
        "short_fen": "sum",
        "assessed": "max",
        "replenish_late": "sum",
        "replenish_fen": "sum",
        "replenish_due": "min",
        "contract_fen": "max",
        "ratio_percent": "max",
        "ratio_is_minimum": "max",
        "ratio_source": "max",
        "cap_fen": "max",
        "required_fen": "max",
        "held_fen": "max",
        "permit_on": "max",
    },
    days_unit="working",
    law_day=lambda finding: finding.measures["permit_on"] or finding.as_of,
)

LAPSING = Rule(
    code="W08",
    title="工资保证金保函将到期或已过期",
    family="paper",
    articles=(Article("wage_deposit_rules", 17),),
    grading="warning.w08",
    parameters=("wage_deposit.guarantee_expiry_reminder_months",),
    rows=lapsing_rows,
    sentence=lapsing_sentence,
    clears="提交延期或更换后的保函，或工程完工并办妥返还。",
    responsible="general_contractor",
)
