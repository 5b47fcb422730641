"""Which channel a list of tickets came by: what its own column says, else what a person chose, else what its headings say.

A list without a column for the channel says it by its headings (``警情编号``), or only by what it is called. What stands
here without a column is a proposal: the page on which the list is accepted shows it with its reason, and a person changes it
there (``mapping["channel"]``), because the channel decides whose days run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anxin.clues.models import Clue
from anxin.sheets import Recognition
from anxin.sheets.result import shown_value

#: how lists name the channels; what names none of them (电话, 微信, 网站) is a way to the hotline
_CHANNELS = {
    "平台": Clue.Channel.PLATFORM,
    "来访": Clue.Channel.VISIT,
    "接访": Clue.Channel.VISIT,
    "窗口": Clue.Channel.VISIT,
    "监察电话": Clue.Channel.TELEPHONE,
    "举报投诉电话": Clue.Channel.TELEPHONE,
    "网格": Clue.Channel.GRID,
    "公安": Clue.Channel.POLICE,
    "110": Clue.Channel.POLICE,
    "警情": Clue.Channel.POLICE,
    "二维码": Clue.Channel.QR,
    "扫码": Clue.Channel.QR,
}
#: a hotline calls itself a platform too
_HOTLINE = ("12345", "热线")
#: what files, sheets and title lines are called that come from one channel; the hotline's own name goes first
_NAMED = (
    (_HOTLINE, Clue.Channel.HOTLINE),
    (("根治欠薪线索", "线索反映平台", "国家平台", "省级平台", "全国平台", "省平台"), Clue.Channel.PLATFORM),
    (("警情", "110报警", "接处警", "公安移交", "公安机关"), Clue.Channel.POLICE),
)
#: only the police call their columns so
_POLICE_HEADINGS = ("警情", "接警", "处警", "出警", "报警")
#: a platform numbers its clues and asks about the debt column by column; a hotline does not
_PLATFORM_NUMBERS, _PLATFORM_ASKS, _PLATFORM_AT_LEAST = ("线索编号", "线索号", "反映编号"), "欠薪", 2
#: channels a person may choose for a list; scanned codes and sweeps do not come as lists
CHOICES = (
    Clue.Channel.HOTLINE,
    Clue.Channel.PLATFORM,
    Clue.Channel.POLICE,
    Clue.Channel.GRID,
    Clue.Channel.VISIT,
    Clue.Channel.TELEPHONE,
)


@dataclass(frozen=True)
class Proposal:
    """The channel of the rows that do not say theirs. ``why``: a Chinese clause. ``chosen``: a person has said so."""

    channel: str
    why: str
    chosen: bool = False


def channel_of(said: str | None) -> str:
    """The channel that a list's own word means."""
    said = said or ""
    if any(word in said for word in _HOTLINE):
        return Clue.Channel.HOTLINE
    return next((channel for word, channel in _CHANNELS.items() if word in said), Clue.Channel.HOTLINE)


def proposed(recognition: Recognition, filename: str, mapping: Mapping[str, Any] | None) -> Proposal:
    """For the rows of this list that have no channel of their own."""
    chosen = (mapping or {}).get("channel")
    if chosen in CHOICES:
        return Proposal(chosen, "按选定的来源", chosen=True)
    headings = recognition.columns
    police = next((one for one in headings.values() if any(word in one for word in _POLICE_HEADINGS)), None)
    if police is not None:
        return Proposal(Clue.Channel.POLICE, f"表头里有“{police}”")
    for text, where in _names(recognition, filename):
        for words, channel in _NAMED:
            word = next((word for word in words if word in text), None)
            if word is not None:
                return Proposal(channel, f"{where}里有“{word}”")
    asks = [one for one in headings.values() if one.startswith(_PLATFORM_ASKS)]
    if headings.get("number") in _PLATFORM_NUMBERS and len(asks) >= _PLATFORM_AT_LEAST:
        return Proposal(Clue.Channel.PLATFORM, f"表头里有“{headings['number']}”“{asks[0]}”")
    return Proposal(Clue.Channel.HOTLINE, "表头、文件名和标题都没有写明来源")


def without_a_column(recognition: Recognition) -> bool:
    """Whether the proposal decides about every row."""
    return "channel" not in recognition.columns


def _names(recognition: Recognition, filename: str) -> list[tuple[str, str]]:
    """What the list is called, and where it says so."""
    above = recognition.source.rows[: recognition.header_rows[0] - 1]
    title = "".join(shown_value(cell) for row in above for cell in row if cell is not None)
    return [(filename, "文件名"), (recognition.sheet, "工作表名"), (title, "标题行")]
