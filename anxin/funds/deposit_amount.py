"""How much wage deposit a project owes, line by line with articles. Pure: facts and the law in, lines out.

The nation gives a range, conditions and least changes; provinces and cities fill them in. Each figure is taken
from the nearest place that has one: its own parameter before the table of differentiation of the same place. What
nobody knows about the contractor lowers nothing and raises nothing, and is named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from anxin.kernel.money import FEN_PER_YUAN, sentence_yuan
from anxin.law import Law, LawError, Value

_TABLE = "wage_deposit.differentiation"
_RATIO = "wage_deposit.ratio_percent"
_CAP = "wage_deposit.single_project_cap"
_WAIVER = "wage_deposit.small_contract_waiver_amount"
_FLOOR = "wage_deposit.multi_project_floor_percent"
_REDUCED = "wage_deposit.reduction_min_percent"
_RAISED = "wage_deposit.increase_min_percent"
_RAISED_LISTED = "wage_deposit.increase_blacklist_min_percent"
_REDUCED_YEARS = "wage_deposit.clean_years_for_reduction"
_EXEMPT_YEARS = "wage_deposit.clean_years_for_exemption"
_WAIVER_YEARS = "wage_deposit.small_contract_clean_years"
_ARREARS_YEARS = "wage_deposit.arrears_lookback_years"
#: the price from which one province has its own rate and cap, as its keys name it (300 million yuan)
_LARGE_FEN = 300_000_000 * FEN_PER_YUAN
_HUNDRED = Decimal(100)


@dataclass(frozen=True)
class DepositFacts:
    """What the amount depends on. ``None`` means that nobody knows."""

    #: the day whose law applies: of the permit, or of the contract where no permit is needed
    on: dt.date
    region: str
    contract_fen: int
    #: price of one year, where the work takes longer and the place lets it count
    annual_fen: int | None = None
    months: int | None = None
    industry: str = ""
    #: the how-manieth project that the contractor has at work in this place
    ordinal: int = 1
    #: no arrears in the year before the contract was signed
    clean_before: bool | None = None
    #: whole years without arrears since the first deposit here
    clean_years: int | None = None
    #: real-name management and special account are in place
    managed: bool | None = None
    #: how the contractor is rated, where a place lowers by rating: good or excellent
    rating: str = ""
    #: arrears within the years looked back on; on the list for arrears
    arrears: bool | None = None
    listed: bool | None = None


@dataclass(frozen=True)
class Line:
    """One step of the computation in one sentence, with what it rests on."""

    text: str
    basis: str
    needs_check: bool = False


@dataclass(frozen=True)
class DepositAmount:
    """What is owed. ``percent`` is ``None`` where the project is exempt."""

    amount_fen: int
    exempt: bool
    percent: Decimal | None
    lines: tuple[Line, ...]
    #: what would change the answer and is not known
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class _Figure:
    """One figure with the value that it was read from."""

    content: Any
    value: Value

    @property
    def basis(self) -> str:
        place = f"{self.value.region_name}：" if self.value.region_name else ""
        return f"{place}{self.value.reference}"


@dataclass
class _Working:
    law: Law
    facts: DepositFacts
    lines: list[Line] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)

    def say(self, text: str, figure: _Figure) -> None:
        self.lines.append(Line(text, figure.basis, figure.value.needs_check))

    def own(self, key: str) -> _Figure | None:
        """A parameter by its own key, or ``None`` where this place has no figure."""
        try:
            value = self.law.value(key, on=self.facts.on, region=self.facts.region)
        except LawError:
            return None
        return _Figure(value.value, value)

    def table(self, name: str) -> _Figure | None:
        """A local entry of the table of differentiation; the national one repeats the parameters."""
        try:
            value = self.law.value(_TABLE, on=self.facts.on, region=self.facts.region)
        except LawError:
            return None
        if not value.region or value.value.get(name) in (None, False):
            return None
        return _Figure(value.value[name], value)

    def nearest(self, key: str, *names: str) -> _Figure | None:
        """The figure of the nearest place: the parameter's own, else the first entry there is."""
        own = self.own(key)
        for name in names:
            local = self.table(name)
            if local is not None and (own is None or len(local.value.region) > len(own.value.region)):
                return local
        return own

    def years(self, key: str) -> int:
        return int(self.law.value(key, on=self.facts.on, region=self.facts.region).value)


