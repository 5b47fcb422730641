"""Lists of tickets become clues: good rows go on, bad rows come back, the same again changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.accounts.models import Grant
from anxin.clues.models import Clue, Telling
from anxin.clues.triaging import triage_new
from anxin.evidence.imports import accept_batch, open_batch
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import ImportProblem, JournalEntry
from anxin.evidence.sealing import finding_hash
from anxin.registry.models import Region
from tests.clues.conftest import NOW, OTHER, OWED, ticket
from tests.monitoring.factories import id_number
from tests.signals.conftest import table


def reasons(batch):
    return list(
        ImportProblem.objects.filter(batch=batch).order_by("row").values_list("row", "severity", "reason")
    )


def test_an_order_becomes_a_clue_with_a_number_of_its_own(deliver):
    deliver(ticket("GD-1"), ticket("GD-2", OTHER, place="江北区码头街道12号"), ticket("GD-3"))
    assert list(Clue.objects.order_by("pk").values_list("number", "sender_number", "region_id")) == [
        ("990101〔2026〕线索00001号", "GD-1", "990101"),
        ("990102〔2026〕线索00001号", "GD-2", "990102"),
        ("990101〔2026〕线索00002号", "GD-3", "990101"),
    ]
    clue = Clue.objects.get(sender_number="GD-1")
    assert (clue.channel, clue.kind, clue.arrears) == ("hotline", "complaint", None)
    assert clue.received_at == dt.datetime(2026, 11, 19, 1, 30, tzinfo=dt.UTC)


def test_who_told_us_is_sealed_and_found_by_the_telephone_alone(deliver):
    deliver(ticket("GD-1", f"我叫赵某某，身份证{id_number(1)}，{OWED}"))
    telling = Telling.objects.get()
    assert (telling.name.open(), telling.phone.open()) == ("赵某某", "13900001234")
    assert telling.phone_hash == finding_hash("phone", "13900001234")
    assert telling.id_hashes == [finding_hash("id", id_number(1))]
    assert id_number(1) not in Clue.objects.get().title
    journal = "".join(f"{entry.summary}{entry.after}" for entry in JournalEntry.objects.all())
    assert "赵某某" not in journal and "13900001234" not in journal


def test_the_writers_own_name_and_landline_stand_in_no_title_and_no_place(deliver):
    deliver(ticket("GD-1", title="赵某某反映欠薪，电话87654321", place="云城区赵某某家"))
    clue, telling = Clue.objects.get(), Telling.objects.get()
    assert (clue.title, telling.place) == ("赵**反映欠薪，电话********", "云城区赵**家")
    assert telling.title.open() == "赵某某反映欠薪，电话87654321"


def test_a_masked_telephone_is_kept_and_finds_nobody(deliver):
    deliver(ticket("GD-1", phone="139****1234"))
    telling = Telling.objects.get()
    assert (telling.phone.open(), telling.phone_hash) == ("139****1234", "")


def test_other_headings_of_the_same_are_understood(deliver):
    headings = (
        "受理编号",
        "受理时间",
        "诉求内容",
        "联系电话",
        "所属区县",
        "办理时限",
        "承办单位",
        "紧急级别",
    )
    deliver(
        ("A1", "2026/11/19", OWED, "13900001234", "江北区", "2026-11-26", "区人社局", "紧急"),
        headings=headings,
    )
    clue, telling = Clue.objects.get(), Telling.objects.get()
    assert (clue.region_id, clue.title) == ("990102", OWED[:40])
    assert telling.said == {"handle_by": "2026-11-26 00:00", "handler": "区人社局", "urgency": "紧急"}


def test_bad_rows_come_back_with_reasons_and_good_ones_go_on(deliver):
    batch = deliver(
        ticket("GD-1"),
        ticket("", OTHER),
        ticket("GD-3", time="上周"),
        ticket("GD-4", ""),
        ticket("GD-1", OTHER),
    )
    assert (batch.rows_accepted, batch.rows_rejected) == (1, 4)
    assert [(row, severity) for row, severity, _ in reasons(batch)] == [
        (3, "rejected"), (4, "rejected"), (5, "rejected"), (6, "rejected")
    ]  # fmt: skip
    assert "重复" in reasons(batch)[-1][2]
    assert Clue.objects.count() == 1


def test_a_list_without_the_words_is_refused_naming_the_heading(office, home):
    batch = open_batch(
        kind="hotline",
        data=table(("工单编号", "来电时间"), ("1", "2026-11-19")),
        filename="x.csv",
        actor=SYSTEM,
        now=NOW,
    )
    assert "内容" in batch.refusal


def test_the_same_file_again_changes_nothing(deliver):
    deliver(ticket("GD-1"), ticket("GD-2", OTHER))
    again = deliver(ticket("GD-1"), ticket("GD-2", OTHER))
    assert again.already_accepted
    assert (Clue.objects.count(), Telling.objects.count()) == (2, 2)


def test_the_same_order_in_another_file_changes_nothing(deliver):
    deliver(ticket("GD-1"))
    batch = deliver(ticket("GD-1"), ticket("GD-2", OTHER))
    assert (batch.rows_unchanged, batch.rows_superseded) == (1, 0)
    assert (Clue.objects.count(), Telling.objects.count()) == (2, 2)


def test_a_changed_order_keeps_its_number_and_what_it_said_before(deliver):
    deliver(ticket("GD-1"))
    later = NOW + dt.timedelta(days=1)
    batch = deliver(ticket("GD-1", OWED + "补充：老板已经失联。"), now=later)
    clue = Clue.objects.get()
    assert (clue.number, batch.rows_superseded) == ("990101〔2026〕线索00001号", 1)
    before, after = clue.tellings.order_by("pk")
    assert (before.text.open(), before.superseded_at, before.superseded_by) == (OWED, later, batch)
    assert after.text.open().endswith("失联。") and after.superseded_at is None


def test_the_same_number_on_another_channel_is_another_clue(deliver):
    deliver(ticket("1"), ticket("1", channel="国家平台"))
    assert set(Clue.objects.values_list("channel", flat=True)) == {"hotline", "platform"}


@pytest.mark.parametrize(
    ("said", "channel"),
    [("12345热线", "hotline"), ("微信", "hotline"), ("电话", "hotline"), ("局长接访", "visit"), ("公安移交", "police"), ("网格员", "grid"), ("省级平台", "platform"), ("12345便民服务平台", "hotline")],
)  # fmt: skip
def test_channels_are_known_by_the_words_of_lists(deliver, said, channel):
    deliver(ticket("1", channel=said))
    assert Clue.objects.get().channel == channel


def test_a_report_is_told_from_a_complaint(deliver):
    deliver(ticket("1", category="举报"), ticket("2", category="投诉举报"))
    assert list(Clue.objects.order_by("pk").values_list("kind", flat=True)) == ["report", "complaint"]


def test_an_order_of_a_place_that_is_not_the_clerks_comes_back(deliver, office):
    headings = ("工单编号", "来电时间", "内容", "区划代码")
    batch = deliver(
        ("1", "2026-11-19", OWED, "990102"),
        ("2", "2026-11-19", OTHER, "990101"),
        by=office.clerk,
        headings=headings,
    )
    assert (batch.rows_accepted, batch.rows_rejected) == (1, 1)
    assert "不在您负责的地区" in reasons(batch)[0][2]


def test_a_place_elsewhere_of_the_same_name_is_not_meant(deliver, office):
    Region.objects.create(code="445302", name="云城区")
    deliver(ticket("1"), ticket("2", OTHER, place="没有写明"))
    assert list(Clue.objects.order_by("pk").values_list("region", flat=True)) == ["990101", "9901"]


def test_of_two_streets_of_one_name_the_county_beside_it_tells(deliver, office):
    for code, above in (("990101009", office.here), ("990102009", office.there)):
        Region.objects.create(code=code, name="城关镇", parent=above)
    deliver(ticket("1", place="江北区城关镇"), ticket("2", OTHER, place="城关镇"))
    assert list(Clue.objects.order_by("pk").values_list("region", flat=True)) == ["990102009", "9901"]


def test_an_order_without_a_place_comes_back_where_nobody_knows_the_bureaus(deliver):
    Grant.objects.all().delete()
    batch = deliver(ticket("1", OTHER, place="某处"))
    assert batch.rows_rejected == 1 and "哪个区县" in reasons(batch)[0][2]


def test_an_order_of_another_district_cannot_be_changed_from_here(deliver, office):
    deliver(ticket("1", place="江北区"))
    batch = deliver(ticket("1", OTHER), by=office.clerk)
    assert batch.rows_rejected == 1 and "其他地区" in reasons(batch)[0][2]
    assert Clue.objects.get().region_id == "990102"


def test_a_place_nobody_registered_is_noted_and_kept_at_home(deliver, office):
    headings = ("工单编号", "来电时间", "内容", "区县")
    batch = deliver(("1", "2026-11-19", OTHER, "远山县"), by=office.clerk, headings=headings)
    assert [(severity, "远山县" in reason) for _, severity, reason in reasons(batch)] == [("warning", True)]
    assert Clue.objects.get().region_id == "990101"


PLATFORM = ("线索编号", "反映时间", "反映人姓名", "联系电话", "欠薪属地", "用人单位名称", "项目名称", "线索类别", "欠薪人数", "欠薪金额", "欠薪时间", "欠薪情况")  # fmt: skip


def test_a_list_of_the_national_platform_is_read_with_what_it_asks_one_by_one(office, home):
    row = (
        "NC2026-1", "2026-11-18 20:10:00", "钱某人", "13900005555", "云城区", "云州众力劳务有限公司", "东台安置房工程",
        "工程建设领域", "14", "186000", "2026年7月至9月", "干完活一直没有发钱，请帮帮我们。",
    )  # fmt: skip
    batch = open_batch(
        kind="hotline", data=table(PLATFORM, row), filename="全国根治欠薪线索导出.csv", actor=SYSTEM, now=NOW
    )
    accept_batch(batch.pk, actor=SYSTEM, now=NOW, recognition=batch.recognition)
    triage_new(actor=SYSTEM, now=NOW)
    clue = Clue.objects.get()
    assert (clue.channel, clue.sender_number, clue.arrears) == ("platform", "NC2026-1", True)
    assert (clue.people, clue.amount_fen) == (14, 18_600_000)
    assert "众力" in clue.debtor and "东台安置房" in clue.project_name
