"""Guides: their text, the version of a day, the second person, and where the numbers come from."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from anxin.channels import guide_text, guide_writing, places
from anxin.channels import queries_guides as queries
from anxin.channels.models import GuideDay, GuideVersion
from anxin.channels.shipped import shipped
from anxin.evidence.journal import Actor
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from tests.monitoring import factories as make

SECOND = Actor("user:2", "另一人")


def drafted(actor, now, key="questions", **changes):
    values = {
        "title": "大家常问的问题",
        "summary": "新写的一版。",
        "body": "## 能反映吗\n能，{值:inspection.complaint_decision_days}内决定。",
        "source": "某局通知",
        "valid_from": now.date(),
        **changes,
    }
    return guide_writing.draft_guide(key, **values, actor=actor, now=now)


def test_every_shipped_mark_is_known_to_the_law(db):
    law = local_law.current()
    assert {key: guide_text.unknown_marks(one.body, law=law) for key, one in shipped().items()} == {
        key: [] for key in shipped()
    }


@pytest.mark.parametrize("key", shipped())
def test_a_shipped_guide_types_no_article_itself_and_leaves_nothing_open(key, db, now):
    guide = shipped()[key]
    typed = re.sub(r"\{[^{}]*\}", "", guide.body + guide.source)
    assert not re.search(r"第[一二三四五六七八九十百零\d]+[条款]|\d+(个工作日|日内|年|元|%)", typed)
    told = guide_text.told(guide.body, law=local_law.current(), on=now.date(), region="4404")
    assert "{" not in told and guide_text.UNKNOWN not in told
    assert "（）" not in told


def test_the_first_guide_has_five_steps(db, now):
    parts = queries.current("unpaid", now.date()).read(law=local_law.current(), on=now.date())
    assert [part.heading[:3] for part in parts][:5] == ["第一步", "第二步", "第三步", "第四步", "第五步"]


def test_numbers_and_articles_are_those_of_the_law(db, now):
    told = guide_text.told(
        "{值:inspection.complaint_decision_days}，{据:inspection.complaint_decision_days}，{据:wage_regulation 30.3}",
        law=local_law.current(),
        on=now.date(),
    )
    value, basis, article = told.split("，")
    assert value == "5个工作日"
    assert basis == local_law.current().value("inspection.complaint_decision_days", now.date()).reference
    assert article == "《保障农民工工资支付条例》第三十条第三款"


def test_a_number_is_the_one_of_the_reader_s_region(db, now):
    body = "{值:wage_payment.min_wage_monthly}"
    law = local_law.current()
    assert guide_text.told(body, law=law, on=now.date()) == guide_text.UNKNOWN
    assert "元" in guide_text.told(body, law=law, on=now.date(), region="4404")


@pytest.mark.parametrize(
    ("regions", "home"),
    [([], ""), (["9901"], "9901"), (["9901", "990101", "990102"], "9901"), (["990101001"], "990101")],
)
def test_the_place_of_the_office_is_what_its_bureaus_share(regions, home, db):
    for number, code in enumerate(regions):
        make.organisation(f"B{number}", kind="bureau", region=make.region(code))
    assert queries.home_region() == home


def test_text_becomes_sections_steps_and_points():
    parts = guide_text.sections("开头\n\n## 甲\n1. 一\n2. 二\n- 三\n话\n\n- 四\n")
    assert [(part.heading, [(b.kind, b.lines) for b in part.blocks]) for part in parts] == [
        ("", [("paragraph", ["开头"])]),
        ("甲", [("step", ["一", "二"]), ("point", ["三"]), ("paragraph", ["话"]), ("point", ["四"])]),
    ]


def test_a_draft_is_read_by_nobody(actor, now, db):
    drafted(actor, now)
    assert queries.current("questions", now.date()).number == 0


def test_a_second_person_publishes(actor, now, db):
    guide_writing.publish_guide(drafted(actor, now), actor=SECOND, now=now)
    guide = queries.current("questions", now.date())
    assert (guide.number, guide.summary) == (1, "新写的一版。")
    assert "5个工作日" in guide.read(law=local_law.current(), on=now.date())[0].blocks[0].lines[0]
    assert [entry.action for entry in JournalEntry.objects.order_by("pk")] == [
        "guide.drafted",
        "guide.published",
    ]


def test_who_drafted_it_does_not_publish_it(actor, now, db):
    with pytest.raises(Refused, match="换一个人"):
        guide_writing.publish_guide(drafted(actor, now), actor=actor, now=now)
    assert queries.current("questions", now.date()).number == 0


@pytest.mark.parametrize(("day", "number"), [(-1, 0), (0, 1), (1, 1), (9, 1), (10, 2), (11, 2)])
def test_each_day_has_its_version(day, number, actor, now, db):
    guide_writing.publish_guide(drafted(actor, now), actor=SECOND, now=now)
    later = drafted(actor, now, valid_from=now.date() + dt.timedelta(days=10))
    guide_writing.publish_guide(later, actor=SECOND, now=now)
    assert queries.current("questions", now.date() + dt.timedelta(days=day)).number == number


def test_an_old_version_stays_readable_with_its_last_day(actor, now, db):
    guide_writing.publish_guide(drafted(actor, now), actor=SECOND, now=now)
    later = drafted(actor, now, valid_from=now.date() + dt.timedelta(days=10))
    guide_writing.publish_guide(later, actor=SECOND, now=now)
    ends = {one.number: one.until for one in queries.versions("questions")}
    assert ends == {2: None, 1: now.date() + dt.timedelta(days=9), 0: now.date() - dt.timedelta(days=1)}
    assert queries.of_version("questions", 1).source == "某局通知"


def test_a_day_that_has_passed_is_not_written_over(actor, now, db):
    draft = drafted(actor, now, valid_from=now.date() - dt.timedelta(days=1))
    with pytest.raises(Refused, match="已经过去"):
        guide_writing.publish_guide(draft, actor=SECOND, now=now)


def test_a_draft_is_changed_by_its_writer_and_waits_for_others(actor, now, db):
    drafted(actor, now)
    assert drafted(actor, now, summary="改过").number == 1
    with pytest.raises(Refused, match="正在等人发布"):
        drafted(SECOND, now)


def test_a_draft_that_was_sent_back_makes_room(actor, now, db):
    guide_writing.refuse_guide(drafted(actor, now), why="数字不对", actor=SECOND, now=now)
    assert drafted(SECOND, now).number == 2
    assert GuideVersion.objects.get(number=1).decided_why == "数字不对"


def test_what_is_published_is_not_decided_again(actor, now, db):
    version = guide_writing.publish_guide(drafted(actor, now), actor=SECOND, now=now)
    with pytest.raises(Refused, match="不能再改"):
        guide_writing.refuse_guide(version, why="x", actor=SECOND, now=now)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"source": ""}, "source"),
        ({"summary": "字" * 201}, "summary"),
        ({"body": ""}, "body"),
        ({"body": "{值:no.such}"}, "body"),
        ({"body": "{据:no_statute 3}"}, "body"),
        ({"body": "{数:inspection.limitation_years}"}, "body"),
        ({"body": "字" * 8001}, "body"),
    ],
)
def test_a_draft_that_cannot_be_is_refused(changes, field, actor, now, db):
    with pytest.raises(Refused) as refused:
        drafted(actor, now, **changes)
    assert refused.value.field == field
    assert not GuideVersion.objects.exists()


def test_openings_are_counted_by_site_and_by_nobody(sites, now):
    for project in (sites.here, sites.here, None):
        queries.count_open("unpaid", project_id=project.pk if project else None, on=now.date())
    assert sorted(GuideDay.objects.values_list("opens", flat=True)) == [1, 2]
    user = make.user("looker", region="990101")
    by_guide, by_site = queries.opens(user, since=now.date())
    assert (by_guide, by_site) == ({"unpaid": 3}, [("东台安置房工程", 2)])


def test_openings_of_another_district_are_not_shown(sites, now):
    queries.count_open("unpaid", project_id=sites.there.pk, on=now.date())
    assert queries.opens(make.user("looker", region="990101"), since=now.date()) == ({}, [])


@pytest.fixture
def keeper(sites):
    return make.user("keeper", role="clerk", region="990101")


def added(keeper, actor, now, region, **changes):
    values = {"name": "某区监察大队", "phone": "0999-5550101、0999-5550102", **changes}
    return places.add_place(region=region, **values, by=keeper, actor=actor, now=now)


def test_a_worker_sees_the_nearest_places_first(sites, keeper, actor, now):
    city_keeper = make.user("city", role="clerk", region="9901")
    added(city_keeper, actor, now, make.region("9901"), name="市支队")
    own = added(keeper, actor, now, sites.here.region)
    assert [one.name for one in queries.places_near("990101")] == ["某区监察大队", "市支队"]
    assert [one.name for one in queries.places_near("990102")] == ["市支队"]
    assert own.dial == "09995550101"


def test_a_place_outside_one_s_district_is_refused(sites, keeper, actor, now):
    with pytest.raises(Refused) as refused:
        added(keeper, actor, now, sites.there.region)
    assert refused.value.field == "region"


def test_a_telephone_that_is_none_is_refused(sites, keeper, actor, now):
    with pytest.raises(Refused) as refused:
        added(keeper, actor, now, sites.here.region, phone="打给老王")
    assert refused.value.field == "phone"


def test_an_ended_place_is_not_shown_and_not_ended_twice(sites, keeper, actor, now):
    place = added(keeper, actor, now, sites.here.region)
    places.end_place(place, actor=actor, now=now)
    assert queries.places_near("990101") == []
    with pytest.raises(Refused, match="已经停用"):
        places.end_place(place, actor=actor, now=now)
