"""Sweeps on the database: opened, continued, worsened, cleared, and computed again."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence import journal
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.monitoring.models import Gap, Sweep, Warning, WarningEvent, WarningRow
from anxin.monitoring.services import sweep
from anxin.monitoring.sweeping import deciding_sources
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db

NOVEMBER = dt.date(2026, 11, 20)


def run(day: str = "2026-11-20", **changes) -> Sweep:
    moment = changes.pop("now", make.at(day, 22))
    values = {
        "as_of": dt.date.fromisoformat(day),
        "known_at": moment,
        "trigger": Sweep.Trigger.MANUAL,
        "now": moment,
        **changes,
    }
    return sweep(**values)


def unpaid_site(people: int = 2, code: str = "P1"):
    """October's wages were due on 13 November (the 15th is a Sunday); nothing has arrived."""
    site = make.project(code)
    lines = []
    for serial in range(1, people + 1):
        person = make.worker(serial)
        make.attend_month(site, person, "2026-10", "20")
        lines.append(make.line(site, "2026-10", person, net_fen=600_000))
    return site, lines


def the(rule: str) -> Warning:
    return Warning.objects.get(rule=rule)


def test_wages_unpaid_after_the_pay_day_open_a_warning_with_its_rows():
    unpaid_site()
    result = run()
    warning = the("W03")
    assert (warning.people, warning.amount_fen, warning.month) == (2, 1_200_000, "2026-10")
    assert warning.state == Warning.State.OPEN
    assert "12,000.00元" in warning.sentence
    assert warning.rows.count() == 2
    assert warning.act_by is not None and warning.act_by >= NOVEMBER
    assert result.opened == Warning.objects.count()
    assert result.findings == result.opened and not result.rehearsal
    assert [event.kind for event in warning.events.all()] == ["opened"]


def test_running_twice_equals_running_once():
    unpaid_site()
    run()
    before = list(Warning.objects.order_by("pk").values())
    rows = list(WarningRow.objects.order_by("pk").values("warning_id", "worker_key", "amount_fen", "keys"))
    gaps = list(Gap.objects.order_by("pk").values("fingerprint", "missing", "closed_on", "first_seen"))
    second = run()
    assert (second.opened, second.worsened, second.cleared) == (0, 0, 0)
    assert second.continued == second.findings == len(before)
    after = list(Warning.objects.order_by("pk").values())
    for old, new in zip(before, after, strict=True):
        assert {**old, "sweep_id": 0} == {**new, "sweep_id": 0}
    assert rows == list(
        WarningRow.objects.order_by("pk").values("warning_id", "worker_key", "amount_fen", "keys")
    )
    assert gaps == list(
        Gap.objects.order_by("pk").values("fingerprint", "missing", "closed_on", "first_seen")
    )
    assert WarningEvent.objects.count() == len(before)


def test_receipts_for_all_clear_the_warning_and_a_returned_one_does_not():
    _, lines = unpaid_site()
    run("2026-11-16")
    make.pay(lines[0])
    make.pay(lines[1], outcome="returned")
    eased = run("2026-11-19")
    assert eased.cleared == 0
    assert (the("W03").people, the("W03").amount_fen) == (1, 600_000)
    assert the("W03").events.last().kind == WarningEvent.Kind.EASED
    make.pay(lines[1], paid_on="2026-11-19")
    cleared = run("2026-11-20")
    assert cleared.cleared == 1
    warning = the("W03")
    assert (warning.state, warning.cleared_on) == (Warning.State.CLEARED, NOVEMBER)
    assert warning.rows.count() == 1  # what it stood on when it was last seen


def test_more_people_unpaid_is_worse_and_it_comes_back_after_clearing():
    site, lines = unpaid_site(1)
    run("2026-11-16")
    lines.append(make.line(site, "2026-10", make.worker(9)))
    worse = run("2026-11-17")
    assert worse.worsened >= 1
    assert "1人变为2人" in the("W03").events.get(kind="worsened").text
    receipts = [make.pay(line, paid_on="2026-11-17") for line in lines]
    run("2026-11-18")
    assert the("W03").state == Warning.State.CLEARED
    # the bank takes one payment back: its receipt is replaced
    receipts[0].superseded_at = make.at("2026-11-19", 8)
    receipts[0].save()
    again = run("2026-11-19")
    warning = the("W03")
    assert again.opened == 1 and warning.state == Warning.State.OPEN
    assert (warning.first_seen, warning.opened_on) == (dt.date(2026, 11, 16), dt.date(2026, 11, 19))
    assert warning.cleared_on is None
    assert [event.kind for event in warning.events.order_by("pk")] == [
        "opened",
        "worsened",
        "cleared",
        "reopened",
    ]


def test_a_higher_level_shortens_the_time_to_act_and_never_lengthens_it():
    unpaid_site()
    run("2026-11-16")
    first = the("W03")
    run("2026-12-31")
    later = the("W03")
    assert later.level > first.level
    assert later.worst_level == later.level
    assert later.act_by <= first.act_by


def test_only_the_named_projects_are_swept():
    unpaid_site(code="P1")
    other, _ = unpaid_site(code="P2")
    result = run(project_ids=[other.pk])
    assert set(Warning.objects.values_list("project_id", flat=True)) == {other.pk}
    assert result.project_ids == [other.pk]
    everything = run()
    assert everything.opened >= 1 and everything.continued >= 1


def test_a_sweep_of_one_project_clears_nothing_elsewhere():
    site, lines = unpaid_site(code="P1")
    other, _ = unpaid_site(code="P2")
    run("2026-11-16")
    for line in lines:
        make.pay(line, paid_on="2026-11-16")
    run("2026-11-17", project_ids=[other.pk])
    assert Warning.objects.get(rule="W03", project=site).state == Warning.State.OPEN


