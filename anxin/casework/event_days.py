"""Days of events that clocks count from: what has not happened yet cannot have a day, and nobody gains time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from anxin.casework.clockwork import Clockwork
from anxin.kernel.refusal import Refused
from anxin.law.procedures import Procedure


def check_days(procedure: Procedure, events: Mapping[str, dt.date], today: dt.date) -> None:
    """Refuse a receipt or a service of papers that lies ahead. Raises :class:`Refused`.

    A day set in advance (a hearing, the end of a period) may lie ahead; what a person receives may not.
    """
    for name, day in events.items():
        if day > today and name not in procedure.set_ahead():
            raise Refused(f"“{name}”{day}在将来，请填写今天或以前的日期。", field="events")


def check_no_time_gained(clockwork: Clockwork, *, decides: bool) -> None:
    """A running limit of the bureau itself is put later only by who decides. Raises :class:`Refused`.

    What follows a day set in advance moves with it: a hearing that is put off has its notice later.
    """
    if decides:
        return
    ahead = clockwork.found.procedure.set_ahead()
    of_receipts = {
        clock.key
        for clock in clockwork.found.procedure.clocks
        if clock.counts_from and clock.counts_from not in ahead
    }
    own = {run.deadline.clock for run in clockwork.found.runs if run.deadline.authority} & of_receipts
    for effect in clockwork.effects:
        later = effect.was is not None and effect.due is not None and effect.due > effect.was
        if later and effect.clock in own:
            raise Refused(
                f"改为这个日期，“{effect.name}”将由{effect.was}推迟到{effect.due}；"
                "本单位的办理期限推迟须由有决定权限的领导登记，请提请领导核对。",
                field="day",
            )
