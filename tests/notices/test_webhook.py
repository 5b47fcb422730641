"""The chat group: signed, never redirected, and without anybody's data."""

from __future__ import annotations

import hashlib
import hmac
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.notices import posting
from anxin.notices.delivering import retry_due
from anxin.notices.outline import Outline, outside_number, outside_path, outside_region
from tests.support.deliveries import bank_card, id_number

NAME, PHONE = "欧阳小明", "13900001234"
SECRETS = (NAME, "小明", PHONE, id_number(7), id_number(7)[6:14], bank_card(7), bank_card(8))
ALL_OF_THEM = f"{NAME} {PHONE} {id_number(7)} {bank_card(7)} {bank_card(8)}"


def content(chat) -> str:
    [post] = chat.posts
    return post.content["text"]["content"]


def test_one_overdue_matter_is_told_with_region_number_and_link(chat, lin, tell, delivery, now):
    notice = tell(lin, outline=Outline(region="990101", number="990101〔2026〕监察0001号"))
    assert retry_due(now).sent == 1
    assert content(chat) == (
        "【安薪】任务已逾期：1件，地区990101，编号990101〔2026〕0001号。https://anxin.rsj.example/matters/12"
    )
    assert delivery(notice, "webhook").state == "sent"


def test_many_of_one_kind_and_region_are_one_line_and_a_thing_told_to_two_counts_once(
    chat, lin, zhou, tell, now
):
    east = Outline(region="990101", number="990101〔2026〕监察0001号")
    for person, about in ((lin, ("matter", 1)), (zhou, ("matter", 1)), (lin, ("matter", 2))):
        tell(person, about=about, outline=east)
    tell(lin, outline=Outline(region="990102", count=3))
    tell(lin, kind="oversight", outline=east)
    assert retry_due(now).sent == 5
    told = [post.content["text"]["content"] for post in chat.posts]
    assert told[0] == "【安薪】任务已逾期：2件，地区990101。https://anxin.rsj.example/notices"
    assert "3件，地区990102" in told[1]
    assert told[2].startswith("【安薪】督办：1件，地区990101，编号990101〔2026〕0001号。")
    assert len(told) == 3


def test_an_office_that_has_not_said_its_address_asks_people_to_sign_in(chat, lin, tell, now, settings):
    settings.ANXIN_URL = ""
    tell(lin)
    retry_due(now)
    assert content(chat) == "【安薪】任务已逾期：1件。请登录系统查看。"


def test_feishu_has_its_own_form(chat, lin, tell, now, settings):
    settings.ANXIN_WEBHOOK_FORMAT = "feishu"
    chat.answer = b'{"code": 0, "msg": "success"}'
    tell(lin)
    assert retry_due(now).sent == 1
    assert chat.posts[0].content["msg_type"] == "text"
    assert "任务已逾期" in chat.posts[0].content["content"]["text"]


def test_the_message_is_signed_over_its_moment_and_its_body(chat, lin, tell, now):
    tell(lin)
    retry_due(now)
    [post] = chat.posts
    moment = post.headers["X-Anxin-Timestamp"]
    assert 0 <= int(moment) - now.timestamp() < 60
    mac = hmac.new(b"tide-lantern", moment.encode() + post.body, hashlib.sha256).hexdigest()
    assert post.headers["X-Anxin-Signature"] == f"sha256={mac}"
    assert "tide-lantern" not in post.everything


# no personal data, ever


PLANTED = [
    {"title": ALL_OF_THEM},
    {"body": ALL_OF_THEM},
    {"link": f"/workers/{id_number(7)}"},
    {"link": f"/workers?name={NAME}&phone={PHONE}"},
    {"link": f"/search/{NAME}"},
    {"link": f"/{PHONE}#{bank_card(7)}"},
    {"about": (NAME, id_number(7))},
    {"about": (PHONE, bank_card(8))},
    {"once_key": ALL_OF_THEM},
    *({"outline": Outline(region=value)} for value in SECRETS),
    *({"outline": Outline(number=value)} for value in SECRETS),
    {"outline": Outline(number=f"990101〔2026〕{NAME}0001号")},
    {"outline": Outline(number=f"{PHONE}〔2026〕监察0001号")},
    {"outline": Outline(number=f"{id_number(7)}〔2026〕监察0001号")},
    {"outline": Outline(number=f"990101〔2026〕监察{bank_card(7)}号")},
    {"outline": Outline(number=f"990101〔2026〕监察0001号 {NAME}")},
]


@pytest.mark.parametrize("planted", PLANTED, ids=[str(number) for number in range(len(PLANTED))])
def test_whatever_is_put_into_a_notice_no_person_leaves_the_house(planted, chat, lin, tell, now):
    lin.display_name, lin.office, lin.email = NAME, f"{NAME}工作室", f"{PHONE}@x.example"
    lin.save()
    tell(lin, **planted)
    retry_due(now)
    [post] = chat.posts
    assert [secret for secret in (*SECRETS, lin.username) if secret in post.everything] == []
    assert max(map(len, re.findall(r"\d+", post.content["text"]["content"]))) < len(PHONE)


def test_the_channel_never_reads_title_body_or_recipient(chat, lin, tell, now, monkeypatch):
    """Not only what came out of these examples: the code has no way to them."""
    from anxin.notices.channels.webhook import message

    class Careful:
        """A notice that answers only for what may go out."""

        ALLOWED = {"pk", "kind", "count", "region", "number", "link", "about_type", "about_id"}

        def __init__(self, notice) -> None:
            self._notice = notice

        def __getattr__(self, name: str):
            assert name in self.ALLOWED, f"the webhook read {name}"
            return getattr(self._notice, name)

    notice = tell(lin, outline=Outline(region="990101"))
    assert "任务已逾期：1件" in message.text([Careful(notice)], base="https://x.example")


