"""Whether the figures of an instrument agree with each other and with the law: what no single field can tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from anxin.kernel.identifiers import id_number_problem, uscc_problem
from anxin.kernel.money import sentence_yuan
from anxin.law import Law
from anxin.typesetting.errors import Problem

_WHOLE = 100
_CITIZEN, _ORGANISATION = "penalty.summary_fine_max_person", "penalty.summary_fine_max_org"
_RIGHT_FOR = "blacklist.early_removal_months"
_SPOT = ("administrative_penalty_law_2021", 51)


def problems(kind: str, values: Mapping[str, Any], law: Law, on: dt.date) -> tuple[Problem, ...]:
    """What does not agree, each in a sentence at its field; nothing while a field is missing or wrong by itself.

    ``values``: as the fields read them, money in fen. ``on``: the day whose law counts.
    """
    look = _LOOKS.get(kind)
    return look(values, law, on) if look else ()


def _compensation(values: Mapping[str, Any], law: Law, on: dt.date) -> tuple[Problem, ...]:
    """Each addition is the stated percentage of what is owed, within what the law allows (劳动保障监察条例第二十六条)."""
    percent, found = values["percent"], []
    allowed = law.value("wage_payment.extra_compensation_percent", on).value
    if not allowed["min"] <= percent <= allowed["max"]:
        found.append(
            Problem("percent", f"加付比例应在百分之{allowed['min']}到百分之{allowed['max']}之间，请核对。")
        )
    for number, row in enumerate(values["additions"]):
        # half a fen may go to either side
        if abs(row["added"] * _WHOLE - row["owed"] * percent) > _WHOLE // 2:
            found.append(
                Problem(
                    f"additions.{number}.added",
                    f"第{number + 1}行{row['name']}的加付赔偿金不等于应付金额的百分之{percent}，请核对。",
                )
            )
    return tuple(found)


def _per_person(values: Mapping[str, Any], law: Law, on: dt.date) -> tuple[Problem, ...]:
    """What each applicant is paid is the sum of their items, and everybody who is paid is a party (办案规则第五十三条)."""
    parties = {row["name"] for row in values["applicants"]}
    told, items = _sums(values["awarded"]), _sums(values["items"])
    found = [
        Problem("applicants", f"{name}不在申请人里，请核对姓名。")
        for name in sorted({*told, *items} - parties)
    ]
    for name in sorted({*told, *items}):
        if told.get(name, 0) != items.get(name, 0):
            found.append(
                Problem(
                    "awarded",
                    f"裁决支付{name}的{sentence_yuan(told.get(name, 0))}不等于逐项合计{sentence_yuan(items.get(name, 0))}，请核对。",
                )
            )
    return tuple(found)


def _sums(rows: Sequence[Mapping[str, Any]] | None) -> dict[str, int]:
    """Fen by name; two of one name count together."""
    sums: dict[str, int] = {}
    for row in rows or ():
        sums[row["name"]] = sums.get(row["name"], 0) + row["owed"]
    return sums


def _instalments(values: Mapping[str, Any], law: Law, on: dt.date) -> tuple[Problem, ...]:
    """The instalments come to the agreed sum, to the fen."""
    return _adds_up(values["plan"], values["agreed"], "约定支付总额")


def _fine_instalments(values: Mapping[str, Any], law: Law, on: dt.date) -> tuple[Problem, ...]:
    """A fine that is put off or divided stays the fine that was decided (行政处罚法第六十六条)."""
    return _adds_up(values["plan"], values["fine"], "罚款数额")


def _adds_up(plan: Sequence[Mapping[str, Any]] | None, agreed: int | None, what: str) -> tuple[Problem, ...]:
    if not plan and agreed is None:
        return ()
    if not plan:
        return (Problem("plan", f"写了{what}{sentence_yuan(agreed or 0)}，请填写各期的日期和金额。"),)
    total = sum(row["amount"] for row in plan)
    if agreed is None:
        return (Problem("agreed", f"请填写{what}；各期合计是{sentence_yuan(total)}。"),)
    if total != agreed:
        off = f"{'多' if total > agreed else '少'}{sentence_yuan(abs(total - agreed))}"
        sentence = f"各期合计{sentence_yuan(total)}，比{what}{sentence_yuan(agreed)}{off}，请核对各期金额。"
        return (Problem("plan", sentence),)
    return ()


def _on_the_spot(values: Mapping[str, Any], law: Law, on: dt.date) -> tuple[Problem, ...]:
    """A fine decided on the spot stays within the limit for a citizen, or for a legal person or another organisation."""
    fine, code = values["fine"], values["employer_code"] or ""
    if fine is None:
        return ()
    unit = uscc_problem(code) is None or (
        id_number_problem(code) is not None and bool(values["employer_head"])
    )
    limit = law.value(_ORGANISATION if unit else _CITIZEN, on)
    if fine <= int(limit.value) * _WHOLE:
        return ()
    whom = "法人或者其他组织" if unit else "公民"
    sentence = (
        f"当场处罚对{whom}的罚款不超过{sentence_yuan(int(limit.value) * _WHOLE)}（{law.cite(*_SPOT)}），"
        f"现在填的是{sentence_yuan(fine)}；超过的请立案，按普通程序办理。"
    )
    return (Problem("fine", sentence),)


def _complaint(values: Mapping[str, Any], law: Law, on: dt.date) -> tuple[Problem, ...]:
    """Who sues may, says what for, and of an award when it was received (劳动争议调解仲裁法第四十八条、第五十条)."""
    side, prior = values["plaintiff"], values["prior"]
    found = []
    if side == "employer" and prior == "final":
        asks, sues = law.cite("labour_arbitration_law", 49), law.cite("labour_arbitration_law", 50)
        said = f"用人单位只能对非终局裁决起诉（{sues}）；对终局裁决，可以申请撤销（{asks}）。"
        found.append(Problem("plaintiff", said))
    rows = "claims" if side == "worker" else "refused"
    if not values[rows]:
        found.append(Problem(rows, "请填写诉讼请求，每项写明内容和金额。"))
    if prior not in ("final", "open"):
        return tuple(found)
    asked = {
        "award_number": "请填写裁决书文号。",
        "decided_on": "请填写裁决日期。",
        f"{side}_received": "请填写起诉一方收到裁决书的日期。",
        f"{side}_until": "请填写起诉一方的起诉期满日。",
    }
    found += [Problem(name, said) for name, said in asked.items() if values[name] is None]
    return (*found, *_received(values, f"{side}_received"))


def _annulment(values: Mapping[str, Any], law: Law, on: dt.date) -> tuple[Problem, ...]:
    """An award is received after it was made (劳动争议调解仲裁法第四十九条)."""
    return _received(values, "employer_received")


def _received(values: Mapping[str, Any], name: str) -> tuple[Problem, ...]:
    made, got = values["decided_on"], values[name]
    if made is None or got is None or got >= made:
        return ()
    return (Problem(name, f"收到裁决书的日期{got}早于裁决日期{made}，请核对。"),)


def _early(values: Mapping[str, Any], law: Law, on: dt.date) -> tuple[Problem, ...]:
    """Who applies to be taken off the list has been right for the whole period (拖欠农民工工资失信联合惩戒对象名单管理暂行办法第十二条)."""
    full = law.deadline(_RIGHT_FOR, values["corrected_on"]).due_day
    if values["issued_on"] > full:
        return ()
    months = law.value(_RIGHT_FOR, values["corrected_on"]).value
    said = f"自改正之日起满{months}个月才可以申请提前移出（{law.cite('blacklist_measures', 12)}），到{full}满期，次日起可以申请。"
    return (Problem("corrected_on", said),)


def _disputed(values: Mapping[str, Any], law: Law, on: dt.date) -> tuple[Problem, ...]:
    """Who disputes a part says how much, and no more than was ordered (民事诉讼法第二百二十七条)."""
    disputed, ordered = values["disputed"], values["amount"]
    if values["request"] == "part" and not disputed:
        return (Problem("disputed", "对部分债务有异议的，请填写有异议的金额。"),)
    if disputed and disputed > ordered:
        said = f"有异议的金额{sentence_yuan(disputed)}超过支付令确定的{sentence_yuan(ordered)}，请核对。"
        return (Problem("disputed", said),)
    return ()


_LOOKS: dict[str, Callable[[Mapping[str, Any], Law, dt.date], tuple[Problem, ...]]] = {
    "compensation_decision": _compensation,
    "summary_penalty_decision": _on_the_spot,
    "civil_complaint": _complaint,
    "annulment_application": _annulment,
    "early_removal_application": _early,
    "payment_order_objection": _disputed,
    "fine_deferral_approval": _fine_instalments,
    "pay_agreement": _instalments,
    "mediation_agreement": _instalments,
    "arbitration_mediation": _instalments,
    "collective_award": _per_person,
    "partial_award": _per_person,
}
