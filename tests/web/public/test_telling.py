"""The public form and the receipt as a phone meets them, with the page's script and without."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from anxin.channels import receipts, tokens
from anxin.channels.forms import TRADES
from anxin.channels.models import Submission, SubmissionFile
from anxin.channels.taking_in import take_in_waiting
from anxin.clues.models import Clue
from anxin.evidence import files
from anxin.web import clock
from tests.channels.voices import OWED
from tests.evidence.test_pictures_and_sounds import with_camera_notes
from tests.web.public.conftest import WECHAT

pytestmark = pytest.mark.django_db
FIRST_PAGE = 60 * 1024
AS_SCRIPT = {"Accept": "application/json"}
SOUND = b"#!AMR\n" + b"\0" * 60


def address_of(code) -> str:
    return reverse("public:form", args=[tokens.token_of(code.pk)])


def hidden(page, name: str) -> str:
    return re.search(rf'name="{name}" value="([^"]+)"', page.text)[1]


@pytest.fixture
def fill_in(board, phone, monkeypatch, now):
    """``fill_in(**fields)``: open the form, think for a minute, send it; what comes back."""

    def send(client: Client = phone, where: str = "", script: bool = False, **fields):
        where = where or address_of(board)
        monkeypatch.setattr(clock, "now", lambda: now)
        page = client.get(where)
        monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(minutes=1))
        told = {"kind": "report", "text": OWED, "key": hidden(page, "key"), "opened": hidden(page, "opened")}
        return client.post(where, told | fields, headers=AS_SCRIPT if script else {})

    return send


def receipt_on(page) -> str:
    return re.search(r'id="number">([\d ]{19})<', page.text)[1]


# --- the page


def test_the_form_asks_at_most_six_things_and_knows_the_site(phone, board):
    page = phone.get(address_of(board))
    assert page.status_code == 200 and "东台安置房工程" in page.text and "某建工公司" in page.text
    assert asked(page) == ["owes", "much", "text", "trade", "name", "phone"]
    for word in ("实名投诉", "匿名举报", "我是帮别人填的", "读给我听"):
        assert word in page.text


def test_without_a_code_it_asks_six_things_too(phone, board):
    assert asked(phone.get(reverse("public:form-open"))) == [
        "region",
        "site",
        "much",
        "text",
        "name",
        "phone",
    ]


def asked(page) -> list[str]:
    """What a person is asked for, in its order: files belong to the words, a helper opens what concerns helpers."""
    form = page.text.partition('<form id="form"')[2].partition("<details")[0]
    fields = re.findall(r"<(?:input|select|textarea) ([^>]*)>", form)
    unseen = ('type="hidden"', 'type="file"', 'name="website"')
    names = [re.search(r'name="(\w+)"', one)[1] for one in fields if not any(sign in one for sign in unseen)]
    assert len(re.findall(r'class="ask"', form)) == len(set(names))
    return list(dict.fromkeys(names))


def test_the_first_page_with_all_that_it_loads_is_light(phone, board):
    page = phone.get(address_of(board))
    loaded = set(re.findall(r'(?:href|src)="/static/([^"?]+)', page.text))
    weight = len(page.content) + sum(Path(finders.find(name)).stat().st_size for name in loaded)
    assert {"public/telling.js", "public/telling.css", "worker/worker.css"} <= loaded
    assert weight <= FIRST_PAGE


def test_every_trade_has_a_picture_drawn_on_the_page(phone, board):
    page = phone.get(address_of(board))
    for trade in TRADES:
        assert f'id="t-{trade}"' in page.text and f'href="#t-{trade}"' in page.text


def test_without_a_code_the_place_is_asked_for(phone, board, fill_in):
    where = reverse("public:form-open")
    assert "云城区" in phone.get(where).text or "990101" in phone.get(where).text
    assert "请选择在哪个区县做工" in fill_in(where=where).text
    assert "收到了" in fill_in(where=where, region="990101", site="西河大桥").text
    assert Submission.objects.get().code is None


@pytest.mark.parametrize("spoilt", ["unknown", "replaced"])
def test_a_code_that_does_not_hold_still_lets_somebody_tell(phone, board, fill_in, spoilt, now):
    if spoilt == "replaced":
        type(board).objects.update(withdrawn_at=now)
    where = address_of(board) if spoilt == "replaced" else reverse("public:form", args=["a" * 16])
    page = phone.get(where)
    assert page.status_code == 200 and "照样可以反映" in page.text and "某建工公司" not in page.text
    assert "收到了" in fill_in(where=where, region="990101", site="西河大桥").text


# --- sending


def test_without_a_script_the_answer_is_a_page_with_the_receipt(fill_in):
    page = fill_in()
    number = receipts.typed(receipt_on(page))
    assert page.status_code == 200 and "no-store" in page["Cache-Control"]
    assert Submission.objects.get().receipt_hash == receipts.receipt_hash(number)


def test_the_script_gets_the_receipt_as_data_and_sent_again_the_same_one(fill_in):
    first = fill_in(script=True, key="a-key-of-the-phone-itself-1").json()
    again = fill_in(script=True, key="a-key-of-the-phone-itself-1").json()
    assert first == {"receipt": first["receipt"], "repeated": False} and again == first | {"repeated": True}
    assert Submission.objects.count() == 1


def test_a_phone_without_cookies_is_taken(fill_in):
    stranger = Client(headers={"User-Agent": WECHAT}, enforce_csrf_checks=True)
    original = stranger.post

    def forgetful(*args, **more):
        stranger.cookies.clear()
        return original(*args, **more)

    stranger.post = forgetful
    assert "收到了" in fill_in(stranger).text


def test_another_sites_page_cannot_send_the_form(phone, board):
    answer = phone.post(address_of(board), {"text": OWED}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 422 and not Submission.objects.exists()


def test_what_is_missing_is_said_and_everything_typed_is_still_there(fill_in):
    page = fill_in(kind="", name="赵大宝", much="3个月，8个人", trade="carpenter")
    assert page.status_code == 422 and "请再留个电话" in page.text
    for kept in (OWED, 'value="赵大宝"', 'value="3个月，8个人"', 'value="carpenter" checked'):
        assert kept in page.text
    assert not Submission.objects.exists()


def test_who_only_speaks_and_leaves_no_name_is_let_through_as_a_report(fill_in):
    told = fill_in(kind="", text="", voice_follows="yes", script=True)
    assert told.status_code == 200 and told.json()["as_report"] and Submission.objects.get().kind == "report"
    again = fill_in(kind="complaint", text="", voice=upload(SOUND, "话.amr", "audio/amr"))
    assert "已当作匿名的举报收下，您说的都在" in again.text and receipt_on(again)
    assert 'id="as-report" data-say="receipt.unnamed" hidden' not in again.text


def test_who_is_named_complains_who_is_not_reports_and_half_a_name_is_asked_about(fill_in):
    assert "请再写上姓名" in fill_in(kind="", phone="13900001234").text
    assert "请再留个电话" in fill_in(kind="", text="", name="赵大宝", voice_follows="yes").text
    assert "请再写上姓名" in fill_in(kind="complaint", voice_follows="yes").text, "a page opened before"
    assert not Submission.objects.exists()
    named = fill_in(kind="", name="赵大宝", phone="13900001234")
    assert 'id="as-report" data-say="receipt.unnamed" hidden' in named.text
    unnamed = fill_in(kind="", text="清河的工地两个月没有发工资。")
    assert "已当作匿名的举报收下，您说的都在" in unnamed.text
    assert 'id="as-report" data-say="receipt.unnamed" hidden' not in unnamed.text
    assert list(Submission.objects.order_by("pk").values_list("kind", flat=True)) == ["complaint", "report"]


def test_a_report_of_a_page_opened_before_is_a_report_as_it_said(fill_in):
    plain = fill_in()
    assert 'id="as-report" data-say="receipt.unnamed" hidden' in plain.text


def test_what_a_machine_fills_in_unseen_is_not_taken_and_a_person_may_press_again(fill_in):
    page = fill_in(website="http://spam.example")
    assert page.status_code == 422 and "再点一次" in page.text and "spam.example" not in page.text
    assert not Submission.objects.exists()


def test_the_same_words_again_are_thanked_for_and_not_doubled(fill_in):
    fill_in()
    page = fill_in()
    assert page.status_code == 200 and "谢谢您" in page.text and Submission.objects.count() == 1
    told = fill_in(script=True)
    assert told.status_code == 409 and told.json()["already"]


def test_other_words_under_a_sent_form_come_back_with_a_new_word(fill_in):
    fill_in(key="a-key-of-the-phone-itself-1")
    page = fill_in(key="a-key-of-the-phone-itself-1", text="另一件事：宿舍断水三天。")
    assert page.status_code == 422 and "另一件事：宿舍断水三天。" in page.text
    assert hidden(page, "key") != "a-key-of-the-phone-itself-1"


def test_too_many_are_told_when_to_come_again_and_where_else_to_go(fill_in):
    for turn in range(20):
        fill_in(text=f"第{turn}个说法。")
    answer = fill_in(text="再来一个。")
    assert answer.status_code == 429 and int(answer["Retry-After"]) == 60
    assert "12333" in answer.text and "再来一个。" in answer.text
    assert fill_in(text="再来一个。", script=True).json()["seconds"] == 60


def test_a_helpers_page_shows_nothing_of_an_account(phone, fill_in):
    page = fill_in(helped="yes", kind="complaint", name="赵大宝", phone="13900001234")
    assert "赵大宝" not in page.text and "13900001234" not in page.text
    assert Submission.objects.get().helped


# --- pictures and recordings


def upload(data: bytes, name: str = "x.jpg", kind: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type=kind)


def test_files_that_come_with_the_form_are_kept_without_the_cameras_notes(home, fill_in):
    fill_in(text="", photos=upload(with_camera_notes()), voice=upload(SOUND, "说.amr"))
    picture, sound = SubmissionFile.objects.order_by("kind")
    assert (picture.name, sound.name, sound.content_type) == ("照片1.jpg", "语音1.amr", "audio/amr")
    assert b"SECRET" not in files.read(picture.file) and files.read(sound.file) == SOUND


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"<html>", b"MZ" + b"\0" * 90])
def test_a_file_that_is_no_picture_is_refused_with_the_form(home, fill_in, data):
    page = fill_in(photos=upload(data))
    assert page.status_code == 422 and "不是能打开的照片" in page.text and "重新选一次" in page.text
    assert not Submission.objects.exists()


def test_more_pictures_than_six_are_refused(home, fill_in):
    page = fill_in(photos=[upload(with_camera_notes(), f"{turn}.jpg") for turn in range(7)])
    assert page.status_code == 422 and "最多6张" in page.text


def test_a_file_that_follows_is_kept_once(home, phone, fill_in):
    fill_in(script=True, key="a-key-of-the-phone-itself-1")
    told = {"key": "a-key-of-the-phone-itself-1", "file_key": "picture-1", "kind": "picture"}
    for _ in range(2):
        answer = phone.post(reverse("public:form-files"), told | {"file": upload(with_camera_notes())})
        assert answer.json() == {"name": "照片1.jpg"}
    assert SubmissionFile.objects.count() == 1


def test_a_file_without_a_form_is_refused(home, phone, board):
    told = {"key": "a-key-that-nobody-has-sent-1", "file_key": "picture-1", "kind": "picture"}
    answer = phone.post(reverse("public:form-files"), told | {"file": upload(with_camera_notes())})
    assert answer.status_code == 422 and not SubmissionFile.objects.exists()


def test_the_seventh_picture_that_follows_is_refused(home, phone, fill_in):
    fill_in(script=True, key="a-key-of-the-phone-itself-1")
    for turn in range(7):
        told = {"key": "a-key-of-the-phone-itself-1", "file_key": f"picture-{turn}", "kind": "picture"}
        answer = phone.post(reverse("public:form-files"), told | {"file": upload(with_camera_notes())})
    assert answer.status_code == 422 and SubmissionFile.objects.count() == 6


# --- the receipt


def look_up(phone, number: str):
    return phone.post(reverse("public:receipt"), {"receipt": number})


def test_a_receipt_says_how_far_it_is_and_names_nobody(phone, fill_in, now):
    number = receipt_on(fill_in(kind="complaint", name="赵大宝", phone="13900001234"))
    page = look_up(phone, number)
    assert "正在登记" in page.text
    take_in_waiting(now=now)
    page = look_up(phone, number)
    assert Clue.objects.get().number in page.text and "已经收到并登记" in page.text
    assert "赵大宝" not in page.text and "13900001234" not in page.text and number not in page.text


def test_a_wrong_receipt_and_one_that_is_none_are_told_apart_only_by_arithmetic(phone, board):
    wrong = receipts.number_for("nobody-has-sent-this-form")
    assert "没有找到这个回执号" in look_up(phone, wrong).text
    assert "有一位不对" in look_up(phone, wrong[:-1] + str((int(wrong[-1]) + 1) % 10)).text


def test_guessing_receipts_ends_soon_and_then_tells_nothing_even_of_a_right_one(
    phone, fill_in, now, monkeypatch
):
    right = receipt_on(fill_in())
    for turn in range(20):
        assert "没有找到" in look_up(phone, receipts.number_for(f"guess-number-{turn}-of-somebody")).text
    assert "次数太多" in look_up(phone, receipts.number_for("one-more-guess-of-somebody")).text
    assert "次数太多" in look_up(phone, right).text
    elsewhere = Client(headers={"User-Agent": WECHAT}, REMOTE_ADDR="203.0.113.99")
    assert "正在登记" in look_up(elsewhere, right).text
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(hours=1))
    assert "正在登记" in look_up(phone, right).text


def test_a_site_that_looks_up_its_own_receipts_is_not_taken_for_a_guesser(phone, fill_in):
    right = receipt_on(fill_in())
    assert all("正在登记" in look_up(phone, right).text for _ in range(60))


def test_a_message_is_answered_by_the_receipt_once_however_often_it_is_sent(phone, fill_in, now):
    number = receipt_on(fill_in())
    take_in_waiting(now=now)
    page = look_up(phone, number)
    told = {name: hidden(page, name) for name in ("ticket", "key")} | {"text": "在三号楼，工头姓钱。"}
    for _ in range(2):
        page = phone.post(reverse("public:receipt-say"), told)
        assert "留言已收到" in page.text and page.text.count("在三号楼，工头姓钱。") == 1


@pytest.mark.parametrize("ticket", ["", "made-up:1:2"])
def test_without_a_ticket_nobody_says_anything(phone, board, ticket):
    answer = phone.post(reverse("public:receipt-say"), {"ticket": ticket, "text": "我来答。", "key": "k" * 9})
    assert answer.status_code == 422 and "重新输入回执号" in answer.text
