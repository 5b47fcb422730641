"""回传 to the national and provincial platforms: list by list, in its order, under its numbers, with people and money."""

from __future__ import annotations

import pytest

from anxin.clues.models import Clue
from anxin.evidence import files
from anxin.evidence.imports import accept_batch, open_batch
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import ImportBatch
from anxin.kernel.refusal import Refused
from anxin.referral import given_back, recovering, services
from anxin.referral.given_back import Sender
from anxin.referral.models import GivenBack
from tests.referral.clues import READ, paper
from tests.referral.conftest import NOW
from tests.referral.test_given_back import LATER, refer, sheet

PLATFORM = Clue.Channel.PLATFORM
WORDS = "逐人核对，赵大宝等人的工资没有发，已责令支付。"


def a_list(city, name: str, *numbers: str) -> ImportBatch:
    """A platform's list of the district, taken in and looked at."""
    head = "线索编号,反映时间,反映人,联系电话,欠薪单位,欠薪金额,欠薪地点,区划代码,线索内容"
    rows = [
        f"{number},2026-11-19 09:30,赵大宝,13900001234,众力劳务,18600,东台,990101,{number}木工班工资没有发"
        for number in numbers
    ]
    batch = open_batch(
        kind="hotline", data="\n".join([head, *rows]).encode(), filename=name, actor=SYSTEM, now=NOW
    )
    accept_batch(batch.pk, actor=SYSTEM, now=NOW, recognition=batch.recognition)
    Clue.objects.filter(sender_number__in=numbers).update(**READ, project=city.site, employer=city.firm)
    return batch


@pytest.fixture
def national(city) -> ImportBatch:
    return a_list(city, "全国根治欠薪线索反映平台1119.csv", "QG-7", "QG-2", "QG-5")


@pytest.fixture
def provincial(city) -> ImportBatch:
    return a_list(city, "省级平台线索1119.csv", "SJ-1")


def numbered(number: str) -> Clue:
    return Clue.objects.get(sender_number=number)


def made(city, batch, *, by=None, now=NOW) -> GivenBack:
    return given_back.give_back(
        by=by or city.desk, office="云城区人社局", now=now, sender=Sender(PLATFORM, batch.pk)
    )


def test_each_list_is_answered_by_itself_in_its_order(city, national, provincial):
    # moved in another order than that of the list
    for number in ("QG-5", "SJ-1", "QG-7"):
        refer(city, numbered(number))
    lists = given_back.lists(city.desk, PLATFORM)
    assert [(one.key, one.tickets) for one in lists] == [(provincial.pk, 1), (national.pk, 2)]
    given = made(city, national)
    rows = sheet(given)
    assert [row["线索编号"] for row in rows] == ["QG-7", "QG-5"]
    assert {row["工单状态"] for row in rows} == {"已派单，待签收"}
    assert (
        str(given) in given.filename and given.filename.startswith("平台回传") and given.of_list == national
    )
    assert [row["线索编号"] for row in sheet(made(city, provincial))] == ["SJ-1"]
    with pytest.raises(Refused, match="没有要回传的变化"):
        made(city, national, now=LATER)
    services.accept(numbered("QG-5"), by=city.desk, now=LATER, law=city.law)
    assert [row["线索编号"] for row in sheet(made(city, national, now=LATER))] == ["QG-5"]


def test_what_is_a_platforms_is_not_the_hotlines_and_goes_nowhere_without_its_list(city, national):
    refer(city, numbered("QG-7"))
    assert given_back.waiting(city.desk).changes == []
    with pytest.raises(Refused, match="请先选择要回传哪一份清单"):
        given_back.give_back(by=city.desk, office="", now=NOW, sender=Sender(PLATFORM))
    assert not GivenBack.objects.exists()


def test_result_people_and_money_go_back_and_nobody_is_named(city, national):
    clue = numbered("QG-2")
    refer(city, clue)
    services.accept(clue, by=city.desk, now=NOW, law=city.law)
    document = paper(clue.referrals.get().matter, "clue_check_form", by=city.desk)
    services.conclude(
        clue, "不属实", words=WORDS, people=4, amount_fen=1_860_000, by=city.desk, now=NOW, law=city.law
    )
    services.review(clue, agrees=True, words="", by=city.head, now=NOW)
    recovering.add(
        clue, person="赵大宝", amount_fen=460_000, paid_on=NOW.date(), proof="word", said="本人说已到账",
        by=city.desk, now=NOW,
    )  # fmt: skip
    assert document.pk
    given = made(city, national)
    (row,) = sheet(given)
    assert (row["核定人数"], row["核定金额（元）"], row["已付金额（元）"]) == (4, 18_600, 4_600)
    # what was claimed keeps its own heading and is not written over
    assert "欠薪金额" not in row and row["办理结果"].startswith("不属实：逐人核对，赵**")
    assert "赵大宝".encode() not in files.read(given.file) and "13900001234" not in str(sheet(given))


def test_a_return_says_who_and_why(city, national):
    clue = numbered("QG-2")
    refer(city, clue)
    services.return_(clue, why="工地不归我局管，请改派", by=city.desk, now=NOW, law=city.law)
    (row,) = sheet(made(city, national))
    assert row["退单原因"] == "云城区人社局：工地不归我局管，请改派"


def test_one_written_down_by_hand_is_answered_apart(city, national):
    refer(city, numbered("QG-7"))
    numbered("QG-7").tellings.update(batch=None)
    (only,) = given_back.lists(city.desk, PLATFORM)
    assert (only.key, only.filename) == (given_back.NO_LIST, "逐条登记的")
    given = given_back.give_back(
        by=city.desk, office="", now=NOW, sender=Sender(PLATFORM, given_back.NO_LIST)
    )
    assert given.of_list is None and given.rows == 1


def test_only_who_answers_for_the_place_sees_lists_makes_and_fetches(city, national):
    refer(city, numbered("QG-7"))
    for person in (city.outsider, city.housing, city.clerk):
        assert given_back.lists(person, PLATFORM) == []
        with pytest.raises(Refused):
            made(city, national, by=person)
    given = made(city, national)
    assert [list(given_back.visible(one)) for one in (city.desk, city.leader)] == [[given]] * 2
    assert not any(given_back.visible(one) for one in (city.outsider, city.housing, city.clerk))
