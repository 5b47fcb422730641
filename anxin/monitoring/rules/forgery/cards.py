"""F01, F02, F09, F10: one card for many, cards that somebody else keeps, cards in a row, one person under two names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.monitoring.rules.forgery.common import (
    CARD_GAPS,
    CHECK,
    FALSE_CLAIM,
    FLOW_GAPS,
    GATE_GAPS,
    LISTS,
    MONTH,
    NUMBERED,
    REAL_NAME,
    emptied,
    number,
    pay_lines,
    punched,
    punches,
    without_cards,
    without_flows,
    without_gates,
)
from anxin.monitoring.rules.framework import Finding, RuleContext, sign_rule
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, subject
from anxin.monitoring.rules.shared import as_rows, left, only_left

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_WORKER = ["project_id", "worker_key", "month"]
_SHARED = "forgery.card_people"
_COLLECTED = "forgery.collected_people"
_MINUTES = "forgery.collected_minutes"
_SERIES = "forgery.series_cards"
_BATCH = "forgery.batch_days"
#: months after the wage month in which its pay still leaves a card
_PAID_WITHIN = 2
_MONTH_DAYS = 31


def one_card_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Lines paid to a card to which several people are paid who have not declared who receives for them."""
    lines = pay_lines(facts, ctx)
    lines = lines.filter(lines.card.notnull())
    declared = facts.enrolments.filter(facts.enrolments.payee_key.notnull())
    lines = lines.anti_join(declared, ["project_id", "worker_key"])
    by_card = lines.group_by([*MONTH, "card"]).agg(sharers=lines.worker_key.nunique())
    table = only_left(lines.join(by_card, [*MONTH, "card"]))
    table = table.filter(table.sharers >= number(ctx, _SHARED))
    return as_rows(table.mutate(amount_fen=table.net_fen), ("card", "sharers"))


def one_card_sentence(finding: Finding, project_name: str) -> str:
    """``…8名工人的工资发到与他人共用的银行卡…``"""
    return (
        f"{subject(finding, project_name)}{finding.people}名工人的工资共{amount(finding.amount_fen)}"
        f"发到与他人共用的银行卡（同一张卡最多{finding.measures['sharers']}人），没有登记代收授权，"
        f"疑似一卡代领。{CHECK}"
    )


def collected_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Cards emptied to one account within minutes of each other, right after the wages came.

    Cards are counted, not people: one card that is emptied for several is another sign.
    """
    table = emptied(facts, ctx)
    here = [*MONTH, "to_account", "left_on"]
    times = table.mutate(second=table["at"].epoch_seconds())
    group = times.group_by(here).agg(
        senders=times.card.nunique(), first_second=times.second.min(), last_second=times.second.max()
    )
    minutes = number(ctx, _MINUTES)
    group = group.filter(
        (group.senders >= number(ctx, _COLLECTED)) & (group.last_second - group.first_second <= minutes * 60)
    )
    group = group.mutate(span_minutes=((group.last_second - group.first_second) / 60).ceil().cast("int64"))
    table = only_left(table.join(group.select(*here, "senders", "span_minutes"), here))
    return as_rows(table, ("card", "to_account", "left_on", "senders", "span_minutes"))


def collected_sentence(finding: Finding, project_name: str) -> str:
    """``…6张工资卡在到账后几分钟内转入同一账户…``"""
    return (
        f"{subject(finding, project_name)}{finding.people}名工人的工资到账后，在"
        f"{finding.measures['span_minutes']}分钟之内先后转入同一账户，共{amount(finding.amount_fen)}，"
        f"疑似工资卡由他人保管。{CHECK}"
    )


def series_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Paid cards with numbers in a row, opened together, of people who did not come together.

    And who are not seen, or whose money leaves at once, or goes to one account for most of them.
    """
    cards = facts.cards.filter(facts.cards.series.notnull() & facts.cards.opened_on.notnull())
    lines = pay_lines(facts, ctx)
    table = only_left(lines.join(cards, ["card", "worker_key"]))
    entries = facts.enrolments.group_by(["project_id", "worker_key"]).agg(
        entered=facts.enrolments.entry.max()
    )
    table = left(table, entries, ["project_id", "worker_key"])
    table = left(table, punched(facts, ctx), _WORKER)
    gone = emptied(facts, ctx).select("line_id").distinct().mutate(moved=1)
    table = left(table, gone, "line_id")
    batch = [*MONTH, "series", "opened_on", "branch"]
    table = left(table, _gathered(table, facts, ctx, batch), "line_id")
    table = table.mutate(
        absent=(table.punched.fill_null(0) == 0).cast("int64"),
        moved=ibis.greatest(table.moved.fill_null(0), table.gathered.fill_null(0)).cast("int64"),
    )
    table = table.mutate(odd=ibis.greatest(table.absent, table.moved))
    group = table.group_by(batch).agg(
        in_row=table.serial.nunique(),
        reach=table.serial.max() - table.serial.min() + 1,
        odd_cards=table.odd.sum(),
        entry_span=table.entered.max().delta(table.entered.min(), unit="day"),
    )
    group = group.filter(
        (group.in_row >= number(ctx, _SERIES))
        & (group.reach <= group.in_row * 2)
        & (group.entry_span > number(ctx, _BATCH))
        & (group.odd_cards * 2 >= group.in_row)
    )
    table = only_left(table.join(group, batch))
    return as_rows(
        table.mutate(amount_fen=table.net_fen),
        ("card", "serial", "opened_on", "branch", "in_row", "entry_span", "absent", "moved"),
    )