def test_missing_data_is_a_gap_and_closes_when_it_arrives():
    site = make.project(pay_day=None)
    make.line(site, "2026-10", make.worker(1))
    first = run("2026-11-16")
    assert first.gaps >= 1
    gap = Gap.objects.get(missing__contains="发薪日")
    assert gap.closed_on is None
    site.pay_day = 15
    site.save()
    run("2026-11-17")
    gap.refresh_from_db()
    assert gap.closed_on == dt.date(2026, 11, 17)


def test_a_breach_that_can_no_longer_be_judged_stays_open():
    site, _ = unpaid_site()
    run("2026-11-16")
    site.pay_day = None
    site.save()
    result = run("2026-11-17")
    warning = the("W03")
    assert warning.state == Warning.State.OPEN
    assert result.cleared == 0 and result.continued >= 1
    assert "发薪日" in "".join(Gap.objects.filter(closed_on=None).values_list("missing", flat=True))


def test_an_earlier_day_is_a_rehearsal_that_changes_nothing():
    unpaid_site()
    run("2026-11-20")
    before = list(Warning.objects.order_by("pk").values())
    rehearsal = run("2026-11-14", now=make.at("2026-11-21"))
    assert rehearsal.rehearsal
    assert {finding["rule"] for finding in rehearsal.report["findings"]} >= {"W03"}
    assert before == list(Warning.objects.order_by("pk").values())
    assert JournalEntry.objects.last().action == "monitoring.rehearsed"


def test_a_day_to_come_is_a_rehearsal_and_does_not_stop_tomorrows_sweep():
    unpaid_site()
    assert run("2027-03-01", now=make.at("2026-11-20"), known_at=make.at("2026-11-20")).rehearsal
    assert not Warning.objects.exists()
    assert not run("2026-11-20").rehearsal


def test_a_moment_that_has_not_come_is_refused():
    with pytest.raises(Refused, match="已知时刻"):
        run("2026-11-20", known_at=make.at("2026-11-25"))


def test_an_old_warning_is_computed_again_the_same_from_what_was_known_then():
    site = make.project()
    early = make.at("2026-03-05")
    lines = [make.line(site, "2026-02", make.worker(n), recorded_at=early) for n in (1, 2, 3)]
    run("2026-03-31")
    then = Warning.objects.get(rule="W03")
    measured = (then.fingerprint, then.level, then.people, then.amount_fen, then.longest_days, then.sentence)
    # afterwards: one was paid in March but the bank told in April, one line was corrected
    make.pay(lines[0], paid_on="2026-03-20", recorded_at=make.at("2026-04-02"))
    lines[1].superseded_at = make.at("2026-04-02")
    lines[1].save()
    make.line(site, "2026-02", lines[1].worker, net_fen=900_000, recorded_at=make.at("2026-04-02"))
    run("2026-04-03")
    assert Warning.objects.get(rule="W03").amount_fen == 1_500_000
    replay = run("2026-03-31", known_at=make.at("2026-03-31", 22), now=make.at("2026-04-10"))
    assert replay.rehearsal
    [again] = [found for found in replay.report["findings"] if found["rule"] == "W03"]
    assert measured == (
        again["fingerprint"],
        again["level"],
        again["people"],
        again["amount_fen"],
        again["days"],
        again["sentence"],
    )
    today = run("2026-03-31", known_at=make.at("2026-04-10"), now=make.at("2026-04-10"))
    [known_now] = [found for found in today.report["findings"] if found["rule"] == "W03"]
    assert known_now["amount_fen"] == 1_500_000


def test_a_proposed_match_is_not_money_arrived():
    _, lines = unpaid_site(1)
    make.pay(lines[0], state="proposed")
    run()
    assert the("W03").amount_fen == 600_000


def test_every_sweep_leaves_its_manifest_and_one_journal_entry():
    unpaid_site()
    result = run()
    assert len(result.parameters_hash) == 64
    assert result.code_version.count("+") == 1
    assert result.facts > 0 and "W03" in result.rules and result.engine == "duckdb"
    entries = JournalEntry.objects.filter(action="monitoring.swept")
    assert entries.count() == 1
    assert the("W03").fingerprint in entries[0].after["changed"]["opened"]
    assert journal.verify().intact


def test_an_unfinished_sweep_leaves_nothing(monkeypatch):
    """The last thing a sweep writes is its journal entry: if that fails, nothing may have stayed."""
    unpaid_site()

    def broken(**_):
        raise RuntimeError("power cut")

    monkeypatch.setattr("anxin.monitoring.sweeping.journal.record", broken)
    with pytest.raises(RuntimeError):
        run()
    assert not (Warning.objects.exists() or Sweep.objects.exists() or Gap.objects.exists())


def test_a_sweep_that_was_overtaken_reads_the_facts_again(monkeypatch):
    """While the first sweep evaluates, another one writes: the end is as if one had followed the other."""
    from anxin.monitoring import sweeping

    _, lines = unpaid_site()
    evaluate = sweeping._evaluate
    runs = []

    def interrupted(request):
        found = evaluate(request)
        if not runs:
            runs.append("inner")
            for line in lines:
                make.pay(line, paid_on="2026-11-19")
            run()
        else:
            runs.append("again")
        return found

    monkeypatch.setattr(sweeping, "_evaluate", interrupted)
    result = run()
    assert runs == ["inner", "again", "again"]
    assert result.opened == 0
    assert not Warning.objects.filter(rule="W03").exclude(state="cleared").exists()


def test_a_changed_rule_of_any_family_is_another_version():
    decide = {"/".join(path.parts[-3:]) for path in deciding_sources()}
    assert {"rules/forgery/lists.py", "rules/employers/months.py", "monitoring/snapshot/gates.py"} <= decide
