"""How a hotline says that its ticket stands: read from a row, ordered by time, merged. No database."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from anxin.clues.ticket_status import (
    NEWER,
    OLDER,
    SAYS,
    UNTOLD,
    Status,
    age,
    day_of_list,
    merged,
    read_status,
    worse,
)
from anxin.kernel.refusal import Refused
from anxin.sheets import SIGNALS
from anxin.sheets.registers import read_fields

NOW = dt.datetime(2026, 11, 20, 2, 0, tzinfo=dt.UTC)
ALL = frozenset(SAYS)


def at(day: int, hour: int = 9) -> dt.datetime:
    return timezone.make_aware(dt.datetime(2026, 11, day, hour))


def row(**cells: str) -> Status:
    """Through the list's own reader."""
    told, wrong = read_fields(
        SIGNALS["hotline"], {"number": "GD-1", "received_at": "2026-11-10 09:30", "text": "没发工资", **cells}
    )
    assert not wrong
    return read_status(told, listed_on=None, now=NOW)


def test_every_column_is_read():
    found = row(
        status="已办结",
        returned_why="不属本单位职责",
        returned_at="2026-11-11 08:00",
        extension="已批准",
        extension_asked_to="2026-11-25",
        extended_to="2026-11-24",
        result="工资已付清",
        answered_at="2026-11-18",
        done_at="2026-11-19 10:00",
        redone="1次",
        supervised="否",
        contacted="是",
        solved="已解决",
        satisfied="不满意",
        as_of="2026-11-19 12:00",
    )
    assert found == Status(
        "已办结", "不属本单位职责", at(11, 8), "granted", dt.date(2026, 11, 25), dt.date(2026, 11, 24),
        "工资已付清", at(18, 0), at(19, 10), 1, 0, True, True, False, at(19, 12),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "extension", "until"),
    [
        ({"extension": "申请中"}, "asked", None),
        ({"extension_asked_to": "2026-11-25"}, "asked", None),
        ({"extension": "2026-11-25"}, "granted", dt.date(2026, 11, 25)),
        ({"extended_to": "2026-11-25"}, "granted", dt.date(2026, 11, 25)),
        ({"extension": "未批准", "extension_asked_to": "2026-11-25"}, "refused", None),
        ({"extension": "否"}, "", None),
    ],
)
def test_an_extension_is_said_in_words_or_by_its_day(cells, extension, until):
    found = row(**cells)
    assert (found.extension, found.extended_to) == (extension, until)


def test_the_three_answers_may_stand_in_one_cell():
    found = row(satisfied="是/否/不满意")
    assert (found.contacted, found.solved, found.satisfied) == (True, False, False)


@pytest.mark.parametrize(
    ("cells", "field", "words"),
    [
        ({"redone": "好几次"}, "redone", "不是次数"),
        ({"extension": "再说吧"}, "extension", "看不懂"),
        ({"extension": "未批准", "extended_to": "2026-11-25"}, "extended_to", "没有批准"),
        ({"satisfied": "还行"}, "satisfied", "看不懂"),
        ({"contacted": "否", "satisfied": "是"}, "satisfied", "没有人替他回答"),
        ({"done_at": "2026-11-09"}, "done_at", "办结时间早于来电时间"),
        ({"extended_to": "2026-11-09"}, "extended_to", "早于来电时间"),
        ({"answered_at": "2026-12-01"}, "answered_at", "晚于现在"),
        ({"result": "字" * 2001}, "result", "最多2000个字"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_column(cells, field, words):
    with pytest.raises(Refused, match=words) as refused:
        row(**cells)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("kept", "new", "how"),
    [
        (Status(as_of=at(12)), Status(as_of=at(11), redone=9), OLDER),
        (Status(as_of=at(12), redone=9), Status(as_of=at(13), redone=1), NEWER),
        (Status(listed_on=dt.date(2026, 11, 12)), Status(listed_on=dt.date(2026, 11, 11)), OLDER),
        (Status(redone=1), Status(redone=0), OLDER),
        (Status(redone=1, done_at=at(12)), Status(redone=2), NEWER),
        (Status(supervised=1), Status(supervised=2), NEWER),
        (Status(done_at=at(12)), Status(status="办理中"), OLDER),
        (Status(done_at=at(12)), Status(done_at=at(11)), OLDER),
        (Status(status="办理中"), Status(status="已办结"), UNTOLD),
    ],
)
def test_which_of_two_rows_is_the_newer_one(kept, new, how):
    assert age(kept, new, ALL) == how


def test_a_list_without_the_column_takes_no_day_away():
    assert age(Status(done_at=at(12)), Status(redone=None), frozenset({"returned_why"})) == UNTOLD


def test_an_empty_cell_takes_back_only_in_a_list_known_to_be_newer():
    kept, new = Status(result="已付清", done_at=at(12)), Status(status="重办中", redone=1, as_of=at(13))
    assert merged(kept, new, ALL, UNTOLD).result == "已付清"
    assert merged(kept, new, ALL, NEWER).done_at is None
    # a column that the list does not have stays whatever is newer
    assert merged(kept, new, frozenset({"status"}), NEWER).result == "已付清"


def test_somebody_looks_again_when_it_is_handled_anew_or_the_caller_is_not_content():
    assert worse(Status(redone=0), Status(redone=1))
    assert worse(None, Status(supervised=1))
    assert worse(Status(satisfied=True), Status(satisfied=False))
    assert not worse(Status(redone=1), Status(redone=1, status="已办结"))
    assert not worse(Status(satisfied=False), Status(satisfied=False))


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("热线工单20261118.xlsx", dt.date(2026, 11, 18)),
        ("工单2026-11-1至2026-11-18.csv", dt.date(2026, 11, 18)),
        ("2026年11月8日工单.xls", dt.date(2026, 11, 8)),
        ("2026年11月热线工单.xlsx", None),
        ("工单20261231.xlsx", None),
        ("工单99999999.xlsx", None),
    ],
)
def test_the_day_in_the_name_of_a_list(name, day):
    assert day_of_list(name, "Sheet1", today=dt.date(2026, 11, 20)) == day
