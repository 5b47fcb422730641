"""Tickets of a hotline's program come in: what they say, what comes back, and whose they are."""

from __future__ import annotations

import datetime as dt

import pytest
from django_tasks_db.models import DBTaskResult

from anxin.clues.models import Clue, HotlineTicket, Telling, TicketStatus
from anxin.clues.triaging import triage_new
from anxin.connections.scopes import CLUES_READ, CLUES_WRITE, HOTLINE_SCOPES
from anxin.connections.services import issue_key
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation
from tests.referral.conftest import NOW
from tests.web.api.hotline.calls import (
    CHANGES,
    OWED,
    TICKETS,
    changes,
    sent,
    state,
    ticket,
)

#: how far a ticket is by the hotline's own account
STANDS = {
    "status": "办理中", "returned_why": "不属本单位职责", "returned_at": "2026-11-19 11:00", "extension": "申请中",
    "extension_asked_to": "2026-11-30", "redone": "0", "as_of": "2026-11-19T12:00:00+08:00",
}  # fmt: skip


def test_what_the_hotline_says_of_its_ticket_is_kept_beside_the_words_and_an_older_word_changes_nothing(
    hotline,
):
    (first,) = sent(hotline, ticket(**STANDS))["rows"]
    assert first["fate"] == "accepted"
    now_is = TicketStatus.objects.get()
    assert (now_is.status, now_is.extension, now_is.returned_why.open()) == (
        "办理中",
        "asked",
        "不属本单位职责",
    )
    Clue.objects.update(looked_at=NOW, looked_by_name="某甲")
    later = {"extension": "已批准", "extended_to": "2026-11-29", "redone": "1", "as_of": "2026-11-19 13:00"}
    (second,) = sent(hotline, ticket(**later))["rows"]
    assert second["fate"] == "changed"
    stands = TicketStatus.objects.get(superseded_at__isnull=True)
    assert (stands.status, stands.extension, stands.redone) == ("办理中", "granted", 1)
    # handled anew: somebody looks again; the words and their reading stay
    assert (Clue.objects.get().looked_at, Telling.objects.count()) == (None, 1)
    assert JournalEntry.objects.filter(action="clue.ticket_moved").count() == 1
    assert sent(hotline, ticket(**later))["unchanged"] == 1
    (old,) = sent(hotline, ticket(status="待签收", as_of="2026-11-19 10:30"))["rows"]
    assert (old["fate"], "比已经登记的旧" in old["message"]) == ("unchanged", True)
    assert TicketStatus.objects.count() == 2


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"redone": "好几次"}, "redone"),
        ({"done_at": "2026-11-01"}, "done_at"),
        ({"extension": "未批准", "extended_to": "2026-11-30"}, "extended_to"),
        ({"as_of": "2027-01-01"}, "as_of"),
    ],
)
def test_what_cannot_be_right_of_a_ticket_comes_back_and_the_next_one_goes_on(hotline, said, field):
    answer = sent(hotline, ticket(**said), ticket("YZ-2", **STANDS))
    assert (answer["refused"], answer["accepted"], answer["rows"][0]["field"]) == (1, 1, field)
    assert list(TicketStatus.objects.values_list("clue__sender_number", flat=True)) == ["YZ-2"]


def test_what_another_centre_says_of_the_number_is_not_kept(hotline, caller, city):
    sent(hotline, ticket(**STANDS))
    other = Organisation.objects.create(code="RX2", name="另一热线", kind="hotline", region=city.top)
    stranger = caller(organisation=other, scopes=list(HOTLINE_SCOPES))
    assert sent(stranger, ticket(status="已办结"))["refused"] == 1
    assert TicketStatus.objects.get().status == "办理中"


def test_a_ticket_becomes_a_clue_with_our_number_and_its_words_sealed(hotline):
    answer = sent(hotline, ticket(people="14", amount="18.6万元"))
    assert answer == {
        "accepted": 1, "changed": 0, "unchanged": 0, "refused": 0, "sandbox": False,
        "rows": [{"row": 1, "fate": "accepted", "ticket_no": "YZ-1", "clue": "990101〔2026〕线索00001号"}],
    }  # fmt: skip
    clue = Clue.objects.get()
    assert (clue.channel, clue.region_id, clue.received_at.isoformat()) == (
        "hotline", "990101", "2026-11-19T01:30:00+00:00",
    )  # fmt: skip
    told = Telling.objects.get()
    assert (told.name.open(), told.phone.open()) == ("赵某某", "13900001234")
    assert told.text.open().endswith("来件所填：被欠薪人数：14人；拖欠工资：18.6万元。")
    journal = "".join(f"{entry.summary}{entry.after}" for entry in JournalEntry.objects.all())
    assert "赵某某" not in journal and "13900001234" not in journal


