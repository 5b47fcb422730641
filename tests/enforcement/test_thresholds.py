"""Who passed a line in a month: counted once a dispute, by a stated rule; a person drafts and opens the interview."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.accounts.models import Grant, User
from anxin.clues.models import Claimant, Clue, Correction, Telling
from anxin.enforcement.bulletins import draft_bulletin, open_interview, visible_bulletins
from anxin.enforcement.models import Bulletin
from anxin.enforcement.thresholds import RULES, lines, reached
from anxin.evidence.sealing import Sealed
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.referral.dispute_people import RULE as PEOPLE_RULE
from anxin.referral.models import Conclusion
from anxin.referral.owed import RULE
from anxin.referral.referring import facts_of
from anxin.registry.models import Employer, Participation
from tests.casework.conftest import day
from tests.enforcement.test_emergencies import call
from tests.monitoring import factories as make

MARCH = Month(2026, 3)
NOW = make.at("2026-03-31")


@pytest.fixture
def firm(db) -> Employer:
    return Employer.objects.create(uscc="91990102MA0000001X", name="某建工公司", region=make.region("990102"))


@pytest.fixture
def site(firm):
    project = make.project("SITE", region_code="990102")
    Participation.objects.create(project=project, employer=firm, role="general_contractor")
    return project


def clue(number: int, **fields) -> Clue:
    values = {
        "number": f"990102〔2026〕线索{number:05d}号", "channel": "hotline", "region": make.region("990102"),
        "received_at": make.at("2026-03-10"), "recorded_at": make.at("2026-03-10"), "title": f"第{number}条",
        "arrears": True, "construction": True, **fields,
    }  # fmt: skip
    return Clue.objects.create(**values)


def counts(month: Month = MARCH, region: str = "990102") -> dict[tuple[str, str], int]:
    found = reached(month, make.region(region), local_law.current())
    return {(one.line.kind, one.employer.name): one.count for one in found}


def test_more_than_ten_clues_of_a_contractor_pass_the_line_and_ten_do_not(firm, site):
    for number in range(10):
        clue(number, project=site)
    assert counts() == {}
    clue(10, employer=firm)
    assert counts() == {("clues", "某建工公司"): 11}


def test_merged_clues_count_once_and_what_is_no_wages_or_no_construction_or_unread_not_at_all(firm, site):
    first = clue(0, project=site)
    for number in range(1, 8):
        clue(number, project=site, dispute=first)
    for number, fields in enumerate(
        ({"arrears": False}, {"arrears": None}, {"received_at": make.at("2026-02-28")},
         {"received_at": make.at("2026-04-01")}, {"region": make.region("990201")}), 20,
    ):  # fmt: skip
        clue(number, project=site, **fields)
    clue(27, employer=firm, construction=False)
    for number in range(30, 39):
        clue(number, project=site)
    assert counts() == {}
    clue(40, project=site)
    assert counts() == {("clues", "某建工公司"): 11}


def test_what_belongs_to_a_project_is_construction_here_as_where_it_is_routed(firm, site):
    for number in range(10):
        clue(number, project=site, construction=False)
    clue(10, employer=firm, construction=False)
    assert counts() == {}, "ten do not pass"
    one = clue(11, project=site, construction=False)
    assert counts() == {("clues", "某建工公司"): 11}
    assert facts_of(one, local_law.current(), MARCH.last_day).about == "construction"
    assert "以及已关联项目的" in RULES["clues"]


def no_longer_wages(number: int, *, reviewed: str = "", **fields) -> Clue:
    """Read as wages owed, corrected to no by one person; answered directly with a second one's yes on a day."""
    made = clue(number, arrears=False, **fields)
    Correction.objects.create(
        clue=made, field="arrears", was="是", became="否", value=False, why="来电人说不是工资",
        by_name="某甲", at=make.at("2026-03-12"),
    )  # fmt: skip
    if reviewed:
        at = make.at(reviewed)
        Conclusion.objects.create(
            clue=made, name="直接答复", outcome="answered", words="已经电话答复。", standing="answered", by="1",
            by_name="某甲", at=at, reviewed_by="2", reviewed_by_name="某乙", reviewed_at=at, told_at=at,
        )  # fmt: skip
    return made


