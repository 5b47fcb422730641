"""What the public pages say in fixed words, each under a key: the page shows it, a person may record it, a machine may say it.

A recording belongs to the words as they are (:func:`Passage.mark`); other words need another recording.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from anxin.channels import queries_guides
from anxin.channels.guide_text import Section
from anxin.channels.queries_guides import Guide
from anxin.local_law import queries as local_law

#: of the form, in the order in which they are asked
FORM = {
    "form.begin": "最多六个问题，不清楚的可以空着。也可以只录一段话，或者拍张照片。",
    "form.unknown": "这个码已经换过或认不出来，请写一下您在哪个工地，照样可以反映。",
    "form.region": "您在哪个区县做工？",
    "form.place": "在哪个工地，谁欠您的工资？",
    "form.owes": "谁欠您的工资？",
    "form.much": "欠了多少、多长时间、几个人？",
    "form.text": "发生了什么事？写字、录音、拍照都可以",
    "form.trade": "您做哪样活？",
    "form.name": "您的姓名？",
    "form.phone": "您的电话？",
    "form.person": "留了姓名和电话，我们会联系您，结果告诉您本人，这是实名投诉。两样都不留也能交，当作匿名举报收下，凭16位回执号查结果、和我们对话。姓名和电话加密保存，不会告诉用人单位。",
}
#: of the receipt and what becomes of it
RECEIPT = {
    "receipt.ask": "请输入16位回执号",
    "receipt.lost": "回执号是您反映以后得到的16位数字。丢了也不要紧：打12333说明情况，可以补发。",
    "receipt.kept": "收到了，请记好回执号",
    "receipt.once": "这16位数字只显示这一次。请现在抄下来，或者保存成图片。",
    "receipt.unnamed": "您没有留姓名和电话，我们已当作匿名的举报收下，您说的都在。请凭回执号查结果；想让我们给您打电话，在“查进度”里留言写上电话就行。",
    "receipt.next": "我们看过以后交给负责的单位办理。承办人会给您打电话，或者在“查进度”里留言。用回执号随时可以查办到哪一步、回答我们的问题。不用留姓名。",
    "receipt.paid": "钱真的到手了吗？请您说一声。您没有说，就不算您同意。",
    "receipt.satisfied": "这件事办得您满意吗？",
}
SENTENCES = {**FORM, **RECEIPT}
_GUIDE = "guide."


@dataclass(frozen=True)
class Passage:
    """Words that somebody reads aloud: ``key`` is where they stand, ``title`` what the office calls them."""

    key: str
    title: str
    text: str

    @property
    def mark(self) -> str:
        """Tells these words from any others."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def sentences(*begins: str) -> list[Passage]:
    """The fixed sentences whose keys begin like one of ``begins``; all without one."""
    chosen = {key: text for key, text in SENTENCES.items() if not begins or key.startswith(begins)}
    return [Passage(key, _title(key), text) for key, text in chosen.items()]


def of_guide(guide: Guide, parts: Sequence[Section]) -> Passage:
    """A guide as it is told: with the numbers of that day and place, so that a changed number makes it another text."""
    lines = [guide.title, guide.summary]
    for part in parts:
        lines += [part.heading, *(line for block in part.blocks for line in block.lines)]
    return Passage(f"{_GUIDE}{guide.key}", f"扫码知：{guide.title}", "\n".join(filter(None, lines)))


def passages(on: dt.date) -> list[Passage]:
    """Everything that may be recorded, as it reads on a day where this installation works: two queries for the guides."""
    law, home = local_law.current(), queries_guides.home_region()
    guides = [of_guide(one, one.read(law=law, on=on, region=home)) for one in queries_guides.all_current(on)]
    return guides + sentences()


def _title(key: str) -> str:
    place = "反映的表" if key in FORM else "回执和进度"
    number = list(FORM if key in FORM else RECEIPT).index(key) + 1
    return f"{place}：第{number}句"
