"""Registering: what is kept, what is refused, and what the journal says."""

import datetime as dt

import pytest

from anxin.evidence.journal import verify
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.registry import services
from anxin.registry.models import Employer, Project

USCC = "91990101MA00000019"


def valid_uscc():
    from stdnum.cn import uscc

    return USCC[:-1] + uscc.calc_check_digit(USCC[:-1])


def test_registering_a_project_leaves_one_entry_that_names_it(first):
    entry = JournalEntry.objects.filter(action="registry.recorded", object_type="project").get()
    assert entry.after["project_ids"] == [first.pk]
    assert entry.after["region"] == "990101"
    assert verify().intact


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": " "}, "code"),
        ({"code": "P-2"}, "code"),
        ({"name": ""}, "name"),
        ({"name": "长" * 121}, "name"),
        ({"industry": "mining"}, "industry"),
        ({"state": "lost"}, "state"),
        ({"pay_day": 0}, "pay_day"),
        ({"pay_day": 32}, "pay_day"),
        ({"pay_month_offset": 2}, "pay_month_offset"),
        ({"contract_fen": 0}, "contract_fen"),
        (
            {"commencement": dt.date(2026, 5, 2), "planned_completion": dt.date(2026, 5, 1)},
            "planned_completion",
        ),
        ({"state": "completed"}, "completion"),
        ({"recorded_at": None}, "recorded_at"),
    ],
)
def test_what_cannot_be_right_is_refused_at_its_field_and_changes_nothing(
    changes, field, first, second, now, actor
):
    entries = JournalEntry.objects.count()
    with pytest.raises(Refused) as refusal:
        services.update_project(first.pk, changes=changes, actor=actor, now=now)
    assert refusal.value.field == field
    assert str(refusal.value).endswith("。")
    assert Project.objects.get(pk=first.pk).name == "甲区学校工程"
    assert JournalEntry.objects.count() == entries


def test_a_change_is_journalled_with_before_and_after_and_the_same_again_is_not(first, now, actor):
    services.update_project(first.pk, changes={"pay_day": 15}, actor=actor, now=now)
    entry = JournalEntry.objects.order_by("-sequence").first()
    assert (entry.before, entry.after) == ({"pay_day": None}, {"pay_day": 15, "project_ids": [first.pk]})
    services.update_project(first.pk, changes={"pay_day": 15}, actor=actor, now=now)
    assert JournalEntry.objects.order_by("-sequence").first() == entry


def test_an_employer_is_known_by_a_right_credit_code_once(county, now, actor):
    employer = services.register_employer(
        uscc=f" {valid_uscc().lower()} ", name="演示建筑公司", actor=actor, now=now
    )
    assert employer.uscc == valid_uscc()
    with pytest.raises(Refused, match="已登记为“演示建筑公司”"):
        services.register_employer(uscc=valid_uscc(), name="另一个", actor=actor, now=now)
    wrong = valid_uscc()[:-1] + ("0" if valid_uscc()[-1] != "0" else "1")
    with pytest.raises(Refused, match="校验码不对"):
        services.register_employer(uscc=wrong, name="错码公司", actor=actor, now=now)
    assert Employer.objects.count() == 1


def test_a_participant_is_added_once_and_can_be_taken_back(first, now, actor):
    employer = services.register_employer(uscc=valid_uscc(), name="演示建筑公司", actor=actor, now=now)
    added = services.add_participant(
        first, employer=employer, role="general_contractor", actor=actor, now=now
    )
    entries = JournalEntry.objects.count()
    again = services.add_participant(
        first, employer=employer, role="general_contractor", actor=actor, now=now
    )
    assert (again.pk, JournalEntry.objects.count()) == (added.pk, entries)
    with pytest.raises(Refused):
        services.add_participant(first, employer=employer, role="neighbour", actor=actor, now=now)
    services.remove_participant(added, actor=actor, now=now)
    assert not first.participations.exists()
    assert JournalEntry.objects.count() == entries + 1


def test_an_organisation_code_is_given_once(body, now, actor):
    with pytest.raises(Refused, match="已登记为“演示住建局”"):
        services.register_organisation(code="ZJ", name="别的局", kind="bank", actor=actor, now=now)
    with pytest.raises(Refused, match="类别"):
        services.register_organisation(code="X", name="别的局", kind="club", actor=actor, now=now)


def test_the_same_approval_is_recorded_once(first, now, actor):
    services.record_approval(first, kind="施工许可证", number="演示1号", actor=actor, now=now)
    with pytest.raises(Refused, match="已登记"):
        services.record_approval(first, kind="施工许可证", number="演示1号", actor=actor, now=now)
    assert first.approvals.count() == 1
