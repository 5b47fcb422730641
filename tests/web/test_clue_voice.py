"""往来消息 on a clue's page: what came by the public form, and words with whoever holds the receipt."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from anxin.channels import adding, answering
from anxin.channels.models import Message, SubmissionFile
from anxin.channels.taking_in import take_in_waiting
from anxin.clues.models import Opening
from anxin.evidence.models import JournalEntry
from anxin.notices.models import Notice
from tests.channels.voices import a_key, sent
from tests.evidence.test_pictures_and_sounds import a_picture


@pytest.fixture
def told(world, home, now):
    """An anonymous report with a picture and a recording, taken in."""
    given = sent(now, key=a_key(1), region=world.here.region_id, trade="carpenter", helped=True)
    for kind, data in (("picture", a_picture()), ("sound", b"OggS" + b"\0" * 50)):
        adding.add(given.submission, adding.prepare(kind, data), key=f"file-{kind}", now=now)
    take_in_waiting(now=now)
    given.submission.refresh_from_db()
    return given.submission


def body(answer) -> str:
    return answer.content.decode()


def page_of(client, told) -> str:
    return body(client.get(reverse("clue", args=[told.clue_id])))


def file_of(client, told, kind: str):
    kept = SubmissionFile.objects.get(kind=kind)
    return client.get(reverse("clue-file", args=[told.clue_id, kept.pk]))


def test_the_card_shows_what_came_and_asks(sign_in, told):
    page = page_of(sign_in("inspector"), told)
    for words in ("往来消息", "木工", "他人代填", "照片1.jpg", "语音1.ogg", "发出留言"):
        assert words in page


def test_a_question_is_read_by_the_receipt_and_the_answer_reaches_who_asked(sign_in, told, now):
    client = sign_in("inspector")
    asked = client.post(reverse("clue-ask", args=[told.clue_id]), {"text": "请问工头姓什么？"}, follow=True)
    assert "留言已发出" in body(asked)
    assert "请问工头姓什么" in page_of(client, told) and "对方还没有看" in page_of(client, told)
    answering.seen(told, now=now)
    answering.answer(told, "姓钱，电话13900001234。", key="answer-1", now=now)
    page = page_of(client, told)
    assert "对方已看" in page and "姓钱" in page and "13900001234" not in page
    assert Notice.objects.filter(kind=answering.NOTICE).count() == 1
    assert "姓钱" not in str(list(JournalEntry.objects.values()))


def test_an_empty_question_is_refused(sign_in, told):
    answer = sign_in("inspector").post(reverse("clue-ask", args=[told.clue_id]), {"text": " "}, follow=True)
    assert "请写下要说的话" in body(answer) and not Message.objects.exists()


def test_a_picture_is_shown_and_a_recording_saved_and_each_look_is_journalled(sign_in, told):
    client = sign_in("inspector")
    picture, sound = file_of(client, told, "picture"), file_of(client, told, "sound")
    assert picture["Content-Type"] == "image/jpeg" and picture["Content-Disposition"].startswith("inline")
    assert sound["Content-Type"] == "audio/ogg" and sound["Content-Disposition"].startswith("attachment")
    for answer in (picture, sound):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"] and "no-store" in answer["Cache-Control"]
    assert JournalEntry.objects.filter(action="clue.file_seen").count() == 2


def test_who_only_reads_sees_that_there_are_files_and_neither_them_nor_the_words(sign_in, told, world, now):
    answering.ask(told.clue, "请问工头姓什么？", by=world.inspector, now=now)
    client = sign_in("clerk")
    page = page_of(client, told)
    assert "照片1.jpg" in page and "请问工头姓什么" not in page and "发出留言" not in page
    assert file_of(client, told, "picture").status_code == 403
    assert client.post(reverse("clue-ask", args=[told.clue_id]), {"text": "你好"}).status_code == 403


def test_what_lies_elsewhere_does_not_exist(sign_in, told, world):
    told.clue.region_id = world.there.region_id
    told.clue.save()
    client = sign_in("inspector")
    assert file_of(client, told, "picture").status_code == 404
    assert client.post(reverse("clue-ask", args=[told.clue_id]), {"text": "你好"}).status_code == 404


# --- a telephone within the words: masked, and opened like everything else that is sealed

ANSWERED = "姓钱，电话13900001234，他老婆的卡6222020200001234567。"


@pytest.fixture
def answered(told, now):
    answering.answer(told, ANSWERED, key="answer-1", now=now)
    return told


def asks(client, told, *fields):
    said = {"fields": fields or ["messages"], "why": "联系核实人数"}
    return body(client.post(reverse("opening-ask", args=[told.clue_id]), said, follow=True))


def decides(client, act: str, **said):
    return client.post(
        reverse("opening-decide", args=[Opening.objects.latest("pk").pk, act]), said, follow=True
    )


def test_a_number_within_an_answer_is_opened_once_by_two_people_and_the_journal_has_it_not(
    sign_in, answered, now
):
    asking, deciding = sign_in("inspector"), sign_in("leader")
    page = page_of(asking, answered)
    assert "13900001234" not in page and "6222020200001234567" not in page and 'value="messages"' in page
    asks(asking, answered)
    answering.answer(answered, "另外我自己是13911112222。", key="answer-2", now=now + dt.timedelta(minutes=1))
    decides(deciding, "approve")
    shown = body(decides(asking, "open"))
    assert ANSWERED in shown and "留言原文" in shown
    assert "13911112222" not in shown  # said after the request: nobody has approved that
    again = body(decides(asking, "open"))
    assert ANSWERED not in again and "已经查看过" in again
    journal = str(list(JournalEntry.objects.values("summary", "after")))
    assert "查看" in journal and "留言原文" in journal and "13900001234" not in journal


def test_whoever_asked_alone_and_another_district_open_no_answer(sign_in, answered):
    asking = sign_in("inspector")
    asks(asking, answered)
    assert "没有批准" in body(decides(asking, "open"))
    assert "另一人批准" in body(decides(asking, "approve"))
    for act in ("approve", "open"):
        assert decides(sign_in("outsider"), act).status_code == 404
    decides(sign_in("leader"), "approve")
    assert "别人的申请" in body(decides(sign_in("leader"), "open"))
    assert Opening.objects.get().opened_at is None


def test_without_an_answer_there_is_none_to_ask_for(sign_in, told):
    client = sign_in("inspector")
    assert 'value="messages"' not in page_of(client, told)
    assert "没有登记留言原文" in asks(client, told)
    assert not Opening.objects.exists()


def test_a_number_within_the_report_itself_is_opened_the_same_way(sign_in, world, now):
    given = sent(now, key=a_key(2), region=world.here.region_id, owes="钱某 13900001234")
    take_in_waiting(now=now)
    given.submission.refresh_from_db()
    asking = sign_in("inspector")
    assert "13900001234" not in page_of(asking, given.submission)
    asks(asking, given.submission, "text")
    decides(sign_in("leader"), "approve")
    assert "13900001234" in body(decides(asking, "open"))


# --- what a hotline sends with its ticket


@pytest.fixture
def ticket_picture(world, home, now):
    """A hotline's ticket of this district with one picture."""
    from anxin.clues.hotline import deliver
    from anxin.clues.models import HotlineTicket
    from anxin.clues.ticket_files import add_file
    from anxin.evidence.journal import SYSTEM
    from anxin.registry.models import Organisation

    centre = Organisation.objects.create(
        code="RX", name="某市12345热线", kind="hotline", region=world.here.region
    )
    row = {"number": "YZ-1", "received_at": "2026-11-19 09:30", "text": "我们14个木工三个月没有拿到工资。"}
    deliver(centre, [row], actor=SYSTEM, now=now)
    kept, _ = add_file(HotlineTicket.objects.get(), a_picture(), actor=SYSTEM, now=now)
    return kept


