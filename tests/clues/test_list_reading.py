"""Words found on a photograph become rows: columns by their headings, also where the paper is askew."""

from __future__ import annotations

import importlib.util
import json
import math
from io import BytesIO

import pytest
from PIL import Image, ImageDraw, ImageFont

from anxin.clues import list_ocr
from anxin.clues.claimants import add_photo
from anxin.clues.list_reading import Word, rows_of, word
from anxin.clues.list_typing import Draft, TypedRow, draft_of, keep_draft
from anxin.clues.models import Claimant, ListPhoto
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.typesetting import faces
from tests.clues.conftest import NOW, ticket
from tests.monitoring.factories import id_number
from tests.support import outside
from tests.web.cases import a_picture

HEADINGS = ("序号", "姓名", "身份证号", "电话", "工种", "欠薪金额（元）")
LEFT = (0, 90, 260, 640, 900, 1060)
WIDE = (60, 130, 360, 230, 120, 180)
PEOPLE = [
    ("1", "钱某人", id_number(1), "13900000001", "木工", "12,000"),
    ("2", "李某", id_number(2), "13900000002", "水电工", "8600.50"),
    ("3", "欧阳某", id_number(3), "13900000003", "瓦工", "9000"),
]
READ = [dict(zip(("name", "id_number", "phone", "trade", "amount"), one[1:], strict=True)) for one in PEOPLE]


def drawn(*lines: tuple[str, ...], degrees: float = 0.0) -> list[Word]:
    """The boxes of a table, turned by so much."""
    found = []
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    for down, line in enumerate(lines):
        for text, left, wide in zip(line, LEFT, WIDE, strict=False):
            top = 100 + 50 * down
            corners = [(left, top), (left + wide, top), (left + wide, top + 30), (left, top + 30)]
            if text:
                found.append(word([(x * cos - y * sin, x * sin + y * cos) for x, y in corners], text))
    return found


@pytest.mark.parametrize("degrees", [0, 4, -4])
def test_each_word_goes_to_its_column_on_straight_and_on_skew_paper(degrees):
    assert rows_of(drawn(HEADINGS, *PEOPLE, degrees=degrees)) == READ


def test_a_title_above_and_a_total_below_are_nobody():
    total = ("", "合计", "", "", "", "29600.50")
    assert rows_of(drawn(("工人工资登记表",), HEADINGS, *PEOPLE, total)) == READ


def test_without_headings_nothing_is_guessed():
    assert rows_of(drawn(*PEOPLE)) == [] and rows_of([]) == []


def test_neighbours_read_as_one_word_are_told_apart():
    name, number, phone, trade = PEOPLE[0][1:5]
    fused = ("", f"1{name}", number + phone, "", trade + "12,000")
    assert rows_of(drawn(HEADINGS, fused)) == READ[:1]


# --- asked for, read, proposed


@pytest.fixture
def photo(told, office) -> ListPhoto:
    return add_photo(told(ticket("1"))[0], a_picture(), by=office.inspector, now=NOW)


@pytest.fixture
def reader(monkeypatch):
    """A machine that reads what is given, as if the optional part were here."""
    found: list[Word] = drawn(HEADINGS, *PEOPLE)
    monkeypatch.setattr(list_ocr, "available", lambda: True)
    monkeypatch.setattr(list_ocr, "_words", lambda pixels: found)
    return found


def test_what_is_read_is_a_proposal_in_every_cell_and_nobody_is_in_the_list(photo, office, reader):
    list_ocr.ask_reading(photo, by=office.inspector, now=NOW)
    list_ocr.ask_reading(photo, by=office.inspector, now=NOW)
    assert list_ocr.read_photo(photo.pk, now=NOW) == 3 and list_ocr.read_photo(photo.pk, now=NOW) == 0
    rows = draft_of(ListPhoto.objects.get(pk=photo.pk)).rows
    assert rows[0] == TypedRow(**READ[0], unsure=["name", "id_number", "phone", "trade", "amount"])
    assert not Claimant.objects.exists()
    assert JournalEntry.objects.filter(action="clue.list_reading_asked").count() == 1


def test_what_somebody_has_typed_meanwhile_stays(photo, office, reader):
    list_ocr.ask_reading(photo, by=office.inspector, now=NOW)
    keep_draft(photo, Draft([TypedRow(name="钱某人")]), by=office.inspector)
    assert list_ocr.read_photo(photo.pk, now=NOW) == 0
    read = ListPhoto.objects.get(pk=photo.pk)
    assert [one.name for one in draft_of(read).rows] == ["钱某人"] and "已经有人在录" in read.read_note


def test_a_picture_of_something_else_says_so(photo, office, reader):
    reader.clear()
    list_ocr.ask_reading(photo, by=office.inspector, now=NOW)
    assert list_ocr.read_photo(photo.pk, now=NOW) == 0
    assert "没有认出" in ListPhoto.objects.get(pk=photo.pk).read_note


def test_who_may_not_or_where_nothing_reads_is_told(photo, office, monkeypatch):
    with pytest.raises(Refused, match="没有办理这条线索名单的权限"):
        list_ocr.ask_reading(photo, by=office.outsider, now=NOW)
    monkeypatch.setattr(list_ocr, "available", lambda: False)
    with pytest.raises(Refused, match="没有安装识别程序"):
        list_ocr.ask_reading(photo, by=office.inspector, now=NOW)


@pytest.mark.one_database
@pytest.mark.parametrize("turned", [3, 90])
def test_the_real_reader_reads_a_printed_list_also_askew_and_on_its_side(turned):
    if importlib.util.find_spec("rapidocr_onnxruntime") is None:
        outside.missing("rapidocr_onnxruntime", "see requirements/ocr.in")
    page = Image.new("L", (1300, 420), 245)
    pen, face = ImageDraw.Draw(page), ImageFont.truetype(str(faces.folder() / "FandolHei-Regular.otf"), 30)
    for down, line in enumerate((HEADINGS, *PEOPLE)):
        for left, wide, text in zip(LEFT, WIDE, line, strict=True):
            box = (30 + left, 40 + 70 * down, 30 + left + wide, 110 + 70 * down)
            pen.rectangle(box, outline=0, width=2)
            pen.text((box[0] + 8, box[1] + 16), text, font=face, fill=20)
    shot = BytesIO()
    page.rotate(turned, expand=True, fillcolor=100, resample=Image.Resampling.BICUBIC).save(shot, "JPEG")
    rows = list_ocr._rows(shot.getvalue())
    right = sum(rows[k].get(name) == text for k in range(min(3, len(rows))) for name, text in READ[k].items())
    assert len(rows) == 3 and right >= 13, json.dumps(rows, ensure_ascii=False)