def test_a_batch_is_read_in_one_pass_however_many_it_holds(hotline):
    sent(hotline, *(ticket(f"YZ-{number}") for number in range(1, 8)))
    sent(hotline, ticket("YZ-1", text=OWED + "昨天又问了。"), ticket("YZ-9"))
    assert DBTaskResult.objects.filter(task_path="anxin.clues.tasks.triage_task").count() == 2
    assert triage_new(actor=SYSTEM, now=NOW).read == 8


def test_bad_rows_come_back_with_field_and_sentence_and_good_rows_go_on(hotline, city):
    from anxin.registry.models import Region

    Region.objects.create(code="9902", name="他州市")
    answer = sent(
        hotline, ticket(), ticket("YZ-2", text=" "), ticket("YZ-3", received_at="昨天"), ticket("工单四"),
        ticket("YZ-5", region="9902"), ticket("YZ-1", text="又一行"), ticket("YZ-7", received_at="2026-12-01 08:00"),
        ticket("YZ-8", region="不知道的区"), ticket("YZ-9", received_at="1999-01-01 00:00"), ticket(""),
    )  # fmt: skip
    assert (answer["accepted"], answer["refused"]) == (2, 8)
    rows = {row["row"]: row for row in answer["rows"]}
    assert [rows[row].get("field") for row in range(1, 11)] == [
        None, "text", "received_at", "number", "region", "number", "received_at", "region", "received_at", "number",
    ]  # fmt: skip
    assert all(
        row["code"] == "invalid" and row["message"] for row in answer["rows"] if row["fate"] == "refused"
    )
    assert rows[8]["fate"] == "accepted" and "暂记" in rows[8]["message"]
    assert sorted(Clue.objects.values_list("sender_number", flat=True)) == ["YZ-1", "YZ-8"]


@pytest.mark.parametrize(
    "said", ["2026-11-19T09:30:00+08:00", "2026-11-19T01:30:00Z", "2026-11-19T09:30", "2026年11月19日 9:30"]
)
def test_a_time_is_read_as_a_program_or_a_list_writes_it(said, hotline):
    sent(hotline, ticket(received_at=said))
    assert Clue.objects.get().received_at == dt.datetime(2026, 11, 19, 1, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "content",
    [{"tickets": []}, {"tickets": [ticket(number=7)]}, {"tickets": [ticket() | {"caller": "某"}]}, {},
     {"tickets": [ticket(f"YZ-{number}") for number in range(501)]}],
)  # fmt: skip
def test_what_has_not_the_shape_is_refused_whole(content, hotline):
    assert hotline.post(TICKETS, content).status_code == 422
    assert not Clue.objects.exists()


def test_the_same_again_changes_nothing_and_what_changed_is_kept_beside_what_was(hotline):
    sent(hotline)
    before = JournalEntry.objects.count()
    assert sent(hotline)["rows"][0] | {} == {
        "row": 1, "fate": "unchanged", "ticket_no": "YZ-1", "clue": "990101〔2026〕线索00001号",
    }  # fmt: skip
    assert (JournalEntry.objects.count(), Telling.objects.count()) == (before, 1)
    Clue.objects.update(looked_at=NOW, looked_by_name="某人")
    assert sent(hotline, ticket(text="补充：还有两个瓦工没拿到工资。"))["changed"] == 1
    texts = [(one.text.open(), one.superseded_at is None) for one in Telling.objects.order_by("pk")]
    assert texts == [(OWED, False), ("补充：还有两个瓦工没拿到工资。", True)]
    assert Clue.objects.get().looked_at is None


def test_the_same_call_again_has_the_same_answer_and_no_second_effect(hotline):
    word = {"Idempotency_Key": "batch-20261120-1"}
    first = sent(hotline, **word)
    before = JournalEntry.objects.count()
    assert sent(hotline, **word) == first
    assert (JournalEntry.objects.count(), Clue.objects.count()) == (before, 1)


def test_a_sandbox_key_is_answered_and_nothing_is_kept(centre, caller):
    trial = caller(organisation=centre, scopes=list(HOTLINE_SCOPES), sandbox=True)
    answer = sent(trial)
    assert (answer["accepted"], answer["sandbox"]) == (1, True)
    assert not Clue.objects.exists() and not HotlineTicket.objects.exists()
    assert trial.get(f"{TICKETS}/YZ-1").status_code == 404


