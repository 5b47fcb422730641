"""How values look on a page: money, people masked, levels in colour, word and shape, days."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from anxin.kernel import masking
from anxin.kernel.money import format_yuan, parse_yuan, sentence_yuan
from anxin.kernel.months import Month
from anxin.law.counting_rules import Counting
from anxin.law.wording import day_text, length_text
from anxin.monitoring.models import Level, Warning
from anxin.monitoring.sections import SECTIONS, section_of

register = template.Library()

_ICONS = Path(__file__).resolve().parents[1] / "static" / "vendor" / "tabler-icons"
#: each level has its own shape, so that a black-and-white print still tells them apart
SHAPES = {Level.RED: "●", Level.ORANGE: "▲", Level.YELLOW: "■", Level.BLUE: "◆"}


#: cells of a payroll's grid
_CELL_WORDS = {
    "rate": "单价",
    "quantity": "数量",
    "extra": "加班津贴",
    "advance": "预支",
    "tax": "个税",
    "insurance": "社保",
    "other": "其他扣款",
    "reason": "说明",
}


@register.filter
def cell_word(name: str) -> str:
    """What a cell of a payroll's grid holds, for its label."""
    return _CELL_WORDS.get(name, name)


@register.filter
def yuan(fen: int | None) -> str:
    """Fen as ``¥12,345.67``; a dash where nothing is known."""
    return "—" if fen is None else format_yuan(fen)


@register.filter
def yuan_text(text: str | None) -> str:
    """The machine form ``12345.67`` as ``¥12,345.67``."""
    return yuan(parse_yuan(text))


@register.filter
def yuan_words(fen: int | None) -> str:
    """Fen as ``12,345.67元`` for a sentence."""
    return "—" if fen is None else sentence_yuan(fen)


@register.filter
def masked_name(name: str | None) -> str:
    return masking.mask_name(name or "") or "—"


@register.filter
def masked_id(sealed: Any) -> str:
    """A sealed ID number as ``1101**********1234``."""
    return masking.mask_id_number(sealed.open()) if sealed else "—"


@register.filter
def masked_phone(sealed: Any) -> str:
    return masking.mask_phone(sealed.open()) if sealed else "—"


@register.filter
def masked_card(sealed: Any) -> str:
    return masking.mask_card(sealed.open()) if sealed else "—"


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """``2026-11-21``; a moment in time shows its local day."""
    if value is None or value == "":
        return "—"
    if isinstance(value, dt.datetime):
        from django.utils import timezone

        value = timezone.localtime(value)
    return value.strftime("%Y-%m-%d")


@register.filter
def moment(value: dt.datetime | None) -> str:
    """``2026-11-21 14:05`` in local time."""
    if value is None:
        return "—"
    from django.utils import timezone

    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")


@register.filter
def month_words(value: str | None) -> str:
    """``2026-09`` as ``2026年9月``."""
    if not value:
        return "—"
    try:
        return Month.parse(value).chinese()
    except ValueError:
        return value


@register.filter
def share(value: float | None) -> str:
    """``62%`` of 0.62; a dash where unknown."""
    return "—" if value is None else f"{value:.0%}"


@register.filter
def number(value: Any) -> str:
    """A count with thousands separators, decimals without trailing zeros, a dash for nothing."""
    if value is None or value == "":
        return "—"
    text = f"{value:,}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@register.simple_tag
def level_badge(level: int) -> SafeString:
    """Colour, word and shape: ``● 红色``."""
    value = Level(level)
    return format_html(
        '<span class="level level-{}"><span aria-hidden="true">{}</span> {}</span>',
        value.name.lower(),
        SHAPES[value],
        value.label,
    )


@register.simple_tag
def warning_badge(warning: Warning) -> SafeString:
    """The level and the part in words. Red fills only where people are unpaid; missing paper and signs of
    forgery are outlined."""
    return format_html(
        '<span class="badge-pair is-{}">{}<span class="family">{}</span></span>',
        "paper" if warning.advice else warning.family,
        level_badge(warning.level),
        SECTIONS[section_of(warning)],
    )


@register.simple_tag(takes_context=True)
def due(
    context: dict[str, Any],
    kind: str,
    pk: int,
    due: dt.date | dt.datetime | str | None = None,
    words: str = "",
    style: str = "",
    month: str = "",
    plain: bool = False,
    shown: str = "",
) -> SafeString | str:
    """A due date that opens its steps: ``还剩 3 天`` / ``今天到期`` / ``已超期 2 天`` with the date behind it.

    ``kind`` and ``pk`` are those of ``bureau.due.KINDS``. ``words`` and ``style`` are given where working days
    were counted. ``plain``: only the date. A page without ``today`` shows only the date, too. ``shown`` stands
    instead of a date (``次月15日``).
    """
    if not due and not shown:
        return "—"
    last = _day_of(due)
    today = context.get("today")
    if last and not words and today is not None and not plain:
        words, style = _left(last, today)
    address = reverse("due", args=[kind, pk]) + (f"?month={month}" if month else "")
    said = format_html('<span class="due {}">{}</span> ', style, words) if words else ""
    return format_html(
        '<a class="due-link" href="{0}" hx-get="{0}" hx-target="#window" hx-select="#due" hx-swap="innerHTML"'
        ' title="这个日期怎样来的">{1}<span class="due-date">{2}</span></a>',
        address,
        said,
        shown or day(last),
    )


def _day_of(due: dt.date | dt.datetime | str | None) -> dt.date | None:
    """The local day of what a page holds: a day, a moment, or a day kept as text."""
    if isinstance(due, str):
        return dt.date.fromisoformat(due) if due else None
    if isinstance(due, dt.datetime):
        from django.utils import timezone

        return timezone.localtime(due).date()
    return due


