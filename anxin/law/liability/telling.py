"""A plan in words: one sentence, sentences per step, the papers to get, and one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from anxin.kernel.money import sentence_yuan, yuan_string
from anxin.law.law import Law
from anxin.law.liability.duties import Rank
from anxin.law.liability.planning import Branch, Outcome, Plan, Step
from anxin.law.liability.provisions import provisions

#: what has to lie on the table before a payer can be asked, by manner
PAPERS = {
    Rank.ACCOUNT: ("工资支付表（农民工本人签字确认）", "专用账户余额证明"),
    Rank.OWN: ("欠薪明细和考勤、工资表", "劳动合同或者用工证明", "限期清偿的指令或者行政处理决定"),
    Rank.FIRST: ("分包或者转包合同", "欠薪明细和考勤、工资表", "责令先行清偿的行政处理决定"),
    Rank.ADVANCE: ("施工合同的付款约定", "计量支付证书或者结算书", "工程款付款凭证", "专用账户流水"),
    Rank.DEPOSIT: ("限期清偿或者先行清偿的行政处理决定", "到期没有履行的证明", "支付通知书", "存款证明或者保函原件"),
    Rank.FUND: ("应急周转金使用申请", "欠薪明细", "单位一时难以支付或者逃匿的证明", "发放清册"),
}  # fmt: skip
#: articles that say in words that the payer may turn against somebody
_SAYS_RECOURSE = {"18", "19.2", "30.3", "30.4", "63"}


def citations(law: Law, step: Step) -> list[tuple[str, bool]]:
    """The articles of a step in words, each with whether it still has to be checked."""
    known = provisions()
    return [(law.cite_reference(known[key].reference), known[key].needs_check) for key in step.provisions]


def cited_words(law: Law, step: Step) -> str:
    """The articles of a step in one line, each statute named once; 待核 where nobody has checked."""
    by_statute: dict[str, list[str]] = {}
    known = provisions()
    for key in step.provisions:
        provision = known[key]
        title = law.statute(provision.reference.statute).quoted
        article = law.cite_reference(provision.reference).removeprefix(title)
        by_statute.setdefault(title, []).append(article + ("（待核）" if provision.needs_check else ""))
    return "；".join(title + "、".join(articles) for title, articles in by_statute.items())


def cap_words(step: Step) -> str:
    """The cap of a step: a sum, or that there is none."""
    if step.cap is None:
        return "不设上限，以拖欠数额为准"
    kinds = {
        Rank.ACCOUNT: "以专户余额为限",
        Rank.ADVANCE: "以未结清的工程款为限",
        Rank.DEPOSIT: "以可动用的保证金为限",
        Rank.FUND: "以每人上限和可用资金为限",
    }
    return f"{kinds[step.rank]}：{sentence_yuan(step.cap)}"


def step_sentence(step: Step) -> str:
    """What a step pays, in one sentence."""
    verb = {Rank.FUND: "可以由", Rank.DEPOSIT: "动用", Rank.ACCOUNT: "用"}.get(step.rank, "由")
    does = {Rank.FUND: "先垫付", Rank.DEPOSIT: "支付", Rank.ACCOUNT: "支付"}.get(step.rank, step.manner)
    if step.amount:
        return f"{verb}{step.payer}{does}{sentence_yuan(step.amount)}"
    if step.gap_after:
        return f"{step.payer}有责任，但付不出"
    return f"前面的不付时，{verb}{step.payer}{does}，最多{sentence_yuan(step.up_to)}"


def recourse_sentence(step: Step) -> str:
    """Who may turn against whom afterwards; empty where nobody."""
    if not step.recourse:
        return "垫付的款项在工程款中结算。" if step.rank is Rank.ADVANCE else ""
    against = "、".join(step.recourse)
    if step.rank is Rank.DEPOSIT:
        return f"动用后由{against}在规定期限内补足。"
    if _SAYS_RECOURSE & set(step.provisions):
        return f"付后可以向{against}追偿。"
    return f"与{against}之间的账按合同和有关法律另行结算。"


def plan_sentence(plan: Plan) -> str:
    """Who owes what to how many, and who pays first up to how much; branches are said, not chosen."""
    outcomes = [branch.outcome for branch in plan.branches]
    names = "、".join(dict.fromkeys(item.employer for item in plan.case.arrears))
    if not any(outcome.total for outcome in outcomes):
        excluded = max(outcome.excluded for outcome in outcomes)
        if excluded:
            return f"所主张的{sentence_yuan(excluded)}不是工资，不适用清偿责任链，请按合同纠纷处理。"
        return "没有拖欠的工资。"
    totals = [outcome.total for outcome in outcomes]
    owes = f"{names}拖欠{_range([o.workers for o in outcomes], '人')}工资{_range(totals, '元')}"
    firsts = list(dict.fromkeys(_first_payer(outcome) for outcome in outcomes))
    gaps = [outcome.gap for outcome in outcomes]
    if len(firsts) == 1:
        return f"{owes}，{firsts[0]}{_gap_words(gaps)}"
    return f"{owes}；谁先付要看{_deciding(plan)}，共{len(outcomes)}种情形{_gap_words(gaps)}"


def _first_payer(outcome: Outcome) -> str:
    paying = next((step for step in outcome.steps if step.amount), None)
    return f"首先{step_sentence(paying)}" if paying else "依现有事实没有能付款的责任人"


def _gap_words(gaps: Sequence[int]) -> str:
    if not any(gaps):
        return "，可以全部清偿。"
    if min(gaps) == max(gaps):
        return f"，仍缺{sentence_yuan(gaps[0])}。"
    return f"，最多仍缺{sentence_yuan(max(gaps))}。"


def _deciding(plan: Plan) -> str:
    labels = [item.fact.label for item in plan.undecided if item.matters]
    return f"“{labels[0]}”" if len(labels) == 1 else f"“{labels[0]}”等{len(labels)}项事实"


def _range(values: Sequence[int], unit: str) -> str:
    low, high = min(values), max(values)
    if unit == "人":
        return f"{low}人" if low == high else f"{low}至{high}人"
    return sentence_yuan(low) if low == high else f"{sentence_yuan(low)}至{sentence_yuan(high)}"


def branch_title(branch: Branch) -> str:
    """The assumptions of a branch in one line."""
    parts = [
        f"“{label}”为“{way.words}”" + (f"（{way.by}主张）" if way.by else "")
        for label, way in branch.assumptions
    ]
    return "如果" + "，".join(parts) if parts else "按现有事实"


def plan_document(plan: Plan, law: Law) -> dict[str, Any]:
    """The plan as JSON: amounts are yuan strings."""
    return {
        "title": plan.case.title,
        "sentence": plan_sentence(plan),
        "branches": [_branch_document(branch, law) for branch in plan.branches],
        "undecided": [
            {
                "fact": item.fact.label,
                "status": str(item.fact.status),
                "ways": [{"says": way.words, "by": way.by} for way in item.fact.alternatives],
                "decided_by": item.fact.paper,
                "matters": item.matters,
            }
            for item in plan.undecided
        ],
    }


def _branch_document(branch: Branch, law: Law) -> dict[str, Any]:
    found = branch.outcome
    return {
        "title": branch_title(branch),
        "assumptions": [
            {"fact": label, "says": way.words, "by": way.by} for label, way in branch.assumptions
        ],
        "total": yuan_string(found.total),
        "workers": found.workers,
        "not_wages": yuan_string(found.excluded),
        "gap": yuan_string(found.gap),
        "steps": [_step_document(step, law) for step in found.steps],
    }


def _step_document(step: Step, law: Law) -> dict[str, Any]:
    cited = citations(law, step)
    return {
        "payer": step.payer,
        "manner": step.manner,
        "discretionary": step.discretionary,
        "articles": [text for text, _ in cited],
        "needs_check": [text for text, unchecked in cited if unchecked],
        "cap": None if step.cap is None else yuan_string(step.cap),
        "up_to": yuan_string(step.up_to),
        "amount": yuan_string(step.amount),
        "shares": [
            {"employer": part.employer, "workers": part.workers, "amount": yuan_string(part.amount)}
            for part in step.shares
        ],
        "gap_after": yuan_string(step.gap_after),
        "says": step_sentence(step),
        "recourse": recourse_sentence(step),
        "papers": list(PAPERS[step.rank]),
    }