def test_a_ticket_that_came_as_a_list_is_the_hotlines_from_the_day_it_delivers_it(hotline, centre):
    from anxin.clues.intake import Voice, take_in

    listed = Voice(
        "hotline", "complaint", "990101", NOW - dt.timedelta(hours=3), "欠我工资", sender_number="YZ-1"
    )
    take_in([listed], actor=SYSTEM, now=NOW)
    assert hotline.get(f"{TICKETS}/YZ-1").status_code == 404
    assert sent(hotline)["changed"] == 1
    assert state(hotline)["clue"] == "990101〔2026〕线索00001号" and Telling.objects.count() == 2


def test_only_its_own_centre_sees_a_ticket(hotline, centre, caller, city, bank):
    sent(hotline)
    place = {"name": "另一热线", "kind": "hotline", "region": city.top}
    other = caller(organisation=Organisation.objects.create(code="RX2", **place), scopes=list(HOTLINE_SCOPES))
    word = {"kind": "urge", "at": "2026-11-20T09:00:00+08:00", "words": "请尽快办理"}
    absent = other.get(f"{TICKETS}/YZ-404")
    assert (other.get(f"{TICKETS}/YZ-1").content, absent.status_code) == (absent.content, 404)
    assert other.post(f"{TICKETS}/YZ-1/words", word).status_code == 404
    assert changes(other, 0)["items"] == [] and len(changes(hotline, 0)["items"]) == 1
    taken = sent(other, ticket(text="换一个内容"))["rows"][0]
    assert (taken["fate"], taken["code"], taken["field"], taken["clue"]) == (
        "refused",
        "conflict",
        "number",
        "",
    )
    assert Telling.objects.get().text.open() == OWED
    of_bank = caller(organisation=bank)
    for answer in (
        of_bank.get(f"{TICKETS}/YZ-1"),
        of_bank.post(TICKETS, {"tickets": [ticket()]}),
        of_bank.get(CHANGES),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")
    # a second key of the same centre is the same centre
    assert state(caller(organisation=centre, scopes=[CLUES_READ]))["ticket_no"] == "YZ-1"


def test_a_hotline_of_one_district_reaches_no_other(caller, city, hotline):
    sent(hotline)
    district = Organisation.objects.create(code="RXQ", name="江北区热线", kind="hotline", region=city.there)
    there = caller(organisation=district, scopes=list(HOTLINE_SCOPES))
    here, mine = sent(there, ticket("JB-1", region="990101"), ticket("JB-2", region=""))["rows"]
    assert (here["fate"], here["field"], mine["fate"]) == ("refused", "region", "accepted")
    assert Clue.objects.get(sender_number="JB-2").region_id == "990102"
    known = sent(there, ticket("YZ-1", region=""))["rows"][0]
    assert (known["fate"], known["field"]) == ("refused", "number")
    # moved to another place, a ticket is no longer there for the hotline of the first
    Clue.objects.filter(sender_number="JB-2").update(region=city.here)
    assert there.get(f"{TICKETS}/JB-2").status_code == 404


@pytest.mark.parametrize(
    ("scope", "allowed"), [(CLUES_READ, ("GET", "changes")), (CLUES_WRITE, ("POST", "words"))]
)
def test_each_scope_opens_its_own_calls_only(scope, allowed, hotline, centre, caller):
    sent(hotline)
    one = caller(organisation=centre, scopes=[scope])
    word = {"kind": "urge", "at": "2026-11-20T09:00:00+08:00", "words": "请尽快办理"}
    answers = {
        "GET": one.get(f"{TICKETS}/YZ-1"), "changes": one.get(CHANGES),
        "POST": one.post(TICKETS, {"tickets": [ticket()]}), "words": one.post(f"{TICKETS}/YZ-1/words", word),
    }  # fmt: skip
    assert {name: answer.status_code for name, answer in answers.items()} == {
        name: 200 if name in allowed else 403 for name in answers
    }


def test_a_key_of_a_hotline_carries_a_hotlines_scopes_and_no_others(centre, bank, actor, now):
    given = {"title": "某", "actor": actor, "now": now}
    for organisation, scopes in ((centre, ["accounts.read"]), (bank, [CLUES_READ]), (centre, [])):
        with pytest.raises(Refused) as refusal:
            issue_key(organisation=organisation, scopes=scopes, **given)
        assert refusal.value.field == "scopes"
    with pytest.raises(Refused):
        issue_key(vendor="虚构闸机", scopes=[CLUES_READ], **given)
