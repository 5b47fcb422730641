"""The work list of employers, one employer's page, and sites that no project is."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from anxin.evidence.models import ImportBatch, JournalEntry
from anxin.monitoring.employers import grade_employers
from anxin.registry.models import Employer
from anxin.signals.models import Clue, EmployerEvent, EmployerLink, InsuranceMonth, KnownSite, SiteDecision
from anxin.signals.names import plain_site_name
from tests.monitoring import factories as make
from tests.web.test_warnings import _count, text


def employer(number: int, region: str = "990101", *, owed: int = 0, insured: int = 30) -> Employer:
    one = Employer.objects.create(
        uscc=f"TESTCODE{number}", name=f"示例制品厂{number}", region=make.region(region)
    )
    InsuranceMonth.objects.create(
        employer=one,
        month="2026-10",
        insured=insured,
        insurance_arrears_months=owed,
        insurance_arrears_fen=owed * 1_000_000,
        recorded_at=make.EARLY,
    )
    return one


def known_site(number: str, name: str, region: str = "990101") -> KnownSite:
    return KnownSite.objects.create(
        source="permit",
        number=number,
        name=name,
        plain_name=plain_site_name(name),
        region=make.region(region),
        on=dt.date(2026, 5, 1),
        recorded_at=make.EARLY,
    )


@pytest.fixture
def graded(world, now):
    """Three employers here and one elsewhere, graded today."""
    found = [
        employer(1, owed=6),
        employer(2, owed=2, insured=80),
        employer(3),
        employer(4, "990102", owed=6),
    ]
    grade_employers(as_of=now.date(), now=now)
    return found


def test_the_list_shows_this_districts_employers_in_the_order_of_expected_harm(graded, sign_in):
    page = text(sign_in("inspector").get("/employers"))
    first, second = page.index("示例制品厂1"), page.index("示例制品厂2")
    assert first < second
    assert "截至2026年10月，社会保险费已欠缴6个月，共60,000.00元，参保30人。" in page
    assert "用水、用电" in page
    assert "示例制品厂3" not in page
    assert "示例制品厂4" not in page


def test_filters_narrow_by_level_and_name(graded, sign_in):
    client = sign_in("inspector")
    assert "示例制品厂3" in text(client.get("/employers?level=0"))
    red = text(client.get("/employers?level=2"))
    assert "示例制品厂2" in red
    assert "示例制品厂1" not in red
    assert "没有符合条件的单位" in text(client.get("/employers?text=没有这家"))


def test_the_workbook_holds_what_the_list_shows(graded, sign_in):
    data = sign_in("inspector").get("/employers/export.xlsx").content
    rows = list(openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))
    names = [row[1] for row in rows if str(row[0]).startswith("TESTCODE")]
    assert names == ["示例制品厂1", "示例制品厂2"]


def test_a_list_that_was_never_graded_says_what_to_do(world, sign_in):
    assert "anxin employers grade" in text(sign_in("inspector").get("/employers"))


def test_one_employers_page_says_everything_that_is_known(graded, sign_in, world, now):
    one, other = graded[0], graded[1]
    EmployerEvent.objects.create(
        number="(2026)执1号", employer=one, kind="enforcement", on=dt.date(2026, 7, 9), amount_fen=100, recorded_at=now
    )  # fmt: skip
    Clue.objects.create(
        number="X1", channel="12345", received_on=dt.date(2026, 9, 1), employer=one, region=one.region, people=3, recorded_at=now
    )  # fmt: skip
    EmployerLink.objects.create(employer=one, other=other, kind="同一股东", recorded_at=now)
    page = text(sign_in("inspector").get(f"/employers/{one.pk}"))
    for said in ("2026-10", "(2026)执1号", "未结", "12345", "同一股东", "示例制品厂2", "没有送达不等于正常"):
        assert said in page, said


def test_an_employer_elsewhere_does_not_exist_here(graded, sign_in):
    elsewhere = graded[3]
    assert sign_in("inspector").get(f"/employers/{elsewhere.pk}").status_code == 404
    assert sign_in("outsider").get(f"/employers/{elsewhere.pk}").status_code == 200
    assert sign_in("leader").get(f"/employers/{elsewhere.pk}").status_code == 200


def test_more_employers_cost_no_more_queries(graded, sign_in, now, django_assert_num_queries):
    client = sign_in("inspector")
    before = _count(client, "/employers")
    for number in range(10, 20):
        employer(number, owed=1)
    grade_employers(as_of=now.date(), now=now)
    with django_assert_num_queries(before):
        client.get("/employers")


def test_sites_of_this_district_without_a_project_are_listed_with_their_days(world, sign_in, now):
    known_site("SG-1", "城东学校")
    known_site("SG-2", world.here.name)
    known_site("SG-3", "西河码头", "990102")
    page = text(sign_in("inspector").get("/coverage"))
    assert "城东学校" in page
    assert f"{(now.date() - dt.date(2026, 5, 1)).days} 天" in page
    assert world.here.name not in page
    assert "西河码头" not in page
    assert world.here.name in text(sign_in("inspector").get("/coverage?show=matched"))
    assert sign_in("inspector").get("/coverage/export.xlsx").status_code == 200


def test_a_person_confirms_a_near_name_and_may_take_it_back(world, sign_in):
    site = known_site("SG-1", f"{world.here.name[:-1]}")
    client = sign_in("inspector")
    assert "就是这个项目" in text(client.get(f"/coverage/{site.pk}"))
    client.post(f"/coverage/{site.pk}", {"act": "match", "project": "HERE"})
    assert SiteDecision.objects.get(ended_at=None).project == world.here
    assert "人工确认" in text(client.get(f"/coverage/{site.pk}"))
    client.post(f"/coverage/{site.pk}", {"act": "undo"})
    assert not SiteDecision.objects.filter(ended_at=None).exists()
    assert JournalEntry.objects.filter(action="signals.site_decided").count() == 2


def test_a_project_elsewhere_cannot_be_named_and_a_reason_must_say_something(world, sign_in):
    site = known_site("SG-1", "城东学校")
    client = sign_in("inspector")
    refused = client.post(f"/coverage/{site.pk}", {"act": "match", "project": "THERE"})
    assert refused.status_code == 422
    assert "辖区内没有编码为“THERE”的项目" in text(refused)
    assert client.post(f"/coverage/{site.pk}", {"act": "exempt", "reason": "无"}).status_code == 422
    client.post(f"/coverage/{site.pk}", {"act": "exempt", "reason": "农村自建住房"})
    assert SiteDecision.objects.get().reason == "农村自建住房"
    assert "城东学校" not in text(client.get("/coverage"))


def test_a_clerk_sees_a_site_and_decides_nothing_and_others_do_not_see_it(world, sign_in):
    site = known_site("SG-1", "城东学校")
    clerk = sign_in("clerk")
    assert "不需要纳入监管" not in text(clerk.get(f"/coverage/{site.pk}"))
    refused = clerk.post(f"/coverage/{site.pk}", {"act": "exempt", "reason": "农村自建住房"})
    assert refused.status_code == 403
    assert not SiteDecision.objects.exists()
    assert sign_in("outsider").get(f"/coverage/{site.pk}").status_code == 404


def test_a_register_is_uploaded_without_a_project_and_looked_at_before_it_counts(world, sign_in):
    data = "统一社会信用代码,月份,参保人数\n坏代码,2026-10,30\n".encode()
    file = io.BytesIO(data)
    file.name = "10月社保.csv"
    client = sign_in("inspector")
    sent = client.post("/imports/new", {"kind": "social", "project": "", "month": "", "file": file})
    batch = ImportBatch.objects.get()
    assert (sent.status_code, batch.kind, batch.project_code) == (302, "social", "")
    assert "社会保险月报" in text(client.get(f"/imports/{batch.pk}"))
    file = io.BytesIO(data)
    file.name = "9月工资.csv"
    refused = client.post("/imports/new", {"kind": "payroll", "project": "", "month": "", "file": file})
    assert refused.status_code == 422
