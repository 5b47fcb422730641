"""A grid worker's report: what it becomes, once however often it is sent, and what is refused."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from anxin.clues.models import Clue, Telling
from anxin.clues.services import triage_new
from anxin.evidence import files
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import JournalEntry
from anxin.grid.models import GridReport
from anxin.grid.proving import prove
from anxin.grid.reporting import Told, report
from anxin.kernel.refusal import Refused
from anxin.signals import coverage
from anxin.signals.models import BoardCheck, KnownSite
from tests.evidence.test_pictures_and_sounds import with_camera_notes
from tests.grid.conftest import photo

KEY = "a-word-of-the-phone-000{}"


def told(kind: str = "wages", **fields) -> Told:
    return Told(**{"kind": kind, "people": "many", "urgency": "ordinary", "place": "柳林路口工地", **fields})


def send(town, what: Told, *, number: int = 1, picture: bytes | None = None, by=None, now):
    data = photo() if picture is None else picture
    return report(what, key=KEY.format(number), by=by or town.worker, now=now, picture=data).report


def test_wages_owed_become_a_clue_of_the_grid_channel_on_its_site(town, now):
    kept = send(
        town, told(site=town.here.pk, place="", note="木工班说三个月没发，共18万元", urgency="now"), now=now
    )
    clue = Clue.objects.get()
    assert (kept.clue, clue.channel, clue.project, clue.region_id) == (clue, "grid", town.here, "990101001")
    assert clue.arrears is True and clue.urgency == Clue.Urgency.NOW
    triage_new(actor=SYSTEM, now=now)  # reading leaves alone what was tapped
    clue.refresh_from_db()
    assert clue.arrears is True and clue.urgency == Clue.Urgency.NOW and clue.sender_number == kept.number
    words = Telling.objects.get(clue=clue).text.open()
    assert "18万元" in words and "10到29人" in words and kept.region_id == "990101001"


@pytest.mark.parametrize("kind", ["unrest", "closing"])
def test_other_signs_become_a_clue_that_is_read_like_every_other(town, now, kind):
    kept = send(town, told(kind), picture=b"", now=now)
    assert kept.clue is not None and kept.clue.arrears is None and kept.clue.project is None
    assert not BoardCheck.objects.exists() and not KnownSite.objects.exists()


def test_a_missing_board_of_a_registered_site_is_a_look_at_it_and_elsewhere_a_clue(town, now):
    seen = now - dt.timedelta(days=2)
    kept = send(town, told("board", site=town.here.pk, place="", seen_at=seen), now=now)
    check = BoardCheck.objects.get()
    assert (check.project, check.standing, check.checked_on) == (town.here, False, seen.date())
    assert kept.board_check == check and kept.clue is None
    free = send(town, told("board"), number=2, now=now)
    assert free.clue is not None and BoardCheck.objects.count() == 1


def test_an_inspectors_own_look_of_that_day_stands_also_when_the_report_was_wrong(town, now):
    own = BoardCheck.objects.create(
        project=town.here, checked_on=now.date(), standing=True, recorded_at=now - dt.timedelta(hours=1)
    )
    kept = send(town, told("board", site=town.here.pk, place=""), now=now)
    assert kept.board_check == own
    prove(kept, right=False, words="当天检查过，牌子在东门", by=town.inspector, now=now)
    own.refresh_from_db()
    assert own.superseded_at is None


def test_a_small_site_is_listed_as_known_and_not_registered(town, now):
    kept = send(town, told("site"), now=now)
    (site,) = coverage.sites(as_of=now.date())
    assert (site.pk, site.source, site.number, site.missing) == (
        kept.known_site_id,
        "grid",
        kept.number,
        True,
    )


def test_the_same_twice_changes_nothing_and_leaves_one_journal_entry(town, now):
    first = send(town, told(), now=now)
    again = report(told(), key=KEY.format(1), by=town.worker, now=now, picture=photo())
    assert (again.report, again.repeated) == (first, True)
    assert GridReport.objects.count() == Clue.objects.count() == 1
    assert JournalEntry.objects.filter(action="grid.reported").count() == 1
    with pytest.raises(Refused, match="别的内容"):
        report(told("unrest"), key=KEY.format(1), by=town.worker, now=now)


def test_the_database_keeps_a_word_of_a_phone_once(town, now):
    kept = send(town, told("site"), now=now)
    kept.pk, kept.known_site = None, None
    kept._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.save(force_insert=True)


def test_two_people_with_the_same_word_do_not_meet(town, now):
    assert send(town, told(), now=now) != send(town, told(), by=town.other, now=now)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ({"kind": "gossip"}, "什么情况"),
        ({"people": ""}, "多少人"),
        ({"urgency": "x"}, "急不急"),
        ({"place": " "}, "写明在什么地方"),
        ({"place": "长" * 101}, "不能超过100个字"),
        ({"note": "长" * 301}, "不能超过300个字"),
        ({"region": "990102001"}, "不在您负责的网格里"),
    ],
)
def test_what_is_missing_or_too_long_is_said_and_nothing_is_kept(town, now, what, sentence):
    with pytest.raises(Refused, match=sentence):
        send(town, told(**what), now=now)
    assert not GridReport.objects.exists() and not Clue.objects.exists()


def test_a_board_and_a_small_site_need_a_photo_and_a_small_site_is_no_registered_one(town, now):
    for kind in ("board", "site"):
        with pytest.raises(Refused, match="照片"):
            send(town, told(kind), picture=b"", now=now)
    with pytest.raises(Refused, match="已经登记过"):
        send(town, told("site", site=town.here.pk), now=now)
    with pytest.raises(Refused, match="不是能打开的照片"):
        send(town, told("site"), picture=b"no picture", now=now)
    assert not GridReport.objects.exists() and not KnownSite.objects.exists()


def test_a_site_of_another_grid_and_somebody_without_a_grid_are_refused(town, now):
    with pytest.raises(Refused, match="不在您负责的网格"):
        send(town, told(site=town.there.pk), now=now)
    with pytest.raises(Refused, match="没有负责的网格"):
        send(town, told(), by=town.inspector, now=now)
    assert not GridReport.objects.exists()


def test_the_photo_is_written_anew_without_what_the_camera_noted(town, now):
    kept = send(town, told(), picture=with_camera_notes(), now=now)
    assert b"SECRET" not in files.read(kept.picture)


def test_a_clock_that_cannot_be_true_is_not_believed(town, now):
    for number, moment in enumerate((now + dt.timedelta(hours=1), now - dt.timedelta(days=31)), start=1):
        assert send(town, told(seen_at=moment), number=number, now=now).seen_at == now
    week = now - dt.timedelta(days=7)
    assert send(town, told(seen_at=week), number=3, now=now).seen_at == week


def test_found_wrong_the_site_no_longer_counts_and_that_is_said_once(town, now):
    kept = send(town, told("site"), now=now)
    prove(kept, right=False, words="是村民自建房，没有雇工", by=town.inspector, now=now)
    assert coverage.sites(as_of=now.date()) == []
    with pytest.raises(Refused, match="已经核实过"):
        prove(kept, right=True, words="再看一次是真的", by=town.inspector, now=now)


def test_found_right_the_board_check_stays(town, now):
    kept = send(town, told("board", site=town.here.pk, place=""), now=now)
    prove(kept, right=True, words="现场确实没有牌子", by=town.inspector, now=now)
    assert BoardCheck.objects.get().superseded_at is None


def test_who_may_say_whether_it_was_so(town, now):
    kept = send(town, told("site"), now=now)
    for user in (town.outsider, town.clerk, town.worker, town.housing):
        with pytest.raises(Refused, match="不在您负责的范围"):
            prove(kept, right=True, words="看过了是真的", by=user, now=now)
    with pytest.raises(Refused, match="写一句核实情况"):
        prove(kept, right=True, words="是", by=town.inspector, now=now)
    clue = send(town, told(), number=2, now=now)
    with pytest.raises(Refused, match="以线索的结论为准"):
        prove(clue, right=True, words="看过了是真的", by=town.inspector, now=now)
