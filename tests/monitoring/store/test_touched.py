"""A later snapshot reads the months that can have changed, and is the one that reading everything gives."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anxin.evidence import journal
from anxin.evidence.models import JournalEntry
from anxin.funds.models import AccountBalance, SpecialAccount
from anxin.monitoring import snapshot
from anxin.monitoring.store import writing
from anxin.monitoring.store.partitions import split
from anxin.monitoring.store.places import Place
from anxin.monitoring.store.writing import write_snapshot
from anxin.payroll.models import PayrollLine
from anxin.registry.models import Employer
from anxin.signals.models import CardFlow, InsuranceMonth
from anxin.workforce.deriving import derive_days, resolve_open
from anxin.workforce.models import Enrolment
from tests.monitoring import factories as make
from tests.workforce import gates

pytestmark = pytest.mark.django_db

#: the moment of the first snapshot; what the records say came long before it
THEN = make.at("2026-11-10", 22)
LATER = make.at("2026-11-20", 22)
NEW = make.at("2026-11-19")
MONTHS = ("2026-08", "2026-09", "2026-10")
NARROW = ("payroll_lines", "attendance", "account_balances", "employer_months", "punch_days", "card_flows")


@pytest.fixture
def site(actor):
    """Two people on a site over three months, in every table that grows with the months."""
    site = make.project()
    account = SpecialAccount.objects.create(
        project=site, opened_on=dt.date(2026, 1, 5), recorded_at=make.EARLY
    )
    firm = Employer.objects.create(uscc="91990101MA00000018", name="虚构单位")
    gate, people = gates.device(site), [make.worker(1), make.worker(2)]
    make.enrol(site, *people)
    for month in MONTHS:
        for person in people:
            make.line(site, month, person)
        make.attend(site, people[0], f"{month}-05")
        make.attend_month(site, people[1], month, "20")
        AccountBalance.objects.create(
            account=account, on=f"{month}-28", balance_fen=100, recorded_at=make.EARLY
        )
        InsuranceMonth.objects.create(employer=firm, month=month, insured=12, recorded_at=make.EARLY)
        flow(month)
    # a person of the roster, and one whom nobody knows yet
    rows = [
        gates.row(1, people[0], gates.at("07:30")),
        gates.row(2, None, gates.at("07:31", 40), id_number=make.id_number(3)),
    ]
    gates.send(gate, rows, now=gates.at("20:00", 40))
    derive_days(site.pk, now=gates.at("21:00", 40))
    journal.record(
        actor=actor, action="test.recorded", object_type="test", object_id="1", summary="已记录", now=THEN
    )
    return site


def flow(month: str, **fields) -> CardFlow:
    values = {"amount_fen": 5_000, "recorded_at": make.EARLY, **fields}
    return CardFlow.objects.create(card_hash="c1", at=make.at(f"{month}-20"), to_hash="x", **values)


@pytest.fixture
def write(tmp_path, actor):
    place = Place.at(str(tmp_path / "facts"))

    def run(moment: dt.datetime, where: Place = place, *, as_of: dt.date | None = None, **options):
        shown = as_of or moment.date()
        return write_snapshot(where, as_of=shown, known_at=moment, actor=actor, now=moment, **options)

    return run


@pytest.fixture
def read(monkeypatch):
    """Table → months of the rows that came from the database, as the latest snapshot asked for them."""
    seen: dict[str, list[str]] = {}
    real = snapshot.each

    def watched(**options):
        for name, table in real(**options):
            seen[name] = [month for month, rows in split(name, table) if rows.num_rows]
            yield name, table

    monkeypatch.setattr(snapshot, "each", watched)
    return seen


@pytest.fixture
def same(tmp_path, write):
    """Whether a snapshot is the one that a place without a former one gets."""
    count = itertools.count()

    def held(done, moment: dt.datetime, **options) -> bool:
        afresh = write(moment, Place.at(str(tmp_path / f"afresh{next(count)}")), **options)
        assert done.manifest.rows == afresh.manifest.rows
        return done.manifest.tables == afresh.manifest.tables

    return held


def narrow(read) -> dict[str, list[str]]:
    return {name: read[name] for name in NARROW if read[name]}


def test_the_first_snapshot_reads_all_months(site, write, read):
    done = write(THEN)
    assert set(narrow(read)) == set(NARROW)
    assert set(read["payroll_lines"]) == set(MONTHS)
    assert done.read == done.manifest.rows


def test_nothing_arrived_and_the_day_is_the_same_no_month_is_read_but_the_one_that_loses_days(
    site, write, read, same
):
    first = write(THEN)
    second = write(THEN + dt.timedelta(days=1), as_of=THEN.date())
    assert narrow(read) == {}
    assert second.read < first.read and second.written == ()
    assert same(second, THEN + dt.timedelta(days=1), as_of=THEN.date())


@pytest.mark.parametrize("month", MONTHS)
def test_a_line_that_arrived_brings_its_month_alone(site, write, read, same, month):
    write(THEN)
    make.line(site, month, make.worker(3), recorded_at=NEW)
    done = write(LATER)
    assert narrow(read) == {"payroll_lines": [month]}
    assert [file.rpartition("/")[0] for file in done.written] == [f"payroll_lines/month={month}"]
    assert same(done, LATER)


def test_a_line_that_was_replaced_brings_its_month(site, write, read, same):
    write(THEN)
    PayrollLine.objects.filter(payroll__month="2026-08", worker=make.worker(1)).update(superseded_at=NEW)
    done = write(LATER)
    assert narrow(read) == {"payroll_lines": ["2026-08"]}
    assert same(done, LATER)


def test_what_came_while_the_former_snapshot_was_read_is_read_again(site, write, read, same):
    begun = THEN - dt.timedelta(hours=2)  # a long delivery: it bears the moment at which it began
    write(THEN)
    make.line(site, "2026-09", make.worker(3), recorded_at=begun)
    done = write(LATER)
    assert narrow(read) == {"payroll_lines": ["2026-09"]}
    assert same(done, LATER)


def test_days_that_have_come_bring_their_months(site, write, read, same):
    make.attend(
        site, make.worker(1), "2026-11-08", "2026-11-15"
    )  # the second is still to come on the first day
    write(THEN)
    done = write(LATER)
    assert narrow(read) == {"attendance": ["2026-11"]}
    assert same(done, LATER)


def test_months_that_are_no_longer_looked_at_go(site, write, read, same):
    write(THEN)
    moment = make.at("2027-12-15", 22)
    done = write(moment)
    assert [part.month for part in done.manifest.tables["employer_months"]] == ["2026-09", "2026-10"]
    assert done.manifest.tables["card_flows"] == done.manifest.tables["punch_days"] == ()
    assert narrow(read) == {}
    assert same(done, moment)


def test_the_first_month_of_card_flows_loses_its_days_with_the_day(site, write, same):
    kept = [
        len(write(THEN + dt.timedelta(days=days)).manifest.tables["card_flows"]) for days in range(0, 121, 60)
    ]
    assert kept[0] > kept[-1]
    last = THEN + dt.timedelta(days=120)
    assert same(write(last), last)


def test_a_person_who_is_found_for_old_punches_brings_their_month(site, write, read, same):
    before = write(THEN)
    Enrolment.objects.create(project=site, worker=make.worker(3), recorded_at=NEW)
    assert resolve_open(site.pk) == 1
    derive_days(site.pk, now=NEW)
    done = write(LATER)
    assert "2026-10" in read["punch_days"] and read["payroll_lines"] == []
    rows = [sum(part.rows for part in one.manifest.tables["punch_days"]) for one in (before, done)]
    assert rows == [1, 2]
    assert same(done, LATER)


def test_a_file_that_is_gone_is_read_again(site, write, read, same, tmp_path):
    lost = write(THEN).manifest.tables["payroll_lines"][1]
    (tmp_path / "facts" / lost.file).unlink()
    done = write(LATER)
    assert read["payroll_lines"] == [lost.month]
    assert lost.file in done.written
    assert same(done, LATER)


def test_records_of_another_database_are_read_whole(site, write, read):
    write(THEN)
    JournalEntry.objects.update(hash="0" * 64)
    done = write(LATER)
    assert set(read["payroll_lines"]) == set(MONTHS)
    assert done.read == done.manifest.rows


@pytest.mark.parametrize("changed", ["code", "day before", "asked"])
def test_what_the_marks_cannot_tell_is_read_whole(site, write, read, same, monkeypatch, changed):
    write(THEN)
    if changed == "code":
        monkeypatch.setattr(writing, "code_version", lambda: "other")
    back = {"as_of": dt.date(2026, 10, 31)} if changed == "day before" else {}
    done = write(LATER, **back, whole=changed == "asked")
    assert set(read["payroll_lines"]) == set(MONTHS)
    assert done.read == done.manifest.rows
    assert same(done, LATER, **back)


@settings(max_examples=6)
@given(st.lists(st.tuples(st.sampled_from("laefr"), st.integers(0, 11), st.integers(1, 3)), max_size=8))
def test_whatever_arrives_a_later_snapshot_is_the_whole_one(site, tmp_path_factory, write, same, steps):
    where = Place.at(str(tmp_path_factory.mktemp("place")))
    moment = THEN
    write(moment, where)
    for kind, back, days in steps:
        arrived = moment + dt.timedelta(hours=1)
        moment += dt.timedelta(days=days)
        arrive(site, kind, f"{2026 if back < 10 else 2025}-{(9 - back) % 12 + 1:02d}", arrived)
        done = write(moment, where)
    assert not steps or same(done, moment)


def arrive(site, kind: str, month: str, moment: dt.datetime) -> None:
    serial = 10 + PayrollLine.objects.count()
    if kind == "l":
        make.line(site, month, make.worker(serial), recorded_at=moment)
    elif kind == "a":
        make.attend(site, make.worker(serial), f"{month}-11", recorded_at=moment)
        make.line(site, month, make.worker(serial), recorded_at=moment)
    elif kind == "e":
        InsuranceMonth.objects.filter(month=month, superseded_at=None).update(superseded_at=moment)
    elif kind == "f":
        flow(month, recorded_at=moment)
    else:
        PayrollLine.objects.filter(payroll__month=month, superseded_at=None).update(superseded_at=moment)
