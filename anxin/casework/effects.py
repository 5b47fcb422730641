"""What a step did to the clocks, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from anxin.kernel.days import day_words


def effect_words(effect: Mapping[str, Any]) -> str:
    """What a step did to one clock, in a sentence."""
    name, due, was = f"“{effect['name']}”", _short(effect.get("due")), _short(effect.get("was"))
    until = f"，到{due}" if due else ""
    return {
        "started": f"{name}开始计算{until}。",
        "restarted": f"{name}重新计算{until}。",
        "met": f"{name}按期完成{f'（期限{due}）' if due else ''}。",
        "met_late": f"{name}逾期完成（期限{due}）。",
        "paused": f"{name}中止。",
        "resumed": f"{name}恢复计算{until}。",
        "extended": f"{name}由{was}延长到{due}。",
        "ended": f"{name}不再计算。",
        "recomputed": f"{name}由{was or '无法计算'}改为{due or '无法计算'}。",
    }.get(str(effect["effect"]), f"{name}{until}。")


def _short(text: str | None) -> str:
    return day_words(dt.date.fromisoformat(text)) if text else ""