def deposit_amount(facts: DepositFacts, law: Law) -> DepositAmount:
    """The amount with its computation. Raises :class:`~anxin.law.LawError` before the rules were in force."""
    work = _Working(law, facts)
    law.value(_RATIO, on=facts.on, region=facts.region)
    if _waived(work) or _exempt(work):
        return DepositAmount(0, True, None, tuple(work.lines), tuple(work.unknown))
    percent = _standard(work)
    raised = _raised(work, percent)
    final = raised if raised is not None else min(_further(work, percent), _reduced(work, percent))
    amount = _capped(work, _base(work, final), raised is not None)
    return DepositAmount(amount, False, final, tuple(work.lines), tuple(work.unknown))


def _waived(work: _Working) -> bool:
    """Small contracts, where the contractor owed nobody in the year before."""
    facts = work.facts
    below = work.nearest(_WAIVER, "waiver_below_amount")
    if below is None:
        return False
    limit = int(below.content) * FEN_PER_YUAN
    short = work.table("waiver_or_months_below")
    is_short = short is not None and facts.months is not None and facts.months < int(short.content)
    if facts.contract_fen >= limit and not is_short:
        return False
    years = work.years(_WAIVER_YEARS)
    if facts.contract_fen < limit:
        why = f"合同额{sentence_yuan(facts.contract_fen)}低于免存门槛{sentence_yuan(limit)}"
        figure = below
    else:
        assert short is not None
        why = f"工期{facts.months}个月，不足{short.content}个月"
        figure = short
    if facts.listed:
        work.say(f"{why}，但施工总承包单位在失信名单中，不免存。", figure)
        return False
    if facts.clean_before is None:
        work.unknown.append(f"{why}：签订合同前{years}年内所承建工程没有拖欠的，可以免存，请核实。")
        return False
    if not facts.clean_before:
        work.say(f"{why}，但签订合同前{years}年内有过拖欠，不免存。", figure)
        return False
    work.say(f"{why}，且签订合同前{years}年内没有拖欠，免存。", figure)
    return True


def _exempt(work: _Working) -> bool:
    """Years without arrears, with real-name management and special account in place."""
    facts = work.facts
    figure = work.own(_EXEMPT_YEARS)
    if figure is None or facts.listed or facts.arrears:
        return False
    years = int(figure.content)
    if facts.clean_years is None:
        work.unknown.append(f"存储或提交保函后连续{years}年没有拖欠的可以免存，请核实连续年数。")
        return False
    if facts.clean_years < years:
        return False
    if not facts.managed:
        what = (
            "是否落实实名制管理和工资专用账户不清楚"
            if facts.managed is None
            else "没有落实实名制管理和工资专用账户"
        )
        work.say(f"连续{facts.clean_years}年没有拖欠，但{what}，不能免存。", figure)
        return False
    work.say(f"连续{facts.clean_years}年没有拖欠，且落实了实名制管理和工资专用账户，免存。", figure)
    return True


def _standard(work: _Working) -> Decimal:
    by_size = "below_300m" if work.facts.contract_fen < _LARGE_FEN else "from_300m"
    figure = work.nearest(_RATIO, "standard_percent", f"standard_percent_{by_size}")
    assert figure is not None  # the ratio was asked for before anything else
    if isinstance(figure.content, Mapping):
        low, high = figure.content["min"], figure.content["max"]
        work.say(f"存储比例：国家幅度{low}%至{high}%，当地比例没有收录，按下限{low}%。", figure)
        return Decimal(str(low))
    work.say(f"存储比例{_shown(Decimal(str(figure.content)))}。", figure)
    return Decimal(str(figure.content))


def _raised(work: _Working, percent: Decimal) -> Decimal | None:
    """The rate of whoever owed wages; ``None`` where it is not raised."""
    facts = work.facts
    if facts.arrears is None and not facts.listed:
        years = work.years(_ARREARS_YEARS)
        work.unknown.append(f"近{years}年内有过拖欠的，比例应当提高，请核实。")
    if facts.listed is None:
        work.unknown.append("因欠薪列入失信名单的，比例应当提高，请核实。")
    if facts.listed:
        return _higher(work, percent, "因欠薪列入失信名单", _RAISED_LISTED, "blacklist")
    if facts.arrears:
        years = work.years(_ARREARS_YEARS)
        return _higher(work, percent, f"近{years}年内有过拖欠", _RAISED, "arrears_2y")
    return None