def _left(last: dt.date, today: dt.date) -> tuple[str, str]:
    days = (last - today).days
    if days > 0:
        return f"还剩 {days} 天", "due-later"
    return ("今天到期", "due-today") if days == 0 else (f"已超期 {-days} 天", "due-over")


@lru_cache(maxsize=64)
def _icon(name: str) -> str:
    return (_ICONS / f"{name}.svg").read_text().replace("<svg", '<svg aria-hidden="true"', 1)


@register.simple_tag
def icon(name: str) -> SafeString:
    """One of the vendored icons, inline so that it takes the colour of the text."""
    return mark_safe(_icon(name))


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's own address query with some parts changed; an empty value drops the part."""
    request: HttpRequest = context["request"]
    values = request.GET.copy()
    for key, value in changes.items():
        if value in ("", None):
            values.pop(key, None)
        else:
            values[key] = str(value)
    encoded = values.urlencode()
    return f"?{encoded}" if encoded else "?"


#: measured values of an evidence row that a person reads, in this order; money comes as yuan strings
_MEASURES = (
    ("promised", "应发到手", "yuan"),
    ("gross", "应发", "yuan"),
    ("deduction", "扣款", "yuan"),
    ("net", "实发", "yuan"),
    ("paid", "已付", "yuan"),
    ("required", "应存或应拨", "yuan"),
    ("held", "已存", "yuan"),
    ("contract", "合同价款", "yuan"),
    ("ratio_percent", "存储比例", "percent"),
    ("minimum", "最低工资", "yuan"),
    ("attended_days", "考勤天数", "days"),
    ("days_worked", "工资表天数", "days"),
    ("working_days", "当月工作日", "days"),
    ("punched", "打卡", "days"),
    ("gate_days", "闸机有记录", "days"),
    ("overlap_days", "同时在两个工地", "days"),
    ("filled_days", "补传而无人脸", "days"),
    ("same_days", "进出时刻逐日相同", "days"),
    ("copied_days", "与他人时刻相同", "days"),
    ("face_days", "与他人同一张脸", "days"),
    ("both_days", "两人合计", "days"),
    ("above_days", "多报", "days"),
    ("sharers", "同一卡或同一张脸", "people"),
    ("senders", "转入同一账户", "people"),
    ("span_minutes", "前后相差", "minutes"),
)
_UNITS = {"percent": "%", "days": "天", "people": "人", "minutes": "分钟"}


@register.filter
def measures(detail: dict[str, Any]) -> str:
    """What was measured on one row of evidence, in words."""
    said = []
    for name, title, unit in _MEASURES:
        value = detail.get(name)
        if value is None:
            continue
        shown = yuan_text(str(value)) if unit == "yuan" else f"{number(value)}{_UNITS[unit]}"
        said.append(f"{title}{shown}")
    return "，".join(said)


@register.filter
def parameter_words(parameter: dict[str, Any]) -> str:
    """A legal parameter as applied: ``月最低工资标准：2,000元/月``."""
    name, value = parameter.get("name", ""), parameter.get("value")
    if value is None:
        return f"{name}：{parameter.get('missing') or '未收录'}"
    if isinstance(value, list):
        return f"{name}：{'、'.join(str(one) for one in value)}"
    if isinstance(value, str):
        return str(name)  # a rule by name, not a number; its reference says the rest
    return f"{name}：{number(value)}{parameter.get('unit', '')}"


@register.filter
def batch_month(batch: Any) -> str:
    """The month a delivery is for: stated when it was delivered, else read from its sheet."""
    return batch.month or (batch.report or {}).get("period") or ""


_CELL = re.compile(r"^[A-Z]{1,3}\d+")


@register.filter
def problem_words(problem: Any) -> str:
    """A problem's sentence with its row in front, where the sentence does not begin with the cell itself."""
    return problem.reason if _CELL.match(problem.reason) else f"第{problem.row}行：{problem.reason}"


@register.filter
def pay_day_words(project: Any) -> str:
    """The agreed pay day: ``次月15日``."""
    return f"{'次月' if project.pay_month_offset else '当月'}{project.pay_day}日"


@register.filter
def length_in(amount: int, unit: str) -> str:
    """``30个工作日``, ``6个月``."""
    return length_text(amount, unit)


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """``mapping[key]`` where the key is a variable."""
    return mapping.get(key, "") if hasattr(mapping, "get") else ""


@register.filter
def group_of(key: str) -> str:
    """The subject group of a law key: ``inspection`` of ``inspection.investigation_days``."""
    return key.split(".")[0]


@register.filter
def due_words(due: dt.date | dt.datetime) -> str:
    """``2026年10月9日（星期五）``, with the hour where it was counted in hours."""
    if isinstance(due, dt.datetime):
        return f"{day_text(due.date())}{due:%H:%M}"
    return day_text(due)


@register.filter
def counting_rule(counting: Counting) -> str:
    """A counting rule in one sentence: from where, in which days, what happens at the end."""
    said = [f"自“{counting.starts_on}”起算" if counting.starts_on else ""]
    said.append(
        "按" + {"working": "工作日", "natural": "自然日", "clock": "连续小时"}[counting.day_type] + "计"
    )
    if counting.backward:
        said.append("向前倒数，事件当日不计")
    elif counting.start_day_counted:
        said.append("当日计入")
    elif counting.measure != "hour":
        said.append("当日不计")
    if counting.bound == "min":
        said.append("是最短期间，期满次日起才可进行下一步")
    elif counting.rolls:
        said.append("末日是休息日的顺延到下一个工作日")
    elif counting.day_type == "natural" and not counting.backward:
        said.append("末日是休息日也不顺延")
    return "，".join(part for part in said if part)
