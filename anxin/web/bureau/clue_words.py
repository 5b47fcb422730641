"""A clue in words: its first sentence, the text with what the judgement rests on, its fields, its history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from anxin.clues import nicknames
from anxin.clues.correcting import FIELDS
from anxin.clues.masking import masked_words, opened
from anxin.clues.models import Clue, Likeness, Reading, Telling
from anxin.clues.nicknames import WORDS
from anxin.clues.queries import ClueOverview
from anxin.evidence.sealing import Sealed
from anxin.kernel.masking import mask_name, mask_phone
from anxin.kernel.money import sentence_yuan
from anxin.triage.reading import plain

_PERCENT = 100
_SAID = {
    "channel": "来源",
    "category": "诉求类型",
    "urgency": "紧急程度",
    "handler": "承办单位",
    "dispatched_at": "派单时间",
    "sign_by": "签收时限",
    "handle_by": "办理时限",
    "answer_by": "答复时限",
    "wage_month": "欠薪月份",
    "warning": "预警状态",
}
_ABOUT = {
    "arrears": "像欠薪",
    "not_arrears": "不像欠薪",
    "people": "人数",
    "amount_yuan": "金额",
    "months": "时长",
    "debtor": "谁欠",
    "project": "项目",
    "place": "地点",
    "construction": "工程建设领域",
    "urgency": "紧急程度",
}


@dataclass(frozen=True)
class Piece:
    """A run of the text; ``says`` is what the judgement takes from it, empty for the rest."""

    text: str
    says: str


@dataclass(frozen=True)
class FieldRow:
    """One field of the clue: what holds, what the machine read, and how it may be corrected."""

    name: str
    title: str
    shown: str
    machine: str
    #: who corrected it and why, empty where the machine's value stands
    corrected: str
    #: ``choice``, ``text`` or ``entry``: an entry of the register, chosen or looked for by name
    form: str
    choices: Sequence[tuple[str, str]]
    value: str
    #: what the clue calls the entry that a person linked it to: may be remembered as an alias
    nickname: str = ""
    #: why the register's entry may be meant, where the machine says so: ``(name, why)``
    because: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class PairShown:
    """A likeness from the side of one clue."""

    likeness: Likeness
    other: Clue

    @property
    def undo(self) -> str:
        """The form on the page that takes its merge back."""
        return f"unmerge-{self.likeness.pk}"


def sentence(clue: Clue) -> str:
    """``2026-11-19经12345热线投诉：众力劳务欠14人工资186,000.00元……``."""
    day = timezone.localtime(clue.received_at).date()
    begins = f"{day}经{clue.get_channel_display()}{clue.get_kind_display()}"
    if clue.arrears is None:
        return f"{begins}“{clue.title}”，还没有判读。"
    if not clue.arrears:
        return f"{begins}“{clue.title}”，看来不是欠薪。"
    people = f"{clue.people}人" if clue.people else "工人"
    amount = f"{sentence_yuan(clue.amount_fen)}" if clue.amount_fen else "（金额没有说）"
    parts = [f"{clue.debtor or '（没有说是谁）'}欠{people}工资{amount}"]
    if clue.months:
        parts.append(f"拖了{clue.months}个月")
    if clue.project_name:
        parts.append(f"说的项目是“{clue.project_name}”")
    return f"{begins}：{'，'.join(parts)}。"


def why(told: ClueOverview) -> list[tuple[str, str, str]]:
    """``(about, says, words)`` of the reading, those for or against wages first."""
    reasons = told.reading.reasons if told.reading else []
    name = opened(told.telling.name)
    return [(_about(one), _says(one), masked_words(one["words"], name=name)) for one in reasons]


def marked(told: ClueOverview) -> list[Piece]:
    """The masked text in pieces, the words of the reasons marked.

    Where two overlap, how many, how much and who go before the claim around them, and then the longer one.
    """
    name = opened(told.telling.name)
    text = masked_words(_opened(told.telling.text), name=name)
    read = plain(text)  # sign for sign as the reading saw it
    spans: list[tuple[int, int, str]] = []
    reasons = told.reading.reasons if told.reading else []
    for reason in sorted(
        reasons, key=lambda one: (one["about"] in ("arrears", "not_arrears"), -len(one["words"]))
    ):
        words = masked_words(reason["words"], name=name)
        start = read.find(words) if words else -1
        end = start + len(words)
        if start >= 0 and all(end <= first or start >= last for first, last, _ in spans):
            spans.append((start, end, _says(reason)))
    pieces, at = [], 0
    for start, end, says in sorted(spans):
        pieces += [Piece(text[at:start], ""), Piece(text[start:end], says)]
        at = end
    return [piece for piece in [*pieces, Piece(text[at:], "")] if piece.text]


def fields(told: ClueOverview, found: Mapping[str, Sequence[tuple[str, str]]]) -> list[FieldRow]:
    """Every field that a person may correct. ``found``: entries of the register that were looked for, by field."""
    standing = {one.field: one for one in told.corrections if one.ended_at is None}
    rows = []
    for name, spec in FIELDS.items():
        correction = standing.get(name)
        who = f"{correction.by_name}更正：{correction.why}" if correction else ""
        entry = name in WORDS
        choices = _entries(told, name, found.get(name, ())) if entry else _choices(name)
        value = getattr(told.clue, spec.column)
        rows.append(
            FieldRow(
                name=name,
                title=spec.title,
                shown=_entry(told.clue, name) if entry else spec.words(value),
                machine="" if entry or told.reading is None else spec.words(_read(told.reading, name)),
                corrected=who,
                form="entry" if entry else ("choice" if choices else "text"),
                choices=choices,
                value=_form_value(name, value),
                nickname=nicknames.proposed(
                    told.clue, name, by_hand=correction is not None, candidates=told.candidates
                )
                if entry
                else "",
                because=_because(told, name) if entry and correction is None else (),
            )
        )
    return rows


def said(telling: Telling) -> list[tuple[str, str]]:
    """What the sender said of it, in the order of its list."""
    given: Mapping[str, str] = telling.said
    rows = [("地点", telling.place)] if telling.place else []
    return rows + [(title, given[name]) for name, title in _SAID.items() if given.get(name)]


def contact(telling: Telling) -> list[tuple[str, str, str]]:
    """``(field, title, masked)`` of whoever told us."""
    found = []
    if telling.name is not None:
        found.append(("name", "姓名", mask_name(_opened(telling.name))))
    if telling.phone is not None:
        phone = _opened(telling.phone)
        found.append(("phone", "电话", phone if "*" in phone else mask_phone(phone)))
    return found


def pairs(told: ClueOverview) -> list[PairShown]:
    """The clues it may be one dispute with, from its own side."""
    mine = told.clue.pk
    return [PairShown(one, one.second if one.first_id == mine else one.first) for one in told.likenesses]


def history(told: ClueOverview) -> list[tuple[dt.datetime, str, str, str]]:
    """``(when, what, who, more)``, the latest first."""
    clue = told.clue
    rows: list[tuple[dt.datetime, str, str, str]] = [
        (one.at, f"{FIELDS[one.field].title}由“{one.was}”更正为“{one.became}”", one.by_name, one.why)
        for one in told.corrections
        if one.field in FIELDS
    ]
    for one in told.merges:
        other = one.second if one.first_id == clue.pk else one.first
        rows.append((one.at, f"与{other}并案", one.by_name, "；".join(one.reasons)))
        if one.ended_at:
            rows.append((one.ended_at, f"撤销与{other}的并案", one.ended_by_name, one.ended_why))
    for position, telling in enumerate([told.telling, *told.earlier]):
        first = position == len(told.earlier)
        batch = f"来自“{telling.batch.filename}”第{telling.row_number}行" if telling.batch else ""
        rows.append((telling.recorded_at, "接收" if first else "来件内容有更改", "", batch))
        reading = getattr(telling, "reading", None)
        if reading is not None:
            result = "欠薪" if reading.arrears else "不是欠薪"
            rows.append((reading.read_at, f"判读为{result}", "系统", f"模型版本{reading.model_version}"))
    if clue.looked_at and not any(one.at == clue.looked_at for one in told.corrections):
        rows.append((clue.looked_at, "看过，判读无误", clue.looked_by_name, ""))
    return sorted(rows, key=lambda row: row[0], reverse=True)


def _choices(name: str) -> list[tuple[str, str]]:
    if name in ("arrears", "construction"):
        return [("yes", "是"), ("no", "否")]
    if name == "urgency":
        return [(str(level.value), level.label) for level in Clue.Urgency if level != Clue.Urgency.UNREAD]
    return []


def _entries(told: ClueOverview, name: str, found: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was looked for, what is proposed, and what it is linked to now; where there is nothing, nothing to choose."""
    proposed = [getattr(one, name) for one in told.candidates] + [getattr(told.clue, name)]
    entries = dict(found) | {str(entry.pk): entry.name for entry in proposed if entry is not None}
    return [*entries.items(), ("", "都不是")] if entries else []


def _because(told: ClueOverview, name: str) -> list[tuple[str, str]]:
    """The reasons of what was taken, else of all that is proposed."""
    taken = getattr(told.clue, f"{name}_id")
    return [
        (entry.name, one.why)
        for one in told.candidates
        if (entry := getattr(one, name)) is not None and taken in (None, entry.pk)
    ]


def _entry(clue: Clue, name: str) -> str:
    entry: Any = getattr(clue, name)
    return entry.name if entry is not None else "未对应"


def _read(reading: Reading, name: str) -> Any:
    return getattr(reading, FIELDS[name].column)


def _form_value(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value / _PERCENT:.2f}" if name == "amount_fen" else str(value)


def _about(reason: Mapping[str, str]) -> str:
    return _ABOUT.get(reason["about"], reason["about"])


def _says(reason: Mapping[str, str]) -> str:
    """What the words show; where the reading only names the field, that they state it."""
    about = _about(reason)
    return f"写明了{about}" if reason["says"] == about else reason["says"]


def _opened(sealed: Any) -> str:
    assert isinstance(sealed, Sealed)  # what SealedField gives back
    return sealed.open()
