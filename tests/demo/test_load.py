"""The whole city, loaded once for all tests here: what a newcomer finds in the console."""

import datetime as dt
import json
import re
import time
from pathlib import Path

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import F
from django.test import Client, override_settings

from anxin.accounts.models import User
from anxin.agency.models import Objection, PayOrderLine, PayrollRun
from anxin.casework.models import Deadline, Document, Matter
from anxin.casework.tasklist import task_counts
from anxin.clues.models import Clue
from anxin.demo import samples
from anxin.demo.load import calendar_of_city, load, loaded_on
from anxin.demo.matters import STORIES as MATTERS
from anxin.demo.stories import STORIES
from anxin.demo.world import build
from anxin.enforcement.crime import MET, watch
from anxin.enforcement.inspection import arrears_of
from anxin.evidence import files, imports
from anxin.evidence.journal import Actor, verify
from anxin.evidence.models import ImportBatch, JournalEntry
from anxin.evidence.sealing import SealedField
from anxin.local_law import queries as local_law
from anxin.monitoring import services
from anxin.monitoring.models import (
    Backtest,
    Escalation,
    Gap,
    Mute,
    RuleAccuracy,
    RuleStage,
    TouchedEmployer,
    TouchedProject,
    Warning,
)
from anxin.monitoring.rules import RULES
from anxin.notices import outside
from anxin.notices.models import Notice
from anxin.payroll.models import PayrollLine
from anxin.referral.models import Recovered
from anxin.registry.models import Employer, Project, Region
from anxin.web import clock
from anxin.workforce.models import Enrolment, Worker
from benchmarks.multiplying import grow
from tests.conftest import SHANGHAI
from tests.demo import facts
from tests.support.crawl import Walk, walk
from tests.support.letters import text_of

pytestmark = pytest.mark.django_db
#: route → queries when the page was last looked at; ``most`` holds for every route
QUERY_BASELINE = Path(__file__).parents[1] / "web" / "query_baseline.json"
NOW = dt.datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)


class Interrupted(Exception):
    pass


@pytest.fixture(scope="module")
def city(django_db_setup, django_db_blocker, tmp_path_factory):
    """Loaded after a first try that was cut off; rolled back when the tests here are done."""
    home = tmp_path_factory.mktemp("city")
    with (
        override_settings(ANXIN_HOME=home, ANXIN_LAW_DIRS=[home / "law"]),
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        heard = []

        def cut_off(sentence: str) -> None:
            heard.append(sentence)
            if len(heard) == 5:
                raise Interrupted

        with pytest.raises(Interrupted):
            load(cut_off, NOW)
        left_behind = Project.objects.count() + Region.objects.count() + JournalEntry.objects.count()
        said = []
        loaded = load(said.append, NOW)
        yield {"loaded": loaded, "left_behind": left_behind, "said": said}
        transaction.set_rollback(True)


def project(key: str) -> Project:
    return Project.objects.get(code__endswith=f"-YS-{key}")


def standing(key: str):
    return Warning.objects.filter(project=project(key)).exclude(state="cleared")


def test_a_load_that_was_cut_off_left_nothing_and_the_next_one_is_whole(city):
    assert city["left_behind"] == 0
    assert not city["loaded"].already
    assert (
        city["loaded"].counts["projects"] == len(STORIES) + 3
    )  # and the site of agency payment, and two with signs of forgery
    assert loaded_on() == dt.date(2026, 11, 20)
    assert verify().intact


def test_loading_again_changes_nothing_and_is_quick(city):
    before, started = JournalEntry.objects.count(), time.monotonic()
    again = load(lambda sentence: None, NOW + dt.timedelta(days=3))
    assert again.already and again.counts == city["loaded"].counts
    assert JournalEntry.objects.count() == before
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.key)
def test_each_story_has_the_warnings_it_tells_of(story, city):
    assert {warning.rule for warning in standing(story.key)} == story.expects


def test_three_unpaid_months_are_red_and_count_everybody(city):
    wages = standing("03").filter(rule="W03").order_by("month")
    assert [(warning.level, warning.people) for warning in wages] == [(4, 36)] * 3
    assert [warning.state for warning in wages] == ["assigned", "acknowledged", "open"]


def test_the_followed_story_went_from_first_sign_to_last_payment(city):
    warning = Warning.objects.get(project=project("16"), rule="W03")
    kinds = list(warning.events.order_by("id").values_list("kind", flat=True))
    assert kinds == [
        "opened",
        "acknowledged",
        "assigned",
        "noted",
        "worsened",
        "noted",
        "cleared",
        "concluded",
    ]
    times = list(warning.events.order_by("id").values_list("at", flat=True))
    assert times == sorted(times)
    assert warning.state == "cleared" and not standing("16").exists()


