"""F03, F08, F11, F12, F13: pay lists against what the gate saw, the month before, the register and the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.funds.outflows import NOT_WAGES, OTHER_PAYEE
from anxin.kernel.money import FEN_PER_YUAN
from anxin.monitoring.rules.forgery.common import (
    CHECK,
    FALSE_CLAIM,
    GATE_GAPS,
    LISTS,
    MONTH,
    REAL_NAME,
    WORKED,
    emptied,
    gate_days,
    lines_at_gates,
    listed,
    number,
    own_gate,
    pay_lines,
    punched,
    window,
    without_gates,
)
from anxin.monitoring.rules.framework import Article, Finding, RuleContext, sign_rule
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, percent, subject
from anxin.monitoring.rules.shared import as_gaps, as_rows, left, only_left

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_WORKER = ["project_id", "worker_key", "month"]
_LEAST = "forgery.claimed_days"
_SAME = "forgery.copied_percent"
_DIFFERS = "forgery.differs_percent"
_FEW = "forgery.few_punches_percent"
_ABOVE = "forgery.above_percent"
_ABOVE_DAYS = "forgery.above_days"
_OWN_RATE = "forgery.own_rate_percent"
_ASKED = "forgery.complaint_percent"
_MONEY = "forgery.diverted_yuan"
_RETURNED = "forgery.returned_cards"
_MONEY_DETAILS = ("booked_on", "fate", "to_account", "outflows", "returned")
_ABOVE_DETAILS = ("days_worked", "punched", "above_days", "above_percent")
_LONGEST_MONTH = 31
#: a list of fewer people says little when it stays the same
_SMALL_LIST = 5


def never_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Lines of people whom a gate that worked never saw; trades with a way in of their own are left out.

    The days claimed must be more than the days of the month of which the gate told nothing: fewer can all have
    been worked then, for instance while the second half of the month has not arrived.
    """
    lines = lines_at_gates(facts, ctx)
    table = lines.filter(
        (lines.punched == 0)
        & (lines.days_worked >= number(ctx, _LEAST))
        & (lines.days_worked > lines.length - lines.gate_days)
    )
    table = table.anti_join(own_gate(facts, ctx), ["project_id", "worker_key"])
    table = only_left(table.join(listed(pay_lines(facts, ctx)), MONTH))
    return as_rows(table.mutate(amount_fen=table.net_fen), ("days_worked", "gate_days", "listed"))


def never_sentence(finding: Finding, project_name: str) -> str:
    """``…3人领取工资而闸机从未见到…``"""
    return (
        f"{subject(finding, project_name)}工资表{finding.measures['listed']}人中，{finding.people}人当月一次也没有打卡，"
        f"而闸机有{finding.measures['gate_days']}天正常记录，涉及工资{amount(finding.amount_fen)}，疑似虚列人员。{CHECK}"
    )


def copied_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Lines with the days and the pay of the month before, where most who stand on both lists are so at the same pay."""
    table = _beside_last_month(facts, ctx)
    lists = _repeated_lists(table, ctx)
    copied = lists.filter(lists.apart_lines * 100 >= lists.same_lines * number(ctx, _DIFFERS))
    table = only_left(table.filter(table.same == 1).join(copied, MONTH))
    return as_rows(
        table.mutate(amount_fen=table.net_fen),
        ("days_worked", "punched", "punched_before", "position", "listed", "same_lines", "apart_lines"),
    )


def _beside_last_month(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Lines with those of the month before: ``same`` days and pay, and ``apart`` where the person's punches changed.

    Pay before deductions: those are of the month. What the gate saw fewer or more days of everybody, because it was out
    of order or the month is short, is no change of the person's.
    """
    return ctx.once("lists_beside_last", lambda: _lines_beside_last_month(facts, ctx))


