"""A template and a matter's data become a letter, or a list of everything that is missing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from anxin.kernel.numerals import chinese_number
from anxin.typesetting.errors import NotFilled, Problem
from anxin.typesetting.fields import Field, check, total, words
from anxin.typesetting.grammar import Behind, Cited, Each, Group, If, Line, Node, Place, Rows, Said, Text
from anxin.typesetting.letters import (
    Align,
    Annex,
    Block,
    Column,
    Data,
    Form,
    Heading,
    Letter,
    Paragraph,
    Signatures,
    Table,
)
from anxin.typesetting.templates import Template

#: statute key, article, paragraph, number after 之 → 《…》第…条. ``anxin.law.statutes.citation`` has the form.
Cite = Callable[[str, int | None, int | None, int | None], str]
_ALIGN: dict[str, Align] = {"text": "left", "money": "right", "date": "center", "number": "right"}
_WIDTH = {"text": 3, "money": 3, "date": 3, "number": 2}


def fill(template: Template, data: Data, *, cite: Cite) -> Letter:
    """The letter with this data. ``cite`` words a provision as of the letter's day.

    Raises :class:`NotFilled` with every field that is missing or wrong, each in a sentence.
    """
    values, problems = checked(template, data)
    if problems:
        raise NotFilled(template.name, problems)
    pen = _Pen(template.fields, values, cite)
    blocks = tuple(pen.blocks(template.body))
    attachments = [line.strip() for line in (values.get("attachments") or "").splitlines() if line.strip()]
    return Letter(
        key=template.key,
        name=template.name,
        style=template.style,
        title=pen.text(template.title),
        date=values["issued_on"],
        issuer=values.get("issuer") or "",
        number=values.get("number") or "",
        addressee=pen.text(template.addressee),
        blocks=blocks,
        # an annex of the template's own is named first among them
        attachments=(*(one.name for one in blocks if isinstance(one, Annex)), *attachments),
        copies=values.get("copies") or "",
        template_digest=template.digest,
    )


def checked(template: Template, data: Data) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """Every field's value as letters use it, and all that is wrong, in the order of the template."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, one in template.fields.items():
        values[name], wrong = check(one, data.get(name))
        problems += wrong
    for name, one in template.fields.items():
        if one.times and not problems and values[name] != one.times[1] * values[one.times[0]]:
            other = template.fields[one.times[0]].label
            problems.append(Problem(name, f"“{one.label}”不等于“{other}”的{one.times[1]}倍，请核对。"))
        if one.unless and values[name] is None and values[one.unless] is None:
            other = template.fields[one.unless].label
            problems.append(Problem(name, f"“{one.label}”和“{other}”至少要填一项。"))
    strange = sorted(str(name) for name in data if name not in template.fields)
    problems += [Problem(name, f"模板里没有“{name}”这个字段，请删去。") for name in strange]
    return values, tuple(problems)