@given(st.text(max_size=60))
def test_no_text_at_all_gets_through_as_a_region_or_number_with_a_long_run_of_digits(text):
    for value in (outside_region(text), outside_number(text)):
        assert re.fullmatch(r"[0-9〔〕号]*", value)
        assert max((len(run) for run in re.findall(r"\d+", value)), default=0) < 11
    assert re.fullmatch(r"/[a-z0-9/-]*", outside_path(text))


@pytest.mark.parametrize(
    ("link", "outside"),
    [
        ("/matters/12", "/matters/12"),
        ("/matters/12/deadlines", "/matters/12/deadlines"),
        ("/law?text=x", "/law"),
        ("", "/notices"),
        ("/matters/13900001234", "/notices"),
        ("/matters/12/13900001234", "/notices"),
        ("/工人/1", "/notices"),
    ],
)
def test_a_link_goes_out_as_a_pages_name_and_key(link, outside):
    assert outside_path(link) == outside


@pytest.mark.parametrize(
    ("number", "outside"),
    [
        ("990101〔2026〕投诉举报受理0012号", "990101〔2026〕0012号"),
        ("990101001000〔2026〕监察0012号", "990101001〔2026〕0012号"),
        ("东人社监令〔2026〕12号", ""),
        ("9901012〔2026〕监察0012号", ""),
        ("", ""),
    ],
)
def test_a_number_goes_out_as_region_year_and_serial(number, outside):
    assert outside_number(number) == outside


# where it goes


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/x",
        "data:text/plain,x",
        "gopher://127.0.0.1/",
        "javascript:1",
        "//127.0.0.1/x",
        "127.0.0.1",
        "http://",
        "http://127.0.0.1:99999/",
        "https://user:secret@gateway.example/",
        "http://127.0.0.1/a b",
        "http://127.0.0.1/\r\nX: y",
    ],
)
def test_an_address_that_is_none_of_the_web_is_never_opened(url, chat, lin, tell, delivery, now, settings):
    settings.ANXIN_WEBHOOK_URL = url
    notice = tell(lin)
    assert retry_due(now).waiting == 1
    assert "ANXIN_WEBHOOK_URL" in delivery(notice, "webhook").sentence
    assert chat.posts == []


@pytest.mark.parametrize(
    "url",
    [
        "https://oapi.chat.example/robot?key=1",
        "http://10.1.2.3:8080/send",
        "http://[::1]/",
        "http://192.168.0.9/",
    ],
)
def test_gateways_in_the_intranet_are_fine(url):
    assert posting.setting_problem(posting.Gateway("政务通讯", "ANXIN_WEBHOOK", url, "k")) is None


def test_without_a_key_nothing_is_sent(chat, lin, tell, delivery, now, settings):
    settings.ANXIN_WEBHOOK_SECRET = ""
    notice = tell(lin)
    retry_due(now)
    assert "ANXIN_WEBHOOK_SECRET" in delivery(notice, "webhook").sentence
    assert chat.posts == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_elsewhere(status, chat, lin, tell, delivery, now):
    chat.status, chat.location = status, chat.url.replace("robot", "elsewhere")
    notice = tell(lin)
    assert retry_due(now).waiting == 1
    assert "没有照办" in delivery(notice, "webhook").sentence
    assert len(chat.posts) == 1
    assert chat.others == []


@pytest.mark.parametrize(
    ("status", "answer", "said"),
    [
        (500, b"oops", "HTTP 500"),
        (403, b"", "HTTP 403"),
        (200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}', "代码93000"),
        (200, b'{"code": 19021, "msg": "sign match fail"}', "代码19021"),
    ],
)
def test_a_refusal_is_tried_again_and_says_the_code_but_not_the_address(
    status, answer, said, chat, lin, tell, delivery, now, later, caplog
):
    chat.status, chat.answer = status, answer
    notice = tell(lin)
    assert retry_due(now).waiting == 1
    assert said in delivery(notice, "webhook").sentence
    assert "zxcv" not in delivery(notice, "webhook").sentence + caplog.text
    chat.status, chat.answer = 200, b"ok"
    assert retry_due(later(minutes=2)).sent == 1


@pytest.mark.parametrize("answer", [b"", b"ok", b"[]", b'{"errcode": 0}', b'{"result": true}'])
def test_answers_that_mean_yes(answer, chat, lin, tell, now):
    chat.answer = answer
    tell(lin)
    assert retry_due(now).sent == 1


def test_a_gateway_that_is_down_is_tried_again(chat, lin, tell, delivery, now, settings):
    settings.ANXIN_WEBHOOK_URL = "http://127.0.0.1:1/"
    notice = tell(lin)
    assert retry_due(now).waiting == 1
    assert delivery(notice, "webhook").sentence == "政务通讯网关没有应答或中断了连接。"


def test_a_gateway_that_never_answers_is_left_after_a_while(
    chat, lin, tell, delivery, now, settings, monkeypatch
):
    import socket

    monkeypatch.setattr(posting, "TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.ANXIN_WEBHOOK_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        notice = tell(lin)
        assert retry_due(now).waiting == 1
    assert "没有应答" in delivery(notice, "webhook").sentence
