"""What an officer writes down: within one's scope, once, with earlier clues of the same dispute pointed out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from anxin.accounts.models import Grant, Role, User
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.clues.intake import Voice
from anxin.clues.models import Clue
from anxin.clues.registering import clue_from_facts, hints, received_on, register_clue
from anxin.clues.triaging import triage_new
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import JournalEntry
from anxin.evidence.sealing import finding_hash
from anxin.kernel.refusal import Refused
from anxin.registry.models import Employer, Project
from tests.clues.conftest import NOW, OTHER, OWED, ticket
from tests.monitoring.factories import id_number

VOICE = Voice(
    channel="telephone",
    kind="complaint",
    region="990101",
    received_at=NOW,
    text=OWED,
    name="钱某人",
    phone="13900007777",
)


@pytest.fixture
def site(office) -> Project:
    return Project.objects.create(
        code="P-1", name="西河桥梁工程", region=office.here, industry="housing", recorded_at=NOW
    )


def test_what_is_written_down_is_a_clue_that_is_read_like_every_other(office):
    clue = register_clue(VOICE, by=office.inspector, now=NOW)
    triage_new(actor=SYSTEM, now=NOW)
    clue.refresh_from_db()
    assert (clue.channel, clue.arrears, clue.people) == ("telephone", True, 14)
    entry = JournalEntry.objects.get(action="clue.told")
    assert entry.actor_name == "某inspector" and "钱某人" not in f"{entry.summary}{entry.after}"


@pytest.mark.parametrize("who", ["inspector", "clerk", "leader"])
def test_who_works_the_place_or_delivers_for_it_registers(office, who):
    assert register_clue(VOICE, by=getattr(office, who), now=NOW).pk


def test_who_works_elsewhere_does_not(office):
    with pytest.raises(Refused, match="不在您负责的范围"):
        register_clue(VOICE, by=office.outsider, now=NOW)
    assert not Clue.objects.exists()


def test_who_answers_for_a_trade_registers_only_with_a_project_of_it(office, site):
    user = User.objects.create_user("building")
    Grant.objects.create(user=user, role=Role.INSPECTOR, region="9901", industry="housing")
    with pytest.raises(Refused, match="不在您负责的范围"):
        register_clue(VOICE, by=user, now=NOW)
    assert register_clue(replace(VOICE, project=site), by=user, now=NOW).project == site


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"channel": "qr"}, "从哪里来"),
        ({"channel": "fax"}, "从哪里来"),
        ({"received_at": NOW + dt.timedelta(minutes=1)}, "不能晚于"),
        ({"text": "  "}, "发生了什么"),
    ],
)
def test_what_cannot_be_right_is_refused(office, changes, says):
    with pytest.raises(Refused, match=says):
        register_clue(replace(VOICE, **changes), by=office.inspector, now=NOW)


def test_the_senders_number_is_registered_once(office):
    known = register_clue(
        replace(VOICE, channel="police", sender_number="JQ-1"), by=office.inspector, now=NOW
    )
    with pytest.raises(Refused, match=f"编号是{known.number}"):
        register_clue(replace(VOICE, channel="police", sender_number="JQ-1"), by=office.inspector, now=NOW)
    with pytest.raises(Refused, match="由其他地区登记"):
        other = replace(VOICE, channel="police", sender_number="JQ-1", region="990102")
        register_clue(other, by=office.outsider, now=NOW)
    register_clue(replace(VOICE, channel="grid", sender_number="JQ-1"), by=office.inspector, now=NOW)


# --- hints


def reasons(voice: Voice, user: User, **options) -> list[tuple[str, list[str]]]:
    return [(one.clue.sender_number, list(one.reasons)) for one in hints(voice, user, now=NOW, **options)]


def test_the_same_telephone_project_and_employer_are_pointed_out_with_reasons(told, office, site):
    firm = Employer.objects.create(uscc="X", name="江湾某某建材有限公司")
    told(ticket("1", phone="13900007777"), ticket("2", OTHER, phone=""), ticket("3", OTHER, phone=""))
    Clue.objects.filter(sender_number="2").update(project=site, employer=firm)
    voice = replace(VOICE, project=site, employer=firm)
    assert sorted(reasons(voice, office.inspector)) == [
        ("1", ["同一个电话"]),
        ("2", ["同一个项目", "同一个用人单位"]),
    ]


def test_nothing_alike_gives_no_hint(told, office):
    told(ticket("1"))
    assert reasons(VOICE, office.inspector) == []
    assert reasons(replace(VOICE, phone=""), office.inspector) == []


def test_what_is_older_than_180_days_is_not_pointed_out(told, office):
    told(ticket("1", phone="13900007777", time="2026-05-20 09:00:00"))
    told(ticket("2", phone="13900007777", time="2026-05-25 09:00:00"))
    assert [number for number, _ in reasons(VOICE, office.inspector)] == ["2"]


def test_clues_out_of_ones_scope_are_not_pointed_out(told, office):
    told(ticket("1", phone="13900007777", place="江北区"))
    assert reasons(VOICE, office.inspector) == []
    assert [number for number, _ in reasons(VOICE, office.leader)] == ["1"]


def test_people_who_stand_on_an_earlier_list_are_pointed_out(told, office):
    (clue,) = told(ticket("1"))
    for serial in (1, 2):
        add_claimant(clue, Said(f"工人{serial}", id_number(serial)), by=office.inspector, now=NOW)
    people = [finding_hash("id", id_number(serial)) for serial in (1, 2, 3)]
    assert reasons(VOICE, office.inspector, id_hashes=people) == [("1", ["名单里有2个相同的人"])]


def test_hints_cost_the_same_queries_however_many_there_are(told, office, django_assert_num_queries):
    told(*(ticket(str(number), phone="13900007777") for number in range(20)))
    with django_assert_num_queries(3):  # the person's grants, the telephone, the clues
        assert len(hints(VOICE, office.inspector, now=NOW)) == 12


# --- from facts


def test_what_is_known_stands_over_the_reading_and_comes_once(office, site):
    voice = replace(VOICE, channel="sweep", sender_number="预警1", project=site, text="工资逾期未发。")
    known = {"arrears": True, "people": 36, "amount_fen": 5_000_000}
    clue = clue_from_facts(voice, known, why="预警1的数据", by=office.inspector, now=NOW)
    triage_new(actor=SYSTEM, now=NOW)
    clue.refresh_from_db()
    assert (clue.arrears, clue.people, clue.amount_fen, clue.project) == (True, 36, 5_000_000, site)
    assert set(clue.corrections.values_list("field", "why")) >= {("people", "预警1的数据")}
    with pytest.raises(Refused, match="已经登记过"):
        clue_from_facts(voice, known, why="预警1的数据", by=office.inspector, now=NOW)


def test_a_day_without_an_hour_is_its_first_minute_and_today_is_now():
    assert received_on(dt.date(2026, 11, 20), NOW) == NOW
    assert received_on(dt.date(2026, 11, 19), NOW).isoformat() == "2026-11-19T00:00:00+08:00"