def test_what_one_person_corrected_to_no_counts_until_a_second_one_agreed(firm, site):
    for number in range(8):
        clue(number, project=site)
    no_longer_wages(20, project=site)
    no_longer_wages(21, project=site, reviewed="2026-03-20")
    clue(22, project=site, arrears=False)  # never read as wages: not counted
    # agreed only in April: the number of March stays what it was
    no_longer_wages(23, project=site, reviewed="2026-04-02")
    assert counts() == {}, "ten do not pass"
    no_longer_wages(24, project=site, people=12)
    assert counts() == {("clues", "某建工公司"): 11, ("collective", "某建工公司"): 1}
    assert RULE in RULES["clues"] and RULE in RULES["collective"]


def test_a_clue_that_names_the_contractor_of_its_own_project_counts_once_for_it(firm, site):
    for number in range(11):
        clue(number, project=site, employer=firm)
    assert counts() == {("clues", "某建工公司"): 11}


@pytest.mark.parametrize(("people", "passes"), [(9, False), (10, True)])
def test_a_dispute_of_ten_people_passes_and_of_nine_does_not(firm, people, passes):
    first = clue(1, employer=firm, people=3)
    clue(2, employer=firm, people=people, dispute=first)
    assert counts() == ({("collective", "某建工公司"): 1} if passes else {})


def listed(on: Clue, *serials: int) -> None:
    """People of a list, by their ID number; 0 is somebody without one."""
    for number, serial in enumerate(serials, on.claimants.count() + 1):
        Claimant.objects.create(
            clue=on, number=number, name_hash=f"name-{serial}", id_hash=f"id-{serial}" if serial else "",
            added_at=NOW,
        )  # fmt: skip


def called(on: Clue, name: str, phone: str = "") -> None:
    Telling.objects.create(
        clue=on, mark=f"{on.pk}{name}", title=Sealed.of(""), text=Sealed.of("欠薪"), recorded_at=NOW,
        name=Sealed.of(name) if name else None, phone_hash=phone,
    )  # fmt: skip


def people(firm, count: int, said: int | None) -> list[Clue]:
    """So many clues of one dispute that say each the same number."""
    first = clue(1, employer=firm, people=said)
    return [first, *(clue(2 + n, employer=firm, people=said, dispute=first) for n in range(count - 1))]


@pytest.mark.parametrize(("last", "passes"), [(10, True), (8, False)])
def test_merged_clues_of_three_people_each_count_everybody_of_their_lists_once(firm, last, passes):
    rows = people(firm, 4, 3)
    for row, serials in zip(rows, ((1, 2, 3), (4, 5, 6), (7, 8, 9), (1, 9, last)), strict=True):
        listed(row, *serials)
    assert counts() == ({("collective", "某建工公司"): 1} if passes else {})
    if passes:
        (found,) = reached(MARCH, make.region("990102"), local_law.current())
        assert found.rows[0]["people"] == 10


def test_who_left_a_list_or_has_no_number_but_a_name_that_is_there_is_nobody_more(firm):
    first, second = people(firm, 2, None)
    listed(first, *range(1, 10), 10)
    listed(second, 0)
    Claimant.objects.filter(id_hash="id-10").update(left_at=NOW)
    assert counts() == {("collective", "某建工公司"): 1}, "nine by number and one by another name"
    Claimant.objects.filter(id_hash="").update(name_hash="name-9")
    assert counts() == {}


def test_a_list_of_few_does_not_make_a_stated_number_smaller(firm):
    (row,) = people(firm, 1, 12)
    listed(row, 1, 2)
    assert counts() == {("collective", "某建工公司"): 1}


