"""Lists without a column for the channel: their headings say it, their names propose it, a person changes it."""

from __future__ import annotations

import pytest

from anxin.clues import list_channels
from anxin.clues.models import Clue
from anxin.evidence.imports import accept_batch, open_batch, remap_batch
from anxin.evidence.journal import SYSTEM
from tests.clues.conftest import NOW, OWED
from tests.signals.conftest import table

ALERTS = ("警情编号", "报警时间", "报警内容", "报警人", "报警电话", "处警情况", "事发地点")
ALERT = (
    "J9901012611190007", "2026-11-19 08:12:00", OWED, "赵某某", "13900001234", "民警到场劝离，告知向人社部门反映。",
    "云城区东台安置房工地",
)  # fmt: skip
PLAIN = ("编号", "登记时间", "内容", "区县")


def opened(headings, *rows, name, above=()):
    titles = [(line, *[""] * (len(headings) - 1)) for line in above]
    data = table(*titles, headings, *rows)
    return open_batch(kind="hotline", data=data, filename=name, actor=SYSTEM, now=NOW)


def proposal(batch):
    return list_channels.proposed(batch.recognition, batch.filename, batch.mapping)


def test_a_list_of_police_alerts_is_read_and_is_the_polices(office, home):
    batch = opened(ALERTS, ALERT, name="110警情.csv")
    assert list_channels.without_a_column(batch.recognition)
    assert (proposal(batch).channel, proposal(batch).why) == ("police", "表头里有“警情编号”")
    accept_batch(batch.pk, actor=SYSTEM, now=NOW, recognition=batch.recognition)
    clue = Clue.objects.get()
    assert (clue.channel, clue.sender_number, clue.region_id) == ("police", ALERT[0], "990101")
    telling = clue.tellings.get()
    assert (telling.name.open(), telling.phone.open(), telling.text.open()) == ("赵某某", "13900001234", OWED)


@pytest.mark.parametrize(
    ("headings", "name", "channel", "why"),
    [
        (PLAIN, "110警情.csv", "police", "文件名里有“警情”"),
        (PLAIN, "国家平台11月.csv", "platform", "文件名里有“国家平台”"),
        (PLAIN, "12345转公安移交.csv", "hotline", "文件名里有“12345”"),
        (PLAIN, "清单.csv", "hotline", "表头、文件名和标题都没有写明来源"),
        (("线索编号", "反映时间", "欠薪情况", "欠薪属地"), "导出.csv", "platform", "表头里有“线索编号”“欠薪情况”"),
        (("工单编号", "受理时间", "欠薪情况", "欠薪属地"), "导出.csv", "hotline", "表头、文件名和标题都没有写明来源"),
    ],
)  # fmt: skip
def test_what_is_proposed_and_why(office, home, headings, name, channel, why):
    batch = opened(headings, ("1", "2026-11-19", OWED, "云城区"), name=name)
    found = proposal(batch)
    assert (found.channel, found.why, found.chosen) == (channel, why, False)


def test_the_line_above_the_headings_names_it_too(office, home):
    batch = opened(PLAIN, ("1", "2026-11-19", OWED, "云城区"), name="清单.csv", above=("11月涉薪警情登记表",))
    assert (proposal(batch).channel, proposal(batch).why) == ("police", "标题行里有“警情”")


def test_what_a_person_chose_holds_against_the_name_and_not_against_the_lists_own_column(office, home):
    batch = opened(PLAIN, ("1", "2026-11-19", OWED, "云城区"), name="110警情.csv")
    remap_batch(batch, mapping={"columns": {}, "channel": "grid"}, actor=SYSTEM, now=NOW)
    assert proposal(batch).chosen
    accept_batch(batch.pk, actor=SYSTEM, now=NOW)
    assert Clue.objects.get().channel == "grid"
    own = opened((*PLAIN, "来源"), ("2", "2026-11-19", OWED, "云城区", "12345"), name="110警情.csv")
    assert not list_channels.without_a_column(own.recognition)
    accept_batch(own.pk, actor=SYSTEM, now=NOW, recognition=own.recognition)
    assert Clue.objects.get(sender_number="2").channel == "hotline"


def test_a_channel_that_no_list_comes_by_cannot_be_chosen(office, home):
    batch = opened(PLAIN, ("1", "2026-11-19", OWED, "云城区"), name="清单.csv")
    batch.mapping = {"channel": "sweep"}
    assert (proposal(batch).channel, proposal(batch).chosen) == ("hotline", False)
