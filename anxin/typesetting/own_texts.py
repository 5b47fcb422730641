"""A text that somebody else wrote over a shipped template: its placeholders are the labels of the template's fields.

An employer writes ``每月{每月支付日期}日支付`` and knows no field names; the fields, their types and their checks stay
those of the template, and the grammar is the same, so that no value can become anything but text.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Mapping

import yaml

from anxin.typesetting.errors import TemplateFault
from anxin.typesetting.grammar import parse
from anxin.typesetting.templates import FOLDER, Template, places

_NAMED = re.compile(r"(\{|\[)([^{}\[\]?:]+)(?=[}?:])")
#: longer texts are not read to their end by anybody
MOST_CHARACTERS = 12_000


def text_of(template: Template) -> str:
    """The body of a shipped template with labels for the names of fields, as a person edits it."""
    written = yaml.safe_load((FOLDER / f"{template.key}.yaml").read_text(encoding="utf-8"))["body"]
    labels = {name: one.label for name, one in template.fields.items()}
    return _renamed(written, labels).strip()


def own_template(base: Template, text: str) -> Template:
    """``base`` with another body. Raises :class:`TemplateFault` naming the line and what is not understood."""
    if len(text) > MOST_CHARACTERS:
        raise TemplateFault(f"文本不能超过{MOST_CHARACTERS}个字，现在是{len(text)}个字，请删减。")
    if not text.strip():
        raise TemplateFault("还没有写文本。")
    body = parse(_renamed(text, {one.label: name for name, one in base.fields.items()}), "")
    made = dataclasses.replace(base, body=body, digest=hashlib.sha256(text.encode()).hexdigest())
    used = set()
    for name, column, form in places(made):
        if name not in base.fields:
            raise TemplateFault(f"不认识占位“{{{name}}}”，请从右边的占位清单里选。")
        if column or form:
            raise TemplateFault(f"占位“{{{base.fields[name].label}}}”里只能写名称，请去掉后面的部分。")
        used.add(name)
    fields = {
        name: one if name in used else dataclasses.replace(one, required=False)
        for name, one in base.fields.items()
    }
    return dataclasses.replace(made, fields=fields)


def fields_in(template: Template) -> set[str]:
    """The names of all fields that stand in the text."""
    return {name for name, _, _ in places(template)}


def _renamed(text: str, names: Mapping[str, str]) -> str:
    return _NAMED.sub(lambda found: found[1] + names.get(found[2], found[2]), text)
