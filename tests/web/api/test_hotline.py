"""A hotline's program: tickets in, how they stand, what changed, what callers say later; and whose they are."""

from __future__ import annotations

import base64
import datetime as dt
import io
import json
from dataclasses import replace

import pytest
from django_tasks_db.models import DBTaskResult
from PIL import Image

from anxin.casework.models import Urging
from anxin.casework.urging import answer as answer_urging
from anxin.casework.urging import urge
from anxin.clues import ticket_files
from anxin.clues.models import Clue, HotlineTicket, Telling, TicketFile, TicketNote, TicketStatus
from anxin.clues.triaging import triage_new
from anxin.connections.scopes import CLUES_READ, CLUES_WRITE, HOTLINE_SCOPES
from anxin.connections.services import issue_key
from anxin.evidence import files
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.notices.models import Notice
from anxin.referral import services as referral
from anxin.referral.hotline_changes import changes_after
from anxin.referral.models import Conclusion, Word
from anxin.registry.models import Organisation
from anxin.web import clock
from anxin.web.api import middleware
from tests.evidence.test_pictures_and_sounds import a_picture, with_camera_notes
from tests.referral.clues import paper
from tests.referral.conftest import NOW, city, law  # noqa: F401

TICKETS = "/api/v1/hotline/tickets"
CHANGES = "/api/v1/hotline/changes"
OWED = "我们14个木工在东台安置房工地给众力劳务做事，从7月到9月的工资一共18.6万元一直没有发，老板总说再等等。"
ANSWER = "经核实，众力劳务拖欠4人工资属实，已立案查处，承办人电话13900009999。"


@pytest.fixture
def now():
    return NOW


@pytest.fixture
def centre(city):  # noqa: F811
    return Organisation.objects.create(code="RX", name="云州市12345热线", kind="hotline", region=city.top)


@pytest.fixture
def hotline(centre, caller):
    return caller(organisation=centre, scopes=list(HOTLINE_SCOPES))


def ticket(number: str = "YZ-1", **said) -> dict[str, str]:
    return {
        "number": number, "received_at": "2026-11-19 09:30", "text": OWED, "title": "木工班工资", "name": "赵某某",
        "phone": "13900001234", "region": "云城区", "channel": "微信", "category": "投诉", "handle_by": "2026-11-25",
    } | said  # fmt: skip


