"""The kinds of notice: a small table, so that people can choose by which channel each reaches them."""

from __future__ import annotations

from dataclasses import dataclass

from anxin.kernel.refusal import Refused
from anxin.notices.models import ChannelName

_EMAIL, _WEBHOOK = str(ChannelName.EMAIL), str(ChannelName.WEBHOOK)


@dataclass(frozen=True)
class Kind:
    """One kind; ``channels`` are used beside the screen until a person chooses otherwise."""

    key: str
    title: str
    explained: str
    channels: frozenset[str] = frozenset()


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind: a package above adds its own when it is loaded. The same key again replaces the entry."""
    _KINDS[kind.key] = kind
    return kind


def kind(key: str) -> Kind:
    """Raises :class:`Refused` for a key that nobody has registered."""
    if key not in _KINDS:
        raise Refused(f"没有“{key}”这一类通知，可用：{'、'.join(sorted(_KINDS))}。", field="kind")
    return _KINDS[key]


def title(key: str) -> str:
    """Its Chinese name; the key itself where a kind has since been given up."""
    return _KINDS[key].title if key in _KINDS else key


def kinds() -> tuple[Kind, ...]:
    return tuple(_KINDS.values())


register(Kind("task_due", "任务将到期", "我的待办快到期限时提醒", frozenset({_EMAIL})))
register(Kind("task_overdue", "任务已逾期", "我的待办过了期限仍未办结", frozenset({_EMAIL, _WEBHOOK})))
register(Kind("matter_assigned", "新交办事项", "有事项交给我或我的单位办理", frozenset({_EMAIL})))
register(Kind("oversight", "督办", "事项被列入督办，或督办有了结果", frozenset({_EMAIL, _WEBHOOK})))
register(Kind("law_changed", "法规数值变动", "法定期限、标准或日历有变动，相关期限已重新计算"))
register(Kind("value_to_confirm", "数值待核", "有数值或日历等待我核对、确认"))
