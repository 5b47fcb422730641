"""W07 and W08: the wage deposit is missing or short; a guarantee lapses before the work is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.money import sentence_yuan
from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.grading import lowest_limit
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, day_text, subject
from anxin.monitoring.rules.shared import active, as_gaps, as_rows, left, only_left, parameter

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_RATIO = "wage_deposit.ratio_percent"
_CAP = "wage_deposit.single_project_cap"
_DAYS = "wage_deposit.deposit_days"
_WAIVER = "wage_deposit.small_contract_waiver_amount"
_DETAILS = (
    "contract_fen",
    "ratio_percent",
    "ratio_is_minimum",
    "ratio_source",
    "cap_fen",
    "required_fen",
    "held_fen",
    "permit_on",
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
    full = (table.contract_fen * table.ratio_percent / 100).round().cast("int64")
    cap = (table.cap * 100).round().cast("int64")
    return table.mutate(
        held_fen=table.held_fen.fill_null(0),
        cap_fen=cap,
        required_fen=ibis.least(full, ibis.coalesce(cap, full)),
        small=table.contract_fen < (table.waiver * 100).round().cast("int64"),
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
    """Projects that hold less than the rate requires; small contracts may be exempt and are a gap."""
    table = _with_due(ctx, _obligations(facts, ctx))
    short = table.filter((table.held_fen < table.required_fen) & ~table.small)
    return as_rows(
        short.mutate(
            month=ibis.literal(""),
            amount_fen=short.required_fen - short.held_fen,
            keys=ibis.literal("project:") + short.project_id.cast("string"),
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
    """The amount with its computation: contract price times rate, cap where it bites, what is held."""
    measures = finding.measures
    ratio = f"{measures['ratio_percent']:g}%"
    lowest = "（国家规定比例的下限，当地比例未录入）" if measures["ratio_is_minimum"] else ""
    cap, required, held = measures["cap_fen"], measures["required_fen"], measures["held_fen"]
    capped = f"，按当地上限{sentence_yuan(cap)}计" if cap is not None and required == cap else ""
    computed = f"合同价款{sentence_yuan(measures['contract_fen'])}×{ratio}{lowest}{capped}"
    due = f"应于{day_text(finding.due)}前" if finding.due else "应"
    state = f"现有{sentence_yuan(held)}，还差{amount(finding.amount_fen)}" if held else "至今没有存储记录"
    days = finding.days or 0
    late = f"，已超{days}个工作日" if days > 0 else f"，距期满还有{-days}个工作日" if days else ""
    return (
        f"{subject(finding, project_name)}{due}存储工资保证金{sentence_yuan(required)}"
        f"（{computed}），{state}{late}。"
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
    when = day_text(finding.due) if finding.due else ""
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
    title="工资保证金未存或不足",
    family="paper",
    articles=(
        Article("wage_regulation", 32),
        Article("wage_deposit_rules", 7),
        Article("wage_deposit_rules", 11),
    ),
    grading="warning.w07",
    parameters=(_RATIO, _CAP, _DAYS, _WAIVER),
    rows=missing_rows,
    gaps=missing_gaps,
    gap_sentences={
        "contract_unknown": "没有登记施工合同价款，应存多少保证金无法计算，请补录合同价款。",
        "permit_unknown": "没有登记施工许可（开工报告批复）日期，保证金何时应存无法计算，请补录。",
        "before_rules": "施工许可日期{subject}早于现行保证金规定施行日，应按当时的地方规定核对，系统未收录。",
        "waiver_unconfirmed": "合同价款低于免存门槛且没有保证金记录，是否符合当地免存条件须核实并登记。",
    },
    sentence=missing_sentence,
    clears="存储或补足保证金（现金、保函或保险）并上传凭证；已批准减免的，登记批准文件。",
    responsible="general_contractor",
    measures={
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
    law_day=lambda finding: finding.measures["permit_on"],
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