def sent(hotline, *tickets, **headers):
    answer = hotline.post(TICKETS, {"tickets": list(tickets) or [ticket()]}, **headers)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def state(hotline, number: str = "YZ-1") -> dict:
    answer = hotline.get(f"{TICKETS}/{number}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def changes(hotline, after: int, **query) -> dict:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    answer = hotline.get(f"{CHANGES}?after={after}{more}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def read(number: str = "YZ-1") -> Clue:
    """As a person left it."""
    Clue.objects.filter(sender_number=number).update(
        arrears=True, construction=True, urgency=1, people=4, amount_fen=1_860_000, debtor="众力劳务"
    )
    return Clue.objects.get(sender_number=number)


def concluded(city, number: str = "YZ-1", *, now: dt.datetime = NOW) -> Clue:  # noqa: F811
    clue = read(number)
    made = referral.refer(
        clue, by=city.desk, now=now, law=city.law, lead=city.bodies["QRS"], why="由区局直接核处"
    )
    referral.accept(clue, by=city.desk, now=now, law=city.law)
    paper(made.matter, "case_filing_approval", by=city.desk, now=now)
    referral.conclude(clue, "属实，已立案查处", words=ANSWER, by=city.desk, now=now, law=city.law)
    return clue


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


def test_what_another_centre_says_of_the_number_is_not_kept(hotline, caller, city):  # noqa: F811
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


def test_bad_rows_come_back_with_field_and_sentence_and_good_rows_go_on(hotline, city):  # noqa: F811
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


def test_only_its_own_centre_sees_a_ticket(hotline, centre, caller, city, bank):  # noqa: F811
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


def test_a_hotline_of_one_district_reaches_no_other(caller, city, hotline):  # noqa: F811
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


def test_the_state_goes_with_the_work_from_desk_to_answer(hotline, city):  # noqa: F811
    sent(hotline)
    assert (state(hotline)["state"], state(hotline)["body"]) == ("received", "")
    clue = read()
    made = referral.refer(
        clue, by=city.desk, now=NOW, law=city.law, lead=city.bodies["QRS"], why="由区局直接核处"
    )
    found = state(hotline)
    assert (found["state"], found["body"], found["accepted_at"]) == ("referred", "云城区人社局", None)
    assert found["due_on"] == made.matter.next_due_on.isoformat()
    referral.accept(clue, by=city.desk, now=NOW, law=city.law)
    assert (state(hotline)["state"], state(hotline)["state_name"]) == ("handling", "已签收，办理中")
    paper(made.matter, "case_filing_approval", by=city.desk)
    referral.conclude(clue, "属实，已立案查处", words=ANSWER, by=city.desk, now=NOW, law=city.law)
    found = state(hotline)
    assert (found["state"], found["conclusion"], found["due_on"]) == ("told", "属实，已立案查处", None)
    assert found["answer"].endswith("承办人电话139****9999。")


def test_a_return_is_seen_with_its_reason_and_no_number_in_it(hotline, city):  # noqa: F811
    sent(hotline)
    clue = read()
    referral.refer(clue, by=city.desk, now=NOW, law=city.law, lead=city.bodies["ZJ"], why="由住建部门核实")
    referral.return_(clue, why="工地不归我们管，来电人13900001234", by=city.housing, now=NOW, law=city.law)
    found = state(hotline)
    assert (found["state"], found["state_name"]) == ("returned", "承办单位退单，待改派")
    assert [(one["body"], one["why"]) for one in found["returns"]] == [
        ("云州市住建局", "工地不归我们管，来电人139****1234")
    ]


def test_a_conclusion_that_a_second_person_still_looks_at_is_not_told(hotline, city):  # noqa: F811
    sent(hotline)
    clue = concluded(city)
    Conclusion.objects.update(standing="review", told_at=None)
    Clue.objects.filter(pk=clue.pk).update(state="referred")
    found = state(hotline)
    assert (found["state"], found["conclusion"], found["answer"]) == ("handling", "", "")


def test_nothing_of_anybody_is_in_any_answer(hotline, city):  # noqa: F811
    sent(hotline, ticket(text=f"我叫赵某某，身份证990101199001010011，{OWED}"))
    concluded(city)
    said = {
        "kind": "supplement",
        "at": "2026-11-20T09:00:00+08:00",
        "words": "我还有个工友钱某，电话13700007777",
    }
    answers = [
        hotline.post(f"{TICKETS}/YZ-1/words", said),
        hotline.get(f"{TICKETS}/YZ-1"),
        hotline.get(CHANGES),
    ]
    text = "".join(json.dumps(answer.json(), ensure_ascii=False) for answer in answers)
    assert [
        part
        for part in ("赵某某", "钱某", "13900001234", "13700007777", "990101199001010011")
        if part in text
    ] == []


def test_changes_come_in_order_by_pages_and_each_once(hotline, city, centre):  # noqa: F811
    sent(hotline, *(ticket(f"YZ-{number}") for number in range(1, 6)))
    begin = changes(hotline, 0)
    assert ([one["ticket_no"] for one in begin["items"]], begin["more"]) == (
        [f"YZ-{n}" for n in range(1, 6)],
        False,
    )
    assert changes(hotline, begin["next"]) == {"items": [], "next": begin["next"], "more": False}
    for number in (4, 2):
        referral.refer(
            read(f"YZ-{number}"),
            by=city.desk,
            now=NOW,
            law=city.law,
            lead=city.bodies["QRS"],
            why="由区局核处",
        )
    seen, after = [], begin["next"]
    while True:
        piece = changes(hotline, after, limit=1)
        seen += [(one["ticket_no"], one["state"]) for one in piece["items"]]
        assert piece["next"] >= after
        after = piece["next"]
        if not piece["more"]:
            break
    assert seen == [("YZ-4", "referred"), ("YZ-2", "referred")]


def test_a_place_that_the_journal_has_not_reached_is_refused(hotline):
    answer = hotline.get(f"{CHANGES}?after=99999")
    assert (answer.status_code, answer.json()["field"]) == (422, "after")


def test_a_long_journal_is_gone_through_in_bounded_pieces(hotline, city, monkeypatch):  # noqa: F811
    from anxin.referral import hotline_changes

    sent(hotline)
    begin = changes(hotline, 0)["next"]
    read()
    referral.refer(
        Clue.objects.get(), by=city.desk, now=NOW, law=city.law, lead=city.bodies["QRS"], why="由区局核处"
    )
    monkeypatch.setattr(hotline_changes, "WINDOW", 1)
    found, after, calls = [], begin, 0
    while True:
        piece = changes(hotline, after)
        found += piece["items"]
        after, calls = piece["next"], calls + 1
        if not piece["more"]:
            break
    assert calls == JournalEntry.objects.filter(sequence__gt=begin).count() > 1
    assert {one["ticket_no"] for one in found} == {"YZ-1"}


def test_a_step_that_means_acceptance_is_a_change(hotline, city):  # noqa: F811
    from tests.referral.clues import step

    sent(hotline)
    made = referral.refer(
        read(), by=city.desk, now=NOW, law=city.law, lead=city.bodies["QRS"], why="由区局核处"
    )
    after = changes(hotline, 0)["next"]
    step(made.matter, "sign", by=city.desk)
    assert [one["state"] for one in changes(hotline, after)["items"]] == ["handling"]
    last = JournalEntry.objects.order_by("-sequence").first()
    assert (last.action, last.object_id) == ("referral.accepted", str(Clue.objects.get().pk))


def test_states_and_changes_ask_no_more_for_many_than_for_one(
    hotline,
    centre,
    city,  # noqa: F811
    django_assert_max_num_queries,
):
    sent(hotline, *(ticket(f"YZ-{number}") for number in range(1, 9)))
    for number in range(1, 9):
        concluded(city, f"YZ-{number}")
    with django_assert_max_num_queries(12):
        assert len(changes_after(centre, 0, 200).items) == 8


REVISIT = {"kind": "revisit", "at": "2026-11-20T10:30:00+08:00", "contacted": True, "solved": False, "satisfied": False,
           "words": "只拿到一半"}  # fmt: skip


@pytest.fixture
def later(monkeypatch, hotline):
    """An hour on, by our clock and by the hotline's."""
    at = NOW + dt.timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: at)
    hotline.timestamp = int(at.timestamp())
    return at


