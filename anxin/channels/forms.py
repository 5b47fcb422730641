"""What the public form asks: at most six things, each checked with a sentence that a worker can act on."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields, replace
from typing import Any

from anxin.clues.models import Clue
from anxin.kernel.identifiers import clean_identifier
from anxin.kernel.refusal import Refused

#: drawn on the page, each by a picture of its own
TRADES = {
    "rebar": "钢筋工",
    "carpenter": "木工",
    "mason": "瓦工",
    "concrete": "混凝土工",
    "painter": "油漆工",
    "electrician": "水电工",
    "scaffold": "架子工",
    "welder": "焊工",
    "driver": "司机",
    "cleaner": "保洁绿化",
    "factory": "工厂做工",
    "other": "别的活",
}
LONGEST = {"text": 2000, "site": 100, "owes": 60, "much": 40, "people": 6, "name": 30, "phone": 20}
_TITLES = {
    "text": "发生了什么事",
    "site": "工地或单位",
    "owes": "谁欠的工资",
    "much": "欠多少",
    "people": "人数",
    "name": "姓名",
    "phone": "电话",
}
MOST_PEOPLE = 5000
_HEADING = 40
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}|\d{7,8}")
_SPOKEN = "（用语音反映，录音附在本页。）"
_PICTURED = "（用照片反映，照片附在本页。）"


@dataclass(frozen=True)
class FormTold:
    """The form as it was sent. ``spoken`` and ``pictured``: a recording or pictures come with it or after it."""

    kind: str
    region: str
    text: str = ""
    #: where nothing was scanned
    site: str = ""
    owes: str = ""
    much: str = ""
    people: str = ""
    trade: str = ""
    name: str = ""
    phone: str = ""
    helped: bool = False
    spoken: bool = False
    pictured: bool = False


def checked(told: FormTold, *, placed: bool) -> FormTold:
    """The form with its texts trimmed; ``placed``: a code says where. Raises :class:`Refused` with the field.

    Whoever only spoke or sent pictures, and neither name nor telephone, is taken as a report that may be anonymous:
    somebody who cannot write must not be sent back to write.
    """
    plain: dict[str, Any] = {
        one.name: _plain(value) for one in fields(told) if isinstance(value := getattr(told, one.name), str)
    }
    told = replace(told, **plain)
    if unnamed(told):
        told = replace(told, kind=Clue.Kind.REPORT.value)
    if told.kind not in Clue.Kind.values:
        raise Refused("请选择“实名投诉”或“匿名举报”。", field="kind")
    if not (told.region or placed):
        raise Refused("请选择在哪个区县做工。", field="region")
    for name, most in LONGEST.items():
        if len(getattr(told, name)) > most:
            raise Refused(f"“{_TITLES[name]}”最多写{most}个字，请缩短。", field=name)
    if not (told.text or told.spoken or told.pictured):
        raise Refused("请写几句发生了什么事，或者录一段话、拍一张照片。", field="text")
    _check_people(told)
    _check_person(told)
    return replace(told, trade=told.trade if told.trade in TRADES else "", phone=clean_identifier(told.phone))


def unnamed(told: FormTold) -> bool:
    """A complaint without a written word and without anybody to call: spoken or pictured only."""
    wordless = (told.spoken or told.pictured) and not told.text.strip()
    return told.kind == Clue.Kind.COMPLAINT and wordless and not (told.name.strip() or told.phone.strip())


def _check_people(told: FormTold) -> None:
    if told.people and not (
        told.people.isascii() and told.people.isdigit() and 0 < int(told.people) <= MOST_PEOPLE
    ):
        raise Refused(f"人数请填1到{MOST_PEOPLE}的数字；说不准的可以不填。", field="people")


def _check_person(told: FormTold) -> None:
    """A complaint is somebody's own claim and needs somebody to call; a report needs nobody."""
    named = told.kind == Clue.Kind.COMPLAINT
    if named and not told.name:
        raise Refused("投诉要写姓名，不写姓名的请选“匿名举报”。", field="name")
    if named and not told.phone:
        raise Refused("投诉要留电话，不留电话的请选“匿名举报”。", field="phone")
    digits = clean_identifier(told.phone)
    if digits and not (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)):
        raise Refused("电话号码不对，请填11位手机号，或带区号的座机号。", field="phone")


def words_of(told: FormTold) -> str:
    """One text for the clue: what was said, and under it what was filled in, as sentences that reading understands."""
    said = told.text or (_SPOKEN if told.spoken else _PICTURED)
    filled = [
        f"工地或单位：{told.site}。" if told.site else "",
        f"谁欠的工资：{told.owes}。" if told.owes else "",
        f"拖欠工资{told.much}。" if told.much else "",
        f"被欠薪的有{told.people}人。" if told.people else "",
        f"工种：{TRADES[told.trade]}。" if told.trade in TRADES else "",
        "由他人代为填写。" if told.helped else "",
    ]
    return "\n".join([said, *filter(None, filled)])


def heading_of(told: FormTold) -> str:
    """How lists call it: the beginning of what was said, else what came instead of words."""
    said = " ".join(told.text.split())
    return said[:_HEADING] or ("扫码反映（语音）" if told.spoken else "扫码反映（照片）")


def _plain(text: str) -> str:
    return "".join(
        letter
        for letter in unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
        if letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cf")
    )
