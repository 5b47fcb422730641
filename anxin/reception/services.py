"""What people do at a reception: the roster in ``roster``, the desk in ``desk``."""

from __future__ import annotations

from anxin.reception.desk import (
    call_next,
    join_clue,
    keep_promise,
    let_go,
    move_visit,
    promise,
    register_group,
    take_number,
)
from anxin.reception.roster import Planned, cancel_duty, plan_duty, publish_duties, record_result

__all__ = [
    "Planned",
    "call_next",
    "cancel_duty",
    "join_clue",
    "keep_promise",
    "let_go",
    "move_visit",
    "plan_duty",
    "promise",
    "publish_duties",
    "record_result",
    "register_group",
    "take_number",
]
