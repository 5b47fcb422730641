"""What a person says of a clue instead of the machine: field by field, with the reason, the machine's value kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.clues.access import may_work
from anxin.clues.masking import masked_words
from anxin.clues.models import Clue, Correction
from anxin.evidence.journal import record
from anxin.kernel.masking import mask_payee
from anxin.kernel.money import MoneyError, format_yuan, parse_yuan
from anxin.kernel.refusal import Refused, worded
from anxin.registry.access import find_visible
from anxin.registry.finding import find_reachable
from anxin.registry.models import Employer, Project

_LONGEST_NAME, _LONGEST_KEY = 120, 18
_MOST_PEOPLE, _MOST_MONTHS = 100_000, 600
#: no claim is larger; a bigger number is a slip
_MOST_FEN = 10**13


@dataclass(frozen=True)
class Field:
    """One thing a person may correct: how it is called, read from a form and said in words."""

    title: str
    parse: Callable[[Clue, str, User], Any]
    words: Callable[[Any], str]
    #: column of the clue
    column: str


def _yes_no(clue: Clue, text: str, by: User) -> bool:
    if text not in ("yes", "no"):
        raise Refused("请选择“是”或“否”。", field="value")
    return text == "yes"


def _count(most: int, what: str) -> Callable[[Clue, str, User], int | None]:
    def parse(clue: Clue, text: str, by: User) -> int | None:
        if not text:
            return None
        if not (text.isdecimal() and len(text) <= len(str(most)) and 0 < int(text) <= most):
            raise Refused(f"{what}应为1到{most}的整数；不知道的请留空。", field="value")
        return int(text)

    return parse


def _money(clue: Clue, text: str, by: User) -> int | None:
    try:
        fen = parse_yuan(text) if text else None
    except MoneyError as error:
        raise Refused(str(error), field="value") from None
    if fen is not None and not 0 < fen < _MOST_FEN:
        raise Refused("金额应大于零且不超过一千亿元；不知道的请留空。", field="value")
    return fen


def _name(clue: Clue, text: str, by: User) -> str:
    if len(text) > _LONGEST_NAME:
        raise Refused(f"名称不能超过{_LONGEST_NAME}个字，请删减。", field="value")
    return masked_words(text)


def _urgency(clue: Clue, text: str, by: User) -> int:
    levels = {str(level.value) for level in Clue.Urgency if level != Clue.Urgency.UNREAD}
    if text not in levels:
        raise Refused("请选择紧急程度。", field="value")
    return int(text)


def _entry(about: str) -> Callable[[Clue, str, User], int | None]:
    """An entry of the register: proposed for this clue, or within the reach of whoever links it by hand."""

    def parse(clue: Clue, text: str, by: User) -> int | None:
        if not text:
            return None
        if not (text.isdecimal() and len(text) <= _LONGEST_KEY) or not _offered(clue, about, int(text), by):
            raise Refused("请从列出的登记名称中选择，或者按名称查找。", field="value")
        return int(text)

    return parse


def _offered(clue: Clue, about: str, key: int, by: User) -> bool:
    if clue.candidates.filter(**{f"{about}_id": key}).exists():
        return True
    return (find_visible(by, key) if about == "project" else find_reachable(by, key)) is not None


def _number_words(unit: str) -> Callable[[Any], str]:
    return lambda value: "不知道" if value is None else f"{value}{unit}"


def _entry_words(model: type[Employer] | type[Project]) -> Callable[[Any], str]:
    def words(value: Any) -> str:
        if value is None:
            return "未对应"
        return model.objects.filter(pk=value).values_list("name", flat=True).first() or "未对应"

    return words


def _truth(value: Any) -> str:
    return "待判读" if value is None else ("是" if value else "否")


FIELDS: Mapping[str, Field] = {
    "arrears": Field("是否欠薪", _yes_no, _truth, "arrears"),
    "urgency": Field("紧急程度", _urgency, lambda value: Clue.Urgency(value).label, "urgency"),
    "construction": Field("工程建设领域", _yes_no, _truth, "construction"),
    "people": Field("人数", _count(_MOST_PEOPLE, "人数"), _number_words("人"), "people"),
    "amount_fen": Field(
        "金额", _money, lambda fen: "不知道" if fen is None else format_yuan(fen), "amount_fen"
    ),
    "months": Field("拖欠月数", _count(_MOST_MONTHS, "月数"), _number_words("个月"), "months"),
    "debtor": Field("谁欠", _name, lambda name: name or "不知道", "debtor"),
    "employer": Field("对应的用人单位", _entry("employer"), _entry_words(Employer), "employer_id"),
    "project_name": Field("所说项目", _name, lambda name: name or "不知道", "project_name"),
    "project": Field("对应的项目", _entry("project"), _entry_words(Project), "project_id"),
}


def correct(clue: Clue, field: str, value: str, *, why: str, by: User, now: dt.datetime) -> Correction:
    """From now on the clue shows the person's value; the machine's stays beside it. Raises :class:`Refused`."""
    spec = FIELDS.get(field)
    if spec is None:
        raise Refused("没有这一项，请刷新页面后重新选择。", field="field")
    why = worded(masked_words(why), "请写明为什么这样更正", field="why")
    with transaction.atomic():
        clue = _locked(clue, by)
        became = spec.parse(clue, value.strip(), by)
        was = getattr(clue, spec.column)
        if became == was:
            raise Refused(
                f"{spec.title}已经是“{spec.words(was)}”，没有改动；同意判读的请点“判读无误”。", field="value"
            )
        clue.corrections.filter(field=field, ended_at__isnull=True).update(ended_at=now)
        setattr(clue, spec.column, became)
        clue.looked_at, clue.looked_by_name = now, str(by)
        clue.save(update_fields=[spec.column, "looked_at", "looked_by_name"])
        made = Correction.objects.create(
            clue=clue,
            field=field,
            was=spec.words(was),
            became=spec.words(became),
            value=became,
            why=why,
            by_name=str(by),
            at=now,
        )
        before, after = (_journalled(field, words) for words in (made.was, made.became))
        record(
            actor=actor(by),
            action="clue.corrected",
            object_type="clue",
            object_id=clue.pk,
            summary=f"{clue}：{spec.title}由“{before}”更正为“{after}”",
            before={field: before},
            after={field: after, "why": why},
            now=now,
        )
    return made


def confirm(clue: Clue, *, by: User, now: dt.datetime) -> None:
    """A person has looked and agrees with what the clue shows."""
    with transaction.atomic():
        clue = _locked(clue, by)
        if clue.arrears is None:
            raise Refused("这条线索还没有判读，请稍后再看。")
        if clue.looked_at is not None:
            raise Refused(f"这条线索已由{clue.looked_by_name}看过，请刷新页面。")
        clue.looked_at, clue.looked_by_name = now, str(by)
        clue.save(update_fields=["looked_at", "looked_by_name"])
        record(
            actor=actor(by),
            action="clue.confirmed",
            object_type="clue",
            object_id=clue.pk,
            summary=f"{clue}：看过，判读无误（{'欠薪' if clue.arrears else '非欠薪'}）",
            after={"arrears": clue.arrears},
            now=now,
        )


def _locked(clue: Clue, by: User) -> Clue:
    if not may_work(by, clue):
        raise Refused("您没有办理这条线索的权限，请联系负责该地区的同事。")
    return Clue.objects.select_for_update().get(pk=clue.pk)


def _journalled(field: str, words: str) -> str:
    """Who owes may be a person; the journal has no full name of one."""
    return mask_payee(words) if field == "debtor" else words