@pytest.mark.parametrize(
    ("name", "phone", "passes"),
    [("某工人9", "p9", True), ("某工人9", "p3", False), ("某工人3", "p9", False), ("", "p9", False)],
)
def test_ten_callers_are_ten_people_and_one_who_called_twice_or_said_no_name_is_not(
    home, firm, name, phone, passes
):
    rows = people(firm, 10, 1)
    for number, row in enumerate(rows[:9]):
        called(row, f"某工人{number}", f"p{number}")
    called(rows[9], name, phone)
    assert counts() == ({("collective", "某建工公司"): 1} if passes else {})
    assert PEOPLE_RULE in RULES["collective"]


def test_a_gathering_counts_and_a_drill_does_not(world, firm):
    call(world, employer=firm, drill=True)
    assert counts() == {}
    call(world, employer=firm)
    assert counts() == {("collective", "某建工公司"): 1}


def test_ten_single_arbitration_matters_of_one_employer_pass(world, firm):
    for number in range(10):
        assert counts() == {}
        procedure = "arbitration" if number % 2 else "arbitration_simple"
        world.matter(procedure, employer=firm, title=f"第{number}件", on=day("2026-03-02"))
    assert counts() == {("arbitration", "某建工公司"): 10}
    assert counts(MARCH.plus(1)) == {}


def test_the_line_says_where_it_comes_from(db):
    found = {line.kind: line.words for line in lines(local_law.current(), MARCH, make.region("990102"))}
    assert found["clues"].startswith("超过10条（")
    assert "《中华人民共和国劳动争议调解仲裁法》第七条" in found["collective"]


def drafted(world, firm, **fields):
    values = {"kind": "collective", "employer": firm, "month": MARCH, "region": world.region, "lead": world.lead,
              "by": world.inspector, "now": NOW, "law": local_law.current(), **fields}  # fmt: skip
    return draft_bulletin(**values)


def test_a_draft_keeps_the_count_with_its_rule_and_rows_whatever_comes_later(world, firm):
    row = clue(1, employer=firm, people=12)
    made = drafted(world, firm)
    Clue.objects.filter(pk=row.pk).update(people=2)
    made.refresh_from_db()
    assert (made.count, made.rows[0]["people"], made.rows[0]["number"]) == (1, 12, row.number)
    assert "达到10人" in made.line
    with pytest.raises(Refused, match="没有到通报的线"):
        drafted(world, firm)
    Clue.objects.filter(pk=row.pk).update(people=12)
    with pytest.raises(Refused, match="已经起草"):
        drafted(world, firm)


def test_nothing_is_drafted_or_opened_by_itself(world, firm):
    clue(1, employer=firm, people=12)
    counts()
    assert not Bulletin.objects.exists()
    assert drafted(world, firm).interview is None


def test_a_person_opens_the_joint_interview_once_with_the_bodies_that_take_part(world, firm):
    clue(1, employer=firm, people=12)
    made = drafted(world, firm)
    matter = open_interview(
        made, supporting=[world.helper_body], by=world.inspector, now=NOW, law=local_law.current()
    )
    assert (matter.procedure, matter.employer, matter.lead) == ("interview", firm, world.lead)
    assert list(matter.supporting.all()) == [world.helper_body]
    with pytest.raises(Refused, match="已经由这份通报"):
        open_interview(made, supporting=[], by=world.inspector, now=NOW, law=local_law.current())


def test_half_a_view_drafts_nothing_and_elsewhere_there_is_nothing(world, firm):
    clue(1, employer=firm, people=12)
    housing = User.objects.create(username="housing")
    Grant.objects.create(user=housing, role="inspector", region="9901", industry="housing")
    for person in (housing, world.helper, world.stranger, world.clerk):
        with pytest.raises(Refused, match="没有权限"):
            drafted(world, firm, by=person)
    drafted(world, firm)
    assert visible_bulletins(world.inspector).count() == 1
    for person in (housing, world.stranger):
        assert not visible_bulletins(person).exists()


def test_counting_costs_the_same_with_many(world, firm, site, django_assert_max_num_queries):
    for number in range(30):
        clue(
            number,
            project=site,
            people=number,
            received_at=make.at("2026-03-10") + dt.timedelta(hours=number),
        )
    law = local_law.current()
    region = make.region("990102")
    with django_assert_max_num_queries(7):
        assert reached(MARCH, region, law)
