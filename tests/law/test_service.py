"""The day of service, for each manner, each family of papers and the places with a rule of their own."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.law import BadQuestion, DataError, UnpublishedYear, load
from anxin.law.service import FAMILIES, parse_manners, with_service

LAW = load()
#: a Wednesday before the National Day holiday of 2026
DAY = dt.date(2026, 9, 23)


@pytest.mark.parametrize(
    ("manner", "article"),
    [("direct", "第八十八条"), ("left", "第八十九条"), ("electronic", "第九十条"), ("post", "第九十一条")],
)
@pytest.mark.parametrize("family", FAMILIES)
def test_handed_over_left_sent_or_posted_counts_on_the_day_itself(manner, article, family):
    service = LAW.served_on(manner, DAY, family)
    assert service.served_on == service.event_on == DAY
    assert not service.provisional and not service.needs_check
    assert [step.basis for step in service.steps] == [f"《中华人民共和国民事诉讼法》{article}"]
    assert "2026年9月23日（星期三）" in service.steps[0].text


def test_a_rest_day_is_a_day_of_service_too():
    assert LAW.served_on("direct", dt.date(2026, 10, 3)).served_on == dt.date(2026, 10, 3)


@pytest.mark.parametrize(
    ("day", "article"),
    [
        (dt.date(2016, 5, 4), "第八十五条"),
        (dt.date(2021, 12, 31), "第八十五条"),
        (dt.date(2022, 1, 1), "第八十八条"),
    ],
)
def test_the_article_is_that_of_the_text_in_force_on_the_day(day, article):
    assert LAW.served_on("direct", day).steps[0].basis.endswith(article)


@pytest.mark.parametrize(
    ("day", "family", "region", "served"),
    [
        # thirty days from the day after the announcement; served when they are over, rest day or not
        (dt.date(2026, 8, 3), "inspection", "", dt.date(2026, 9, 2)),
        (dt.date(2026, 8, 3), "court", "", dt.date(2026, 9, 2)),
        (dt.date(2026, 9, 4), "inspection", "", dt.date(2026, 10, 4)),
        # sixty days before the civil procedure law of 2021
        (dt.date(2021, 8, 3), "inspection", "", dt.date(2021, 10, 2)),
        # Guangdong keeps sixty for papers of inspection, and only for these
        (dt.date(2026, 8, 3), "inspection", "440402", dt.date(2026, 10, 2)),
        (dt.date(2026, 8, 3), "arbitration", "440402", dt.date(2026, 9, 2)),
    ],
)
def test_by_announcement_it_is_served_when_the_period_is_over(day, family, region, served):
    service = LAW.served_on("public_notice", day, family, region)
    assert service.served_on == served
    assert service.steps[0].kind == "serve"
    assert service.steps[-1].kind == "served"
    assert any(step.basis for step in service.steps)


def test_arbitration_papers_posted_at_the_door_wait_three_working_days():
    # 30 September 2026, a Wednesday; the holiday ends on the 7th, and the 10th, a Saturday, is worked
    service = LAW.served_on("posted", dt.date(2026, 9, 30), "arbitration")
    assert service.served_on == dt.date(2026, 10, 10)
    assert not service.provisional


def test_a_period_into_a_year_not_yet_published_is_provisional():
    assert LAW.served_on("posted", dt.date(2026, 12, 31), "arbitration").provisional


def test_the_next_period_starts_on_the_day_of_service_and_tells_the_whole_way():
    service = LAW.served_on("public_notice", dt.date(2026, 8, 3))
    deadline = LAW.deadline("penalty.reconsideration_days", service.served_on)
    told = with_service(deadline, service)
    assert told.start == dt.date(2026, 9, 2)
    assert told.due == deadline.due
    assert told.steps[: len(service.steps)] == service.steps
    assert told.steps[len(service.steps) :] == deadline.steps
    assert set(deadline.basis) <= set(told.basis)


def test_doubt_about_the_service_is_doubt_about_the_due_date():
    service = LAW.served_on("posted", dt.date(2026, 12, 31), "arbitration")
    deadline = LAW.deadline("mediation_arbitration.negotiation_reply_days", dt.date(2026, 3, 2))
    assert not deadline.provisional
    assert with_service(deadline, service).provisional


def test_every_manner_belongs_to_a_family_and_to_those_it_names():
    assert {manner.key for manner in LAW.manners("arbitration")} == {manner.key for manner in LAW.manners()}
    assert "posted" not in {manner.key for manner in LAW.manners("inspection")}


@pytest.mark.parametrize(
    ("manner", "day", "family", "sentence"),
    [
        ("pigeon", DAY, "inspection", "没有“pigeon”这种送达方式"),
        ("direct", DAY, "church", "没有“church”这类文书"),
        ("posted", DAY, "court", "人民法院文书不能用“留置、张贴送达”"),
        ("direct", dt.date(2012, 12, 31), "court", "自2013-01-01起的规定才有收录"),
    ],
)
def test_what_cannot_be_gets_a_sentence(manner, day, family, sentence):
    with pytest.raises(BadQuestion, match=sentence):
        LAW.served_on(manner, day, family)


def test_days_before_the_first_calendar_are_refused():
    with pytest.raises((BadQuestion, UnpublishedYear)):
        LAW.served_on("direct", dt.date(2003, 1, 1))


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"event": "签收之日"}, "缺少 name 或 event"),
        ({"name": "直接送达", "event": "签收之日"}, "须写明 period 或 references"),
        ({"name": "直接送达", "event": "签收", "period": "x.y", "families": ["church"]}, "不认识：church"),
    ],
)
def test_a_malformed_manner_is_refused_with_file_and_name(entry, sentence):
    with pytest.raises(DataError, match=f"service.yaml：送达方式“direct”.*{sentence}"):
        parse_manners({"direct": entry}, "service.yaml")
