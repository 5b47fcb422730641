"""Letters of the invented city: one served, one replaced by a later one, and one waiting in each queue, by the office's own acts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from anxin.casework.models import Matter
from anxin.demo.registering import Cast
from anxin.letters import drafting, issuing, reading, sealing, serving, sources
from anxin.letters.heads import enter_head
from anxin.letters.life import State
from anxin.letters.models import Letter
from anxin.letters.serving import Told
from anxin.local_law import queries as local_law
from anxin.typesetting import faces
from anxin.typesetting.errors import FacesMissing

_HEADS = {
    "YC-RS": ("云城", "云州市云城区人力资源和社会保障局"),
    "JB-RS": ("江北", "云州市江北区人力资源和社会保障局"),
}
#: who is written to where the matter names no employer
_FIRM = {
    "employer": "演示省天工建设集团有限公司（演示）", "employer_code": "91990000MA00000001", "employer_address": "云州市建设路18号（演示）",
    "employer_head": "周大成",
}  # fmt: skip
_MINUTE = dt.timedelta(minutes=1)


def letters_of_the_city(cast: Cast, *, now: dt.datetime) -> None:
    """All of it in the two days before ``now``. Without the faces of letters there are the drafts alone."""
    for code, (prefix, issuer) in _HEADS.items():
        said = {
            "prefix": prefix, "issuer": issuer, "contact_phone": "0999-5550100", "contact_address": "云州市政务大道1号（演示）",
            "reconsideration_body": "云州市人民政府（演示）", "court": "云州市云城区人民法院（演示）",
        }  # fmt: skip
        enter_head(cast.bodies[code], said, by=cast.users["chen"], now=now - dt.timedelta(days=3))
    lin, zhao = _Desk(cast, "lin", now), _Desk(cast, "zhao", now)
    ordered, running = _matter("上个工资月逾期未发，责令"), _matter("连续三个月未发工资")
    lin.until(State.DRAFT, running, "inquiry_notice", {})
    lin.until(State.REVIEW, running, "interview_notice", _interview(now))
    if not _may_be_set():
        return
    order = zhao.until(State.SERVE, ordered, "rectification_order", _order(now), back=2)
    zhao.leave(order)
    wrong = lin.until(State.SERVE, running, "risk_notice", _risk(now, 5), back=1)
    lin.until(State.SERVE, running, "risk_notice", _risk(now, 15), replaces=wrong)
    lin.until(State.SEAL, _matter("木工班9人反映"), "risk_notice", _risk(now, 10))
    zhao.until(State.ISSUE, ordered, "interview_notice", _interview(now))


class _Desk:
    """One officer's letters, taken as far as they are told: another person reviews and issues, the clerk keeps the seal."""

    def __init__(self, cast: Cast, writer: str, now: dt.datetime) -> None:
        self.cast, self.writer, self.now, self.law = cast, cast.users[writer], now, local_law.current()

    def until(
        self,
        state: State,
        matter: Matter,
        kind: str,
        values: Mapping[str, Any],
        *,
        back: int = 0,
        replaces: Letter | None = None,
    ) -> Letter:
        at = self.now - dt.timedelta(days=back) - 10 * _MINUTE
        why = "整改期限写得太短" if replaces else ""
        values = {**_FIRM, **sources.known(matter, None), **values}
        letter = drafting.draft(
            matter, kind=kind, by=self.writer, now=at, values=values, replaces=replaces, why=why
        )
        for number, step in enumerate((State.REVIEW, State.ISSUE, State.SEAL, State.SERVE), 1):
            if letter.state != state:
                letter = self._next(letter, step, at + number * _MINUTE)
        return letter

    def _next(self, letter: Letter, step: State, at: dt.datetime) -> Letter:
        chen, clerk = self.cast.users["chen"], self.cast.users["zheng"]
        given: dict[str, Any] = {"now": at, "expected_version": letter.version}
        if step == State.REVIEW:
            return drafting.submit(letter, by=self.writer, **given)
        if step == State.ISSUE:
            return issuing.review(letter, by=chen, **given)
        if step == State.SEAL:
            return issuing.issue(letter, by=chen, law=self.law, **given)
        reading.open_words(letter, by=clerk, now=at)
        reading.read_to_end(letter, by=clerk, now=at)
        return sealing.seal(letter, by=clerk, law=self.law, **given)

    def leave(self, letter: Letter) -> None:
        """Not accepted at the door: left there, with pictures."""
        assert letter.issued_on is not None
        employer = letter.matter.employer
        told = Told(
            receiver=employer.name if employer else _FIRM["employer"], manner="left", on=letter.issued_on, at="15时20分",
            place="该单位项目部办公室", servers="赵志刚、林晓", refusal="前台人员拒绝签收，已说明情况，文书留在办公桌上。",
            media="演示影像-01",
        )  # fmt: skip
        serving.serve(
            letter, told, by=self.writer, now=self.now - dt.timedelta(days=1), law=self.law, expected_version=letter.version
        )  # fmt: skip


def _may_be_set() -> bool:
    try:
        faces.files()
    except FacesMissing:
        return False
    return True


def _matter(said: str) -> Matter:
    found = Matter.objects.select_related("lead", "project", "employer", "handler")
    return found.get(title__startswith=said)


def _order(now: dt.datetime) -> dict[str, Any]:
    return {
        "found": "你单位没有按照约定支付3名工人上个工资月的工资。",
        "evidence": "工资支付表、实名制考勤记录、专用账户流水。",
        "pay_within": 5,
        "pay_by": (now + dt.timedelta(days=5)).date(),
        "manner": "通过农民工工资专用账户直接支付到本人银行卡",
        "contact": "赵志刚",
        "arrears": [
            {"name": name, "period": "上个工资月", "due": due, "paid": 0, "owed": due}
            for name, due in (("王建国", 640_000), ("李秀英", 585_000), ("张志强", 712_500))
        ],
    }


def _risk(now: dt.datetime, days: int) -> dict[str, Any]:
    return {
        "found_on": (now - dt.timedelta(days=6)).date(),
        "problems": "人工费用没有按约定拨付到农民工工资专用账户。\n工资支付表与实名制考勤不一致。",
        "measures": "核对在册农民工工资，逐人列出应付、已付和未付数额。\n将应拨未拨的人工费用拨入专用账户。",
        "finish_by": (now + dt.timedelta(days=days)).date(),
        "reply_by": (now + dt.timedelta(days=days + 2)).date(),
        "contact": "林晓",
    }


def _interview(now: dt.datetime) -> dict[str, Any]:
    return {
        "interviewee": "周大成",
        "post": "法定代表人",
        "matter": "农民工工资没有按时足额支付，经提示后仍未说明支付安排。",
        "day": (now + dt.timedelta(days=7)).date(),
        "hour": "上午9时30分",
        "place": "区人力资源和社会保障局三楼调解室",
        "materials": "营业执照副本、施工合同、分包合同、工资支付表、考勤表和专用账户流水。",
        "contact": "林晓",
    }
