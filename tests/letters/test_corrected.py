"""A draft corrected in a word processor comes back: its long fields' words, and everything else in sentences."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import zipfile
from itertools import groupby
from pathlib import Path

import pytest

from anxin.kernel.refusal import Refused
from anxin.letters import content, issuing
from anxin.letters.corrected import corrected
from anxin.letters.word_files import read_word
from anxin.typesetting.docx import docx
from anxin.typesetting.letters import Paragraph
from anxin.typesetting.templates import templates
from tests.letters.conftest import drafted, whole
from tests.support.letters import example


def word_of(office, letter) -> bytes:
    return docx(issuing.words(letter, on=office.now.date(), law=office.law))


def changed(data: bytes, *changes: tuple[str, str]) -> bytes:
    """The file with these words of its document replaced, each of them there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            if name == "word/document.xml":
                for before, after in changes:
                    assert before in text
                    text = text.replace(before, after)
            new.writestr(name, text)
    return out.getvalue()


def took(office, letter, data: bytes):
    return corrected(letter, data, "改好的.docx", on=office.now.date(), law=office.law)


@pytest.fixture
def order(office):
    """An order with three long fields: two behind words of the template's, one alone."""
    return drafted(office, "rectification_order")


FOUND = "你单位承建云水家园二期工程期间，没有按照约定支付赵㴔堃等3人2025年10月至12月的工资。"


def test_nothing_changed_reads_nothing(office, order):
    read = took(office, order, word_of(office, order))
    assert (read.changes, read.left) == ((), ())
    assert read.values == content.values_of(order)


def test_the_words_of_a_field_are_read_behind_those_of_the_template(office, order):
    data = changed(word_of(office, order), (FOUND, "你单位经两次催告仍未支付3人的工资。"))
    read = took(office, order, data)
    assert [(one.before, one.after) for one in read.changes] == [
        (FOUND, "你单位经两次催告仍未支付3人的工资。")
    ]
    assert read.values == content.values_of(order) | {"found": "你单位经两次催告仍未支付3人的工资。"}
    assert read.left == ()


def test_a_file_of_yesterday_bears_another_day_and_a_day_in_a_field_stays(office, order):
    data = word_of(office, order)
    order.fields = content.sealed_values(content.values_of(order) | {"found": f"{FOUND}\n2026年3月5日"})
    later = office.now + dt.timedelta(days=1)
    old = corrected(order, data, "改好的.docx", on=later.date(), law=office.law)
    assert [one.after for one in old.changes] == [FOUND] and old.left == ()
    now = took(office, order, changed(word_of(office, order), ("2026年3月5日", "2026年3月6日")))
    assert now.values["found"] == f"{FOUND}\n2026年3月6日" and now.left == ()


def test_a_paragraph_added_behind_a_field_is_that_field_s(office, order):
    added = f"{FOUND}</w:t></w:r></w:p><w:p><w:r><w:t>另查明，分包单位已经退场。"
    read = took(office, order, changed(word_of(office, order), (FOUND, added)))
    assert read.values["found"] == f"{FOUND}\n另查明，分包单位已经退场。"


def test_fixed_words_tables_and_single_values_enter_nothing_and_are_named(office, order):
    data = changed(word_of(office, order), ("钱镕", "钱某某"), ("陈述和申辩", "陈述、申辩"))
    read = took(office, order, data)
    assert read.values == content.values_of(order) and read.changes == ()
    assert len(read.left) == 2 and all("没有读入" in one for one in read.left)
    assert "钱某某" in read.left[0] and "陈述、申辩" in read.left[1]


def test_a_field_whose_leading_words_were_changed_is_left_as_it_was(office, order):
    read = took(office, order, changed(word_of(office, order), ("以上事实有下列证据证实：", "证据：")))
    assert read.values == content.values_of(order)
    assert read.left == ("“证据”前面的固定文字改了，认不出从哪里开始，没有读入，请填在页面上。",)