def _gathered(lines: ir.Table, facts: Facts, ctx: RuleContext, batch: list[str]) -> ir.Table:
    """``line_id, gathered``: lines about whose sum the card sent to an account to which others of its batch send too.

    Needs no receipts: what a bank did not say of the pay, the card's own movements say. Small parts (canteen, loans)
    are no such sum.
    """
    months = ctx.tables.months.select("month", "month_index")
    flows = facts.card_flows
    flows = flows.mutate(flow_fen=flows.amount_fen, sent=flows["at"].strftime("%Y-%m"))
    flows = flows.select("card", "to_account", "flow_fen", "sent")
    sent = only_left(
        lines.select("line_id", "card", "net_fen", *batch).join(months, "month").join(flows, "card")
    )
    sent = only_left(sent.join(months.select(sent="month", sent_index="month_index"), "sent"))
    whole = number(ctx, "forgery.emptied_percent")
    sent = sent.filter(
        (sent.sent_index - sent.month_index).between(0, _PAID_WITHIN)
        & (sent.flow_fen * 100 >= sent.net_fen * whole)
    )
    one = sent.group_by([*batch, "to_account"]).agg(senders=sent.card.nunique())
    one = one.filter(one.senders >= number(ctx, _COLLECTED))
    return only_left(sent.join(one, [*batch, "to_account"])).select("line_id").distinct().mutate(gathered=1)


def series_sentence(finding: Finding, project_name: str) -> str:
    """``…6张工资卡号码相连、同日同网点开立…``"""
    return (
        f"{subject(finding, project_name)}{finding.people}名工人的工资卡号码相连、同日同一网点开立，"
        f"而各人进场日期前后相差{finding.measures['entry_span']}天，其中{finding.measures['absent']}人当月没有打卡、"
        f"{finding.measures['moved']}人的工资到账即转走或汇往同一账户，疑似集中开卡冒领。{CHECK}"
    )