def test_missing_data_are_gaps_and_never_all_well(city):
    rules = set(Gap.objects.filter(project=project("15"), closed_on=None).values_list("rule", flat=True))
    assert {"W01", "W03", "W07", "P02"} <= rules


def test_signs_of_forgery_stand_on_their_own_sites_and_the_honest_are_spared(city):
    def people(rule: str, key: str = "19") -> set[str]:
        rows = standing(key).get(rule=rule).rows.values_list("worker_key", flat=True)
        return set(Worker.objects.filter(pk__in=[int(pk) for pk in rows]).values_list("name", flat=True))

    assert {warning.rule for warning in standing("19")} == {"F02", "F03", "F04", "F05", "F06"}
    assert {warning.rule for warning in standing("20")} == {"F04"}
    assert people("F03") == {"车广田", "佟爱民"}  # not the crane driver
    assert people("F06") == {"邢大勇", "牟志刚", "储文才"}
    assert people("F05") == {"邢大勇", "牟志刚", "储文才"}
    assert people("F04") == people("F04", "20") == {"管长林"}
    assert len(people("F02")) == 5
    assert (
        Enrolment.objects.filter(project=project("19"), superseded_at=None).exclude(payee_hash="").count()
        == 2
    )


def test_requests_wait_for_a_second_person_or_came_back(city):
    assert standing("13").filter(state="clearing").count() == 1
    returned = standing("10").get()
    assert returned.state == "assigned" and returned.returned


def test_idle_warnings_climbed_the_ladder_and_one_was_answered(city):
    climbed = {pk: set(rungs) for pk, rungs in _rungs().items() if len(rungs) > 1}
    assert climbed, "no warning was told of twice"
    answered = Warning.objects.filter(project=project("09"), rule="W07").earliest("pk")
    kinds = [event.kind for event in answered.events.order_by("at", "pk")]
    assert "escalated" in kinds[: kinds.index("noted")]
    assert Notice.objects.filter(kind="warning_idle").exists()


def _rungs() -> dict[int, list[int]]:
    """Rungs by warning, of one time of nobody acting."""
    found: dict[int, list[int]] = {}
    for row in Escalation.objects.order_by("pk"):
        first = Escalation.objects.filter(warning=row.warning_id).earliest("pk").since
        if row.since == first:
            found.setdefault(row.warning_id, []).append(row.rung)
    return found


def test_one_warning_is_muted_by_two_people_and_one_waits_for_the_second(city):
    agreed, asked = (Mute.objects.get(state=state) for state in ("agreed", "asked"))
    assert agreed.warning.muted_until == agreed.until > NOW.date()
    assert agreed.asked_by != agreed.decided_by
    assert asked.warning.muted_until is None and asked.decided_by is None


def test_rules_have_a_history_of_stages(city):
    told = set(RuleStage.objects.values_list("rule", "stage", "answer"))
    assert {("W13", "shadow", "confirmed"), ("W13", "live", "confirmed")} <= told
    assert {("Z01", "retired", "confirmed"), ("W20", "live", "asked")} <= told
    demoted = RuleStage.objects.get(rule="E03")
    assert demoted.stage == "shadow" and "自动转为试运行" in demoted.reason


def test_employers_in_trouble_are_warned_of(city):
    about = Warning.objects.filter(employer__isnull=False).exclude(state="cleared")
    assert {"E01", "W18"} <= set(about.values_list("rule", flat=True))
    assert not about.filter(rule__in=["E02", "E03", "E07"]).exists()


def test_the_imports_page_has_files_of_every_state(city):
    states = set(ImportBatch.objects.values_list("state", flat=True))
    assert {"accepted", "recognised", "refused"} <= states
    assert ImportBatch.objects.filter(rows_rejected__gt=0, state="accepted").exists()


def test_the_waiting_bank_file_clears_the_late_month(city, actor):
    waiting = ImportBatch.objects.get(state="recognised", kind="receipts")
    site = project("02")
    assert standing("02").filter(rule="W03").exists()
    imports.accept_batch(waiting.pk, actor=actor, now=NOW)
    sweep([site.pk])
    assert not standing("02").exists()


def test_a_back_test_with_a_number_on_trial_has_found_something(city):
    trial = Backtest.objects.get()
    assert trial.state == Backtest.State.DONE and trial.changes
    assert next(row["fired"] for row in trial.report["scores"] if row["code"] == "W03") > 0
    assert trial.report["changed"]["higher"] > 0


def test_the_accuracy_of_rules_is_counted(city):
    assert RuleAccuracy.objects.filter(rule="W03", region="", fired__gt=0).exists()


