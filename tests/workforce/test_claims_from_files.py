"""A file that names a known person otherwise: kept as a claim, given back, taken after a person's decision."""

from __future__ import annotations

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.kernel.refusal import Refused
from anxin.workforce.claims import decide_claim, reopen_claim
from anxin.workforce.models import Enrolment, IdentityClaim, Worker
from anxin.workforce.people import plain_name
from tests.support.deliveries import deliver, make_project, roster

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
POINTS = "·•・‧●．.･∙⋅᛫⸱⸳ꞏ·"
RARE = ["㴔小明", "堃大海", "喆一", "䶮二", "𬭎三丰", "𠮷野", "\U00031350甲"]


@pytest.fixture
def project(now):
    return make_project(now)


@pytest.fixture
def inspector():
    user = User.objects.create(username="cha", display_name="林监察")
    Grant.objects.create(user=user, role=Role.INSPECTOR, region="9901")
    return user


def test_another_name_for_a_known_number_is_a_claim_and_the_person_stays_as_registered(project, actor, now):
    deliver("roster", roster(("王小明", 1)), actor=actor, now=now)
    batch = deliver("roster", roster(("王晓明", 1), ("李大海", 2)), actor=actor, now=now, filename="新.xlsx")
    assert (batch.rows_accepted, batch.rows_rejected) == (1, 1)
    claim = IdentityClaim.objects.get()
    assert (claim.worker.name, claim.claimed_name, claim.state) == ("王小明", "王晓明", "pending")
    assert claim.source == "花名册“新.xlsx”第3行"
    assert set(Worker.objects.values_list("name", flat=True)) == {"王小明", "李大海"}


def test_after_the_decision_the_row_is_taken_and_taken_back_it_is_not(project, actor, now, inspector):
    deliver("roster", roster(("王小明", 1)), actor=actor, now=now)
    deliver("roster", roster(("王晓明", 1), team="瓦工班"), actor=actor, now=now, filename="新.xlsx")
    claim = IdentityClaim.objects.get()
    decide_claim(claim, "same_person", reason="核对身份证原件", user=inspector, now=now)
    batch = deliver("roster", roster(("王晓明", 1), team="钢筋班"), actor=actor, now=now, filename="再.xlsx")
    assert batch.rows_accepted == 1
    assert Enrolment.objects.get(superseded_at=None).team == "钢筋班"
    assert Worker.objects.get().name == "王小明"
    reopen_claim(claim, reason="原件有疑问", user=inspector, now=now)
    batch = deliver("roster", roster(("王晓明", 1), team="木工班"), actor=actor, now=now, filename="三.xlsx")
    assert batch.rows_accepted == 0
    assert IdentityClaim.objects.count() == 1


def test_the_same_decision_twice_and_one_without_reason_are_refused(project, actor, now, inspector):
    deliver("roster", roster(("王小明", 1)), actor=actor, now=now)
    deliver("roster", roster(("王晓明", 1)), actor=actor, now=now)
    claim = IdentityClaim.objects.get()
    with pytest.raises(Refused, match="依据"):
        decide_claim(claim, "mistake", reason="错", user=inspector, now=now)
    decide_claim(claim, "mistake", reason="班组抄错一字", user=inspector, now=now)
    with pytest.raises(Refused, match="已经是这个结论"):
        decide_claim(claim, "mistake", reason="班组抄错一字", user=inspector, now=now)


@pytest.mark.parametrize("point", POINTS)
def test_any_middle_point_is_the_same_name(point):
    assert plain_name(f"买买提{point}艾力") == "买买提·艾力"


@pytest.mark.parametrize("name", [*RARE, "古丽·阿依木·买买提江"])
def test_rare_characters_and_points_survive_import_and_match_again(project, actor, now, name):
    deliver("roster", roster((name, 1)), actor=actor, now=now)
    again = deliver("roster", roster((name.replace("·", "•"), 1), team="瓦工班"), actor=actor, now=now)
    assert again.rows_rejected == 0
    assert Worker.objects.get().name == name
    assert Enrolment.objects.get(superseded_at=None).team == "瓦工班"
