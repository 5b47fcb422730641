"""The small grammar of a template's body.

It is read before any value is known, into blocks. A value is put into the text of a block and nowhere else, so that no value can
become a heading, a table or another placeholder, whatever signs it holds.

Lines: ``# `` to ``#### `` headings, numbered by themselves · ``> `` a paragraph without indent · ``-> `` at the right, ``|| `` in the
middle · ``@if field``, ``@if field=code``, ``@else``, ``@end`` · ``@each table`` … ``@end`` with ``{.column}`` · ``@table table`` ·
``@annex name`` what follows stands after issuer and date, on pages of its own ·
``@form`` with lines ``label：text`` … ``@end`` · ``@sign`` with lines for each signer … ``@end`` (``@and`` between two) · anything else is a paragraph.

In text: ``{field}``, ``{field:form}``, ``{table#}`` the number of rows, ``{table.column}`` the sum of a column, ``{.column}`` inside
``@each``, ``{.#}`` the row's number, ``{law:statute 14}``, ``[field?text]`` said only where the field is filled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from anxin.typesetting.errors import TemplateFault

_TOKEN = re.compile(r"\{(?P<inside>[^{}\[\]]*)\}|\[(?P<asked>\w+)\?(?P<said>[^\[\]]*)\]")
_INSIDE = re.compile(r"^(?P<name>\w+)(?:\.(?P<column>\w+)|(?P<count>#))?(?::(?P<form>\w+))?$")
_IN_ROW = re.compile(r"^\.(?P<column>\w+|#)(?::(?P<form>\w+))?$")
_LAW = re.compile(
    r"^law:(?P<statute>\w+)(?: (?P<places>\d+(?:-\d+)?(?:\.\d+)?(?:,\d+(?:-\d+)?(?:\.\d+)?)*))?$"
)


@dataclass(frozen=True)
class Place:
    """Where a value goes. ``name`` is empty for a column of the present row; ``column`` ``#`` is a number of rows."""

    name: str
    column: str = ""
    form: str = ""


@dataclass(frozen=True)
class Cited:
    """A statute by its key in the law's data, with (article, number after 之, paragraph) for each place."""

    statute: str
    places: tuple[tuple[int, int | None, int | None], ...]


@dataclass(frozen=True)
class Said:
    """Text that is said only where a field is filled."""

    asked: str
    parts: Text


Part = str | Place | Cited | Said
Text = tuple[Part, ...]


@dataclass(frozen=True)
class Line:
    """A heading (``#``), a paragraph (empty mark), or one set otherwise (``>``, ``->``, ``||``)."""

    mark: str
    text: Text


@dataclass(frozen=True)
class If:
    field: str
    code: str
    then: tuple[Node, ...]
    other: tuple[Node, ...]


@dataclass(frozen=True)
class Each:
    field: str
    body: tuple[Node, ...]


@dataclass(frozen=True)
class Rows:
    """A whole table."""

    field: str


@dataclass(frozen=True)
class Behind:
    """Everything after it is an annex (附件) with this name."""

    text: Text


@dataclass(frozen=True)
class Group:
    """Lines that belong together: a form, or the signers of a paper."""

    kind: Literal["form", "sign"]
    body: tuple[Node, ...]


Node = Line | If | Each | Rows | Behind | Group


def parse(body: str, where: str) -> tuple[Node, ...]:
    """The blocks of a body. Raises :class:`TemplateFault` naming the line."""
    lines = [(number, line.strip()) for number, line in enumerate(body.splitlines(), 1) if line.strip()]
    nodes, rest, _ = _block(lines, where, ends=())
    if rest:
        raise TemplateFault(f"{where}正文第{rest[0][0]}行“{rest[0][1]}”没有对应的开头。")
    return nodes


_Lines = list[tuple[int, str]]


def _block(lines: _Lines, where: str, ends: tuple[str, ...]) -> tuple[tuple[Node, ...], _Lines, str]:
    """Nodes up to one of ``ends``, what follows it, and which end it was."""
    nodes: list[Node] = []
    while lines:
        number, line = lines[0]
        if line in ("@end", "@else"):
            return (tuple(nodes), lines[1:], line) if line in ends else (tuple(nodes), lines, "")
        node, lines = _node(lines, f"{where}正文第{number}行")
        nodes.append(node)
    if ends:
        raise TemplateFault(f"{where}正文里有一段没有以 @end 结束。")
    return tuple(nodes), [], ""


def _node(lines: _Lines, where: str) -> tuple[Node, _Lines]:
    line, rest = lines[0][1], lines[1:]
    if not line.startswith("@"):
        mark, _, text = line.partition(" ")
        if mark in ("#", "##", "###", "####", ">", "->", "||") and text:
            return Line(mark, read_text(text.strip(), where)), rest
        return Line("", read_text(line, where)), rest
    command, _, argument = line.partition(" ")
    argument = argument.strip()
    if command == "@if" and (asked := re.fullmatch(r"(\w+)(?:=(\w+))?", argument)):
        then, rest, end = _block(rest, where, ("@else", "@end"))
        other: tuple[Node, ...] = ()
        if end == "@else":
            other, rest, _ = _block(rest, where, ("@end",))
        return If(asked[1], asked[2] or "", then, other), rest
    if command == "@each" and argument:
        body, rest, _ = _block(rest, where, ("@end",))
        return Each(argument, body), rest
    if command == "@table" and argument:
        return Rows(argument), rest
    if command == "@annex" and argument:
        return Behind(read_text(argument, where)), rest
    if line == "@and":
        return Line("@and", ()), rest
    if line in ("@form", "@sign"):
        body, rest, _ = _block(rest, where, ("@end",))
        return Group("form" if line == "@form" else "sign", body), rest
    raise TemplateFault(f"{where}“{line}”不是模板的写法。")


def read_text(text: str, where: str) -> Text:
    """Text with its placeholders. Raises :class:`TemplateFault`."""
    parts: list[Part] = []
    at = 0
    for token in _TOKEN.finditer(text):
        parts.append(_plain(text[at : token.start()], where))
        if token["asked"]:
            parts.append(Said(token["asked"], read_text(token["said"], where)))
        else:
            parts.append(_placeholder(token["inside"].strip(), where))
        at = token.end()
    parts.append(_plain(text[at:], where))
    return tuple(part for part in parts if part != "")


def _plain(text: str, where: str) -> str:
    if any(sign in text for sign in "{}[]"):
        raise TemplateFault(f"{where}的“{text}”里有不成对的括号。")
    return text


def _placeholder(inside: str, where: str) -> Part:
    if law := _LAW.match(inside):
        return Cited(law["statute"], tuple(_article(one) for one in (law["places"] or "").split(",") if one))
    if row := _IN_ROW.match(inside):
        return Place("", row["column"], row["form"] or "")
    if found := _INSIDE.match(inside):
        return Place(found["name"], found["count"] or found["column"] or "", found["form"] or "")
    raise TemplateFault(f"{where}的占位“{{{inside}}}”不是模板的写法。")


def _article(place: str) -> tuple[int, int | None, int | None]:
    article, _, paragraph = place.partition(".")
    number, _, sub = article.partition("-")
    return int(number), int(sub) if sub else None, int(paragraph) if paragraph else None