def split_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Two names with one card or one phone on the same list, who never come on different days.

    And whose days together do not fit into a month: in this one, or in another of those looked at.
    """
    lines = pay_lines(facts, ctx)
    people = facts.enrolments.group_by(["project_id", "worker_key"]).agg(
        phone=facts.enrolments.phone.max(), declared=facts.enrolments.payee_key.max()
    )
    lines = left(lines, people, ["project_id", "worker_key"])
    lines = lines.filter(lines.declared.isnull())
    alike = ibis.union(_named(lines, "card"), _named(lines, "phone"))
    both = _one_behind_two(alike, punches(facts, ctx), ctx)
    pairs = both.group_by([*MONTH, "worker_key"]).agg(
        same_card=(both.what == "card").cast("int64").max(),
        same_phone=(both.what == "phone").cast("int64").max(),
        both_days=both.both_days.max(),
        most_days=both.most_days.max(),
    )
    table = only_left(lines.join(pairs, [*MONTH, "worker_key"]))
    return as_rows(
        table.mutate(amount_fen=table.net_fen),
        ("card", "phone", "trade", "days_worked", "both_days", "most_days", "same_card", "same_phone"),
    )


def _named(lines: ir.Table, what: str) -> ir.Table:
    """Lines with a card, or a phone, as ``shared``."""
    lines = lines.select(*_WORKER, "days_worked", what=ibis.literal(what), shared=what)
    return lines.filter(lines.shared.notnull())


def _one_behind_two(named: ir.Table, seen: ir.Table, ctx: RuleContext) -> ir.Table:
    """People of a list who share a card or phone with exactly one other, whose days exceed a month.

    A couple works on days of its own; a second name comes only on days on which the first one comes.
    """
    key = [*MONTH, "what", "shared"]
    group = named.group_by(key).agg(sharers=named.worker_key.nunique(), both_days=named.days_worked.sum())
    # three and more on one card are another sign
    table = only_left(named.join(group.filter(group.sharers == 2), key))
    people = table.select(*key, "worker_key").distinct()
    people = people.join(ctx.tables.months.select("month", "month_index"), "month")
    days = only_left(people.join(seen, NUMBERED))
    each = days.group_by([*key, "worker_key"]).agg(own=days.day.nunique())
    most = each.group_by(key).agg(most=each.own.max())
    either = days.group_by(key).agg(either=days.day.nunique()).join(most, key)
    table = table.semi_join(either.filter(either.either <= either.most), key)
    # the same two in a month that was cut short
    most_days = table.group_by(["project_id", "what", "shared"]).agg(most_days=table.both_days.max())
    most_days = most_days.filter(most_days.most_days > _MONTH_DAYS)
    return only_left(table.join(most_days, ["project_id", "what", "shared"]))


def split_gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """No cards on the list, or nothing from the gates."""
    return ibis.union(without_cards(facts, ctx), without_gates(facts, ctx))


def split_sentence(finding: Finding, project_name: str) -> str:
    """``…4个姓名两两共用银行卡或手机号…``"""
    return (
        f"{subject(finding, project_name)}工资表上{finding.people}人两两共用银行卡或手机号，"
        f"合计天数超过一个月（最多{finding.measures['most_days']:g}天）且从不在不同的日子打卡，涉及工资{amount(finding.amount_fen)}，"
        f"疑似一人分作两人领取。{CHECK}"
    )


ONE_CARD = sign_rule(
    code="F01",
    title="多人工资发到同一张银行卡",
    articles=(LISTS,),
    grading="warning.f01",
    parameters=(_SHARED,),
    rows=one_card_rows,
    gaps=without_cards,
    gap_sentences=CARD_GAPS,
    sentence=one_card_sentence,
    clears="改为发到本人的银行卡；亲属代收的，登记工人签名的代收授权。",
    measures={"sharers": "max"},
)
COLLECTED = sign_rule(
    code="F02",
    title="工资到账后集中转入同一账户",
    articles=(LISTS,),
    grading="warning.f02",
    parameters=(_COLLECTED, _MINUTES),
    rows=collected_rows,
    gaps=without_flows,
    gap_sentences=FLOW_GAPS,
    sentence=collected_sentence,
    clears="向持卡工人本人核实银行卡由谁保管、钱是否到手；被他人保管的，责令交还并补付。",
    measures={"senders": "max", "span_minutes": "max"},
)
SERIES = sign_rule(
    code="F09",
    title="工资卡连号、同日同网点开立而人不在岗",
    articles=(REAL_NAME, LISTS),
    grading="warning.f09",
    parameters=(_SERIES, _BATCH),
    rows=series_rows,
    gaps=without_gates,
    gap_sentences=GATE_GAPS,
    sentence=series_sentence,
    clears="由开户网点说明开卡经过，并逐人核实是否到岗、卡由谁持有。",
    measures={"in_row": "max", "entry_span": "max", "absent": "sum", "moved": "sum"},
)
SPLIT = sign_rule(
    code="F10",
    title="疑似一人分作两人领取工资",
    articles=(LISTS, FALSE_CLAIM),
    grading="warning.f10",
    parameters=(),
    rows=split_rows,
    gaps=split_gaps,
    gap_sentences=CARD_GAPS | GATE_GAPS,
    sentence=split_sentence,
    clears="核实两人身份；确是两人的，分别登记本人手机和银行卡，亲属代收的登记授权。",
    measures={"most_days": "max"},
)
