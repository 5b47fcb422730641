"""Papers that procedures ask for, and the bodies that take their steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anxin.law.errors import DataError
from anxin.law.statutes import Reference, parse_references

#: bureau: our users take the step; party and outside: an officer records it on their behalf; system: by itself
SIDES = ("bureau", "party", "outside", "system")
#: officer: whoever handles the matter; head: only a leader decides
BODY_LEVELS = ("officer", "head")
_DOCUMENT = {"name", "group", "issued_by", "references", "also_called", "note"}
_BODY = {"name", "side", "level"}


@dataclass(frozen=True)
class Document:
    """One paper or form."""

    key: str
    name: str
    #: subject under which it is listed: 监察, 信用, 仲裁 …
    group: str
    #: keys of the bodies that issue, sign or hand it in
    issued_by: tuple[str, ...]
    references: tuple[Reference, ...]
    #: other words for it; a short word (告知书) may stand for different papers in different procedures
    also_called: tuple[str, ...]
    note: str

    def answers_to(self, name: str) -> bool:
        """Whether somebody who says ``name`` may mean this paper."""
        return name == self.name or name in self.also_called


@dataclass(frozen=True)
class Body:
    """Somebody who takes a step: an office, a post in it, a party, or the system."""

    key: str
    name: str
    #: one of :data:`SIDES`
    side: str
    #: one of :data:`BODY_LEVELS` within the bureau, empty outside it
    level: str

    @property
    def head_only(self) -> bool:
        """Whether only a leader of the bureau may take the step."""
        return self.level == "head"


def parse_documents(entries: Mapping[str, Any], file: str) -> dict[str, Document]:
    """Papers by key. Raises :class:`DataError` naming file and entry."""
    documents: dict[str, Document] = {}
    by_name: dict[str, str] = {}
    for key, entry in entries.items():
        where = f"{file}：文书“{key}”"
        _check_fields(key, entry, _DOCUMENT, ("name", "group", "issued_by"), where)
        document = Document(
            key=key,
            name=_text(entry, "name", where),
            group=_text(entry, "group", where),
            issued_by=_words(entry, "issued_by", where),
            references=parse_references(entry.get("references", ()), where),
            also_called=_words(entry, "also_called", where),
            note=_text(entry, "note", where) if "note" in entry else "",
        )
        if not document.issued_by:
            raise DataError(f"{where}没有写明由谁出具（issued_by），请补齐。")
        if document.name in document.also_called:
            raise DataError(f"{where}的别称“{document.name}”与名称相同，请删去。")
        _refuse_same_name(document.name, key, by_name, where)
        documents[key] = document
    return documents


def parse_bodies(entries: Mapping[str, Any], file: str) -> dict[str, Body]:
    """Bodies by key. Raises :class:`DataError` naming file and entry."""
    bodies: dict[str, Body] = {}
    by_name: dict[str, str] = {}
    for key, entry in entries.items():
        where = f"{file}：主体“{key}”"
        _check_fields(key, entry, _BODY, ("name", "side"), where)
        body = Body(key, _text(entry, "name", where), entry["side"], entry.get("level", ""))
        if body.side not in SIDES:
            raise DataError(f"{where}的 side 应为 {'、'.join(SIDES)} 之一，现在是“{body.side}”。")
        if body.side == "bureau" and body.level not in BODY_LEVELS:
            raise DataError(
                f"{where}属于本机关，level 应为 {'、'.join(BODY_LEVELS)} 之一，现在是“{body.level}”。"
            )
        if body.side != "bureau" and body.level:
            raise DataError(f"{where}不属于本机关，不能写 level，请删去。")
        _refuse_same_name(body.name, key, by_name, where)
        bodies[key] = body
    return bodies


def check_documents(
    documents: Mapping[str, Document], bodies: Mapping[str, Body], statutes: Mapping[str, object], file: str
) -> None:
    """Every issuer is a known body and every article is of a known statute. Raises :class:`DataError`."""
    for document in documents.values():
        where = f"{file}：文书“{document.key}”"
        for body in document.issued_by:
            if body not in bodies:
                raise DataError(f"{where}由“{body}”出具，但 bodies.yaml 里没有这个主体，请检查代号。")
        for reference in document.references:
            if reference.statute not in statutes:
                raise DataError(f"{where}引用了没有收录的法规“{reference.statute}”，请检查代号。")


def _check_fields(key: Any, entry: Any, known: set[str], needed: tuple[str, ...], where: str) -> None:
    if not (isinstance(key, str) and key.isascii() and key.isidentifier() and key == key.lower()):
        raise DataError(f"{where}的代号应为小写英文字母、数字和下划线。")
    if not isinstance(entry, Mapping):
        raise DataError(f"{where}没有内容，至少应写明 {'、'.join(needed)}。")
    strange = sorted(str(name) for name in set(entry) - known)
    if strange:
        raise DataError(f"{where}有不认识的字段：{'、'.join(strange)}。")
    missing = [name for name in needed if name not in entry]
    if missing:
        raise DataError(f"{where}缺少 {missing[0]}，请补齐。")


def _text(entry: Mapping[str, Any], name: str, where: str) -> str:
    text = entry[name]
    if not (isinstance(text, str) and text.strip()):
        raise DataError(f"{where}的 {name} 应为文字，现在是“{text}”。")
    return text


def _words(entry: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    words = entry.get(name, [])
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise DataError(f"{where}的 {name} 应为一列文字，写成 [甲, 乙]。")
    if len(set(words)) < len(words):
        raise DataError(f"{where}的 {name} 有重复，请删去一个。")
    return tuple(words)


def _refuse_same_name(name: str, key: str, by_name: dict[str, str], where: str) -> None:
    """One name is one entry: whoever picks from a list must be able to tell them apart."""
    other = by_name.setdefault(name, key)
    if other != key:
        raise DataError(f"{where}与“{other}”同名（{name}），请合并或改名。")
