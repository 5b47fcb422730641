"""E-mail through a real mail server."""

from __future__ import annotations

import pytest

from anxin.notices.delivering import retry_due


def test_a_notice_arrives_as_a_letter_that_can_be_read_and_opened(mail, lin, tell, delivery, now):
    notice = tell(lin, kind="task_due", body="调查期限2026年11月25日届满。\n.开头的行也在")
    assert retry_due(now).sent == 1
    [letter] = mail.letters
    assert letter["To"] == "lin@rsj.example"
    assert letter["From"] == "anxin@rsj.example"
    assert letter["Subject"].strip() == "【安薪】监察案件的调查期限已过1个工作日"
    assert letter["Auto-Submitted"] == "auto-generated"
    text = letter.get_content()
    for part in (
        "林监察，您好",
        "2026年11月25日",
        ".开头的行也在",
        "https://anxin.rsj.example/matters/12",
        "任务将到期",
    ):
        assert part in text
    assert delivery(notice, "email").state == "sent"


def test_what_people_typed_stays_text(mail, lin, tell, now):
    tell(lin, title="<b>A&B</b>\r\nBcc: x@y.example", body="1 < 2 & 3")
    retry_due(now)
    [letter] = mail.letters
    assert letter["Bcc"] is None
    assert "<b>A&B</b> Bcc: x@y.example" in letter["Subject"]
    assert "1 < 2 & 3" in letter.get_content()


def test_an_office_that_has_not_said_its_address_sends_no_broken_link(mail, lin, tell, now, settings):
    settings.ANXIN_URL = ""
    tell(lin)
    retry_due(now)
    assert "打开：" not in mail.letters[0].get_content()


@pytest.mark.parametrize(
    ("code", "state"), [("550 no such mailbox", "failed"), ("450 mailbox busy", "queued")]
)
def test_a_refused_address_is_given_up_only_when_it_is_refused_for_good(
    code, state, mail, lin, zhou, tell, delivery, now
):
    mail.refuse["lin@rsj.example"] = code
    refused, taken = tell(lin), tell(zhou)
    retry_due(now)
    assert delivery(refused, "email").state == state
    assert "请在“接收方式”里核对邮箱" in delivery(refused, "email").sentence
    assert delivery(taken, "email").state == "sent"
    assert [letter["To"] for letter in mail.letters] == ["zhou@rsj.example"]


@pytest.mark.parametrize(("code", "state"), [("554 spam", "failed"), ("451 try later", "queued")])
def test_a_refused_letter_names_the_servers_code(code, state, mail, lin, tell, delivery, now):
    mail.refuse_text = code
    notice = tell(lin)
    retry_due(now)
    assert delivery(notice, "email").state == state
    assert code[:3] in delivery(notice, "email").sentence


def test_a_server_that_is_down_is_tried_again(mail, lin, tell, delivery, now, settings, later):
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    notice = tell(lin)
    assert retry_due(now).waiting == 1
    assert delivery(notice, "email").sentence == "邮件服务器没有应答或中断了连接。"
    settings.EMAIL_PORT = port
    assert retry_due(later(minutes=2)).sent == 1
    assert len(mail.letters) == 1


def test_a_server_that_turns_us_away_is_tried_again(mail, lin, tell, delivery, now):
    mail.greeting = "421 too busy"
    notice = tell(lin)
    assert retry_due(now).waiting == 1
    assert "没有应答或中断" in delivery(notice, "email").sentence


def test_a_wrong_password_is_the_administrators_to_mend_and_is_not_told(
    mail, lin, tell, delivery, now, settings, caplog
):
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "office", "hush-hush"
    notice = tell(lin)
    assert retry_due(now).waiting == 1
    sentence = delivery(notice, "email").sentence
    assert sentence.endswith("。")
    assert "hush-hush" not in sentence + caplog.text


def test_an_address_taken_away_meanwhile_gets_nothing(mail, lin, tell, delivery, now):
    notice = tell(lin)
    lin.email = ""
    lin.save()
    retry_due(now)
    assert delivery(notice, "email").state == "failed"
    assert mail.letters == []
