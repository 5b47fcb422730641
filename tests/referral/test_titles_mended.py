"""Titles written down before today's masking are mended once, with the matters they became; the words stay sealed."""

from __future__ import annotations

import datetime as dt
from importlib import import_module

import pytest
from django.apps import apps

from anxin.casework.models import Matter
from anxin.clues.intake import Voice, take_in
from anxin.clues.models import Clue, Telling
from anxin.evidence.journal import SYSTEM
from anxin.referral import services
from tests.referral.clues import READ
from tests.referral.conftest import NOW

mending = import_module("anxin.referral.migrations.0010_titles_masked_as_today")
SAID = "赵某某反映欠薪12000元，座机8765432，手机13900001234"
WAS = "赵某某反映欠薪12000元，座机8765432，手机139****1234"
NOW_READS = "赵**反映欠薪12000元，座机*******，手机139****1234"


@pytest.fixture
def clue(city) -> Clue:
    """As an earlier version left it: its title, its place and its matter's title unmasked."""
    voice = Voice(
        channel="hotline", kind="complaint", region="990101", received_at=NOW - dt.timedelta(hours=2),
        title=SAID, text="工资一直没有发。", name="赵某某", place="东台安置房，电话8765432", project=city.site, employer=city.firm,
    )  # fmt: skip
    (made,) = take_in([voice], actor=SYSTEM, now=NOW)
    Clue.objects.filter(pk=made.pk).update(title=WAS, **READ)
    Telling.objects.filter(clue=made).update(place="东台安置房，电话8765432")
    found = Clue.objects.get(pk=made.pk)
    services.refer(found, by=city.desk, now=NOW, law=city.law)
    return found


def test_title_place_and_matter_are_masked_as_if_told_today(clue):
    assert WAS in Matter.objects.get().title
    follower = Matter.objects.get()
    before, follower.pk, follower.number = follower.pk, None, "后续1号"
    follower.follows_id = before
    follower.save()

    mending.mask(apps, None)

    clue.refresh_from_db()
    assert clue.title == NOW_READS
    assert Telling.objects.get().place == "东台安置房，电话*******"
    assert {one.title for one in Matter.objects.all()} == {f"众力劳务欠4人工资18,600.00元：{NOW_READS}"}
    assert Telling.objects.get().title.open() == SAID


def test_a_second_time_changes_nothing_and_a_broken_seal_stops_nothing(clue):
    Telling.objects.update(title=b"\x01broken")
    mending.mask(apps, None)
    mending.mask(apps, None)
    clue.refresh_from_db()
    assert clue.title == "赵某某反映欠薪12000元，座机*******，手机139****1234"
