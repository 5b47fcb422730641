"""P03: money left the special account, and it was not this project's wages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.funds.outflows import NOT_WAGES, OTHER_PAYEE, UNPROVED
from anxin.kernel.money import FEN_PER_YUAN, sentence_yuan
from anxin.monitoring.rules.framework import Article, Finding, Rule, RuleContext
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import amount, subject
from anxin.monitoring.rules.shared import as_rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_PROOF_DAYS = "funds.outflow_proof_days"
_DETAILS = ("booked_on", "payee_fen", "purpose_fen", "unproved_fen", "diverted_yuan", "unproved_yuan")


def rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Outflows to others or for other things; those that say wages only after the days for the bank's results."""
    as_of = ibis.literal(ctx.as_of)
    wait = int(ctx.law.value(_PROOF_DAYS, on=ctx.as_of).value)
    table = facts.account_outflows.mutate(days=as_of.delta(facts.account_outflows.booked_on, unit="day"))
    waited = (table.fate == UNPROVED) & (table.days >= wait)
    table = table.filter(table.fate.isin([OTHER_PAYEE, NOT_WAGES]) | waited)
    none = ibis.literal(0, type="int64")
    return as_rows(
        table.mutate(
            month=table.booked_on.strftime("%Y-%m"),
            payee_fen=ibis.ifelse(table.fate == OTHER_PAYEE, table.amount_fen, none),
            purpose_fen=ibis.ifelse(table.fate == NOT_WAGES, table.amount_fen, none),
            unproved_fen=ibis.ifelse(table.fate == UNPROVED, table.amount_fen, none),
            # at least one, so that a few fen are not graded as nothing
            diverted_yuan=ibis.ifelse(table.fate == UNPROVED, none, _yuan(table.amount_fen)),
            unproved_yuan=ibis.ifelse(table.fate == UNPROVED, _yuan(table.amount_fen), none),
            keys=ibis.literal("account_entry:") + table.entry_id.cast("string"),
        ),
        _DETAILS,
    )


def _yuan(fen: ir.IntegerValue) -> ir.IntegerValue:
    return ibis.greatest((fen / FEN_PER_YUAN).floor().cast("int64"), 1)


def sentence(finding: Finding, project_name: str) -> str:
    """``…工资专用账户有2笔支出共…不是发放本项目农民工工资：转给其他收款人…。``"""
    measures = finding.measures
    parts = [
        f"{words}{sentence_yuan(measures[name])}"
        for name, words in (
            ("payee_fen", "转给本项目农民工以外的收款人"),
            ("purpose_fen", "没有收款人、用途也不是工资的"),
            ("unproved_fen", "注明工资而没有银行发放明细的"),
        )
        if measures[name]
    ]
    head = (
        f"{subject(finding, project_name)}工资专用账户有{finding.rows}笔支出，共{amount(finding.amount_fen)}"
    )
    only_unproved = not measures["payee_fen"] and not measures["purpose_fen"]
    what = "没有证据表明是工资" if only_unproved else "不像是发放本项目农民工工资"
    return f"{head}，{what}：{'，'.join(parts)}。"


RULE = Rule(
    code="P03",
    title="专用账户支出不是工资",
    family="wages",
    articles=(
        Article("wage_regulation", 26),
        Article("wage_regulation", 27),
        Article("special_account_measures", 6),
    ),
    grading="warning.p03",
    parameters=(_PROOF_DAYS, "special_account.bank_prohibitions"),
    rows=rows,
    sentence=sentence,
    clears="原路退回转出的款项（退回流水到账即消除），或提交银行发放明细、实名制登记，证明收款人是本项目农民工。",
    responsible="general_contractor",
    measures={
        "payee_fen": "sum",
        "purpose_fen": "sum",
        "unproved_fen": "sum",
        "diverted_yuan": "sum",
        "unproved_yuan": "sum",
    },
)
