"""Who pays first for three unpaid months: a whole chain with what was found out, and one figure in dispute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial

from anxin.demo.city import EMPLOYERS
from anxin.demo.handling import Step
from anxin.demo.registering import Cast
from anxin.demo.world import World
from anxin.evidence.journal import Actor
from anxin.kernel.money import yuan_string
from anxin.liability import services

#: the project with three unpaid months
_KEY = "03"
#: invented, like everybody here
_LEADER = "鲁大成"


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """What the inspector recorded after the talk with the general contractor, and two days ago."""
    site = world.site(_KEY)
    owner, contractor, labour = (
        EMPLOYERS[short][0] for short in (site.story.owner, site.story.contractor, site.story.labour)
    )
    unpaid = sum(line.net_fen for month in site.months[-site.story.unpaid :] for line in month.lines)
    due = 12 * unpaid
    known, disputed = "known", "disputed"
    found = [
        (contractor, "due", known, [(yuan_string(due), "")], "施工合同、第9期计量支付证书（演示）"),
        (
            contractor,
            "paid",
            disputed,
            [(yuan_string(due - unpaid // 3), owner), (yuan_string(due - unpaid), contractor)],
            "双方的付款凭证和银行流水",
        ),
        (contractor, "means", known, [(yuan_string(unpaid // 4), "")], "账户查询结果（演示）"),
        (labour, "means", known, [("无力", "")], "询问笔录和账户查询结果（演示）"),
        (_LEADER, "above", known, [(labour, "")], "班组承包协议（演示）"),
        (_LEADER, "form", known, [("个人", "")], "询问笔录（演示）"),
        (_LEADER, "owed", known, [("46200", "")], "工人签字的欠条、考勤本（演示）"),
        (_LEADER, "people", known, [("7", "")], "工人签字的欠条、考勤本（演示）"),
    ]
    for number, (subject, kind, status, claims, document) in enumerate(found):
        day = world.today - dt.timedelta(days=18 if kind != "paid" else 2)
        yield (
            day,
            15 + number / 20,
            partial(
                _record,
                cast,
                subject=subject,
                kind=kind,
                status=status,
                claims=claims,
                document=document,
                since=day,
            ),
        )


def _record(cast: Cast, now: dt.datetime, **fact: object) -> None:
    user = cast.users["lin"]
    actor = Actor(f"user:{user.pk}", str(user))
    services.record_fact(cast.projects[_KEY], actor=actor, now=now, **fact)  # type: ignore[arg-type]
