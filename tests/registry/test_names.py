"""The names that a process keeps: what changes is read again, and nothing else is."""

from __future__ import annotations

import pytest
from django.db import transaction

from anxin.evidence.models import JournalEntry, JournalHead
from anxin.registry import names, services
from anxin.registry.employers import take_in_employers
from anxin.registry.models import Employer, Project
from tests.signals.conftest import uscc


@pytest.fixture
def laid_out(monkeypatch) -> list[str]:
    """Which kinds were read from the beginning, in their order."""
    read, seen = names.Names._read, []

    def counted(kept):
        seen.append(kept._object_type)
        return read(kept)

    monkeypatch.setattr(names.Names, "_read", counted)
    return seen


@pytest.fixture
def firm(county, actor, now):
    return lambda number, name: services.register_employer(
        uscc=uscc(number), name=name, region=county["990101"], actor=actor, now=now
    )


def found(kept: names.Names, text: str) -> list[int]:
    return [one.key for one in kept.index().find(text)]


def test_it_is_laid_out_once_and_then_costs_one_query(firm, laid_out, django_assert_num_queries):
    one = firm(1, "云州众力劳务有限公司")
    assert found(names.employers, "众力劳务") == [one.pk]
    with django_assert_num_queries(1):
        assert found(names.employers, "众力劳务") == [one.pk]
    assert laid_out == ["employer"]


def test_what_is_registered_and_renamed_later_is_found_without_reading_all_again(
    firm, first, laid_out, actor, now
):
    kept = firm(1, "云州众力劳务有限公司")
    assert found(names.employers, "同心劳务") == [] and found(names.projects, "甲区学校") == [first.pk]
    later = firm(2, "云州同心劳务有限公司")
    assert found(names.employers, "同心劳务") == [later.pk]
    take_in_employers(
        [(kept.uscc, "云州长风劳务有限公司", "990101"), (uscc(3), "云州青禾食品厂", "990101")],
        source="登记", actor=actor, now=now,
    )  # fmt: skip
    assert found(names.employers, "众力劳务") == [] and found(names.employers, "长风劳务") == [kept.pk]
    assert found(names.employers, "青禾食品厂") == [Employer.objects.get(uscc=uscc(3)).pk]
    services.update_project(first.pk, changes={"name": "东台安置房工程"}, actor=actor, now=now)
    assert found(names.projects, "东台安置房") == [first.pk] and found(names.projects, "甲区学校") == []
    assert laid_out == ["employer", "project"]


def test_a_site_that_is_finished_is_still_found(first, actor, now):
    services.update_project(
        first.pk, changes={"state": Project.State.COMPLETED, "completion": now.date()}, actor=actor, now=now
    )
    assert found(names.projects, "甲区学校") == [first.pk]


def test_acts_on_other_things_read_no_name_again(
    firm, first, laid_out, actor, now, django_assert_num_queries
):
    firm(1, "云州众力劳务有限公司")
    names.employers.index()
    services.record_approval(first, kind="立项批复", number="1号", actor=actor, now=now)
    with django_assert_num_queries(2):  # how far the journal is, and what it says since
        names.employers.index()
    assert laid_out == ["employer"]


def test_what_was_taken_back_is_not_kept(firm, laid_out):
    firm(1, "云州众力劳务有限公司")
    try:
        with transaction.atomic():
            firm(2, "云州同心劳务有限公司")
            assert found(names.employers, "同心劳务")
            raise RuntimeError
    except RuntimeError:
        pass
    assert found(names.employers, "同心劳务") == []
    third = firm(3, "云州长风劳务有限公司")
    assert found(names.employers, "长风劳务") == [third.pk]


def test_a_number_that_another_act_was_given_shows_by_its_hash(firm, laid_out):
    """A transaction that was looked into and taken back: its number now belongs to something else."""
    firm(1, "云州众力劳务有限公司")
    try:
        with transaction.atomic():
            firm(2, "云州同心劳务有限公司")
            names.employers.index()
            raise RuntimeError
    except RuntimeError:
        pass
    other = firm(3, "云州长风劳务有限公司")
    assert found(names.employers, "同心劳务") == [] and found(names.employers, "长风劳务") == [other.pk]


def test_another_database_under_the_same_process_is_noticed(firm, laid_out):
    firm(1, "云州众力劳务有限公司")
    assert found(names.employers, "众力劳务")
    JournalEntry.objects.all().delete()
    JournalHead.objects.all().delete()
    Employer.objects.all().delete()
    assert found(names.employers, "众力劳务") == []


def test_a_delivery_that_does_not_say_which_names_changed_has_all_read_again(
    firm, laid_out, monkeypatch, actor, now
):
    kept = firm(1, "云州众力劳务有限公司")
    names.employers.index()
    monkeypatch.setattr(names, "MOST_NAMED", 0)
    take_in_employers([(kept.uscc, "云州长风劳务有限公司", "990101")], source="登记", actor=actor, now=now)
    assert found(names.employers, "长风劳务") == [kept.pk] and laid_out == ["employer", "employer"]


def test_many_changes_have_it_laid_out_anew(firm, laid_out, monkeypatch):
    firm(1, "云州众力劳务有限公司")
    names.employers.index()
    monkeypatch.setattr(names, "_MOST_LATER", 0)
    firm(2, "云州同心劳务有限公司")
    assert found(names.employers, "同心劳务") and laid_out == ["employer"]
    firm(3, "云州长风劳务有限公司")
    assert found(names.employers, "长风劳务") and laid_out == ["employer", "employer"]
