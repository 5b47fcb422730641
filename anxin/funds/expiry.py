"""Reminders before letters, policies and owners' guarantees end: each rung of the ladder once to each person.

The rungs are days from the parameter ``funds.deposit_expiry_ladder``. A rung that fell on a day without a run is
made up for by the next run: what counts is the rung that has been reached.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from anxin.accounts.access import HANDLE, may_on
from anxin.accounts.models import User
from anxin.funds.models import PaymentGuarantee, WageDeposit
from anxin.kernel.money import sentence_yuan
from anxin.law import Law, LawError
from anxin.law.wording import day_text
from anxin.notices.outline import Outline
from anxin.notices.services import Message, send_many
from anxin.registry.models import Project

LADDER = "funds.deposit_expiry_ladder"
KIND = "deposit_ending"
#: nobody is reminded earlier or later than this, whatever the ladder says
_FAR = dt.timedelta(days=120)


@dataclass(frozen=True)
class Ending:
    """One paper that ends on a day."""

    key: str
    title: str
    project: Project
    amount_fen: int
    valid_until: dt.date


def remind(on: dt.date, *, now: dt.datetime, law: Law) -> int:
    """Tell whoever handles the project; returns how many notices were new. May run again the same day."""
    people = list(User.objects.filter(is_active=True).prefetch_related("grants").order_by("pk"))
    told: list[Message] = []
    for ending in [*_deposits(on), *_guarantees(on)]:
        rung = rung_of(_ladder(law, on, ending.project.region_id), (ending.valid_until - on).days)
        if rung:
            told += _messages(ending, rung, on, people)
    return len(send_many(told, now=now))


def rung_of(ladder: Mapping[str, Any], left: int) -> str:
    """The rung reached with so many days left: ``before30``, ``day``, ``after7``, or none."""
    if left > 0:
        reached = [step for step in sorted(ladder.get("before", ())) if step >= left]
        return f"before{reached[0]}" if reached else ""
    if left == 0:
        return "day" if ladder.get("on_day") else ""
    reached = [step for step in sorted(ladder.get("after", ())) if step <= -left]
    return f"after{reached[-1]}" if reached else ""


def _deposits(on: dt.date) -> Iterable[Ending]:
    """Letters and policies of unfinished projects that end, and that no later one of at least the sum replaces."""
    held = list(
        WageDeposit.objects.filter(
            superseded_at__isnull=True, released_on__isnull=True, project__completion__isnull=True
        )
        .select_related("project__responsible")
        .order_by("pk")
    )
    for one in held:
        if one.valid_until is None or abs(one.valid_until - on) > _FAR:
            continue
        replaced = any(
            other.project_id == one.project_id
            and other.pk != one.pk
            and other.amount_fen >= one.amount_fen
            and (other.valid_until is None or other.valid_until > one.valid_until)
            for other in held
        )
        if not replaced:
            title = f"工资保证金{one.get_kind_display()}"
            yield Ending(f"deposit:{one.line_id}", title, one.project, one.amount_fen, one.valid_until)


def _guarantees(on: dt.date) -> Iterable[Ending]:
    for one in (
        PaymentGuarantee.objects.filter(
            superseded_at__isnull=True,
            released_on__isnull=True,
            project__completion__isnull=True,
            valid_until__range=(on - _FAR, on + _FAR),
        )
        .select_related("project__responsible")
        .order_by("pk")
    ):
        yield Ending(f"guarantee:{one.pk}", "工程款支付担保", one.project, one.amount_fen, one.valid_until)


def _ladder(law: Law, on: dt.date, region: str) -> Mapping[str, Any]:
    try:
        value = law.value(LADDER, on=on, region=region).value
    except LawError:
        return {}
    return value if isinstance(value, Mapping) else {}


def _messages(ending: Ending, rung: str, on: dt.date, people: Iterable[User]) -> list[Message]:
    project, left = ending.project, (ending.valid_until - on).days
    when = f"还有{left}天到期" if left > 0 else "今天到期" if left == 0 else f"已过期{-left}天"
    return [
        Message(
            to=person,
            kind=KIND,
            title=f"{project.name}：{ending.title}{when}",
            body=(
                f"{ending.title}{sentence_yuan(ending.amount_fen)}有效期至{day_text(ending.valid_until)}，{when}。"
                "工程没有完工的，应当延期或更换。"
            ),
            link=f"/projects/{project.pk}/deposits",
            about=("project", project.pk),
            once_key=f"{ending.key}:{ending.valid_until.isoformat()}:{rung}",
            outline=Outline(region=project.region_id),
        )
        for person in people
        if may_on(person, HANDLE, project)
    ]
