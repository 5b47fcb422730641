"""More forms than one process takes: the others are told at once, keep their words, come again, and nothing is doubled."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import pairwise

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from anxin.channels import codes, tokens
from anxin.channels.models import FloodMark, Submission, SubmissionFile
from anxin.channels.models_voice import Message
from anxin.channels.refusing import Busy
from anxin.channels.taking_in import take_in_waiting
from anxin.evidence.journal import SYSTEM
from anxin.web.public import admission
from anxin.web.public.admission import AT_MOST, PATIENCE, Room
from benchmarks import phones
from tests.channels.voices import sent
from tests.evidence.test_pictures_and_sounds import with_camera_notes
from tests.monitoring import factories as make
from tests.support import console
from tests.support.browser import arrived, patient
from tests.web.public.conftest import WECHAT

TOLD = "我们6个瓦工干到10月底，工资一分没发，一共4万2千元，工头说等甲方拨款。"
KEY = "a-key-of-the-phone-itself-1"


# --- the places


def test_beyond_the_most_nobody_is_let_in_and_who_leaves_makes_room():
    room = Room(at_work=1, at_most=1)
    with room.place():
        with pytest.raises(Busy):
            room.refuse_when_full()
        with pytest.raises(Busy), room.place():
            pass
    room.refuse_when_full()
    with room.place():
        pass


def test_who_waits_gets_the_next_turn_or_is_told_when_the_moment_has_passed():
    room = Room(at_work=1, at_most=3, patience=0.05)
    with room.place(), pytest.raises(Busy), room.place():
        pass
    patient = Room(at_work=1, at_most=2, patience=30)
    got = threading.Event()
    with patient.place():
        waiting = threading.Thread(target=lambda: (patient.place().__enter__(), got.set()))
        waiting.start()
        assert not got.is_set()
    waiting.join(30)
    assert got.is_set()


def test_a_form_that_fails_gives_its_place_back():
    room = Room(at_work=1, at_most=1)
    for _ in range(3):
        with pytest.raises(ValueError), room.place():
            raise ValueError
    room.refuse_when_full()


def test_those_who_are_refused_together_come_back_at_different_times():
    times = {Busy().seconds for _ in range(200)}
    assert min(times) >= 5 and max(times) <= 20 and len(times) > 5


# --- the pages


@contextmanager
def full(monkeypatch) -> Iterator[None]:
    """No place left in this process."""
    monkeypatch.setattr(admission, "FORMS", Room(at_work=1, at_most=1))
    with admission.FORMS.place():
        yield


@pytest.mark.django_db
def test_the_script_is_told_the_time_and_the_same_form_is_taken_afterwards(phone, board, monkeypatch):
    where = reverse("public:form", args=[tokens.token_of(board.pk)])
    told = {"kind": "report", "text": TOLD, "key": KEY}
    with full(monkeypatch):
        answer = phone.post(where, told, headers={"Accept": "application/json"})
        assert answer.status_code == 503 and int(answer["Retry-After"]) == answer.json()["seconds"]
        assert "您填的内容还在" in answer.json()["refusal"] and "12333" in answer.json()["refusal"]
        assert phone.get(where).status_code == 200  # who only opens the page is served
    assert (
        not Submission.objects.exists() and not FloodMark.objects.exists()
    )  # nothing was taken from any allowance
    answer = phone.post(where, told, headers={"Accept": "application/json"})
    assert answer.status_code == 200 and Submission.objects.count() == 1


@pytest.mark.django_db
def test_without_a_script_the_words_go_along_and_one_button_sends_them_again(phone, board, monkeypatch):
    where = reverse("public:form", args=[tokens.token_of(board.pk)])
    told = {"kind": "complaint", "text": TOLD, "key": KEY, "name": "赵大宝", "phone": "13900001234"}
    told |= {"trade": "bricklayer", "helped": "yes"}
    with full(monkeypatch):
        answer = phone.post(where, told | {"website": "x"})
        assert answer.status_code == 503 and "再交一次" in answer.text and int(answer["Retry-After"]) >= 5
        for name, value in told.items():
            assert f'<input type="hidden" name="{name}" value="{value}">' in answer.text
        assert "照片和录音没有收下" not in answer.text
        picture = SimpleUploadedFile("x.jpg", with_camera_notes(), content_type="image/jpeg")
        assert "照片和录音没有收下" in phone.post(where, told | {"photos": picture}).text
    assert "收到了" in phone.post(where, told).text and Submission.objects.get().helped


@pytest.mark.django_db
def test_a_file_waits_on_the_phone_too(phone, board, home, monkeypatch):
    where = reverse("public:form", args=[tokens.token_of(board.pk)])
    phone.post(where, {"kind": "report", "text": TOLD, "key": KEY})
    told = {"key": KEY, "file_key": "picture-1", "kind": "picture"}
    with full(monkeypatch):
        answer = phone.post(reverse("public:form-files"), told | {"file": _picture()})
        assert answer.status_code == 503 and not SubmissionFile.objects.exists()
    assert phone.post(reverse("public:form-files"), told | {"file": _picture()}).status_code == 200


WORDS = "工头昨天又说下个月再发，我们还在工地上。"


@pytest.fixture
def answering_page(phone, board):
    """``(ticket, key)`` of the page of somebody anonymous who holds a receipt."""
    given = sent(timezone.now(), code=board.pk)
    take_in_waiting(now=timezone.now())
    shown = phone.post(reverse("public:receipt"), {"receipt": given.receipt}).text
    return [re.search(rf'name="{name}" value="([^"]+)"', shown)[1] for name in ("ticket", "key")]


@pytest.mark.django_db
def test_an_answer_by_receipt_is_told_at_once_keeps_its_words_and_is_taken_once(
    phone, answering_page, monkeypatch, django_assert_num_queries
):
    told = dict(zip(("ticket", "key"), answering_page, strict=True)) | {"text": WORDS}
    with full(monkeypatch), django_assert_num_queries(1):  # the banner of a demonstration, and nothing else
        answer = phone.post(reverse("public:receipt-say"), told)
    assert answer.status_code == 503 and 5 <= int(answer["Retry-After"]) <= 20
    assert "您填的内容还在" in answer.text and "12333" in answer.text and "再交一次" in answer.text
    for name, value in told.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in answer.text
    assert not Message.objects.exists()
    for _ in range(2):
        assert "留言已收到" in phone.post(reverse("public:receipt-say"), told).text
    assert Message.objects.get().from_office is False


@pytest.mark.django_db
def test_a_word_on_the_result_waits_on_the_phone_and_a_look_up_keeps_its_number(
    phone, answering_page, monkeypatch
):
    told = {"ticket": answering_page[0], "word": "no", "words": "只收到一半，还差3000元。"}
    with full(monkeypatch):
        answer = phone.post(reverse("public:receipt-word"), told)
        assert answer.status_code == 503 and "再交一次" in answer.text
        assert 'name="word" value="no"' in answer.text and 'value="只收到一半，还差3000元。"' in answer.text
        looked = phone.post(reverse("public:receipt"), {"receipt": "1234 5678 9012 3456"})
        assert looked.status_code == 503 and int(looked["Retry-After"]) >= 5
        assert "现在查的人太多" in looked.text and "1234 5678 9012 3456" in looked.text
        assert phone.get(reverse("public:receipt")).status_code == 200  # who only opens the page is served
    assert "还没有告知结论" in phone.post(reverse("public:receipt-word"), told).text  # let in, and answered


def _picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("x.jpg", with_camera_notes(), content_type="image/jpeg")


# --- as it is served


@contextmanager
def nobody_writes() -> Iterator[None]:
    """Another one holds the database meanwhile: in SQLite all of it, in PostgreSQL the forms' table."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE channels_submission IN ACCESS EXCLUSIVE MODE")
        yield


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_some_are_told_at_once_and_all_arrive_once_when_they_come_again(
    tmp_path, transactional_db
):
    site = make.project("P1", region_code="990101", name="东台安置房工程")
    (board,) = codes.issue_boards([site], actor=SYSTEM, now=timezone.now())
    sent = phones.some_phones([(board.pk, tokens.token_of(board.pk))], 60)
    port = console.free_port()
    office = console.start("web", "--port", str(port), "--workers", "1", log=tmp_path / "log")
    try:
        console.wait_until_ready(f"http://127.0.0.1:{port}", office, tmp_path / "log")
        with ExitStack() as stack:
            stack.enter_context(nobody_writes())
            began = time.monotonic()
            offering = in_a_thread(phones.offer(sent, port, 1000, connections=60))
            while len(refused(sent)) < len(sent) - AT_MOST and time.monotonic() - began < 30:
                time.sleep(0.02)
            at_once = refused(sent)
            # the console itself still answers, while its writers wait
            console.wait_until_ready(f"http://127.0.0.1:{port}", office, tmp_path / "log", seconds=5)
        offering.result(60)
        assert len(at_once) >= len(sent) - AT_MOST and max(one.seconds for one in at_once) < PATIENCE + 1
        assert {one.status for one in sent} == {200, 503}
        first = {one.number for one in sent if one.status == 200}
        assert {one.number for one in sent if one.status == 503} | first == {one.number for one in sent}
        for _ in range(20):  # as the page's script does, after its time
            if not (again := refused(sent)):
                break
            in_a_thread(phones.offer(again, port, 40, connections=4)).result(60)
    finally:
        phones.kill_group(office)
    assert {one.status for one in sent} == {200}
    assert Submission.objects.count() == len(sent) == len({one.receipt for one in sent})


