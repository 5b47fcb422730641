"""A clue that a person links teaches a name: proposed, confirmed by a person, and then matched in that place alone."""

from __future__ import annotations

import pytest
from django_tasks_db.models import DBTaskResult

from anxin.clues import nicknames
from anxin.clues.models import Candidate
from anxin.clues.services import correct, remember
from anxin.clues.triaging import hold_again
from anxin.evidence.journal import SYSTEM
from anxin.kernel.refusal import Refused
from anxin.registry import aliases
from anxin.registry.models import Alias, Employer, Project
from tests.clues.conftest import NOW, ticket
from tests.signals.conftest import uscc

RED = "红星工地欠我们12个人工资8万元，三个月没发。"


@pytest.fixture
def site(office):
    return Project.objects.create(
        code="P-1", name="东台安置房工程", region=office.here, industry="housing", recorded_at=NOW
    )


@pytest.fixture
def linked(told, office, site):
    """A clue of 红星工地 that an inspector has linked to the site by hand."""
    (clue,) = told(ticket("1", RED))
    assert clue.project_name == "红星工地" and clue.project is None
    correct(clue, "project", str(site.pk), why="到工地看过，就是这个项目", by=office.inspector, now=NOW)
    clue.refresh_from_db()
    return clue


def words(clue, about="project") -> str:
    by_hand = clue.corrections.filter(field=about, ended_at__isnull=True).exists()
    return nicknames.proposed(clue, about, by_hand=by_hand, candidates=clue.candidates.all())


def test_a_clue_is_linked_to_any_entry_within_reach_and_to_no_other(told, office, site):
    there = Project.objects.create(
        code="P-2", name="江北学校", region=office.there, industry="housing", recorded_at=NOW
    )
    (clue,) = told(ticket("1", RED))
    for key in (str(there.pk), "999999", "9" * 19, "x"):
        with pytest.raises(Refused, match="按名称查找"):
            correct(clue, "project", key, why="到工地看过", by=office.inspector, now=NOW)
    correct(clue, "project", str(site.pk), why="到工地看过", by=office.inspector, now=NOW)
    clue.refresh_from_db()
    assert clue.project == site


def test_what_a_person_linked_is_proposed_and_what_matched_by_itself_is_not(told, linked, site):
    assert words(linked) == "红星工地"
    (plain,) = told(ticket("2", "东台安置房工地欠我们14个木工工资，三个月没发。"))
    assert plain.project == site and words(plain) == ""


def test_a_remembered_name_is_matched_in_its_place_with_who_said_it(told, office, linked, site):
    made = remember(linked, "project", by=office.inspector, now=NOW)
    assert (made.project, made.region_id, made.source) == (site, "990101", linked.number)
    here, there = told(ticket("2", RED), ticket("3", RED, place="江北区"))
    assert (here.project, there.project) == (site, None)
    assert Candidate.objects.get(clue=here).why == "别名“红星工地”（某inspector2026-11-20记下）"
    assert not Candidate.objects.filter(clue=there).exists()
    # the same words with another ending are the same name
    (other,) = told(ticket("4", RED.replace("红星工地", "红星项目")))
    assert other.project == site


def test_a_misspelt_alias_is_proposed_and_not_taken(told, office, site):
    (clue,) = told(ticket("1", RED.replace("红星", "胜利大街")))
    correct(clue, "project", str(site.pk), why="到工地看过", by=office.inspector, now=NOW)
    clue.refresh_from_db()
    remember(clue, "project", by=office.inspector, now=NOW)
    (near,) = told(ticket("2", RED.replace("红星", "胜力大街")))
    assert near.project is None
    found = Candidate.objects.get(clue=near)
    assert found.project == site and "只差几个字" in found.why and "某inspector" in found.why


