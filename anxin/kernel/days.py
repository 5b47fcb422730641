"""A day in words."""

from __future__ import annotations

import datetime as dt


def day_words(day: dt.date) -> str:
    """``2026年4月2日``: Arabic numerals without zeros in front, as GB/T 9704 writes the date of a paper."""
    return f"{day.year}年{day.month}月{day.day}日"