def _lines_beside_last_month(facts: Facts, ctx: RuleContext) -> ir.Table:
    lines = only_left(pay_lines(facts, ctx, more=1).join(window(facts, ctx, more=1), "month"))
    lines = left(lines, punched(facts, ctx), _WORKER)
    lines = left(lines, gate_days(facts, ctx), MONTH)
    before = lines.select(
        "project_id",
        "worker_key",
        month_index=lines.month_index + 1,
        days_before="days_worked",
        gross_before="gross_fen",
        punched_before="punched",
        gate_before="gate_days",
    )
    table = left(lines, before, ["project_id", "worker_key", "month_index"])
    same = (table.days_worked == table.days_before) & (table.gross_fen == table.gross_before)
    own = (table.punched - table.punched_before).abs() >= 2
    shifted = (table.punched - table.punched_before) - (table.gate_days - table.gate_before)
    apart = own & (shifted.abs() >= 2)
    table = table.mutate(same=same.fill_null(False).cast("int64"), apart=apart.fill_null(False).cast("int64"))
    return table.mutate(same_apart=table.same * table.apart)


def _repeated_lists(table: ir.Table, ctx: RuleContext) -> ir.Table:
    """``project_id, month, listed, same_lines, apart_lines`` of the lists that repeat the one before."""
    group = table.group_by(MONTH).agg(
        listed=table.worker_key.nunique(where=table.days_before.notnull()),
        same_lines=table.same.sum(),
        apart_lines=table.same_apart.sum(),
    )
    return group.filter(
        (group.listed >= _SMALL_LIST) & (group.same_lines * 100 >= group.listed * number(ctx, _SAME))
    )


def copied_sentence(finding: Finding, project_name: str) -> str:
    """``…工资表40人中38人的天数和金额与上月完全相同…``"""
    measures = finding.measures
    return (
        f"{subject(finding, project_name)}与上月工资表都有的{measures['listed']}人中，{measures['same_lines']}人的天数和金额"
        f"与上月完全相同（占{percent(measures['same_lines'], measures['listed'])}），其中{measures['apart_lines']}人"
        f"两个月的打卡天数并不相同，疑似照抄上月工资表。{CHECK}"
    )


def relatives_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Registered persons and declared relatives on the list whom the gate hardly saw."""
    lines = lines_at_gates(facts, ctx)
    lines = lines.filter(lines.punched * 100 <= lines.days_worked * number(ctx, _FEW))
    contractors = facts.projects.select("project_id", employer_id="contractor_id")
    employers = facts.enrolments.select("project_id", "employer_id")
    firms = ibis.union(contractors, employers, distinct=True)
    firms = only_left(firms.filter(firms.employer_id.notnull()).join(facts.officers, "employer_id"))
    registered = firms.group_by(["project_id", "worker_key"]).agg(office=firms.office.max())
    table = only_left(lines.join(registered, ["project_id", "worker_key"]))
    return as_rows(table.mutate(amount_fen=table.net_fen), ("office", "days_worked", "punched", "gate_days"))


def relatives_gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Projects with a pay list of whose contractor no registered person is known."""
    known = facts.officers.select("employer_id").distinct()
    lists = facts.payroll_months.semi_join(window(facts, ctx), "month").select("project_id").distinct()
    projects = facts.projects.semi_join(lists, "project_id").select("project_id", employer_id="contractor_id")
    return as_gaps(projects.anti_join(known, "employer_id"), "officers_unknown")


def relatives_sentence(finding: Finding, project_name: str) -> str:
    """``…2名参建单位登记人员或亲属列入工资表…``"""
    return (
        f"{subject(finding, project_name)}{finding.people}名参建单位登记人员或其申报的亲属列入工资表，"
        f"声称出勤最多{finding.measures['days_worked']:g}天而打卡最多{finding.measures['punched']}天，"
        f"涉及工资{amount(finding.amount_fen)}，疑似挂名领取。{CHECK}"
    )


