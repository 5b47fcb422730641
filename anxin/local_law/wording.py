"""How confidence, kind, place and counting rules are said in Chinese; values are in ``anxin.law.words``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anxin.law.counting_rules import DAY_TYPES

CONFIDENCE_WORDS = {
    "verified": "已核对原文",
    "verified_secondary": "据转述核对",
    "recalled": "待核（凭记忆）",
    "derived": "推荐值，待本地确认",
    "unknown": "待核（未查到）",
    "confirmed": "本单位已确认",
}
KIND_WORDS = {"statutory": "法定", "policy": "地方规定或推荐", "operational": "工作安排"}
MODE_WORDS = {"addition": "在原期限之外追加", "total": "连同原期限的总长"}


def place(code: str, name: str) -> str:
    return f"{name}（{code}）" if name else f"地区{code}"


def counting_words(counting: Mapping[str, Any]) -> str:
    """What a local counting rule changes, in one line."""
    said = []
    if counting.get("starts_on"):
        said.append(f"自{counting['starts_on']}起算")
    if counting.get("day_type"):
        said.append(f"按{DAY_TYPES.get(counting['day_type'], counting['day_type'])}计")
    if "rolls" in counting:
        said.append("末日遇休息日顺延" if counting["rolls"] else "末日遇休息日不顺延")
    if counting.get("strict"):
        said.append("从严，不顺延")
    if counting.get("start_day_counted"):
        said.append("当日计入")
    if counting.get("mode"):
        said.append(MODE_WORDS.get(counting["mode"], counting["mode"]))
    return "，".join(said)
