"""The states of a warning as a table: which action leads from where to where, and who may do it."""

from __future__ import annotations

from dataclasses import dataclass

from anxin.accounts.access import CLEAR, HANDLE
from anxin.monitoring.models import Warning, WarningEvent

State = Warning.State
Kind = WarningEvent.Kind

#: handled, and not yet waiting for somebody's decision
IN_HAND = frozenset({State.OPEN, State.ACKNOWLEDGED, State.ASSIGNED})
UNCLEARED = IN_HAND | {State.CLEARING}
ANY = UNCLEARED | {State.CLEARED}


@dataclass(frozen=True)
class Action:
    """One step a person may take. ``to`` is empty where the state stays."""

    name: str
    title: str
    sources: frozenset[State]
    to: State | None
    permission: str
    kind: Kind
    #: what to say where the state does not allow it
    refusal: str
    #: whoever asked may not do it
    second_person: bool = False
    #: only where people, not facts, had cleared it
    by_hand_only: bool = False
    #: not where two people agreed on a conclusion
    unsettled_only: bool = False

    def allows(self, state: str) -> bool:
        return state in self.sources


_ACTIONS = (
    Action(
        "acknowledge",
        "知悉",
        frozenset({State.OPEN}),
        State.ACKNOWLEDGED,
        HANDLE,
        Kind.ACKNOWLEDGED,
        "只有“待处置”的预警可以标记知悉。",
    ),
    Action(
        "assign",
        "交办",
        IN_HAND,
        State.ASSIGNED,
        HANDLE,
        Kind.ASSIGNED,
        "这条预警正在申请消除或已经消除，不能交办；请先退回申请或重开。",
    ),
    Action("note", "记录", ANY, None, HANDLE, Kind.NOTED, ""),
    Action("attach", "附件", ANY, None, HANDLE, Kind.ATTACHED, ""),
    Action(
        "ask_clearing",
        "申请消除",
        IN_HAND,
        State.CLEARING,
        HANDLE,
        Kind.CLEARING_ASKED,
        "这条预警已在申请消除或已经消除，无需再次申请。",
    ),
    Action(
        "agree",
        "同意消除",
        frozenset({State.CLEARING}),
        State.CLEARED,
        CLEAR,
        Kind.CLEARING_AGREED,
        "这条预警没有待决定的消除申请。",
        second_person=True,
    ),
    Action(
        "refuse",
        "退回申请",
        frozenset({State.CLEARING}),
        State.ACKNOWLEDGED,  # or 处置中, where it had been assigned
        CLEAR,
        Kind.CLEARING_REFUSED,
        "这条预警没有待决定的消除申请。",
        second_person=True,
    ),
    Action(
        "reopen",
        "重开",
        frozenset({State.CLEARED}),
        State.OPEN,
        CLEAR,
        Kind.REOPENED_BY_HAND,
        "这条预警尚未消除，无需重开。",
        by_hand_only=True,
    ),
    Action(
        "conclude",
        "写结论",
        frozenset({State.CLEARED}),
        None,
        HANDLE,
        Kind.CONCLUDED,
        "这条预警还没有消除，请在申请消除时选择结论。",
        unsettled_only=True,
    ),
)

ACTIONS: dict[str, Action] = {action.name: action for action in _ACTIONS}