def money_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Money of the wage account that went to others and did not come back, or that came out again by way of the cards."""
    return ibis.union(_diverted(facts, ctx), _returned(facts, ctx))


def _diverted(facts: Facts, ctx: RuleContext) -> ir.Table:
    """What left the account for others or for other things."""
    table = facts.account_outflows
    table = table.mutate(month=table.booked_on.strftime("%Y-%m"))
    table = table.filter(
        table.fate.isin([OTHER_PAYEE, NOT_WAGES]) & (table.amount_fen >= number(ctx, _MONEY) * FEN_PER_YUAN)
    )
    table = table.semi_join(window(facts, ctx), "month")
    table = table.mutate(
        keys=ibis.literal("account_entry:") + table.entry_id.cast("string"),
        to_account=ibis.null("string"),
        outflows=ibis.literal(1, type="int64"),
        returned=ibis.literal(0, type="int64"),
    )
    return as_rows(table, _MONEY_DETAILS)


def _returned(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Wages that were sent on to one account on the day they came, over hours, by everybody who sends to it.

    Within minutes it is one hand that holds the cards, which is another sign. Family that gathers its money does so
    on days of its own, and is few.
    """
    table = emptied(facts, ctx)
    table = table.mutate(second=table["at"].epoch_seconds(), same_day=table.left_on == table.last_paid_on)
    account = [*MONTH, "to_account"]
    group = table.group_by(account).agg(
        senders=table.card.nunique(),
        on_the_day=table.card.nunique(where=table.same_day),
        span=table.second.max() - table.second.min(),
    )
    group = group.filter(
        (group.senders >= number(ctx, _RETURNED))
        & (group.on_the_day == group.senders)
        & (group.span > number(ctx, "forgery.collected_minutes") * 60)
    )
    table = only_left(table.filter(table.same_day).join(group.select(*account), account))
    table = table.mutate(
        month=table.left_on.strftime("%Y-%m"),
        booked_on=table.left_on,
        fate=ibis.literal("returned"),
        outflows=ibis.literal(0, type="int64"),
        returned=ibis.literal(1, type="int64"),
    )
    return as_rows(table, _MONEY_DETAILS)


def money_gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Projects with a pay list and a special account whose movements were not delivered."""
    accounts = facts.special_accounts.anti_join(facts.account_outflows, "project_id")
    lists = facts.payroll_months.semi_join(window(facts, ctx), "month")
    return as_gaps(accounts.semi_join(lists, "project_id"), "entries_missing")


def money_sentence(finding: Finding, project_name: str) -> str:
    """``…专用账户2笔支出流向工资以外…``"""
    measures, parts = finding.measures, []
    if measures["outflows"]:
        parts.append(f"工资专用账户有{measures['outflows']}笔大额支出流向工资以外且没有退回")
    if measures["returned"]:
        parts.append(f"{finding.people}名工人的工资到账当天又陆续转入同一账户")
    return f"{subject(finding, project_name)}{'，'.join(parts)}，共{amount(finding.amount_fen)}，疑似挪用工资款。{CHECK}"


def above_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Lines, or complaints, that claim far more days than can have been worked."""
    return ibis.union(_above_lines(facts, ctx), _above_complaints(facts, ctx))


