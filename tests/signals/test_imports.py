"""Registers of other bodies become facts: good rows go on, bad rows come back."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.arbitration.imports_applicants import ApplicantsImport
from anxin.clues.imports import HotlineImport
from anxin.clues.imports_claimants import ClaimantsImport
from anxin.evidence.imports import open_batch, rejected_workbook
from anxin.evidence.models import ImportProblem
from anxin.evidence.sealing import finding_hash
from anxin.mediation.imports import KINDS as MEDIATION_KINDS
from anxin.referral.imports_payments import PaymentsImport
from anxin.registry.models import Employer
from anxin.sheets import SIGNALS
from anxin.signals.kinds import KINDS
from anxin.signals.models import (
    CardFlow,
    Clue,
    EmployerEvent,
    EmployerLink,
    EmployerProfile,
    InsuranceMonth,
    KnownSite,
    LeaverSettlement,
    Officer,
    PaymentOrder,
    RainDay,
    SitePower,
    SourceMonth,
    Standstill,
    UtilityMonth,
)
from tests.monitoring.factories import id_number
from tests.monitoring.factories import worker as make_worker
from tests.signals.conftest import CLERK, NOW, deliver, table, uscc

SOCIAL = (
    "统一社会信用代码",
    "月份",
    "参保人数",
    "新增",
    "减少",
    "应缴金额",
    "欠缴月数",
    "欠缴金额",
    "失业金申领人数",
)
EMPLOYERS = ("统一社会信用代码", "单位名称", "区划代码", "行业", "成立日期", "登记状态", "状态日期")
PERSON = id_number(1)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def reasons(batch):
    return list(ImportProblem.objects.filter(batch=batch).order_by("row").values_list("row", "reason"))


def test_every_kind_has_headings_and_every_heading_a_kind():
    others = {
        ApplicantsImport.kind,
        HotlineImport.kind,
        ClaimantsImport.kind,
        PaymentsImport.kind,
        *(one.kind for one in MEDIATION_KINDS),
    }
    assert {kind.kind for kind in KINDS} | others == set(SIGNALS)


def test_a_register_of_businesses_registers_the_new_and_renames_the_known(employer, district):
    known = employer(1)
    batch = deliver(
        "employers",
        table(
            EMPLOYERS,
            (uscc(1), "改名公司", "990101", "制造业", "2015-03-01", "存续", ""),
            (uscc(2), "新公司", "990101", "餐饮业", "2020-07-15", "经营异常", "2026-05-06"),
        ),
    )
    assert (batch.rows_accepted, batch.rows_rejected) == (2, 0)
    known.refresh_from_db()
    assert known.name == "改名公司"
    profile = EmployerProfile.objects.get(employer__uscc=uscc(2))
    assert (profile.industry, profile.status, profile.status_on) == (
        "餐饮业",
        "abnormal",
        dt.date(2026, 5, 6),
    )
    assert Employer.objects.get(uscc=uscc(2)).region_id == district.pk


def test_bad_rows_come_back_with_their_reasons_and_good_rows_go_on(employer):
    employer(1)
    batch = deliver(
        "social",
        table(
            SOCIAL,
            (uscc(1), "2026-08", 30, 1, 2, "12000.00", 0, "0.00", 0),
            (uscc(1)[:-1] + "!", "2026-08", 30, 1, 2, "12000", 0, 0, 0),
            (uscc(7), "2026-08", 5, 0, 0, "2000", 0, 0, 0),
            (uscc(1), "八月", 30, 1, 2, "12000", 0, 0, 0),
            (uscc(1), "2026-08", 31, 1, 2, "12000", 0, 0, 0),
            (uscc(1), "2026-07", "-3", 1, 2, "12000", 0, 0, 0),
        ),
    )
    assert list(InsuranceMonth.objects.values_list("month", "insured", "insurance_due_fen")) == [
        ("2026-08", 30, 1_200_000)
    ]
    assert (batch.rows_read, batch.rows_accepted, batch.rows_rejected) == (6, 1, 5)
    said = dict(reasons(batch))
    assert "末位校验码不对" in said[3]
    assert "还没有登记" in said[4]
    assert "不是月份" in said[5]
    assert "与第2行重复" in said[6]
    assert "小于零" in said[7]
    assert rejected_workbook(batch)[:2] == b"PK"


def test_the_same_file_twice_changes_nothing(employer):
    employer(1)
    data = table(SOCIAL, (uscc(1), "2026-08", 30, 1, 2, "12000", 0, 0, 0))
    first = deliver("social", data)
    again = deliver("social", data, now=NOW + dt.timedelta(days=1), name="另一个名字.csv")
    assert again.already_accepted
    assert again.pk == first.pk
    assert InsuranceMonth.objects.count() == 1


def test_a_later_delivery_replaces_what_differs_and_keeps_what_was_known_before(employer):
    employer(1), employer(2)
    deliver(
        "social",
        table(
            SOCIAL,
            (uscc(1), "2026-08", 30, 1, 2, "12000", 0, 0, 0),
            (uscc(2), "2026-08", 8, 0, 0, "3000", 0, 0, 0),
        ),
    )
    later = NOW + dt.timedelta(days=5)
    batch = deliver(
        "social",
        table(
            SOCIAL,
            (uscc(1), "2026-08", 28, 1, 4, "12000", 1, "12000", 0),
            (uscc(2), "2026-08", 8, 0, 0, "3000", 0, 0, 0),
        ),
        now=later,
    )
    assert (batch.rows_unchanged, batch.rows_superseded) == (1, 1)
    old = InsuranceMonth.objects.get(employer__uscc=uscc(1), superseded_at__isnull=False)
    assert (old.insured, old.superseded_at, old.superseded_by_id) == (30, later, batch.pk)


def test_an_empty_cell_is_unknown_and_a_source_says_which_months_it_delivered(employer):
    employer(1)
    deliver("social", table(SOCIAL, (uscc(1), "2026-08", 30, "", "", "", "", "", "")))
    deliver(
        "utilities", table(("统一社会信用代码", "月份", "用水量", "用电量"), (uscc(1), "2026-08", "", "0"))
    )
    month = InsuranceMonth.objects.get()
    assert (month.hires, month.unemployment_claims, month.insurance_arrears_fen) == (None, None, None)
    assert list(UtilityMonth.objects.values_list("water_m3", "power_kwh")) == [(None, 0.0)]
    assert set(SourceMonth.objects.values_list("source", "region_id", "month")) == {
        ("social", "990101", "2026-08"),
        ("power", "990101", "2026-08"),
    }


def test_a_link_stands_once_whichever_side_reports_it(employer):
    first, second = employer(1), employer(2)
    heading = ("统一社会信用代码", "关联单位代码", "关系", "起", "止")
    deliver("links", table(heading, (uscc(2), uscc(1), "同一法定代表人", "2024-01-01", "")))
    batch = deliver(
        "links",
        table(
            heading,
            (uscc(1), uscc(2), "同一法定代表人", "2024-01-01", ""),
            (uscc(1), uscc(1), "同一股东", "", ""),
        ),
    )
    assert list(EmployerLink.objects.values_list("employer_id", "other_id")) == [(first.pk, second.pk)]
    assert batch.rows_unchanged == 1
    assert "不能是它自己" in reasons(batch)[0][1]


def test_persons_are_kept_as_keyed_hashes_alone(employer, district):
    employer(1)
    deliver(
        "officers",
        table(("统一社会信用代码", "身份证号", "姓名", "职务"), (uscc(1), PERSON, "赵某", "法定代表人")),
    )
    clue = ("编号", "渠道", "接收日期", "项目编码", "单位代码", "区划代码", "身份证号", "人数", "金额", "月数", "极端", "办结日期", "属实", "内容")  # fmt: skip
    deliver(
        "clues",
        table(
            clue,
            (
                "X1",
                "12345",
                "2026-08-03",
                "",
                uscc(1),
                "990101",
                PERSON,
                3,
                "15000",
                "1.5",
                "否",
                "",
                "",
                "欠薪",
            ),
        ),
    )
    officer, lead = Officer.objects.get(), Clue.objects.get()
    assert officer.person_hash == lead.person_hash != ""
    assert PERSON not in officer.person_hash
    assert (lead.people, lead.amount_fen, lead.months, lead.extreme, lead.founded) == (
        3,
        1_500_000,
        1.5,
        False,
        None,
    )


CARD_FLOWS = ("卡号", "时间", "金额", "转入账号")
CARD, COLLECTOR = "9990001234500016", "9990009999900016"


def test_what_left_a_card_is_kept_without_its_number_at_the_moment_of_the_place():
    batch = deliver("card_flows", table(CARD_FLOWS, (CARD, "2026-09-15 10:03:05", "5900.00", COLLECTOR)))
    [flow] = CardFlow.objects.all()
    assert batch.rows_accepted == 1
    assert flow.at == dt.datetime(2026, 9, 15, 2, 3, 5, tzinfo=dt.UTC)
    assert (flow.amount_fen, flow.card_hash, flow.to_hash) == (
        590_000,
        finding_hash("card", CARD),
        finding_hash("card", COLLECTOR),
    )


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("12", "2026-09-15 10:03", "5900", COLLECTOR), "8到32位数字"),
        ((CARD, "2026-09-15", "5900", COLLECTOR), "不是日期和时间"),
        ((CARD, "2026-09-15 25:03", "5900", COLLECTOR), "不是日期和时间"),
        ((CARD, "2026-09-15 10:03", "", COLLECTOR), "金额没有填写"),
    ],
)
def test_a_movement_that_cannot_be_read_comes_back(cells, reason):
    good = (CARD, "2026-09-15 10:03", "100", COLLECTOR)
    batch = deliver("card_flows", table(CARD_FLOWS, good, cells))
    assert (batch.rows_accepted, batch.rows_rejected) == (1, 1)
    assert reason in reasons(batch)[0][1]


def test_a_movement_in_two_deliveries_stands_once():
    first = (CARD, "2026-09-15 10:03", "5900", COLLECTOR)
    deliver("card_flows", table(CARD_FLOWS, first))
    later = (CARD, "2026-09-16 9:03", "100", COLLECTOR)
    batch = deliver("card_flows", table(CARD_FLOWS, first, later), name="周报.csv")
    assert (batch.rows_unchanged, CardFlow.objects.count()) == (1, 2)


def test_days_in_the_wrong_order_come_back(employer):
    employer(1)
    heading = ("编号", "统一社会信用代码", "种类", "日期", "止", "人数", "金额")
    batch = deliver(
        "events",
        table(
            heading,
            ("E1", uscc(1), "被执行", "2026-06-01", "2026-05-01", "", "80000"),
            ("E2", uscc(1), "仲裁", "2026-06-01", "", 12, "240000"),
            ("E3", uscc(1), "打架", "2026-06-01", "", "", ""),
        ),
    )
    assert list(EmployerEvent.objects.values_list("number", "kind", "people")) == [("E2", "arbitration", 12)]
    said = dict(reasons(batch))
    assert "止2026-05-01早于日期2026-06-01" in said[2]
    assert "应为仲裁、监察" in said[4]


def test_what_is_reported_of_sites_is_tied_to_their_projects(project, district):
    site = project("P-1")
    deliver("standstills", table(("项目编码", "起", "止", "原因"), ("P-1", "2026-08-01", "", "停工令")))
    deliver("site_power", table(("项目编码", "日期", "用电量"), ("P-1", "2026-08-02", "3.5")))
    deliver("weather", table(("区划代码", "日期", "降雨量"), ("9901", "2026-08-02", "61.0")))
    batch = deliver(
        "boards",
        table(
            ("项目编码", "检查日期", "是否设立", "缺项数", "限改日期", "改正日期"),
            ("P-1", "2026-08-02", "是", 3, "2026-08-12", ""),
            ("P-9", "2026-08-02", "否", "", "", ""),
        ),
    )
    assert Standstill.objects.get().project == site
    assert SitePower.objects.get().power_kwh == 3.5
    assert RainDay.objects.get().rain_mm == 61.0
    assert site.board_checks.get().missing_items == 3
    assert "没有登记" in reasons(batch)[0][1]


def test_a_leaver_must_be_on_a_roster(project, district):
    project("P-1")
    worker = make_worker(1)
    heading = ("项目编码", "身份证号", "退场日期", "确认结清日期", "异议日期", "异议办理中")
    batch = deliver(
        "leavers",
        table(
            heading,
            ("P-1", PERSON, "2026-07-01", "", "2026-07-20", "是"),
            ("P-1", id_number(2), "2026-07-01", "", "", ""),
        ),
    )
    settlement = LeaverSettlement.objects.get()
    assert (settlement.worker, settlement.handling) == (worker, True)
    assert batch.rows_rejected == 1


def test_orders_and_known_sites_are_taken_with_their_numbers(employer, district):
    employer(1)
    deliver(
        "orders",
        table(
            (
                "文书号",
                "项目编码",
                "单位代码",
                "区划代码",
                "送达日期",
                "期满日期",
                "人数",
                "金额",
                "最长月数",
                "付清日期",
            ),
            ("人社监〔2026〕1号", "", uscc(1), "990101", "2026-08-01", "2026-08-11", 12, "360000", 3, ""),
        ),
    )
    deliver(
        "known_sites",
        table(
            ("来源", "编号", "项目名称", "区划代码", "日期", "建设单位", "总包单位", "合同价款"),
            (
                "施工许可",
                "SG-1",
                "滨江花园（二期）建设工程项目",
                "990101",
                "2026-05-01",
                "甲",
                "乙",
                "90000000",
            ),
        ),
    )
    assert PaymentOrder.objects.get().months == 3.0
    assert KnownSite.objects.get().plain_name == "滨江花园二期"


@pytest.mark.parametrize("kind", list(SIGNALS))
def test_a_file_without_the_headings_is_refused_naming_them(kind, db):
    batch = open_batch(kind=kind, data="一,二\n1,2\n".encode(), filename="别的.csv", actor=CLERK, now=NOW)
    assert batch.state == "refused"
    assert next(column.title for column in SIGNALS[kind].fields if column.required) in batch.refusal