def test_a_past_written_down_queues_no_sweeps(city):
    assert not TouchedProject.objects.exists() and not TouchedEmployer.objects.exists()


def test_the_sample_files_give_the_answer_that_stands_beside_them(city, tmp_path):
    world = build(NOW.date(), calendar_of_city())
    right, site = samples.answer(world), project(samples.PRACTICE)
    *files, explanation = samples.write(world, tmp_path / "samples")
    clerk = Actor("user:5", "郑小雨")
    for kind, path in zip(("roster", "attendance", "payroll", "receipts"), files, strict=True):
        if kind == "receipts":
            sweep([site.pk])
            before = found(site)
        month = None if kind == "roster" else str(world.site(samples.PRACTICE).latest.month)
        batch = imports.open_batch(
            kind=kind, data=path.read_bytes(), filename=path.name, project_code=site.code, month=month,
            actor=clerk, now=NOW,
        )  # fmt: skip
        batch = imports.accept_batch(batch.pk, actor=clerk, now=NOW)
        assert (batch.state, batch.rows_rejected) == ("accepted", 0)
    sweep([site.pk])
    after = found(site)
    assert before["W03"] == (right.people, right.net_fen)
    assert (before["W04"][0], before["P02"][0]) == (1, 1)
    assert after["W03"] == (1, right.unpaid.net_fen)
    assert after["P01"] == (1, right.part_paid.net_fen - right.part_fen)
    assert (after["W04"][0], after["P02"][0]) == (1, 1)
    text = explanation.read_text(encoding="utf-8")
    assert all(name in text for name in (right.left_out, right.ghost, right.unpaid.person.name))


def sweep(project_ids):
    services.sweep(as_of=NOW.date(), known_at=NOW, trigger="manual", now=NOW, project_ids=project_ids)


def found(site):
    rows = Warning.objects.filter(project=site).exclude(state="cleared")
    return {warning.rule: (warning.people, warning.amount_fen) for warning in rows}


def stories():
    """The matters that are told one by one; emergencies and clues open others, tried in their own places."""
    return Matter.objects.filter(title__in=[story.title for story in MATTERS])


def test_the_matters_stand_in_the_states_their_stories_tell(city):
    assert city["loaded"].counts["matters"] >= len(MATTERS)
    states = {matter.title: matter.state for matter in stories()}
    told = {story.title: story for story in MATTERS}
    assert states.keys() == told.keys()
    tables = local_law.current()
    for title, story in told.items():
        table = tables.procedure(story.procedure)
        last = table.transition(story.steps[-1].step).to if story.steps else table.initial.key
        assert states[title] == last, title
    assert len(set(states.values())) >= 6


def test_a_limit_was_missed_one_stands_still_and_one_matter_is_closed(city):
    late = Matter.objects.get(title__startswith="木工班9人")
    assert late.next_due_on < NOW.date()
    assert late.oversight.filter(settled_on__isnull=True).exists()
    today = Matter.objects.get(title__startswith="1名钢筋工")
    assert today.next_due_on == NOW.date()
    assert Deadline.objects.filter(paused_since__isnull=False, met_on__isnull=True).exists()
    assert stories().filter(closed_on__isnull=False).count() == 1
    assert not Deadline.objects.filter(matter__in=stories()).exclude(problem="").exists()


def test_the_clue_with_a_list_leads_to_a_case_to_what_each_is_owed_and_to_the_criminal_line(city):
    clue = Clue.objects.get(sender_number="GD-0013")
    case = Matter.objects.get(procedure="inspection_case", follows__follows__referral__clue=clue)
    arrears = arrears_of(case)
    assert len(arrears.lines) == clue.claimants.count() == 5
    assert (arrears.people, arrears.single_fen) == (3, 2_200_000)
    got = sum(Recovered.objects.filter(clue=clue, withdrawn_at=None).values_list("amount_fen", flat=True))
    assert arrears.total_fen + got == 5 * 2_200_000
    crime = case.followed_by.get(procedure="crime_transfer")
    found = watch(crime, NOW.date(), local_law.current())
    assert found.arrears == arrears and found.points[0].state == MET and not found.reached
    ordered = Matter.objects.get(title__startswith="上个工资月逾期未发，责令")
    assert arrears_of(ordered).people > 10


def test_people_were_told_of_what_is_due(city):
    lin = User.objects.get(username="lin")
    assert Notice.objects.filter(to=lin, kind="task_overdue").exists()
    assert task_counts(lin, NOW.date()).overdue >= 1