def refused(sent) -> list[phones.Phone]:
    return [one for one in sent if one.status == 503]


def in_a_thread(doing):
    """Beside this thread, which holds the database, and a browser's driver, which keeps a loop of its own on it."""
    threads = ThreadPoolExecutor(1)
    running = threads.submit(asyncio.run, doing)
    threads.shutdown(wait=False)
    return running


# --- the page's own script


def test_the_page_comes_again_by_itself_after_the_time_that_it_was_told(browser, live_console):
    site = make.project("QH-001", name="清河安置房项目三期")
    (board,) = codes.issue_boards([site], actor=SYSTEM, now=timezone.now())
    context = browser.new_context(
        base_url=live_console.url, viewport={"width": 320, "height": 568}, locale="zh-CN", user_agent=WECHAT
    )
    patient(context)
    page = context.new_page()
    tries = []

    def busy(route):
        """The office's own answer, twice; then the office is asked."""
        tries.append(time.monotonic())
        if len(tries) > 2:
            return route.continue_()
        return route.fulfill(
            status=503,
            content_type="application/json" if len(tries) == 1 else "text/html",
            headers={"Retry-After": "3"},
            body='{"refusal": "现在提交的人太多，这一份还没有收下。", "field": "", "seconds": 3}',
        )

    page.goto(f"/f/{tokens.token_of(board.pk)}")
    arrived(page, "谁欠您的工资")
    page.wait_for_timeout(3200)
    page.route("**/f/*", busy)
    page.fill("[name=text]", TOLD)
    page.get_by_role("button", name="提交", exact=True).click()
    arrived(page, "到时会自动再交")
    assert TOLD in page.evaluate("JSON.stringify(localStorage)") and not Submission.objects.exists()
    arrived(page, "收到了，请记好回执号")
    assert len(tries) == 3 and all(after - before >= 2.9 for before, after in pairwise(tries))
    assert Submission.objects.count() == 1
    context.close()
