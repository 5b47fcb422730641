"""An application, who takes it, and the climb from level to level."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from anxin.casework.access import visible_matters
from anxin.casework.services import attach
from anxin.casework.tasks import run_day
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.mediation import applying, climbing, sessions
from anxin.mediation.access import visible_cases, works
from anxin.mediation.models import Level, MediationCase, PartyTold, Stage
from anxin.mediation.proposing import Wanted, propose
from anxin.mediation.sessions import Said
from anxin.notices.models import Notice
from tests.mediation.conftest import TODAY, a_case, again, application, assigned, at

DAY = dt.timedelta(days=1)


def test_an_application_opens_a_matter_with_its_paper_and_clocks(centre):
    case = a_case(centre)
    assert (case.people, case.claimed_fen) == (2, 1_920_050)
    assert case.matter.state == "applied"
    assert list(case.matter.documents.values_list("kind", flat=True)) == ["mediation_application"]
    assert {one.clock for one in case.matter.deadlines.filter(met_on=None, ended_on=None)} == {
        "accept",
        "mediate",
    }
    party = case.parties.get(number=1)
    assert party.name.open() == "赵某某" and "赵" not in str(party.name)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"employer_name": " "}, "employer_name", "用人单位"),
        ({"claims": "钱"}, "claims", "请求什么"),
        ({"people": []}, "people_list", "每行一人"),
        ({"employer_code": "9199"}, "employer_code", ""),
        ({"skill": "打官司"}, "skill", "争议类型"),
    ],
)
def test_an_application_that_lacks_something_is_refused_whole(centre, fields, field, words):
    with pytest.raises(Refused) as refusal:
        applying.apply(application(centre, **fields), by=centre.inspector, now=at(TODAY), law=centre.law)
    assert refusal.value.field == field and words in str(refusal.value)
    assert not MediationCase.objects.exists()


def test_who_works_elsewhere_applies_for_nobody_here(centre):
    with pytest.raises(Refused):
        applying.apply(application(centre), by=centre.outsider, now=at(TODAY), law=centre.law)
    assert not visible_cases(centre.outsider).filter(pk=a_case(centre).pk).exists()


def test_the_nearest_level_comes_first_with_its_reasons(centre):
    found = propose(Wanted("990101001", "河口社区", centre.firm.pk, "工程建设欠薪"))
    assert [one.level for one in found] == ["enterprise", "village", "town", "county"]
    town = found[2]
    assert town.mediator == centre.mediators["shi"]
    assert any("石榴工作室" in one for one in town.reasons) and any(
        "手上有0件" in one for one in town.reasons
    )


def test_a_language_that_is_needed_outweighs_nearness(centre):
    found = propose(Wanted("990101001", "河口社区", centre.firm.pk, language="苗语"))
    assert (found[0].level, found[0].mediator) == ("town", centre.mediators["shi"])
    assert any("会说苗语" in one for one in found[0].reasons)
    assert any("另约翻译" in one for one in found[1].reasons)
    nobody = propose(Wanted("990101001", "河口社区", centre.firm.pk, language="藏语"))
    assert nobody[0].level == "enterprise" and any("没有会说藏语" in one for one in nobody[0].reasons)


def test_who_has_less_at_hand_is_proposed(centre):
    assigned(centre, to="shi")
    found = next(one for one in propose(Wanted("990101001")) if one.level == "town")
    assert found.mediator == centre.mediators["other"]


def test_another_organisation_does_not_see_the_place(centre):
    assert propose(Wanted("990102")) == []


def test_assigning_accepts_the_case_and_tells_both_sides(centre):
    case = assigned(centre)
    assert case.matter.state == "mediating"
    assert (case.level, case.mediator, case.stage_due_on) == (
        "town",
        centre.mediators["shi"],
        dt.date(2026, 4, 17),
    )
    assert set(case.tellings.values_list("side", flat=True)) == {"workers", "employer"}
    assert Notice.objects.filter(to=centre.shi, kind="mediation").count() == 1
    assert case.matter.documents.filter(kind="mediation_acceptance_notice").count() == 1


def test_another_choice_than_the_proposed_one_says_why(centre):
    case = a_case(centre)
    county = centre.mediators["county"]
    with pytest.raises(Refused, match="不按建议指派"):
        applying.assign(
            case,
            body=county.body,
            mediator=county,
            by=centre.inspector,
            now=at(TODAY),
            today=TODAY,
            law=centre.law,
        )
    with pytest.raises(Refused):
        applying.assign(
            case,
            body=county.body,
            mediator=county,
            by=centre.shi,
            now=at(TODAY),
            today=TODAY,
            law=centre.law,
            why="自己来办",
        )
    stage = applying.assign(
        case, body=county.body, mediator=county, by=centre.inspector, now=at(TODAY), today=TODAY, law=centre.law,
        why="双方都在城里",
    )  # fmt: skip
    assert stage.changed_why == "双方都在城里"


def test_a_mediator_works_the_case_they_have_and_no_other(centre):
    mine, theirs = assigned(centre, to="shi"), assigned(centre, to="other")
    assert list(visible_cases(centre.shi)) == [mine]
    assert works(centre.shi, mine) and not works(centre.shi, theirs)
    assert not visible_matters(centre.shi).exists()
    attach(
        mine.matter,
        kind="mediation_record",
        data=b"%PDF-",
        filename="a.pdf",
        by=centre.shi,
        now=at(TODAY),
        law=centre.law,
    )
    with pytest.raises(Refused):
        attach(
            theirs.matter,
            kind="mediation_record",
            data=b"%PDF-",
            filename="a.pdf",
            by=centre.shi,
            now=at(TODAY),
            law=centre.law,
        )


def test_a_session_is_held_with_both_sides_and_told_before(centre):
    case, hour = assigned(centre), at(TODAY + DAY, 9)
    session = sessions.appoint(case, at=hour, place="调解室", online=False, by=centre.shi, now=at(TODAY, 12))
    assert case.tellings.filter(occasion=f"session:{session.pk}").count() == 2
    with pytest.raises(Refused, match="已经约定"):
        sessions.appoint(case, at=hour, place="调解室", online=False, by=centre.shi, now=at(TODAY, 12))
    words = Said("双方到场", "要求付清两个月工资", "金额没有异议，分两期付", "同意分两期付清")
    with pytest.raises(Refused, match="还没有到"):
        sessions.hold(session, words, by=centre.shi, now=at(TODAY, 12), law=centre.law)
    with pytest.raises(Refused, match="用人单位一方"):
        sessions.hold(
            session,
            Said("双方到场", "要求付清工资", "", "同意分期"),
            by=centre.shi,
            now=at(TODAY + DAY),
            law=centre.law,
        )
    with pytest.raises(Refused):
        sessions.hold(session, words, by=centre.other, now=at(TODAY + DAY), law=centre.law)
    held = sessions.hold(session, words, by=centre.shi, now=at(TODAY + DAY), law=centre.law)
    assert held.worker_said.open() == words.worker_said and held.document.kind == "mediation_record"
    with pytest.raises(Refused, match="已经登记过"):
        sessions.not_held(session, state="missed", why="单位没有来", by=centre.shi, now=at(TODAY + DAY))


def test_a_level_whose_time_is_out_climbs_once_and_tells_everybody(centre):
    case = assigned(centre)
    last = case.stage_due_on
    assert climbing.climb_due(last, at(last), centre.law) == 0
    assert again(case).level == Level.TOWN
    for _ in range(2):
        run_day(last + DAY, now=at(last + DAY, 3))
    case = again(case)
    assert (case.level, case.body) == (Level.COUNTY, centre.bodies["county"])
    assert [one.outcome for one in case.stages.order_by("pk")] == [
        Stage.Outcome.CLIMBED,
        Stage.Outcome.RUNNING,
    ]
    assert JournalEntry.objects.filter(action="mediation.climbed").count() == 1
    assert PartyTold.objects.filter(case=case, occasion__startswith="climbed:").count() == 2
    assert not works(centre.shi, case)


def test_left_alone_a_case_climbs_one_level_at_a_time_from_the_enterprise_to_the_district(centre):
    case, firm = a_case(centre, place="河口社区", employer=centre.firm), centre.bodies["enterprise"]
    applying.assign(
        case, body=firm, mediator=None, by=centre.inspector, now=at(TODAY), today=TODAY, law=centre.law
    )
    way = ["enterprise", "village", "town", "county"]
    for came_to in way[1:]:
        last = again(case).stage_due_on
        assert climbing.climb_due(last, at(last), centre.law) == 0
        assert climbing.climb_due(last + DAY, at(last + DAY), centre.law) == 1
        assert (again(case).level, again(case).body) == (came_to, centre.bodies[came_to])
    stages = list(case.stages.order_by("pk"))
    assert [one.level for one in stages] == way
    assert [one.outcome for one in stages] == ["climbed", "climbed", "climbed", "running"]
    for left, taken in itertools.pairwise(stages):
        assert left.ended_on == taken.started_on == left.due_on + DAY
        assert taken.due_on > taken.started_on
    # the village has nobody registered; the town and the district take it by a mediator of their own
    assert [one.mediator and one.mediator.body.level for one in stages] == [None, None, "town", "county"]
    assert JournalEntry.objects.filter(action="mediation.climbed").count() == 3
    assert PartyTold.objects.filter(case=case, occasion__startswith="climbed:").count() == 6
    top = stages[-1].due_on + DAY
    assert climbing.climb_due(top, at(top), centre.law) == 0
    assert again(case).level == "county"


def test_at_the_top_somebody_is_told_once_and_ends_it_in_writing(centre):
    case = assigned(centre, to="county")
    day = case.stage_due_on + DAY
    for _ in range(2):
        climbing.climb_due(day, at(day), centre.law)
    assert JournalEntry.objects.filter(action="mediation.expired").count() == 1
    with pytest.raises(Refused):
        climbing.end_without_agreement(
            case, why="金额谈不拢", by=centre.outsider, now=at(day), today=day, law=centre.law
        )
    climbing.end_without_agreement(
        case, why="双方对金额没有达成一致", by=centre.inspector, now=at(day), today=day, law=centre.law
    )
    assert again(case).matter.state == "failed"
    assert case.matter.documents.filter(kind="mediation_end_notice").exists()
