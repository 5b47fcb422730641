"""What people of the invented city told from the boards of its sites: named and anonymous, with words to and fro."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

from PIL import Image, ImageDraw

from anxin.channels import adding, answering
from anxin.channels.forms import FormTold
from anxin.channels.limits import Sender
from anxin.channels.models import ScanCode
from anxin.channels.submitting import Given, submit
from anxin.channels.taking_in import take_in_waiting
from anxin.clues.models import Clue
from anxin.clues.services import triage_new
from anxin.demo.registering import Cast
from anxin.evidence.journal import SYSTEM

_HOUR = dt.timedelta(hours=1)
#: site, hours ago, the form
_TOLD = (
    ("01", 51, FormTold(
        kind="complaint", region="", trade="rebar", name="孙有田", phone="19900005501", people="7",
        much="2个月，一共9万1千元", owes="钢筋班班长老周",
        text="我们钢筋班7个人从九月干到十月底，班长说劳务公司没给钱，两个月工资都没有发。",
    )),
    ("03", 27, FormTold(
        kind="report", region="", trade="mason", people="5", much="3个月",
        text="瓦工班五个人三个月没拿到工资了，工资表上签过字，卡里没有钱进来，卡在班长手里。",
    )),
    ("05", 3, FormTold(
        kind="complaint", region="", trade="carpenter", name="罗秀英", phone="19900005502", people="1",
        much="1个月，6800元", helped=True,
        text="我爱人在这个工地支模板，十月的工资没发，他不会打字，我帮他填的。",
    )),
)  # fmt: skip


def voices(cast: Cast, *, now: dt.datetime) -> None:
    """All of it as of ``now``: three forms, a picture, a question of the office and its answer by the receipt."""
    given = []
    for number, (site, hours, told) in enumerate(_TOLD):
        at = now - hours * _HOUR
        board = ScanCode.objects.filter(
            project=cast.projects[site], kind=ScanCode.Kind.BOARD, withdrawn_at__isnull=True
        ).get()
        sender = Sender(f"203.0.113.{number + 1}", f"demo-phone-{number}", at - _HOUR)
        given.append(
            submit(told, key=f"demo-form-of-the-city-{number:03d}", code=board.pk, sender=sender, now=at)
        )
        if number == 0:
            adding.add(given[0].submission, _notebook(), key="demo-notebook", now=at)
        take_in_waiting(now=at)
    triage_new(actor=SYSTEM, now=now)
    _talk(cast, given[1], now)


def _talk(cast: Cast, given: Given, now: dt.datetime) -> None:
    submission = given.submission
    submission.refresh_from_db()
    clue = Clue.objects.get(submission=submission)
    question = "您好，收到您的反映。请问银行卡是哪家银行的，班长姓什么？不方便可以不说姓名。"
    answering.ask(clue, question, by=cast.users["chen"], now=now - 20 * _HOUR)
    answering.seen(submission, now=now - 9 * _HOUR)
    answering.answer(
        submission, "建行的卡，开卡以后就没见过。班长姓郭。", key="demo-answer-1", now=now - 9 * _HOUR
    )


def _notebook() -> adding.Prepared:
    """A page of days worked, as somebody would have written it down."""
    page = Image.new("RGB", (900, 640), "#fdfaf0")
    pen = ImageDraw.Draw(page)
    for line in range(80, 620, 54):
        pen.line((40, line, 860, line), fill="#9db4c8", width=2)
    for row, (month, days) in enumerate((("9", "26"), ("10", "27"))):
        pen.text(
            (80, 92 + 108 * row), f"{month} / {days} x 260 = {int(days) * 260}", fill="#1b2a5a", font_size=40
        )
    written = BytesIO()
    page.save(written, "PNG")
    return adding.prepare("picture", written.getvalue())
