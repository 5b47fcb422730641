"""Pieces of the sentences that people read."""

from __future__ import annotations

from anxin.kernel.days import day_words
from anxin.kernel.money import sentence_yuan
from anxin.kernel.months import Month
from anxin.monitoring.rules.framework import Finding, Rule


def month_text(month: str) -> str:
    """``2026年9月``; an empty text for a standing condition."""
    return Month.parse(month).chinese() if month else ""


def subject(finding: Finding, project_name: str) -> str:
    """``<project> 2026年9月：`` with which every sentence begins."""
    month = month_text(finding.month)
    return f"{project_name} {month}：" if month else f"{project_name}："


def amount(fen: int | None) -> str:
    return sentence_yuan(fen) if fen is not None else "数额未知"


def due_text(finding: Finding) -> str:
    """The due day, and how it came about where it was moved or is provisional."""
    if finding.due is None:
        return "发薪日未登记"
    text = day_words(finding.due)
    nominal = finding.measures.get("nominal")
    notes = []
    if nominal and nominal != finding.due:
        notes.append(f"原定{nominal.month}月{nominal.day}日，遇休息日提前")
    if finding.measures.get("provisional"):
        notes.append(f"{(nominal or finding.due).year}年放假安排尚未公布，日期暂定")
    return text + (f"（{'；'.join(notes)}）" if notes else "")


def percent(part: int, whole: int) -> str:
    """``37.5%``, without superfluous zeros."""
    return f"{part * 100 / whole:.1f}".rstrip("0").rstrip(".") + "%"


def gap_sentence(rule: Rule, kind: str, month: str, subject: str) -> str:
    """What is missing, in one sentence."""
    return rule.gap_sentences[kind].format(month=month_text(month), subject=subject)
