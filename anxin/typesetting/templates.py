"""Templates as files: one YAML per instrument, keyed by the document keys of the law's data."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

import yaml

from anxin.typesetting.errors import TemplateFault, UnknownTemplate
from anxin.typesetting.fields import FORMS, Field, examples, read_field
from anxin.typesetting.grammar import (
    Behind,
    Cited,
    Each,
    Group,
    If,
    Line,
    Node,
    Place,
    Rows,
    Said,
    Text,
    parse,
    read_text,
)
from anxin.typesetting.letters import ISSUED, Style

FOLDER = Path(__file__).parent / "templates"
#: fields and passages that several templates use
SHARED = "_shared.yaml"
_KNOWN = {"key", "name", "style", "register", "title", "addressee", "fields", "use", "body"}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Template:
    """One instrument. ``register`` is the kind of number (the word in 人社监令字〔2026〕3号), empty where it has none."""

    key: str
    name: str
    style: Style
    register: str
    fields: Mapping[str, Field]
    title: Text
    addressee: Text
    body: tuple[Node, ...]
    digest: str

    def example(self) -> dict[str, Any]:
        """Values of invented parties, for a preview."""
        return dict(examples(self.fields))


def template(key: str, folder: Path = FOLDER) -> Template:
    """The template of an instrument. Raises :class:`UnknownTemplate`."""
    found = templates(folder).get(key)
    if found is None:
        raise UnknownTemplate(f"没有“{key}”的模板，请从模板清单里选择。")
    return found


@functools.cache
def templates(folder: Path = FOLDER) -> Mapping[str, Template]:
    """All templates of a folder by key. Raises :class:`TemplateFault` naming file and place."""
    shared = _load(folder / SHARED)
    read = (_read(path, shared) for path in sorted(folder.glob("*.yaml")) if path.name != SHARED)
    return {one.key: one for one in read}


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)


def _read(path: Path, shared: Any) -> Template:
    entry, where = _load(path), f"模板 {path.name} "
    if (
        not isinstance(entry, Mapping)
        or not set(entry) <= _KNOWN
        or not {"key", "name", "style", "body"} <= set(entry)
    ):
        raise TemplateFault(f"{where}须写明 key、name、style、body，且只能用 {'、'.join(sorted(_KNOWN))}。")
    if entry["key"] != path.stem or entry["style"] not in get_args(Style):
        raise TemplateFault(f"{where}的 key 须与文件名相同，style 须是 {'、'.join(get_args(Style))} 之一。")
    entries: dict[str, Any] = {}
    for group in [*(["authority"] if entry["style"] in ISSUED else []), *entry.get("use", [])]:
        if group not in shared["fields"]:
            raise TemplateFault(f"{where}用的共用字段“{group}”没有。")
        entries |= shared["fields"][group]
    entries |= entry.get("fields", {})
    if "issued_on" not in entries:
        raise TemplateFault(f"{where}没有写明日期的字段 issued_on。")
    fields = {name: read_field(name, value, where) for name, value in entries.items()}
    body = _with_passages(entry["body"], shared["passages"], where)
    made = Template(
        entry["key"], entry["name"], cast(Style, entry["style"]), entry.get("register", ""), fields,
        read_text(entry.get("title", entry["name"]), where), read_text(entry.get("addressee", ""), where), parse(body, where),
        hashlib.sha256("\0".join((path.read_text("utf-8"), body, repr(entries))).encode()).hexdigest(),
    )  # fmt: skip
    _check_places(made, where)
    return made


def _with_passages(body: str, passages: Mapping[str, str], where: str) -> str:
    lines = []
    for line in body.splitlines():
        if line.strip().startswith("@use "):
            name = line.strip().removeprefix("@use ").strip()
            if name not in passages:
                raise TemplateFault(f"{where}用的共用段落“{name}”没有。")
            line = passages[name]
        lines.append(line)
    return "\n".join(lines)


def _check_places(made: Template, where: str) -> None:
    """Every placeholder has its field and form, every field its use."""
    used = set(ALWAYS_USED)
    for name, column, form in places(made):
        one = made.fields.get(name)
        if one is None:
            raise TemplateFault(f"{where}用了没有定义的字段“{name}”。")
        used.add(name)
        aimed = one if not column or column == "#" else one.column(column)
        if aimed is None or (column and not one.columns):
            raise TemplateFault(f"{where}的“{name}”没有栏目“{column}”。")
        if form and form not in FORMS.get(aimed.type, ()):
            raise TemplateFault(f"{where}的“{name}”没有写法“{form}”。")
    for one in made.fields.values():
        if one.times and one.times[0] not in made.fields:
            raise TemplateFault(f"{where}的 {one.name} 的 times 须是另一个字段。")
        if one.unless and (one.required or one.unless not in made.fields):
            raise TemplateFault(f"{where}的 {one.name} 的 unless 须是另一个字段，自己须是 required: false。")
    if unused := sorted(set(made.fields) - used):
        raise TemplateFault(f"{where}的字段没有用到：{'、'.join(unused)}。")


#: what the style itself sets
ALWAYS_USED = frozenset({"issuer", "number", "issued_on", "copies", "attachments"})


def places(made: Template) -> Iterator[tuple[str, str, str]]:
    """(field, column, form) of every placeholder, condition and table."""
    yield from _in_text(made.title, "")
    yield from _in_text(made.addressee, "")
    yield from _in_nodes(made.body, "")


def cited(made: Template) -> Iterator[Cited]:
    """Every provision that the template quotes."""
    for text in _texts(made.body):
        yield from _cited_in(text)


def _in_nodes(nodes: tuple[Node, ...], row: str) -> Iterator[tuple[str, str, str]]:
    for node in nodes:
        match node:
            case Line(_, text) | Behind(text):
                yield from _in_text(text, row)
            case If(field, _, then, other):
                yield field, "", ""
                yield from _in_nodes(then, row)
                yield from _in_nodes(other, row)
            case Each(field, body):
                yield field, "#", ""
                yield from _in_nodes(body, field)
            case Rows(field):
                yield field, "#", ""
            case Group(_, body):
                yield from _in_nodes(body, row)


def _in_text(text: Text, row: str) -> Iterator[tuple[str, str, str]]:
    for part in text:
        if isinstance(part, Place):
            yield part.name or row, part.column, part.form
        elif isinstance(part, Said):
            yield part.asked, "", ""
            yield from _in_text(part.parts, row)


def _texts(nodes: tuple[Node, ...]) -> Iterator[Text]:
    for node in nodes:
        match node:
            case Line(_, text) | Behind(text):
                yield text
            case If(_, _, then, other):
                yield from _texts(then + other)
            case Each(_, body) | Group(_, body):
                yield from _texts(body)


def _cited_in(text: Text) -> Iterator[Cited]:
    for part in text:
        if isinstance(part, Cited):
            yield part
        elif isinstance(part, Said):
            yield from _cited_in(part.parts)
