"""Punches in the fact tables: by day, person and device, as they had arrived at a moment."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.monitoring import snapshot
from anxin.monitoring.models import Sweep, Warning
from anxin.monitoring.services import sweep
from anxin.workforce.models import Enrolment, Punch, PunchBatch
from tests.monitoring import factories as make
from tests.workforce import gates

pytestmark = pytest.mark.django_db

DAY = gates.MORNING.date()
LATER = dt.timedelta(days=1)


def take(*, as_of: dt.date = DAY + LATER, known_at: dt.datetime | None = None, project_ids=None):
    known_at = known_at or gates.at("23:00", 30)
    found = snapshot.take(as_of=as_of, known_at=known_at, project_ids=project_ids)
    return found["punch_days"].to_pylist()


@pytest.fixture
def site():
    return make.project()


def from_file(
    site, worker, *moments: dt.datetime, received: dt.datetime, withdrawn: dt.datetime | None = None
):
    """Punches as a delivered file leaves them: every one later than it happened."""
    counts = dict.fromkeys(("rows", "kept"), len(moments)) | dict.fromkeys(
        ("repeated", "refused", "unresolved", "backfilled"), 0
    )
    batch = PunchBatch.objects.create(project=site, received_at=received, **counts)
    for moment in moments:
        Punch.objects.create(
            batch=batch, project=site, worker=worker, at=moment, backfilled=True,
            withdrawn_at=withdrawn, person_key=worker.id_hash,
        )  # fmt: skip


def test_a_day_at_one_gate_is_one_row_with_first_last_and_count_in_local_time(site):
    gate, person = gates.device(site), gates.enrol(site, 1)
    times = ("07:31", "12:02", "18:05")
    rows = [gates.row(place, person, gates.at(text)) for place, text in enumerate(times, 1)]
    gates.send(gate, rows, now=gates.at("18:06"))
    assert take() == [
        {
            "project_id": site.pk,
            "worker_key": str(person.pk),
            "day": DAY,
            "device": "GZ-0001",
            "first_at": dt.datetime.combine(DAY, dt.time(7, 31)),
            "last_at": dt.datetime.combine(DAY, dt.time(18, 5)),
            "punches": 3,
            "face": None,
            "backfilled": False,
        }
    ]


def test_days_and_devices_stand_apart_and_the_day_ends_at_midnight_of_the_place(site):
    one, two, person = gates.device(site), gates.device(site, "GZ-0002"), gates.enrol(site, 1)
    gates.send(
        one,
        [gates.row(1, person, gates.at("23:59")), gates.row(2, person, gates.at("00:01", 1))],
        now=gates.at("00:02", 1),
    )
    gates.send(two, [gates.row(1, person, gates.at("20:00"))], now=gates.at("20:01"))
    found = [(row["day"], row["device"], row["punches"]) for row in take()]
    assert found == [(DAY, "GZ-0001", 1), (DAY, "GZ-0002", 1), (DAY + LATER, "GZ-0001", 1)]


def test_punches_after_the_day_are_not_seen(site):
    gate, person = gates.device(site), gates.enrol(site, 1)
    rows = [gates.row(1, person, gates.at("23:59")), gates.row(2, person, gates.at("00:00", 1))]
    gates.send(gate, rows, now=gates.at("00:02", 1))
    assert [row["punches"] for row in take(as_of=DAY)] == [1]


@pytest.mark.parametrize(("known", "seen"), [("17:59", 0), ("18:00", 1)])
def test_a_punch_counts_from_the_moment_it_arrived(site, known, seen):
    gate, person = gates.device(site), gates.enrol(site, 1)
    gates.send(gate, [gates.row(1, person, gates.at("07:30"))], now=gates.at("18:00"))
    assert len(take(known_at=gates.at(known))) == seen


@pytest.mark.parametrize(("day", "seen"), [(1, 0), (2, 1), (4, 1), (5, 0)])
def test_a_punch_of_a_file_counts_until_a_later_file_withdrew_it(site, day, seen):
    person = gates.enrol(site, 1)
    span = {"received": gates.at("09:00", 2), "withdrawn": gates.at("09:00", 5)}
    from_file(site, person, gates.at("07:30"), **span)
    assert len(take(known_at=gates.at("12:00", day))) == seen


def test_a_day_is_late_only_where_the_device_sent_all_of_it_late(site):
    gate, whole, part = gates.device(site), gates.enrol(site, 1), gates.enrol(site, 2)
    late = [gates.row(1, whole, gates.at("07:30")), gates.row(2, part, gates.at("07:31"))]
    gates.send(gate, late, now=gates.at("08:00", 3))
    # the same person at the same gate, told in time on the day on which the rest arrived
    Punch.objects.filter(worker=part).update(backfilled=False)
    found = {row["worker_key"]: row["backfilled"] for row in take()}
    assert found == {str(whole.pk): True, str(part.pk): False}


def test_a_file_is_never_late(site):
    person = gates.enrol(site, 1)
    from_file(site, person, gates.at("07:30"), gates.at("18:00"), received=gates.at("09:00", 20))
    [row] = take()
    assert (row["device"], row["punches"], row["backfilled"]) == ("file", 2, False)


def test_a_person_who_is_still_open_is_nobody(site):
    gate, stranger = gates.device(site), make.worker(7)
    gates.send(gate, [gates.row(1, stranger, gates.at("07:30"))], now=gates.at("08:00"))
    assert Punch.objects.filter(worker=None).count() == 1
    assert take() == []


def two_sites(*people: tuple[int, ...]) -> list:
    """A site for each group of people, all of whom punch there on the first day."""
    sites = [make.project(f"P{place}") for place, _ in enumerate(people)]
    for place, (site, serials) in enumerate(zip(sites, people, strict=True)):
        rows = [gates.row(n, gates.enrol(site, n), gates.at("07:30")) for n in serials]
        # numbers of records go on without a hole
        rows = [row._replace(sequence=number) for number, row in enumerate(rows, 1)]
        gates.send(gates.device(site, f"GZ-{place}"), rows, now=gates.at("08:00"))
    return sites


def test_only_the_named_sites_are_taken():
    sites = two_sites((1, 2), (3,))
    assert {row["project_id"] for row in take(project_ids=[sites[1].pk])} == {sites[1].pk}
    assert take(project_ids=[]) == []


def test_people_of_a_named_site_are_seen_elsewhere_too_and_nobody_else_is():
    sites = two_sites((1, 2), (2, 3))
    shared = str(make.worker(2).pk)
    found = [(row["project_id"], row["worker_key"]) for row in take(project_ids=[sites[1].pk])]
    assert found == [
        (sites[0].pk, shared),
        (sites[1].pk, shared),
        (sites[1].pk, str(make.worker(3).pk)),
    ]


@pytest.mark.parametrize(("after", "seen"), [(123, 1), (124, 0)])
def test_only_days_that_signs_look_at_are_read(site, after, seen):
    gate, person = gates.device(site), gates.enrol(site, 1)
    gates.send(gate, [gates.row(1, person, gates.at("07:30"))], now=gates.at("08:00"))
    found = take(as_of=DAY + after * LATER, known_at=gates.at("08:00", after))
    assert len(found) == seen


def at_both(sites, person, days: int) -> None:
    """The same person the whole day at each of the sites."""
    for site in sites:
        Enrolment.objects.create(project=site, worker=person, recorded_at=gates.MORNING)
        rows = [
            gates.row(2 * day + part, person, gates.at(text, day))
            for day in range(days)
            for part, text in ((1, "07:30"), (2, "18:00"))
        ]
        gates.send(gates.device(site, f"GZ-{site.code}"), rows, now=gates.at("19:00", days))


def test_someone_at_two_sites_at_once_stays_found_when_only_one_site_is_touched():
    sites = [make.project(code) for code in ("P1", "P2")]
    at_both(sites, make.worker(1), days=3)
    day = gates.at("22:00", 20)
    moment = {"as_of": day.date(), "known_at": day, "now": day, "trigger": Sweep.Trigger.MANUAL}
    sweep(**moment)
    found = Warning.objects.filter(rule="F04", state=Warning.State.OPEN)
    assert {warning.project_id for warning in found} == {site.pk for site in sites}
    touched = sweep(**moment, project_ids=[sites[0].pk])
    assert (touched.cleared, found.count()) == (0, 2)
    assert {warning.project_id for warning in found.filter(sweep=touched)} == {sites[0].pk}


def test_more_punches_ask_no_more_queries(site, django_assert_num_queries):
    gate = gates.device(site)
    with CaptureQueriesContext(connection) as none:
        take()
    rows = [gates.row(n, gates.enrol(site, n), gates.at("07:30", n % 3)) for n in range(1, 30)]
    gates.send(gate, rows, now=gates.at("08:00", 3))
    with django_assert_num_queries(len(none)):
        assert len(take(as_of=DAY + 3 * LATER)) == 29


FACE = "9f2c" * 16


def with_face(sequence: int, worker, moment: dt.datetime, face: str):
    return gates.row(sequence, worker, moment)._replace(face=face)


def test_a_face_stands_as_a_mark_that_is_not_what_the_device_sent(site):
    gate, people = gates.device(site), [gates.enrol(site, n) for n in (1, 2, 3)]
    faces = (FACE, FACE, "")
    rows = [
        with_face(n, person, gates.at("07:30"), face)
        for n, (person, face) in enumerate(zip(people, faces, strict=True), 1)
    ]
    gates.send(gate, rows, now=gates.at("08:00"))
    first, second, third = (row["face"] for row in take())
    assert first == second != FACE
    assert third is None


@pytest.mark.parametrize("face", ["张三的照片", "short", "data:image/png;base64,AAAAAAAAAAAAAAAA"])
def test_what_is_no_hash_is_not_kept_and_the_passage_counts(site, face):
    gate, person = gates.device(site), gates.enrol(site, 1)
    received = gates.send(gate, [with_face(1, person, gates.at("07:30"), face)], now=gates.at("08:00"))
    assert (received.kept, received.refused) == (1, [])
    assert [row["face"] for row in take()] == [None]


def test_one_face_for_three_people_on_several_days_is_a_sign(site):
    gate, people = gates.device(site), [gates.enrol(site, n) for n in range(1, 6)]
    own = {4: "aa" * 16, 5: "bb" * 16}
    rows = [
        with_face(5 * day + n, person, gates.at("07:30", day), own.get(n, FACE))
        for day in range(4)
        for n, person in enumerate(people, 1)
    ]
    gates.send(gate, rows, now=gates.at("08:00", 4))
    day = gates.at("22:00", 20)
    sweep(as_of=day.date(), known_at=day, now=day, trigger=Sweep.Trigger.MANUAL)
    sign = Warning.objects.get(rule="F06")
    assert (sign.people, sign.project_id) == (3, site.pk)
