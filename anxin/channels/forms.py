"""What the public form asks: at most six things, each checked with a sentence that a worker can act on.

Whether it is a complaint or a report is not asked: who leaves name and telephone complains, who leaves neither reports.
How many people are meant is said beside the sum, in one answer.
"""

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
LONGEST = {"text": 2000, "site": 100, "owes": 60, "much": 60, "people": 6, "name": 30, "phone": 20}
_TITLES = {
    "text": "发生了什么事",
    "site": "在哪个工地，谁欠的工资",
    "owes": "谁欠的工资",
    "much": "欠多少、多长时间、几个人",
    "people": "人数",
    "name": "姓名",
    "phone": "电话",
}
MOST_PEOPLE = 5000
_HEADING = 40
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{9,11}|\d{7,8}")
#: “每人6000” counts money, “6个人” people
_PEOPLE = re.compile(r"(?<![\d.])(\d{1,4})\s*(?:多)?(?:个|名|位)?(?:人|工友|工人|兄弟)")
_ALONE = re.compile(r"就(?:我|自己)|只有?(?:我|自己)|我(?:自己)?一个|(?<![一-龥])一个?人|自己一个")
_SPOKEN = "（用语音反映，录音附在本页。）"
_PICTURED = "（用照片反映，照片附在本页。）"


@dataclass(frozen=True)
class FormTold:
    """The form as it was sent. ``spoken`` and ``pictured``: a recording or pictures come with it or after it."""

    #: empty where it is told from what was left: see :func:`kind_of`
    kind: str
    region: str
    text: str = ""
    #: where nothing was scanned: which site, and who owes
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

    Whoever leaves neither name nor telephone is taken as a report that may be anonymous: somebody who cannot write must
    not be sent back to write.
    """
    plain: dict[str, Any] = {
        one.name: _plain(value) for one in fields(told) if isinstance(value := getattr(told, one.name), str)
    }
    told = replace(told, **plain)
    told = replace(told, kind=kind_of(told))
    if told.kind not in Clue.Kind.values:
        raise Refused("这一页已经失效，请刷新页面后再提交；您填的内容还在。", field="kind")
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


def kind_of(told: FormTold) -> str:
    """A complaint where somebody is named, else a report; a form of an older page says it itself, unless it came
    without a written word."""
    if unnamed(told):
        return Clue.Kind.REPORT.value
    return told.kind or Clue.Kind.COMPLAINT.value


def unnamed(told: FormTold) -> bool:
    """Nobody to call, and not said to be a report: its sender must hear that it was taken as one."""
    wordless = (told.spoken or told.pictured) and not told.text.strip()
    may_be = not told.kind or (told.kind == Clue.Kind.COMPLAINT and wordless)
    return may_be and not (told.name.strip() or told.phone.strip())


def people_in(much: str) -> str:
    """How many people an answer like “3个月，1万8千，6个人” names, in digits; empty where it names none, or two numbers."""
    said = set(_PEOPLE.findall(much))
    if len(said) > 1:
        return ""
    if said:
        number = said.pop()
        return number if 0 < int(number) <= MOST_PEOPLE else ""
    return "1" if _ALONE.search(much) else ""


def _check_people(told: FormTold) -> None:
    if told.people and not (
        told.people.isascii() and told.people.isdigit() and 0 < int(told.people) <= MOST_PEOPLE
    ):
        raise Refused(f"人数请填1到{MOST_PEOPLE}的数字；说不准的可以不填。", field="people")


def _check_person(told: FormTold) -> None:
    """A complaint is somebody's own claim and needs somebody to call; a report needs nobody."""
    named = told.kind == Clue.Kind.COMPLAINT
    if named and not told.name:
        raise Refused("留了电话，请再写上姓名；不想留的，把电话也去掉，就当作匿名举报收下。", field="name")
    if named and not told.phone:
        raise Refused("写了姓名，请再留个电话；不想留的，把姓名也去掉，就当作匿名举报收下。", field="phone")
    digits = clean_identifier(told.phone)
    if digits and not (_MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits)):
        raise Refused("电话号码不对，请填11位手机号，或带区号的座机号。", field="phone")


def words_of(told: FormTold) -> str:
    """One text for the clue: what was said, and under it what was filled in, as sentences that reading understands."""
    said = told.text or (_SPOKEN if told.spoken else _PICTURED)
    people = told.people or people_in(told.much)
    filled = [
        f"在哪里做工、谁欠的工资：{told.site}。" if told.site else "",
        f"谁欠的工资：{told.owes}。" if told.owes else "",
        f"拖欠工资{told.much}。" if told.much else "",
        f"被欠薪的有{people}人。" if people else "",
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