def test_once_remembered_it_is_not_proposed_again_and_waiting_clues_are_matched(told, office, site):
    first, waiting = told(ticket("1", RED), ticket("2", RED + "请尽快处理。"))
    correct(first, "project", str(site.pk), why="到工地看过", by=office.inspector, now=NOW)
    first.refresh_from_db()
    remember(first, "project", by=office.inspector, now=NOW)
    queued = {
        one.args_kwargs["args"][0]
        for one in DBTaskResult.objects.filter(task_path="anxin.clues.tasks.hold_again_task")
    }
    assert queued == {first.pk, waiting.pk}
    for pk in queued:
        hold_again(pk, actor=SYSTEM, now=NOW)
    waiting.refresh_from_db()
    first.refresh_from_db()
    assert waiting.project == site and words(first) == ""


def test_twice_is_once(office, linked):
    made = remember(linked, "project", by=office.inspector, now=NOW)
    assert remember(linked, "project", by=office.inspector, now=NOW) == made and Alias.objects.count() == 1


def test_a_name_taken_back_means_nothing_any_more(told, office, linked, site):
    made = remember(linked, "project", by=office.inspector, now=NOW)
    aliases.end(made, why="是另一个工地", by=office.inspector, now=NOW)
    (clue,) = told(ticket("2", RED))
    assert clue.project is None
    linked.refresh_from_db()
    assert linked.project == site  # what was linked stays


def test_a_name_that_fits_another_registered_one_is_nobodys(told, office, site):
    Project.objects.create(
        code="P-2", name="红星花园二期工程", region=office.here, industry="housing", recorded_at=NOW
    )
    (clue,) = told(ticket("1", RED.replace("红星工地", "红星花园")))
    correct(clue, "project", str(site.pk), why="到工地看过", by=office.inspector, now=NOW)
    clue.refresh_from_db()
    with pytest.raises(Refused, match="别的登记名称"):
        remember(clue, "project", by=office.inspector, now=NOW)
    assert not Alias.objects.exists()


def test_a_name_by_which_other_clues_mean_another_is_nobodys(told, office, linked):
    other = Project.objects.create(
        code="P-2", name="西城学校", region=office.here, industry="housing", recorded_at=NOW
    )
    (clue,) = told(ticket("2", RED))
    correct(clue, "project", str(other.pk), why="到工地看过", by=office.inspector, now=NOW)
    with pytest.raises(Refused, match="指的是另一家"):
        remember(linked, "project", by=office.inspector, now=NOW)


def test_a_new_entry_of_that_very_name_makes_it_a_question(told, office, linked, site):
    remember(linked, "project", by=office.inspector, now=NOW)
    other = Project.objects.create(
        code="P-2", name="红星花园", region=office.here, industry="housing", recorded_at=NOW
    )
    Alias.objects.create(
        project=other, region=office.here, name="红星", core="红星", source="", by_name="某人", at=NOW
    )
    (clue,) = told(ticket("2", RED))
    assert clue.project is None
    assert {one.project for one in Candidate.objects.filter(clue=clue)} == {site, other}


@pytest.mark.parametrize("who", ["clerk", "outsider"])
def test_who_does_not_work_the_clue_remembers_nothing(office, linked, who):
    with pytest.raises(Refused, match="没有办理"):
        remember(linked, "project", by=getattr(office, who), now=NOW)
    assert not Alias.objects.exists()


def test_nothing_is_remembered_of_what_nobody_linked(told, office, site):
    (clue,) = told(ticket("1", "东台安置房工地欠我们14个木工工资，三个月没发。"))
    with pytest.raises(Refused, match="先由人对应"):
        remember(clue, "project", by=office.inspector, now=NOW)
    with pytest.raises(Refused, match="没有这一项"):
        remember(clue, "people", by=office.inspector, now=NOW)


def test_of_an_employer_the_words_for_who_owes_are_the_name(told, office):
    firm = Employer.objects.create(uscc=uscc(1), name="云州众力劳务有限公司", region=office.here)
    (clue,) = told(ticket("1", "包工头孙大有拖欠我工资2万元，三个月没发。"))
    assert clue.debtor == "孙大有"
    correct(clue, "employer", str(firm.pk), why="营业执照是他", by=office.inspector, now=NOW)
    clue.refresh_from_db()
    assert words(clue, "employer") == "孙大有"
    remember(clue, "employer", by=office.inspector, now=NOW)
    (again,) = told(ticket("2", "包工头孙大有拖欠我们5个人工资6万元，半年没发。"))
    assert again.employer == firm