def test_a_caller_who_is_not_content_with_what_was_concluded_has_it_opened_again(hotline, city, later):  # noqa: F811
    sent(hotline)
    concluded(city)
    answer = hotline.post(f"{TICKETS}/YZ-1/words", REVISIT).json()
    assert (answer["fate"], answer["disagreed"], answer["ticket"]["state"]) == ("accepted", True, "handling")
    assert answer["ticket"]["agrees"] is False
    word = Word.objects.get()
    assert (word.agrees, word.heard_by_name, word.how) == (
        False,
        "云州市12345热线",
        "2026-11-20热线电话回访本人",
    )
    before = JournalEntry.objects.count()
    again = hotline.post(f"{TICKETS}/YZ-1/words", REVISIT).json()
    assert (again["fate"], again["disagreed"]) == ("unchanged", True)
    assert (Word.objects.count(), TicketNote.objects.count(), JournalEntry.objects.count()) == (1, 1, before)


@pytest.mark.parametrize(
    "said",
    [
        {"at": "2026-11-20T09:59:00+08:00"},  # before they were told
        {"satisfied": None},
        {"satisfied": True, "solved": True},
        {"contacted": False, "solved": None, "satisfied": None},
        {"kind": "urge", "contacted": None, "solved": None, "satisfied": None},
    ],
)
def test_everything_else_stands_beside_the_clue_and_opens_or_closes_nothing(said, hotline, city, later):  # noqa: F811
    sent(hotline)
    concluded(city)
    answer = hotline.post(f"{TICKETS}/YZ-1/words", REVISIT | said).json()
    assert (answer["fate"], answer["disagreed"], answer["ticket"]["state"]) == ("accepted", False, "told")
    assert not Word.objects.exists()
    assert TicketNote.objects.get().words.open() == "只拿到一半"
    entry = JournalEntry.objects.get(action="clue.hotline_said")
    assert "一半" not in entry.summary