def _higher(work: _Working, percent: Decimal, why: str, key: str, group: str) -> Decimal:
    to = work.table(f"{group}_percent")
    if to is not None:
        raised = max(Decimal(str(to.content)), percent)
        work.say(f"{why}，按{_shown(raised)}。", to)
        return raised
    by = work.nearest(key, f"{group}_increase_percent", f"{group}_increase_min_percent")
    assert by is not None  # the nation has this figure as long as it has a ratio
    least = "不低于" if by.value.region == "" or work.table(f"{group}_increase_percent") is None else ""
    raised = percent * (_HUNDRED + Decimal(str(by.content))) / _HUNDRED
    work.say(f"{why}，提高幅度{least}{by.content}%，按{_shown(raised)}。", by)
    return raised


def _further(work: _Working, percent: Decimal) -> Decimal:
    """The rate of a second and further project in the same place."""
    facts = work.facts
    if facts.ordinal < 2:
        return percent
    to = work.table("second_project_percent")
    if to is not None:
        lower = min(Decimal(str(to.content)), percent)
        work.say(f"同一地区第{facts.ordinal}个在建工程，按{_shown(lower)}。", to)
        return lower
    floor = work.nearest(_FLOOR, "multi_project_floor_percent")
    step = work.table("extra_project_step_reduction_percent")
    if floor is None:
        return percent
    least = Decimal(str(floor.content))
    if step is None:
        work.say(
            f"同一地区第{facts.ordinal}个在建工程，比例可以下浮到不低于{_shown(least)}；当地下浮办法没有收录，不下浮。",
            floor,
        )
        return percent
    cut = Decimal(str(step.content)) * (facts.ordinal - 1)
    lower = max(percent * (_HUNDRED - cut) / _HUNDRED, min(least, percent))
    work.say(
        f"同一地区第{facts.ordinal}个在建工程，每增加一个下浮{step.content}%，不低于{_shown(least)}，按{_shown(lower)}。",
        step,
    )
    return lower


def _reduced(work: _Working, percent: Decimal) -> Decimal:
    """The rate after years without arrears; counted on the standard rate."""
    facts = work.facts
    years = work.years(_REDUCED_YEARS)
    if facts.clean_years is None or facts.clean_years < years or facts.arrears is None:
        return percent
    why = f"连续{facts.clean_years}年没有拖欠"
    to = work.table("clean_2y_percent")
    if to is not None:
        lower = min(Decimal(str(to.content)), percent)
        work.say(f"{why}，按{_shown(lower)}。", to)
        return lower
    rated = f"clean_2y_{facts.rating}_reduction_percent" if facts.rating else "clean_2y_reduction_percent"
    by = work.table(rated) or work.nearest(_REDUCED, "clean_2y_reduction_percent")
    if by is None:
        return percent
    least = "" if by.value.region else "不低于"
    lower = percent * (_HUNDRED - Decimal(str(by.content))) / _HUNDRED
    work.say(f"{why}，降低幅度{least}{by.content}%，按{_shown(lower)}。", by)
    return lower


def _base(work: _Working, percent: Decimal) -> int:
    facts = work.facts
    base = facts.annual_fen if facts.annual_fen is not None else facts.contract_fen
    amount = int((base * percent / _HUNDRED).to_integral_value(rounding=ROUND_HALF_UP))
    word = "年度合同额" if facts.annual_fen is not None else "合同额"
    figure = work.own(_RATIO)
    assert figure is not None  # asked for before anything else
    work.say(f"{word}{sentence_yuan(base)}×{_shown(percent)}＝{sentence_yuan(amount)}。", figure)
    return amount


def _capped(work: _Working, amount: int, raised: bool) -> int:
    facts = work.facts
    by_size = "below_300m" if facts.contract_fen < _LARGE_FEN else "from_300m"
    names = ["cap_amount", f"cap_{by_size}"]
    if facts.industry == "transport":
        names.insert(0, "cap_transport")
    cap = work.nearest(_CAP, *names)
    if cap is None or amount <= int(cap.content) * FEN_PER_YUAN:
        return amount
    lifted = (raised and work.table("cap_lifted_when_increased")) or (
        facts.listed and work.table("cap_lifted_when_blacklisted")
    )
    limit = int(cap.content) * FEN_PER_YUAN
    if lifted:
        work.say(f"提高比例的不受单个工程上限{sentence_yuan(limit)}限制。", lifted)
        return amount
    work.say(f"超过单个工程上限，按上限{sentence_yuan(limit)}。", cap)
    return limit


def _shown(percent: Decimal) -> str:
    return f"{percent.normalize():f}%"
