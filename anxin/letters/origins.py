"""How an instrument of the law's catalogue comes about: from a template, or for a stated reason without one (``data/without_template.yaml``)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from anxin.law import Law
from anxin.letters.party_kinds import kinds
from anxin.typesetting.letters import ISSUED
from anxin.typesetting.templates import templates

_FILE = Path(__file__).parent / "data" / "without_template.yaml"


@dataclass(frozen=True)
class Without:
    """Why there is no template. ``page``: the address's name of what holds it; ``others``: the papers that it is another word for."""

    reason: str
    words: str = ""
    page: str = ""
    others: tuple[str, ...] = ()


_WORDS = {
    "outside": "由外单位出具，收到后上传",
    "party": "由当事人自己写或者提供，收到后上传",
}


@cache
def without() -> Mapping[str, Without]:
    """Key of the catalogue → why it has no template."""
    said = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    found = {key: Without(reason) for reason in _WORDS for key in said.get(reason) or ()}
    found |= {key: Without("kept", one["words"], one["page"]) for key, one in said["kept"].items()}
    return found | {key: Without("is", others=tuple(others)) for key, others in said["is"].items()}


def origin(key: str, law: Law) -> str:
    """In words of the screen, how an office comes by this paper."""
    one = without().get(key)
    if one is None:
        return _made(key)
    if one.reason == "kept":
        return f"系统里已有：{one.words}"
    if one.reason == "is":
        return f"即{'、'.join(f'《{law.document(other).name}》' for other in one.others)}"
    return _WORDS[one.reason]


def _made(key: str) -> str:
    if templates()[key].style in ISSUED:
        return "在事项的文书页拟稿，签发用印"
    if key in kinds():
        return "在事项的文书页制作，各方签名"
    return "在系统里制作"