URGE = {"kind": "urge", "at": "2026-11-20T09:00:00+08:00", "words": "请尽快办理，我急用钱"}


def test_an_urging_tells_who_has_the_clue_or_its_matter_once_a_day(hotline, city, later):  # noqa: F811
    sent(hotline)
    hotline.post(f"{TICKETS}/YZ-1/words", URGE)
    clue = Clue.objects.get()
    of_clue = Notice.objects.filter(kind="urging", about_type="clue")
    assert of_clue.filter(to=city.desk, link=f"/clues/{clue.pk}#ticket-notes").count() == 1
    referral.refer(read(), by=city.desk, now=NOW, law=city.law, lead=city.bodies["QRS"], why="由区局直接核处")
    for minute in (10, 20):  # two calls of one day are two notes and one urging
        assert (
            hotline.post(
                f"{TICKETS}/YZ-1/words", URGE | {"at": f"2026-11-20T09:{minute}:00+08:00"}
            ).status_code
            == 200
        )
    urging = Urging.objects.get()
    assert (urging.by, urging.by_name, urging.matter.referral.clue) == (None, "云州市12345热线", clue)
    told = Notice.objects.filter(kind="urging", about_type="matter")
    assert told.filter(to=city.desk).count() == 1 and TicketNote.objects.count() == 3
    assert not Notice.objects.filter(body__contains="急用钱").exists()


def test_the_answer_to_an_urging_goes_back_to_the_callers_hotline(hotline, city, later):  # noqa: F811
    """In the state and as a change; with the body's name, no person's, and long numbers masked."""
    sent(hotline)
    hotline.post(f"{TICKETS}/YZ-1/words", URGE)
    assert state(hotline)["urgings"] == [
        {"at": "2026-11-20T09:00:00+08:00", "body": "", "answer": "", "answered_at": None}
    ]
    referral.refer(read(), by=city.desk, now=NOW, law=city.law, lead=city.bodies["QRS"], why="由区局直接核处")
    again = URGE | {"at": "2026-11-20T09:10:00+08:00"}
    assert hotline.post(f"{TICKETS}/YZ-1/words", again).json()["ticket"]["urgings"][1]["answer"] == ""
    place = changes(hotline, 0)["next"]
    answer_urging(Urging.objects.get(), "已约负责人13900001234周三到场", by=city.desk, now=later)
    found = state(hotline)["urgings"]
    assert found[0]["answered_at"] is None
    assert (found[1]["body"], found[1]["answer"]) == ("云城区人社局", "已约负责人139****1234周三到场")
    assert found[1]["answered_at"] == clock.local(later).isoformat() and str(city.desk) not in str(found)
    assert [one["urgings"] for one in changes(hotline, place)["items"]] == [found]


