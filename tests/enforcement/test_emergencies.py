"""An emergency from the call to its end; drills, which nothing counts."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework import queries as casework
from anxin.casework.models import Matter, Task
from anxin.casework.tasklist import my_tasks, task_counts
from anxin.enforcement import emergencies, queries
from anxin.enforcement.access import visible_emergencies
from anxin.enforcement.emergencies import Member, add_entry, end_emergency, name_team, open_emergency
from anxin.enforcement.models import EmergencyEntry, Responder
from anxin.enforcement.reporting import tell_missed_reports
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.notices.models import Notice
from tests.monitoring import factories as make

CALLED = make.at("2026-03-02", 9)
HOUR = dt.timedelta(hours=1)


def call(world, **fields):
    values = {
        "place": "东台安置房售楼部门口",
        "people": 30,
        "what": "木工班聚集讨薪，没有堵路",
        "region": world.region,
        "lead": world.lead,
        "by": world.inspector,
        "now": CALLED,
        "law": local_law.current(),
        "report_hours": 2,
        "industry": "housing",
        **fields,
    }
    return open_emergency(**values)


def three(world, emergency, **phones):
    members = [
        Member(office, "", f"某{office}", phones.get(office, "13900001234"))
        for office in Responder.Office.values
    ]
    return name_team(emergency, members, by=world.inspector, now=CALLED)


def test_a_call_opens_a_matter_of_the_group_event_procedure_with_its_first_report_due(world):
    found = call(world)
    assert found.matter.procedure == "group_event"
    assert found.number == found.matter.number
    assert found.matter.lead == world.lead
    assert found.matter.handler == world.inspector
    assert found.next_report_at == CALLED + 2 * HOUR
    assert "当地没有登记" in found.report_basis
    assert [one.kind for one in found.entries.all()] == ["opened"]
    assert JournalEntry.objects.filter(action="emergency.opened", object_id=str(found.pk)).count() == 1


def test_without_a_local_number_the_office_has_to_say_the_hours(world):
    with pytest.raises(Refused, match="几小时后续报") as refused:
        call(world, report_hours=None)
    assert refused.value.field == "report_hours"
    assert not Matter.objects.exists()


def test_a_local_number_holds_over_what_was_typed(world):
    law = local_law.on_trial(
        [{"key": emergencies.REPORT_HOURS, "region": "9901", "name": "安城市", "from": dt.date(2026, 1, 1),
          "value": 4, "source": "安政办发〔2026〕1号"}]
    )  # fmt: skip
    found = call(world, law=law, report_hours=9)
    assert found.report_hours == 4
    assert "安政办发〔2026〕1号" in found.report_basis


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"place": " "}, "place"),
        ({"people": 0}, "people"),
        ({"what": ""}, "what"),
        ({"report_hours": 0}, "report_hours"),
    ],
)
def test_what_a_caller_must_say_is_asked_for_beside_its_field(world, fields, field):
    with pytest.raises(Refused) as refused:
        call(world, **fields)
    assert refused.value.field == field


def test_a_report_sets_the_next_one_and_what_was_said_before_stays(world):
    found = call(world)
    add_entry(
        found, text="人社和派出所到场", by=world.inspector, now=CALLED + HOUR, people=42, owed_fen=18_600_000
    )
    assert queries.spot(found, CALLED + 3 * HOUR).overdue
    add_entry(
        found, text="总包答应明天付款", by=world.inspector, now=CALLED + 3 * HOUR, people=12,
        paid_fen=5_000_000, report=True,
    )  # fmt: skip
    found.refresh_from_db()
    assert (found.people, found.owed_fen, found.paid_fen) == (12, 18_600_000, 5_000_000)
    assert found.next_report_at == CALLED + 5 * HOUR
    assert not queries.spot(found, CALLED + 4 * HOUR).overdue
    assert [one.people for one in queries.spot(found, CALLED).entries] == [12, 42, 30]


def test_an_entry_lies_between_the_call_and_now(world):
    found = call(world)
    for at in (CALLED - HOUR, CALLED + 2 * HOUR):
        with pytest.raises(Refused, match="时刻"):
            add_entry(found, text="到场", by=world.inspector, now=CALLED + HOUR, at=at)


def test_three_people_are_named_sealed_and_a_later_one_replaces_the_first(world):
    found = call(world)
    assert queries.spot(found, CALLED).missing == ["人社", "派出所", "行业主管部门"]
    three(world, found)
    name_team(
        found,
        [Member("police", "城东派出所", "某民警", "139 0000-5678")],
        by=world.inspector,
        now=CALLED + HOUR,
    )
    told = queries.spot(found, CALLED + HOUR)
    assert told.missing == []
    assert told.team["police"].phone.open() == "13900005678"
    assert str(told.team["police"].phone) == "***"
    assert [one.office for one in told.earlier] == ["police"]
    entries = JournalEntry.objects.filter(action="emergency.team")
    assert "13900005678" not in str(list(entries.values_list("summary", "after")))


@pytest.mark.parametrize("phone", ["", "12", "abc", "1390000123456"])
def test_a_telephone_that_cannot_be_dialled_is_refused(world, phone):
    with pytest.raises(Refused, match="电话") as refused:
        three(world, call(world), police=phone)
    assert refused.value.field == "police-phone"
    assert not Responder.objects.exists()


def test_a_telephone_is_shown_in_full_for_a_purpose_and_leaves_a_trace(world):
    one = three(world, call(world))[1]
    with pytest.raises(Refused, match="目的"):
        emergencies.unmask_responder(one, "phone", purpose="看", user=world.inspector, now=CALLED)
    with pytest.raises(Refused, match="权限"):
        emergencies.unmask_responder(one, "phone", purpose="联系到场", user=world.clerk, now=CALLED)
    shown = emergencies.unmask_responder(one, "phone", purpose="联系到场", user=world.inspector, now=CALLED)
    assert shown == "13900001234"
    entry = JournalEntry.objects.get(action="emergency.unmasked")
    assert "联系到场" in entry.summary
    assert "13900001234" not in entry.summary + str(entry.after)


def test_an_end_asks_for_no_more_reports_and_takes_no_more_entries(world):
    found = end_emergency(call(world), how="工人散去，总包次日付款", by=world.inspector, now=CALLED + HOUR)
    assert found.next_report_at is None
    assert not queries.spot(found, CALLED + 100 * HOUR).overdue
    with pytest.raises(Refused, match="已经结束"):
        add_entry(found, text="补记", by=world.inspector, now=CALLED + 2 * HOUR)
    assert found.matter.closed_on is None  # what follows runs on there


def test_only_the_lead_body_writes_and_elsewhere_it_does_not_exist(world):
    found = call(world)
    assert visible_emergencies(world.clerk).get() == found
    assert not visible_emergencies(world.stranger).exists()
    for person in (world.clerk, world.stranger):
        with pytest.raises(Refused, match="权限"):
            add_entry(found, text="到场", by=person, now=CALLED)


# drills


def test_a_drill_opens_no_matter_no_task_and_no_clock(world):
    before = casework.counts(world.inspector, on=CALLED.date())
    found = call(world, drill=True)
    assert found.matter is None
    assert "演练0001号" in found.number
    assert not Matter.objects.exists()
    assert not Task.objects.exists()
    assert casework.counts(world.inspector, on=CALLED.date()) == before
    assert task_counts(world.inspector, CALLED.date()).all == 0
    assert my_tasks(world.inspector, CALLED.date(), law=local_law.current()).items == []


def test_a_drill_is_in_the_list_of_drills_alone_and_takes_no_number_of_the_real_ones(world):
    real, drill = call(world), call(world, drill=True)
    assert list(queries.emergencies(world.inspector)) == [real]
    assert list(queries.emergencies(world.inspector, "drills")) == [drill]
    end_emergency(drill, how="演练结束", by=world.inspector, now=CALLED + HOUR)
    assert not queries.emergencies(world.inspector, "ended").exists()
    assert call(world).number.endswith("0002号")


def test_a_drill_runs_like_the_real_thing_and_says_so_in_the_journal(world):
    found = call(world, drill=True)
    three(world, found)
    add_entry(found, text="到场", by=world.inspector, now=CALLED + HOUR, report=True)
    found.refresh_from_db()
    assert found.next_report_at == CALLED + 3 * HOUR
    summaries = JournalEntry.objects.filter(object_type="emergency").values_list("summary", flat=True)
    assert all(one.startswith("【演练】") for one in summaries)


def test_a_drill_is_held_only_where_one_works(world):
    with pytest.raises(Refused, match="权限"):
        call(world, drill=True, by=world.stranger)
    call(world, drill=True)
    assert not visible_emergencies(world.stranger).exists()


def test_the_list_costs_the_same_with_many(world, django_assert_max_num_queries):
    for _ in range(3):
        call(world)
    with django_assert_max_num_queries(2):
        found = queries.emergency_page(world.inspector, "open", limit=2)
    assert len(found.items) == 2
    assert len(queries.emergency_page(world.inspector, "open", after=found.next_after).items) == 1
    assert EmergencyEntry.objects.count() == 3


def test_a_missed_report_is_told_to_the_team_once_and_the_next_missed_one_again(world):
    found = call(world)
    assert tell_missed_reports(CALLED + 2 * HOUR) == 0, "it is due, not missed"
    late = CALLED + 2 * HOUR + dt.timedelta(minutes=1)
    assert tell_missed_reports(late) > 0
    assert tell_missed_reports(late + HOUR) == 0
    told = set(Notice.objects.values_list("to__username", flat=True))
    assert {"inspector", "leader"} <= told and not told & {"stranger", "clerk", "auditor", "helper"}
    assert found.number in Notice.objects.first().title
    add_entry(found, text="人已散去一半", by=world.inspector, now=late + HOUR, report=True)
    assert tell_missed_reports(late + 2 * HOUR) == 0
    assert tell_missed_reports(late + 4 * HOUR) > 0
    end_emergency(found, how="工人散去", by=world.inspector, now=late + 5 * HOUR)
    assert tell_missed_reports(late + 50 * HOUR) == 0


def test_a_missed_report_of_a_drill_says_that_it_is_one(world):
    call(world, drill=True)
    assert tell_missed_reports(CALLED + 3 * HOUR) > 0
    assert all(one.title.startswith("【演练】") for one in Notice.objects.all())
    assert not Notice.objects.filter(to=world.stranger)
