"""Letters as Word files: every word of the letter, no word as markup, the same bytes twice."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

import pytest

from anxin.typesetting.docx import docx
from anxin.typesetting.templates import templates
from tests.support.letters import example

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def paragraphs(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        root = ElementTree.fromstring(packed.read("word/document.xml"))
    return ["".join(one.text or "" for one in p.iter(f"{_W}t")) for p in root.iter(f"{_W}p")]


@pytest.mark.parametrize("key", sorted(templates()))
def test_every_template_becomes_a_file_with_its_words(key):
    letter = example(key)
    said = paragraphs(docx(letter))
    assert letter.title in said
    assert sum(letter.issuer in one for one in said) >= bool(letter.issuer)
    for block in letter.blocks:
        if block.kind == "paragraph":
            assert block.text in said
        elif block.kind == "table":
            assert all(cell in said for row in block.rows for cell in row)


def test_the_order_shows_sums_names_and_its_head_on_every_page():
    data = docx(example("rectification_order"))
    said = paragraphs(data)
    assert "赵㴔堃" in said
    assert any("大写：" in one for one in said)
    assert "云人社治〔2026〕3号" in said
    assert b"tblHeader" in zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml")
    assert docx(example("rectification_order")) == data


def test_what_is_typed_is_never_markup():
    typed = "<w:p>“A&B”]]></w:p>"
    said = paragraphs(docx(example("rectification_order", found=typed)))
    assert any(typed in one for one in said)