def test_papers_of_matters_say_that_they_are_invented(city, tmp_path):
    for paper in Document.objects.select_related("file"):
        data = files.read(paper.file)
        if data.startswith(b"%PDF"):
            assert "演示" in text_of(data, tmp_path), paper.filename
        else:
            assert "演示数据" in data.decode()


def test_agency_payment_shows_a_payroll_in_every_state(city):
    runs = PayrollRun.objects.filter(project__code="990101-YS-18")
    states = {"draft", "with_workers", "submitted", "returned", "approved", "sent", "settled"}
    assert set(runs.values_list("state", flat=True)) == states
    assert Objection.objects.filter(state="open").count() == 1
    back = PayOrderLine.objects.filter(run_line__run__state="sent", state="returned")
    assert set(back.values_list("fault", flat=True)) == {"closed", "wrong_name"}


@pytest.fixture(scope="module")
def whole(city, django_db_blocker):
    """The facts of the city, and what the rules find in them."""
    with django_db_blocker.unblock():
        tables = facts.tables_of(NOW)
        return tables, facts.evaluated(tables, NOW)


def test_every_line_says_its_payrolls_month(city):
    assert PayrollLine.objects.exists()
    assert not PayrollLine.objects.exclude(month=F("payroll__month")).exists()


def test_a_sweep_of_one_site_finds_of_it_what_a_sweep_of_all_finds(whole):
    _, found = whole
    sites = sorted({one.subject_id for one in found.findings if RULES[one.rule].subject == "project"})
    for site in sites[::4]:
        part = facts.evaluated(facts.tables_of(NOW, [site]), NOW)
        assert facts.said_of(part, site) == facts.said_of(found, site)


def test_the_whole_rule_book_finds_the_same_on_both_engines(whole, spark_url):
    from anxin.monitoring.engines.spark import SparkEngine

    tables, found = whole
    there = facts.evaluated(tables, NOW, SparkEngine(spark_url))
    assert len(found.findings) > 40
    assert facts.everything(there) == facts.everything(found)


@pytest.mark.postgres
def test_both_databases_give_the_same_tables(whole, tmp_path):
    tables, _ = whole
    with facts.copied_to_sqlite(tmp_path / "copy.sqlite3"):
        copied = facts.tables_of(NOW)
    assert facts.partitions(copied) == facts.partitions(tables)
    assert sum(table.num_rows for table in tables.values()) > 5_000


@pytest.mark.one_database
def test_no_page_of_the_city_asks_more_of_the_database_than_its_baseline(city, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", NOW.date)
    seen = Walk()
    for user in User.objects.filter(is_active=True).order_by("pk"):
        client = Client()
        client.force_login(user)
        walk(client, seen)
    assert seen.broken == []
    baseline = json.loads(QUERY_BASELINE.read_text(encoding="utf-8"))
    assert baseline["most"] == 15
    over = {name: (n, seen.where[name]) for name, n in seen.queries.items() if n > baseline["most"]}
    assert over == {}
    grown = {name: (n, baseline["pages"].get(name, n), seen.where[name]) for name, n in seen.queries.items()}
    assert {name: found for name, found in grown.items() if found[0] > found[1]} == {}
    # the walk itself must not get shorter unnoticed
    assert len(set(baseline["pages"]) & set(seen.queries)) >= 0.9 * len(baseline["pages"])


@pytest.mark.postgres
def test_a_city_made_large_has_whole_copies(city):
    one = project("16")
    before = {model: model.objects.count() for model in (Project, Worker, Employer)}
    with transaction.atomic():
        grow(1, 1, 3 * before[Employer], lambda sentence: None)
        assert Project.objects.count() == 2 * before[Project]
        assert Worker.objects.count() == 4 * before[Worker]
        assert Employer.objects.count() == 3 * before[Employer]
        copy = Project.objects.get(code__startswith=f"{one.code}-")
        for kind in ("enrolments", "receipts", "payrolls", "warnings"):
            assert getattr(copy, kind).count() == getattr(one, kind).count() > 0, kind
        client = Client()
        client.force_login(User.objects.get(username="lin"))
        assert client.get(f"/projects/{copy.pk}").status_code == 200
        transaction.set_rollback(True)


def test_every_telephone_of_the_city_is_one_to_which_nothing_is_sent(city):
    """Whatever sealed field holds one: a new story cannot bring a number that somebody may answer."""
    numbers = []
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, SealedField):
                held = model.objects.exclude(**{field.name: None}).values_list(field.name, flat=True)
                words = {one.open() for one in held}
                numbers += [(model.__name__, word) for word in words if re.fullmatch(r"1[3-9]\d{9}", word)]
    assert len(numbers) > 300
    assert [one for one in numbers if not outside.is_invented(one[1])] == []
