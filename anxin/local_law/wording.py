"""How values and their counting rules are said in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anxin.law.counting_rules import DAY_TYPES
from anxin.local_law.shapes import WORDS

CONFIDENCE_WORDS = {
    "verified": "已核对原文",
    "verified_secondary": "据转述核对",
    "recalled": "待核（凭记忆）",
    "derived": "推荐值，待本地确认",
    "unknown": "待核（未查到）",
    "confirmed": "本单位已确认",
}
KIND_WORDS = {"statutory": "法定", "policy": "地方规定或推荐", "operational": "工作安排"}
#: rules that the program knows by name
RULE_WORDS = {
    "advance_to_previous_working_day": "提前到前一个工作日",
    "corresponding_day_or_month_end": "到期月的对应日，没有对应日的为月末",
    "from_stated_moment": "自所写明的时刻起连续计算",
    "unsettled_project_payment": "以未结清的工程款为限",
    "awarding_party": "由发包的一方承担",
    "prefecture_level_hrss_head": "设区的市级以上人社部门负责人",
    "upper_level_hrss": "上一级人社部门",
    "administrative_order_expired_unperformed": "行政处理决定逾期不履行",
    "irrevocable_on_demand": "不可撤销、见索即付",
    "recommended": "建议告知听证",
    "provincial_average_annual_wage_previous_year": "省级上年度职工年平均工资",
    "shortest_necessary": "为实现目的所必要的最短时间",
}
_BRIEF = 40
MODE_WORDS = {"addition": "在原期限之外追加", "total": "连同原期限的总长"}


def place(code: str, name: str) -> str:
    return f"{name}（{code}）" if name else f"地区{code}"


def value_words(value: Any, unit: str = "") -> str:
    """A value in one line: ``2,100元/月``, ``不低于1，不高于3（%）``, ``是``, ``共4项：…``."""
    if value is None:
        return "由地方规定"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return f"{value:,}个{unit}" if unit in ("工作日",) else f"{value:,}{unit}"
    if isinstance(value, str):
        return RULE_WORDS.get(value, value)
    if isinstance(value, list):
        return f"共{len(value)}项：" + "；".join(_part(item) for item in value)
    suffix = f"（{unit}）" if unit and unit not in ("规则", "条件", "布尔", "按级别") else ""
    return _part(value) + suffix


def brief_words(value: Any, unit: str = "") -> str:
    """The same for a list of many values: a long table only says how many parts it has."""
    said = value_words(value, unit)
    if len(said) <= _BRIEF:
        return said
    if isinstance(value, list):
        first = value[0]
        return (
            f"{first}等{len(value)}项"
            if isinstance(first, str) and len(first) < _BRIEF
            else f"共{len(value)}项"
        )
    return f"分{len(value)}种情形" if isinstance(value, dict) else f"{said[:_BRIEF]}…"


def _part(value: Any) -> str:
    if isinstance(value, dict):
        return "，".join(_named(name, part) for name, part in value.items())
    if isinstance(value, list):
        return "、".join(_part(item) for item in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return f"{value:,}"
    return WORDS.get(value, str(value)) if isinstance(value, str) else "—"


def _named(name: str, part: Any) -> str:
    said = WORDS.get(name, name)
    if isinstance(part, dict):
        return f"{said}{_part(part)}" if len(part) == 1 else f"{said}（{_part(part)}）"
    return _part(part) if name in ("level", "words", "what") else f"{said}{_part(part)}"


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
