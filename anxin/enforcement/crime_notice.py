"""Telling the lead body that what was found to be owed comes up to the criminal amount of the place."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from anxin.casework.models import Matter
from anxin.casework.notifying import Colleagues, messages
from anxin.enforcement.crime import MET, amounts
from anxin.evidence.journal import react_to
from anxin.evidence.models import JournalEntry
from anxin.law import Law
from anxin.notices import kinds
from anxin.notices.models import ChannelName
from anxin.notices.services import send_many

KIND = kinds.register(
    kinds.Kind(
        "crime_line",
        "达到刑事数额标准",
        "查明的欠薪达到本地拒不支付劳动报酬的数额标准",
        frozenset({str(ChannelName.EMAIL)}),
    )
)


def tell_of_line(matter: Matter, *, now: dt.datetime, law: Law) -> int:
    """Tell whoever works on a case and who leads that its amounts reach the line; once a case. Returns the new notices."""
    met = [one for one in amounts(matter, timezone.localdate(now), law) if one.state == MET]
    if not met:
        return 0
    colleagues = Colleagues()
    people = {one.pk: one for one in (*colleagues.handling(matter), *colleagues.leading(matter))}
    said = "".join(f"{one.title}：{one.why}" for one in met)
    told = messages(
        people.values(), matter, kind=KIND.key, title=f"达到刑事数额标准：{matter.number}",
        body=f"{said}责令支付期满仍不支付的，应当研究移送公安机关。", once_key=f"crime_line:{matter.pk}", page="/inspection#crime",
    )  # fmt: skip
    return len(send_many(told, now=now))


def arrears_found(entry: JournalEntry) -> None:
    """Queue the look at the line in the transaction that registers what was found."""
    from anxin.enforcement.tasks import line_task  # the task module needs the app registry

    line_task.enqueue(int(entry.object_id))


def register() -> None:
    """Called once when the application starts."""
    react_to("case.arrears", arrears_found)
