"""What became of the clues: passed on, returned, concluded, waiting for the worker, closed, opened again.

Everything by the product's own services. The machine's reactions rest while the past is written down, so what follows from a
step of a matter is told here by hand (``tasks.follow``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from functools import partial

from anxin.accounts.models import User
from anxin.casework import flow
from anxin.casework import services as casework
from anxin.casework.models import Document, Matter
from anxin.clues.models import Clue
from anxin.demo.registering import Cast
from anxin.demo.world import World
from anxin.local_law import queries as local_law
from anxin.referral import services
from anxin.referral.models import Referral
from anxin.referral.tasks import follow

Step = tuple[dt.date, float, Callable[[dt.datetime], object]]

#: days before today on which each part of the first list was done; the list came sixteen days ago
_REFERRED, _WORKED, _ANSWERED = 15, 9, 3
#: the way of a ticket to its end
_TICKET = ("sign", "contact", "reply", "revisit", "satisfied")
_SETTLED, _UNTRUE, _ANSWER = "属实，已付清", "不属实", "不是工资问题，已告知其他部门"
_NOT_WAGES = {
    "GD-0006": "施工扰民已转城市管理部门，请拨打城管热线跟进。",
    "GD-0009": "公交班次的建议已转交通运输部门研究。",
}


def steps(world: World, cast: Cast) -> Iterator[Step]:
    """All of it, by day and hour."""
    referred, worked, answered = (
        world.today - dt.timedelta(days=count) for count in (_REFERRED, _WORKED, _ANSWERED)
    )
    lin, zhao, chen = (cast.users[name] for name in ("lin", "zhao", "chen"))
    for number, by in (
        ("GD-0001", lin),
        ("GD-0003", zhao),
        ("GD-0004", zhao),
        ("GD-0013", lin),
        ("GD-0007", chen),
    ):
        yield referred, 9.5, partial(_refer, number, by)
    for number, words in _NOT_WAGES.items():
        yield referred, 10.0, partial(_answer, number, chen, words)
    # closed, with everybody's money proved and the worker's word
    yield worked, 9.0, partial(_paid, "GD-0004", zhao, (("吴某某", 320_000),))
    yield (
        worked,
        9.5,
        partial(
            _conclude,
            "GD-0004",
            zhao,
            _SETTLED,
            "worker_receipt",
            "老板已把扣发的最后一个月工资付清，本人签收。",
        ),
    )
    yield worked, 10.0, partial(take_steps, "GD-0004", zhao, _TICKET)
    yield answered, 9.0, partial(_says, "GD-0004", zhao, True, "收到了，谢谢。")
    # concluded, told, and nobody has answered: silence is no consent
    yield worked, 11.0, partial(_paid, "GD-0003", zhao, (("王某", 1_400_000), ("李某", 1_400_000)))
    yield (
        worked,
        11.5,
        partial(
            _conclude,
            "GD-0003",
            zhao,
            _SETTLED,
            "payment_proof",
            "总包已代付摊铺班工资，附银行回单两张，其余七人正在补传。",
        ),
    )
    yield worked, 12.0, partial(_review, "GD-0003", chen, True, "")
    yield worked, 13.0, partial(take_steps, "GD-0003", zhao, _TICKET[:3])
    yield worked, 15.0, partial(_told, "GD-0003", "phone", False, "", zhao)
    yield worked, 17.0, partial(_told, "GD-0003", "phone", True, "本人接听，说要先问工友", zhao)
    # one answer passed on by the hotline, the other not told yet: 待告知, and late
    yield worked, 16.0, partial(_told, "GD-0006", "sender", True, "12345热线回电告知来电人", chen)
    # the worker did not agree: opened again under its number
    yield (
        worked,
        14.0,
        partial(
            _conclude, "GD-0013", lin, _UNTRUE, "clue_check_form", "驾校称课时费按月结清，出示了转账记录。"
        ),
    )
    yield worked, 14.5, partial(_review, "GD-0013", chen, True, "请务必再联系五位教练核对。")
    yield (
        answered,
        10.0,
        partial(_says, "GD-0013", lin, False, "转账记录是别人的，我们五个人一分钱没有拿到。"),
    )
    # waits for a second person
    yield (
        answered,
        11.0,
        partial(
            _conclude, "GD-0001", lin, _UNTRUE, "clue_check_form", "劳务公司称已付清，工人一方电话没有打通。"
        ),
    )


def clue_of(number: str) -> Clue:
    """By the number its hotline gave it."""
    return Clue.objects.get(sender_number=number)


def referral_of(clue: Clue) -> Referral:
    """The round that runs."""
    return Referral.objects.select_related("matter").get(clue=clue, ended_at__isnull=True)


def _refer(number: str, by: User, now: dt.datetime) -> None:
    """A clue that was merged into another, or read as something else, is not passed on."""
    clue = clue_of(number)
    if clue.dispute_id is None and clue.arrears:
        services.refer(clue, by=by, now=now, law=local_law.current())
        services.accept(clue, by=by, now=now, law=local_law.current())


def _answer(number: str, by: User, words: str, now: dt.datetime) -> None:
    clue = clue_of(number)
    if clue.arrears is False:
        services.answer(clue, _ANSWER, words=words, by=by, now=now, law=local_law.current())


def _paid(number: str, by: User, people: tuple[tuple[str, int], ...], now: dt.datetime) -> None:
    clue = clue_of(number)
    for person, fen in people:
        services.add_recovered(
            clue, proof="word", said="电话回访，本人说已经到账", person=person, amount_fen=fen,
            paid_on=now.date(), by=by, now=now,
        )  # fmt: skip


def _conclude(number: str, by: User, name: str, kind: str, words: str, now: dt.datetime) -> None:
    clue, law = clue_of(number), local_law.current()
    attach_paper(referral_of(clue).matter, kind, by, now)
    services.conclude(
        clue, name, words=words, people=clue.people or 1, amount_fen=clue.amount_fen, by=by, now=now, law=law
    )


def _review(number: str, by: User, agrees: bool, words: str, now: dt.datetime) -> None:
    services.review(clue_of(number), agrees=agrees, words=words, by=by, now=now)


def _says(number: str, heard_by: User, agrees: bool, words: str, now: dt.datetime) -> None:
    services.worker_says(clue_of(number), agrees, words, now, heard_by=heard_by, how="电话回访本人")


def _told(number: str, way: str, reached: bool, words: str, by: User, now: dt.datetime) -> None:
    clue = clue_of(number)
    if clue.conclusions.filter(ended_at__isnull=True, told_at__isnull=True).exists():
        services.tell(clue, way, by=by, now=now, reached=reached, number="19900000003", words=words)


def take_steps(number: str, by: User, keys: tuple[str, ...], now: dt.datetime) -> None:
    """The matter of a ticket by its own steps."""
    law = local_law.current()
    pk = referral_of(clue_of(number)).matter_id
    for key in keys:
        matter = Matter.objects.select_related("lead").get(pk=pk)
        option = next(one for one in flow.options(matter, by, now.date(), law) if one.transition.key == key)
        if not option.from_here:
            continue
        for group in option.missing:
            attach_paper(matter, group[0], by, now)
        flow.take(matter, key, by=by, on=now.date(), now=now, law=law, expected_version=matter.version)
        follow(pk, str(by), now)


def attach_paper(matter: Matter, kind: str, by: User, now: dt.datetime) -> Document:
    """An invented paper that says so, attached to the matter."""
    law = local_law.current()
    name = law.document(kind).name
    return casework.attach(
        matter, kind=kind, data=f"演示文书：{name}。{matter.number}。演示数据，不是真实文书。".encode(),
        filename=f"{name}（演示）.txt", by=by, now=now, law=law, dated=now.date(),
    )  # fmt: skip