def test_a_caller_joins_a_colleagues_urging_that_waits_and_reads_no_other(hotline, city, later):  # noqa: F811
    """Urgings among colleagues stay inside; one answered before the caller urged is not theirs."""
    sent(hotline, ticket(), ticket("YZ-2", text="另一个工地的12个人两个月没有拿到工资，共9万元。"))
    for number in ("YZ-1", "YZ-2"):
        referral.refer(
            read(number), by=city.desk, now=NOW, law=city.law, lead=city.bodies["QRS"], why="由区局直接核处"
        )
        urge(read(number).referrals.get().matter, "内部的话：请今天回复", by=city.desk, now=NOW)
    inside = read("YZ-2").referrals.get().matter.urgings.get()
    answer_urging(inside, "只给同事的答复", by=city.desk, now=later)
    for number in ("YZ-1", "YZ-2"):
        assert hotline.post(f"{TICKETS}/{number}/words", URGE).status_code == 200
    joined = read().referrals.get().matter.urgings.get()
    answer_urging(joined, "周三有结果", by=city.desk, now=later)
    assert [one["answer"] for one in state(hotline)["urgings"]] == ["周三有结果"]
    assert [(one["body"], one["answer"]) for one in state(hotline, "YZ-2")["urgings"]] == [("", "")]
    assert Urging.objects.count() == 2 and "内部的话" not in str(state(hotline))


def test_before_anything_is_concluded_a_discontented_caller_is_a_note(hotline, later):
    sent(hotline)
    answer = hotline.post(f"{TICKETS}/YZ-1/words", REVISIT).json()
    assert (answer["disagreed"], answer["ticket"]["state"]) == (False, "received")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"contacted": None}, "contacted"),
        ({"contacted": False}, "satisfied"),
        ({"kind": "urge"}, "kind"),
        (
            {"kind": "supplement", "contacted": None, "solved": None, "satisfied": None, "words": "  "},
            "words",
        ),
        ({"at": "2026-11-21T10:00:00+08:00"}, "at"),
        ({"at": "2026-11-20 10:00"}, "at"),
        ({"satisfied": "yes"}, "satisfied"),
    ],
)
def test_a_word_that_cannot_be_is_refused_in_a_sentence(said, field, hotline, later):
    sent(hotline)
    answer = hotline.post(f"{TICKETS}/YZ-1/words", REVISIT | said)
    assert (answer.status_code, answer.json()["field"].split(".")[0]) == (422, field)
    assert answer.json()["message"] and not TicketNote.objects.exists()


def test_the_description_that_is_exported_is_the_one_that_is_served(hotline, tmp_path, client):
    path = tmp_path / "api.json"
    from anxin.cli.main import main

    assert main(["api", "schema", str(path)]) == 0
    assert json.loads(path.read_text(encoding="utf-8")) == client.get("/api/v1/openapi.json").json()


def test_a_word_from_before_the_call_is_refused(hotline):
    sent(hotline)
    said = {"kind": "supplement", "words": "还有两个人", "at": "0547-06-23T04:49:59Z"}
    answer = hotline.post(f"{TICKETS}/YZ-1/words", said)
    assert (answer.status_code, answer.json()["field"]) == (422, "at")


def test_words_of_any_writing_are_kept_as_they_are(hotline):
    sent(hotline)
    words = "T0=\U0005474d!\U0008bf16\u00c9\U0008a4c25"
    said = {"kind": "supplement", "words": words, "at": "2026-11-20T01:00:00Z", "contacted": None}
    assert hotline.post(f"{TICKETS}/YZ-1/words", said).json()["fate"] == "accepted"
    assert TicketNote.objects.get().words.open() == words


# --- attachments


def brought(hotline, data: bytes, number: str = "YZ-1", **headers):
    content = base64.b64encode(data).decode()
    return hotline.post(f"{TICKETS}/{number}/files", {"content": content}, **headers)


@pytest.fixture
def delivered(hotline, home) -> Clue:
    sent(hotline)
    return Clue.objects.get()


