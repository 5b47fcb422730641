"""The day's look at services: sent links whose service was interrupted, and days that nobody gave to their procedure."""

from __future__ import annotations

import datetime as dt

from anxin.accounts.models import User
from anxin.casework.notifying import Colleagues, outline
from anxin.law import Law
from anxin.law.wording import day_text
from anxin.letters import recovering
from anxin.letters.models import Service
from anxin.letters.queries import days_to_give, kind_name
from anxin.notices.kinds import Kind, register
from anxin.notices.models import ChannelName
from anxin.notices.services import Message, send_many

KIND = register(
    Kind(
        "service_day",
        "送达日待登记",
        "公告、张贴的期间已满，送达日还没有登记，期限还没有起算",
        frozenset({str(ChannelName.EMAIL)}),
    )
)


def run(on: dt.date, now: dt.datetime, law: Law) -> None:
    """Run again on the same day, nobody is told twice."""
    recovering.recover(now, law)
    remind_of_days(on, now)


def remind_of_days(on: dt.date, now: dt.datetime) -> int:
    """Tell whoever works on the matter, once for each service; returns how many notices were new."""
    colleagues = Colleagues()
    rows = days_to_give(on).select_related("letter__matter__lead", "letter__matter__handler").order_by("pk")
    told = [
        _message(service, person) for service in rows for person in colleagues.handling(service.letter.matter)
    ]
    return len(send_many(told, now=now))


def _message(service: Service, person: User) -> Message:
    letter = service.letter
    what = f"{kind_name(letter.kind)} {letter.number}"
    return Message(
        to=person,
        kind=KIND.key,
        title=f"送达日待登记：{what}",
        body=f"{what}的送达日{day_text(service.served_on)}已到，“{service.event_name}”还没有登记，从它起算的期限没有开始。请打开文书登记送达日。",
        link=f"/letters/{letter.pk}#services",
        about=("letter", letter.pk),
        once_key=f"service_day:{service.pk}",
        outline=outline(letter.matter),
    )
