"""When a party received what it objects to, or had put right what it was listed for: the day that the clock of its matter counts from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from anxin.casework.models import Matter
from anxin.letters.sources import Source

#: kind of paper → procedure, the day that it counts from, the field that states it.
#: 拖欠农民工工资失信联合惩戒对象名单管理暂行办法第六条、第十二条; 民事诉讼法（2023）第二百二十七条
_DAYS: Mapping[str, tuple[str, str, str]] = {
    "listing_objection": ("blacklist_listing", "当事人收到列入告知书之日", "notified_on"),
    "early_removal_application": ("blacklist_early_removal", "改正之日", "corrected_on"),
    "payment_order_objection": ("mediation_force", "债务人收到支付令之日", "received_on"),
}


def _source(procedure: str, event: str, field: str) -> Callable[[Matter], dict[str, Any]]:
    def known(matter: Matter) -> dict[str, Any]:
        if matter.procedure != procedure:
            return {}
        return {field: matter.event_dates.filter(name=event).values_list("on", flat=True).first()}

    return known


#: kind of paper → what only such a paper begins with
SOURCES: Mapping[str, Source] = {kind: _source(*said) for kind, said in _DAYS.items()}
