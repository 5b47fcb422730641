"""What may come out of a clue: a list that an office signs, with what each needs and how it is put. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anxin.law import Law, UnknownKey
from anxin.referral.routing import ABOUT, TableProblem

#: what a conclusion means for the wages; words are on the pages
OUTCOMES: Mapping[str, str] = {
    "settled": "付清",
    "partial": "部分付清",
    "filed": "已立案",
    "transferred": "已移送",
    "elsewhere": "走其他途径",
    "not_true": "不属实",
    "unverifiable": "无法核实",
    "duplicate": "重复反映",
    "withdrawn": "撤回",
    "answered": "直接答复",
}
#: outcomes that say the worker is owed nothing any more: without proof a second person always looks
_ENDS_THE_CLAIM = {"settled", "not_true"}
REVIEWS: Mapping[str, str] = {
    "never": "不用复核",
    "unproven": "没有付款凭证或本人确认的复核",
    "always": "一律复核",
}
_FIELDS = {"name", "about", "outcome", "when", "needs", "review", "wording", "attention"}
_NAME, _TEXT = 40, 400


@dataclass(frozen=True)
class Choice:
    """One conclusion of the list. ``needs``: of each group of papers one must be attached."""

    position: int
    name: str
    about: frozenset[str]
    outcome: str
    when: str
    needs: tuple[tuple[str, ...], ...]
    review: str
    wording: str
    attention: str


def read_choices(entries: Sequence[Mapping[str, Any]]) -> tuple[Choice, ...]:
    """The list as data. Raises :class:`TableProblem` for what no list may hold."""
    choices = tuple(_choice(position, entry) for position, entry in enumerate(entries, start=1))
    names = [choice.name for choice in choices]
    for choice in choices:
        if names.count(choice.name) > 1:
            raise TableProblem(choice.position, f"有两条叫“{choice.name}”，名称不能重复。")
    for about in ABOUT:
        if not any(about in choice.about for choice in choices):
            raise TableProblem(0, "工程建设、其他用人单位、不是工资三类，每一类至少要有一条可用的结论。")
    return choices


def check(choices: Sequence[Choice], law: Law) -> None:
    """Raises :class:`TableProblem` for a paper that the catalogue does not know."""
    for choice in choices:
        for kind in (kind for group in choice.needs for kind in group):
            try:
                law.document(kind)
            except UnknownKey as unknown:
                raise TableProblem(choice.position, str(unknown)) from None


def _choice(position: int, entry: Mapping[str, Any]) -> Choice:
    strange = sorted(set(entry) - _FIELDS)
    if strange:
        raise TableProblem(position, f"有不认识的项：{'、'.join(strange)}。")
    choice = Choice(
        position=position,
        name=_text(position, entry, "name", "名称", _NAME),
        about=frozenset(entry.get("about", ())),
        outcome=str(entry.get("outcome", "")),
        when=_text(position, entry, "when", "什么时候用", _TEXT),
        needs=tuple(tuple(group) for group in entry.get("needs", ())),
        review=str(entry.get("review", "")),
        wording=_text(position, entry, "wording", "参考用语", _TEXT),
        attention=_text(position, entry, "attention", "注意事项", _TEXT),
    )
    if not choice.about or choice.about - set(ABOUT):
        raise TableProblem(position, "请写明适用于工程建设、其他用人单位还是不是工资的线索。")
    if choice.outcome not in OUTCOMES:
        raise TableProblem(position, f"结果类别应从这些里选：{'、'.join(OUTCOMES.values())}。")
    if choice.review not in REVIEWS:
        raise TableProblem(position, f"是否复核应从这些里选：{'、'.join(REVIEWS.values())}。")
    if choice.outcome in _ENDS_THE_CLAIM and choice.review == "never":
        raise TableProblem(
            position, f"“{OUTCOMES[choice.outcome]}”的结论，没有付款凭证或本人确认时必须另一人复核。"
        )
    if (choice.outcome == "answered") != (choice.about == {"other"}):
        raise TableProblem(position, "“直接答复”只用于不是工资的线索，这类线索也只能直接答复。")
    return choice


def _text(position: int, entry: Mapping[str, Any], field: str, title: str, limit: int) -> str:
    said = str(entry.get(field, "")).strip()
    if not said or len(said) > limit:
        raise TableProblem(position, f"请填写“{title}”，不超过{limit}字。")
    return said