def test_a_picture_is_written_anew_without_the_cameras_notes_and_the_same_again_is_one(hotline, delivered):
    answer = brought(hotline, with_camera_notes())
    assert answer.status_code == 200, answer.content.decode()
    assert (answer.json()["fate"], answer.json()["name"], answer.json()["clue"]) == (
        "accepted",
        "照片1.jpg",
        delivered.number,
    )
    kept = TicketFile.objects.get()
    assert b"SECRET" not in files.read(kept.file) and kept.content_type == "image/jpeg"
    assert JournalEntry.objects.get(action="clue.ticket_file").object_id == str(delivered.pk)
    before = JournalEntry.objects.count()
    assert brought(hotline, with_camera_notes()).json()["fate"] == "unchanged"
    assert (TicketFile.objects.count(), JournalEntry.objects.count()) == (1, before)


def test_a_recording_is_known_by_its_content(hotline, delivered):
    answer = brought(hotline, b"#!AMR\n" + b"\0" * 200).json()
    assert (answer["name"], answer["content_type"]) == ("录音1.amr", "audio/amr")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("PGh0bWw+PHNjcmlwdD4=", "是网页"),  # <html><script>
        ("JVBERi0xLjcK", "按内容是PDF文件，附件只收 照片"),  # a PDF
        ("AAAA/*not*/", "不是有效的Base64"),
        ("QUJD\nREVG", "不是有效的Base64"),
        ("====", "Base64"),
    ],
)
def test_what_is_no_picture_or_recording_is_refused_with_code_sentence_and_field(
    hotline, delivered, content, says
):
    answer = hotline.post(f"{TICKETS}/YZ-1/files", {"content": content})
    told = answer.json()
    assert (answer.status_code, told["code"], told["field"]) == (422, "invalid", "content")
    assert says in told["message"] and not TicketFile.objects.exists()


def test_a_file_that_is_too_large_is_refused_and_so_is_a_body(hotline, delivered, monkeypatch):
    monkeypatch.setattr(ticket_files, "DOOR", replace(ticket_files.DOOR, largest=1))
    told = brought(hotline, a_picture())
    assert (told.status_code, told.json()["field"]) == (422, "content") and "超过0MB" in told.json()[
        "message"
    ]
    monkeypatch.setattr(middleware, "FILE_LIMIT_MB", 0)
    assert (brought(hotline, a_picture()).status_code, TicketFile.objects.count()) == (413, 0)


def test_a_picture_larger_than_other_calls_is_taken(hotline, delivered):
    noisy = Image.effect_noise((1800, 1800), 90)
    data = io.BytesIO()
    noisy.save(data, "PNG")
    assert len(data.getvalue()) > 2 * 1024 * 1024
    assert brought(hotline, data.getvalue()).status_code == 200


def test_no_more_than_a_ticket_may_have(hotline, delivered, monkeypatch):
    monkeypatch.setattr(ticket_files, "AT_MOST", 1)
    assert brought(hotline, a_picture()).status_code == 200
    told = brought(hotline, a_picture("PNG"))
    assert told.status_code == 422 and "最多1个附件" in told.json()["message"]
    assert TicketFile.objects.count() == 1


def test_another_centre_and_a_key_that_only_reads_bring_nothing(hotline, delivered, caller, city, centre):  # noqa: F811
    place = {"name": "另一热线", "kind": "hotline", "region": city.top}
    other = caller(organisation=Organisation.objects.create(code="RX2", **place), scopes=list(HOTLINE_SCOPES))
    reads = caller(organisation=centre, scopes=[CLUES_READ])
    assert (brought(other, a_picture()).status_code, brought(reads, a_picture()).status_code) == (404, 403)
    assert brought(hotline, a_picture(), "YZ-404").status_code == 404 and not TicketFile.objects.exists()


def test_a_sandbox_is_answered_and_keeps_nothing(centre, caller, delivered):
    trial = caller(organisation=centre, scopes=list(HOTLINE_SCOPES), sandbox=True)
    answer = brought(trial, a_picture()).json()
    assert (answer["fate"], answer["sandbox"]) == ("accepted", True) and not TicketFile.objects.exists()