def test_a_tickets_picture_is_shown_to_who_works_on_it_and_every_look_is_journalled(sign_in, ticket_picture):
    client = sign_in("inspector")
    page = body(client.get(reverse("clue", args=[ticket_picture.clue_id])))
    where = reverse("clue-ticket-file", args=[ticket_picture.clue_id, ticket_picture.pk])
    assert "工单附件" in page and where in page and "照片1.jpg" in page
    answer = client.get(where)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"] and answer.content.startswith(b"\xff\xd8")
    client.get(where)
    looks = JournalEntry.objects.filter(action="clue.file_seen")
    assert looks.count() == 2 and "热线送来的照片1.jpg" in looks.first().summary


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("clerk", 403), ("auditor", 403)])
def test_others_do_not_see_a_tickets_picture(sign_in, ticket_picture, who, status):
    where = reverse("clue-ticket-file", args=[ticket_picture.clue_id, ticket_picture.pk])
    assert sign_in(who).get(where).status_code == status
    assert not JournalEntry.objects.filter(action="clue.file_seen").exists()


def test_a_tickets_picture_is_found_only_under_its_own_clue(sign_in, ticket_picture, told):
    wrong = reverse("clue-ticket-file", args=[told.clue_id, ticket_picture.pk])
    assert sign_in("inspector").get(wrong).status_code == 404
