"""W06: the special account is not opened in time, not filed, or closed while the work goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.kernel.days import day_words
from anxin.monitoring.rules.due_dates import DueRules, due_dates
from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import subject
from anxin.monitoring.rules.shared import active, as_gaps, as_rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_OPEN = "special_account.open_days"
_FILE = "special_account.filing_days"
_DETAILS = ("missing", "opening_days", "filing_days", "closed_early", "since")


def _accounts(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Accounts of unfinished projects, as they stood on the day."""
    as_of = ibis.literal(ctx.as_of)
    accounts = facts.special_accounts.filter(facts.special_accounts.opened_on <= as_of)
    accounts = accounts.semi_join(active(facts, ctx), "project_id")
    return accounts.mutate(closed=accounts.closed_on.notnull() & (accounts.closed_on <= as_of))


def rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Contracts without an account, accounts not filed, and accounts closed too early."""
    kinds = ("project_id", "since", "due", "missing")
    found = ibis.union(_late(facts, ctx).select(*kinds), _closed_early(facts, ctx).select(*kinds))
    return _shaped(ctx, found)


def _late(facts: Facts, ctx: RuleContext) -> ir.Table:
    """What was to be opened or filed, with its day. Contracts and accounts older than the measures have none and are left out."""
    asked = ibis.union(_unopened(facts, ctx), _unfiled(facts, ctx))
    rules = DueRules.lay_out(ctx.law, [_OPEN, _FILE], facts.regions, until=ctx.as_of)
    dated = due_dates(asked, "since", rules, key=asked.key, region=asked.region)
    # an account that is still to come is announced; filing follows by itself
    worth = (dated.missing == "opening") | (dated.due < ibis.literal(ctx.as_of))
    return dated.filter(dated.due.notnull() & worth)


def _unopened(facts: Facts, ctx: RuleContext) -> ir.Table:
    projects = active(facts, ctx).filter(lambda t: t.contract_on.notnull())
    without = projects.anti_join(_accounts(facts, ctx), "project_id")
    return without.select(
        "project_id",
        "region",
        since="contract_on",
        key=ibis.literal(_OPEN),
        missing=ibis.literal("opening"),
    )


def _unfiled(facts: Facts, ctx: RuleContext) -> ir.Table:
    accounts = _accounts(facts, ctx)
    filed = accounts.filed_on <= ibis.literal(ctx.as_of)
    unfiled = accounts.filter(~accounts.closed & ~filed.fill_null(False))
    unfiled = unfiled.join(facts.projects.select("project_id", "region"), "project_id")
    return unfiled.select(
        "project_id", "region", since="opened_on", key=ibis.literal(_FILE), missing=ibis.literal("filing")
    )


def _closed_early(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Accounts closed while the work goes on, where no other account has taken over."""
    accounts = _accounts(facts, ctx)
    standing = accounts.filter(~accounts.closed).select("project_id").distinct()
    gone = accounts.filter(accounts.closed).anti_join(standing, "project_id")
    return gone.select("project_id", since="opened_on", due="closed_on", missing=ibis.literal("closed"))


def _shaped(ctx: RuleContext, table: ir.Table) -> ir.Table:
    """Rows of all kinds; a measure of another kind is null and meets no grade."""
    days = ibis.literal(ctx.as_of).delta(table.due, unit="day").cast("int64")
    project = table.project_id.cast("string")
    account = ibis.literal("special_account:") + project + "@" + table.since.cast("string")
    return as_rows(
        table.mutate(
            month=ibis.literal(""),
            days=days,
            keys=ibis.ifelse(table.missing == "opening", ibis.literal("project:") + project, account),
            opening_days=ibis.ifelse(table.missing == "opening", days, ibis.null("int64")),
            filing_days=ibis.ifelse(table.missing == "filing", days, ibis.null("int64")),
            closed_early=ibis.ifelse(table.missing == "closed", 1, ibis.null("int64")).cast("int64"),
        ),
        _DETAILS,
    )


def gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """No account known, and nobody recorded when the contract was signed."""
    projects = active(facts, ctx).filter(lambda t: t.contract_on.isnull())
    return as_gaps(projects.anti_join(_accounts(facts, ctx), "project_id"), "contract_day_unknown")


def sentence(finding: Finding, project_name: str) -> str:
    """``…应于…前开立工资专用账户（施工合同…签订），至今没有开户，已超5天。``"""
    measures, head = finding.measures, subject(finding, project_name)
    due, days = day_words(finding.due) if finding.due else "", finding.days or 0
    if measures["closed_early"]:
        return f"{head}工程尚未完工，工资专用账户已于{due}撤销，没有其他账户接替。"
    if measures["opening_days"] is not None:
        what = f"应于{due}前开立工资专用账户（施工合同{day_words(measures['since'])}签订），至今没有开户"
        late = f"，已超{days}天" if days > 0 else f"，距期满还有{-days}天" if days else "，今天期满"
        return f"{head}{what}{late}。"
    return f"{head}工资专用账户应于{due}前备案（{day_words(measures['since'])}开户），至今没有备案，已超{days}天。"


RULE = Rule(
    code="W06",
    title="工资专用账户未开户、未备案或提前撤销",
    family="paper",
    articles=(
        Article("wage_regulation", 26),
        Article("wage_regulation", 27),
        Article("special_account_measures", 5),
    ),
    grading="warning.w06",
    parameters=(_OPEN, _FILE, "construction.account_cancel_publicity_days"),
    rows=rows,
    gaps=gaps,
    gap_sentences={
        "contract_day_unknown": "没有登记工资专用账户，也没有登记施工合同签订日期，应于何时开户无法计算，请补录。",
    },
    sentence=sentence,
    clears="登记开户（附三方协议）和备案；账户提前撤销的，重新开户或登记接替的账户。",
    responsible="general_contractor",
    measures={"opening_days": "max", "filing_days": "max", "closed_early": "sum", "since": "min"},
)