class _Pen:
    """Writes the blocks of one letter; keeps count of the headings."""

    def __init__(self, fields: Mapping[str, Field], values: Mapping[str, Any], cite: Cite) -> None:
        self.fields, self.values, self.cite = fields, values, cite
        self.counts = [0, 0, 0, 0]

    def blocks(self, nodes: tuple[Node, ...], row: tuple[str, int] | None = None) -> Iterator[Block]:
        for node in nodes:
            match node:
                case Line(mark, text):
                    yield from self.line(mark, self.text(text, row), *self.own_words(text, row))
                case If():
                    yield from self.blocks(self.chosen(node), row)
                case Each(field, body):
                    for number in range(len(self.values[field] or ())):
                        yield from self.blocks(body, (field, number))
                case Rows(field):
                    yield from self.table(self.fields[field], self.values[field])
                case Behind(text):
                    yield Annex(self.text(text, row))
                case Group("form", body):
                    yield Form(tuple(self.pairs(body, row)))
                case Group(_, body):
                    yield Signatures(tuple(self.signers(body, row)))

    def chosen(self, node: If) -> tuple[Node, ...]:
        value = self.values[node.field]
        return node.then if (value == node.code if node.code else value not in (None, [], "")) else node.other

    def own_words(self, text: Text, row: tuple[str, int] | None) -> tuple[str, str]:
        """The long text that ends a line, and the template's words before it; both empty where none does."""
        match text:
            case (*before, Place(name, "", "")) if not row and self.fields[name].type == "long_text":
                lead = self.text(tuple(before)).lstrip()
                return ("", "") if "\n" in lead else (name, lead)
        return "", ""

    def line(self, mark: str, text: str, field: str, lead: str) -> Iterator[Block]:
        if mark.startswith("#"):
            yield Heading(len(mark), self.number(len(mark)), text)
            return
        for one in text.splitlines():  # a long text brings paragraphs of its own
            if one.strip():
                align: Align = "right" if mark == "->" else "center" if mark == "||" else "left"
                yield Paragraph(one.strip(), align, flush=mark == ">", field=field, lead=lead)
                lead = ""

    def number(self, level: int) -> str:
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (4 - level)
        count = self.counts[level - 1]
        return (f"{chinese_number(count)}、", f"（{chinese_number(count)}）", f"{count}．", f"（{count}）")[
            level - 1
        ]

    def pairs(self, nodes: tuple[Node, ...], row: tuple[str, int] | None) -> Iterator[tuple[str, str]]:
        for text in self.lines(nodes, row):
            label, _, rest = text.partition("：")
            yield label, rest

    def signers(self, nodes: tuple[Node, ...], row: tuple[str, int] | None) -> Iterator[tuple[str, ...]]:
        lines: list[str] = []
        for text in self.lines(nodes, row):
            if text == "@and":
                yield tuple(lines)
                lines = []
            else:
                lines.append(text)
        yield tuple(lines)

    def lines(self, nodes: tuple[Node, ...], row: tuple[str, int] | None) -> Iterator[str]:
        """The lines of a group, each still one line whatever its values hold."""
        for node in nodes:
            if isinstance(node, Line):
                yield node.mark if node.mark == "@and" else " ".join(self.text(node.text, row).split("\n"))
            elif isinstance(node, If):
                yield from self.lines(self.chosen(node), row)
            elif isinstance(node, Each):
                for number in range(len(self.values[node.field] or ())):
                    yield from self.lines(node.body, (node.field, number))

    def text(self, text: Text, row: tuple[str, int] | None = None) -> str:
        return "".join(self.part(part, row) for part in text)

    def part(self, part: object, row: tuple[str, int] | None) -> str:
        match part:
            case Place("", "#", _) if row:
                return str(row[1] + 1)
            case Place("", column, form) if row:
                one = self.fields[row[0]].column(column)
                assert one is not None  # the template was checked
                return words(one, self.values[row[0]][row[1]][column], form)
            case Place(name, "#", _):
                return str(len(self.values[name] or ()))
            case Place(name, column, form) if column:
                one = self.fields[name].column(column)
                assert one is not None
                return words(one, total(self.values[name], one), form)
            case Place(name, _, form):
                return words(self.fields[name], self.values[name], form)
            case Cited(statute, places):
                return self.cited(statute, places)
            case Said(asked, parts):
                return self.text(parts, row) if self.values[asked] not in (None, [], "") else ""
        return str(part)

    def cited(self, statute: str, places: tuple[tuple[int, int | None, int | None], ...]) -> str:
        """Several articles of one statute name it once."""
        if not places:
            return self.cite(statute, None, None, None)
        said = [self.cite(statute, article, paragraph, sub) for article, sub, paragraph in places]
        return "、".join([said[0], *(re.sub(r"^《[^》]*》", "", one) for one in said[1:])])

    def table(self, one: Field, rows: list[dict[str, Any]] | None) -> Iterator[Table]:
        if not rows:
            return
        columns = [Column("序号", 1, "center")]
        columns += [
            Column(
                c.label + ("（元）" if c.type == "money" else ""), c.width or _WIDTH[c.type], _ALIGN[c.type]
            )
            for c in one.columns
        ]
        lines = [
            (str(number), *(_cell(c, row[c.name]) for c in one.columns)) for number, row in enumerate(rows, 1)
        ]
        foot: tuple[str, ...] = ()
        if any(c.total for c in one.columns):
            foot = ("合计", *(_cell(c, total(rows, c)) if c.total else "" for c in one.columns))
        yield Table(tuple(columns), tuple(lines), foot)


def _cell(column: Field, value: Any) -> str:
    return words(column, value, "figures" if column.type == "money" else "") or "—"