def _above_lines(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Lines that claim far more days than the gate saw, of people whom it did see.

    Not of a list that repeats the one before: its days are nobody's claim, and it is a sign of its own. Where the
    gate told nothing on some days, people are taken to have come then as often as otherwise. And not of days at far
    less pay than the person's own on another list: then the days are a slip of the pen, and no money is claimed.
    """
    lines = lines_at_gates(facts, ctx)
    lines = lines.anti_join(_repeated_lists(_beside_last_month(facts, ctx), ctx), MONTH)
    lines = lines.filter(lines.punched > 0).anti_join(own_gate(facts, ctx), ["project_id", "worker_key"])
    lines = lines.join(_rates(pay_lines(facts, ctx)), ["project_id", "worker_key"])
    lines = lines.filter(lines.gross_fen * 100 >= lines.days_worked * lines.rate_fen * number(ctx, _OWN_RATE))
    likely = lines.punched * lines.length / lines.gate_days
    table = lines.mutate(above_days=lines.days_worked - lines.punched).filter(
        (lines.days_worked - likely >= number(ctx, _ABOVE_DAYS))
        & ((lines.days_worked - likely) * 100 >= likely * number(ctx, _ABOVE))
    )
    table = table.mutate(above_percent=(table.above_days * 100 / table.punched).floor().cast("int64"))
    return as_rows(table.mutate(amount_fen=table.net_fen), _ABOVE_DETAILS)


def _above_complaints(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Complaints of one person that ask, at the pay of the list, for more days than the months they speak of have.

    Who speaks for several names the sum of all; a complaint that was found right is none.
    """
    clues = facts.clues.filter(
        facts.clues.project_id.notnull() & facts.clues.worker_key.notnull() & (facts.clues.months > 0)
    )
    clues = clues.filter((clues.people.fill_null(1) <= 1) & ~clues.founded.fill_null(False))
    clues = clues.mutate(month=clues.received_on.strftime("%Y-%m")).semi_join(window(facts, ctx), "month")
    rates = _rates(pay_lines(facts, ctx))
    table = only_left(clues.join(rates, ["project_id", "worker_key"]))
    possible = (table.months * _LONGEST_MONTH).ceil()
    table = table.mutate(
        days_worked=(table.amount_fen / table.rate_fen).floor().cast("float64"),
        punched=possible.cast("int64"),
    )
    table = table.filter(table.days_worked * 100 >= table.punched * (100 + number(ctx, _ASKED)))
    above = table.days_worked - table.punched
    table = table.mutate(
        person=table.worker_key,
        keys=ibis.literal("clue:") + table.clue_id.cast("string"),
        above_days=above,
        above_percent=(above * 100 / table.punched).floor().cast("int64"),
    )
    return as_rows(table, _ABOVE_DETAILS)


def _rates(lines: ir.Table) -> ir.Table:
    """``project_id, worker_key, rate_fen``: the best pay for a day on any list of the months looked at."""
    lines = lines.filter(lines.days_worked > 0)
    return lines.group_by(["project_id", "worker_key"]).agg(
        rate_fen=(lines.gross_fen / lines.days_worked).max()
    )


def above_sentence(finding: Finding, project_name: str) -> str:
    """``…6人工资表天数远多于打卡天数…``"""
    return (
        f"{subject(finding, project_name)}{finding.people}人报领的天数远多于打卡天数或可能的天数"
        f"（最多多{finding.measures['above_days']:g}天），涉及工资{amount(finding.amount_fen)}，疑似虚报工日。{CHECK}"
    )


NEVER = sign_rule(
    code="F03",
    title="领取工资而从未打卡",
    articles=(REAL_NAME, LISTS),
    grading="warning.f03",
    parameters=(_LEAST, WORKED),
    rows=never_rows,
    gaps=without_gates,
    gap_sentences=GATE_GAPS,
    sentence=never_sentence,
    clears="补交手工考勤并由工人本人确认，或更正工资表。",
    measures={"listed": "max", "gate_days": "max"},
)
COPIED = sign_rule(
    code="F08",
    title="工资表照抄上月",
    articles=(LISTS,),
    grading="warning.f08",
    parameters=(_SAME, _DIFFERS),
    rows=copied_rows,
    gaps=without_gates,
    gap_sentences=GATE_GAPS,
    sentence=copied_sentence,
    clears="按当月实际出勤重编工资表，或说明固定月薪的约定。",
    measures={"listed": "max", "same_lines": "max", "apart_lines": "max"},
)
RELATIVES = sign_rule(
    code="F11",
    title="登记人员或亲属列入工资表而很少打卡",
    articles=(REAL_NAME, LISTS),
    grading="warning.f11",
    parameters=(_FEW, WORKED),
    rows=relatives_rows,
    gaps=relatives_gaps,
    gap_sentences={"officers_unknown": "总承包单位的登记人员未知，是否有关联人员列入工资表无法核对。"},
    sentence=relatives_sentence,
    clears="提供本人在岗的材料（任务单、打卡、证人），或从工资表中更正。",
    measures={"days_worked": "max", "punched": "max"},
)
MONEY = sign_rule(
    code="F12",
    title="工资专用账户的钱疑似挪作他用",
    articles=(Article("wage_regulation", 26), Article("wage_regulation", 27)),
    grading="warning.f12",
    parameters=(_MONEY, _RETURNED),
    rows=money_rows,
    gaps=money_gaps,
    gap_sentences={"entries_missing": "没有专用账户的支出流水，工资款是否挪用无法核对，请银行报送。"},
    sentence=money_sentence,
    clears="原路退回转出的款项，或证明收款人是本项目农民工。",
    measures={"outflows": "sum", "returned": "sum"},
)
ABOVE = sign_rule(
    code="F13",
    title="工资表天数远多于打卡天数",
    articles=(LISTS, FALSE_CLAIM),
    grading="warning.f13",
    parameters=(_ABOVE, _ABOVE_DAYS, _OWN_RATE, _ASKED, WORKED),
    rows=above_rows,
    gaps=without_gates,
    gap_sentences=GATE_GAPS,
    sentence=above_sentence,
    clears="补交加班或手工考勤记录并由工人确认，或更正工资表。",
    measures={"above_days": "max", "above_percent": "max"},
)