def test_a_long_table_written_anew_does_not_take_long_and_is_told(office):
    """Ten thousand comparisons at most in one stretch: beyond, lines are nobody's."""
    rows = [dict(whole("rectification_order")["arrears"][0], name=f"工人{at:03}") for at in range(300)]
    letter = drafted(office, "rectification_order")
    letter.fields = content.sealed_values(content.values_of(letter) | {"arrears": rows})
    read = took(office, letter, changed(word_of(office, letter), ("工人0", "班组0"), ("工人1", "班组1")))
    assert read.changes == ()
    assert any("另外还有" in one for one in read.left)


def test_tracked_changes_count_as_accepted_and_are_told(office, order):
    run = "</w:t></w:r><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>（含加班工资）。</w:t></w:r></w:ins><w:r><w:t>"
    read = took(office, order, changed(word_of(office, order), (FOUND, f"{FOUND[:-1]}{run}")))
    assert read.values["found"] == f"{FOUND[:-1]}（含加班工资）。"
    assert any("修订" in one for one in read.left)


def test_numbers_and_pictures_of_the_word_processor_are_told(office, order):
    numbered = "</w:t></w:r><w:r><w:drawing/></w:r></w:p><w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>其一。"
    read = took(office, order, changed(word_of(office, order), (FOUND, FOUND + numbered)))
    assert any("编号" in one for one in read.left) and any("图片" in one for one in read.left)


def test_another_letter_s_file_is_refused(office, order):
    other = drafted(office, "risk_notice")
    with pytest.raises(Refused, match="对不上"):
        took(office, order, word_of(office, other))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空的"),
        (b"PK\x03\x04 no archive", "打不开"),
        (b"%PDF-1.7\n", "只收"),
        (b"<html><script>1</script></html>", "网页"),
    ],
)
def test_what_is_no_word_file_is_refused(office, order, data, said):
    with pytest.raises(Refused, match=said):
        took(office, order, data)


def test_an_entity_is_not_resolved(office, order):
    asks = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document '
    evil = changed(word_of(office, order), ("<w:document ", asks), (FOUND, "&x;"))
    with pytest.raises(Refused, match="打不开"):
        took(office, order, evil)


@pytest.mark.parametrize("key", sorted(templates()))
def test_every_long_text_of_every_template_stands_in_one_place(key):
    """Else one place could be corrected and the other not."""
    own = [one.field if isinstance(one, Paragraph) else "" for one in example(key).blocks]
    places = [name for name, _ in groupby(own) if name]
    assert len(places) == len(set(places))


def long_fields(letter) -> list[str]:
    return list(dict.fromkeys(one.field for one in letter.blocks if isinstance(one, Paragraph) and one.field))


@pytest.mark.parametrize(
    "kind", ["interview_notice", "arbitration_award", "penalty_decision", "admin_decision"]
)
def test_all_long_fields_written_anew_at_once_are_told_apart(office, kind):
    letter = drafted(office, kind)
    filled = issuing.words(letter, on=office.now.date(), law=office.law)
    names = long_fields(filled)
    assert len(names) >= 2
    anew = {name: f"第{at}段全部重新写过：甲乙丙丁戊己庚辛。" for at, name in enumerate(names)}
    blocks, done = [], set()
    for one in filled.blocks:
        name = one.field if isinstance(one, Paragraph) else ""
        if name and name not in done:
            blocks.append(dataclasses.replace(one, text=one.lead + anew[name]))
            done.add(name)
        elif not name:
            blocks.append(one)
    read = took(office, letter, docx(dataclasses.replace(filled, blocks=tuple(blocks))))
    assert {name: read.values[name] for name in names} == anew
    assert read.left == ()


def test_a_file_that_libreoffice_wrote_says_the_same():
    """``libreoffice.docx``: our own Word file of the order's example, opened and saved by LibreOffice 7.4."""
    saved = (Path(__file__).parent / "data" / "libreoffice.docx").read_bytes()
    lines = read_word(saved).lines
    assert f"经查，在云水家园二期工程中，{FOUND}" in lines
    assert "2 钱镕 2025年12月 7,200.50 0.00 7,200.50" in lines
    assert lines[-1] == "2026年4月2日"
