"""The page as readers see it: squares, margins, head, seal, page numbers, glyphs; poppler is the judge."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter

import pytest
from PIL import ImageChops

from anxin.typesetting.agreements import agreement_pdf
from anxin.typesetting.errors import LetterError
from anxin.typesetting.letters import Column, Paragraph, Table
from anxin.typesetting.pdf import pdf
from anxin.typesetting.seals import demonstration_seal
from anxin.typesetting.templates import templates
from tests.support.letters import (
    Word,
    example,
    needs_faces,
    needs_poppler,
    pages_of,
    pictures_of,
    plain,
    text_of,
)

MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 28 * MM, (210 - 26) * MM, 37 * MM, (297 - 35) * MM


@pytest.fixture(autouse=True)
def _parts():
    needs_faces()
    needs_poppler()


def squares(text: str) -> tuple[Paragraph, ...]:
    return (Paragraph(text, flush=True),)


def test_a_full_page_has_22_lines_of_28_characters(tmp_path):
    data = pdf(plain(blocks=squares("工资应当以货币形式按时足额支付给农民工本人" * 100)))
    second = [word for word in pages_of(data, tmp_path)[1] if word.bottom < BOTTOM + 2]
    assert Counter(len(word.text) for word in second) == {28: 22}
    assert len({round(word.top, 1) for word in second}) == 22
    assert min(word.left for word in second) == pytest.approx(LEFT, abs=0.5)
    assert max(word.right for word in second) == pytest.approx(RIGHT, abs=0.5)
    assert min(word.top for word in second) >= TOP - 1
    assert max(word.bottom for word in second) <= BOTTOM + 1


def test_page_numbers_stand_right_on_odd_pages_and_left_on_even_pages(tmp_path):
    pages = pages_of(pdf(plain(blocks=squares("工资应当按时足额支付" * 200))), tmp_path)
    assert len(pages) >= 3
    for number, words in enumerate(pages, 1):
        foot = [word for word in words if word.top > BOTTOM + 5]
        assert "".join(word.text for word in foot) == f"—{number}—"
        assert (foot[0].left > 105 * MM) == bool(number % 2)


@pytest.mark.parametrize("key", sorted(templates()))
def test_every_template_is_set_inside_the_margins_on_pages_with_text(key, tmp_path):
    letter = example(key)
    data = pdf(letter, seal=demonstration_seal(letter.issuer) if letter.issuer else None)
    words = pages_of(data, tmp_path)
    for page, picture in zip(words, pictures_of(data, tmp_path), strict=True):
        ink = ImageChops.invert(picture).getbbox()
        assert ink is not None
        assert ink[0] >= LEFT - 3
        assert ink[2] <= RIGHT + 3
        assert ink[1] >= TOP - 3
        assert ink[3] <= BOTTOM + 35  # the number of the page
        body = "".join(word.text for word in page if word.top < BOTTOM)
        without_closing = body.replace(letter.issuer, "").replace("2026年4月2日", "")
        assert len(without_closing) >= 6, "a page with nothing but seal and date"


def red(picture, box):
    """How many points of a part are red."""
    part = picture.crop(tuple(map(int, box)))
    return sum(count for count, (r, g, b) in part.getcolors(1 << 20) if r > 150 and g < 110 and b < 110)


def test_only_the_style_of_letters_has_a_red_head(tmp_path):
    heads = {}
    for key in ("risk_notice", "rectification_order"):
        (tmp_path / key).mkdir()
        heads[key] = red(pictures_of(pdf(example(key)), tmp_path / key)[0], (0, 0, 595, 842))
    assert heads["risk_notice"] > 2000
    assert heads["rectification_order"] == 0


@pytest.mark.parametrize(
    "name", ["云州市人社局", "云州市云水区高新技术产业开发区人力资源和社会保障局劳动保障监察综合执法支队"]
)
def test_an_issuer_stands_on_one_line_whatever_its_length(name, tmp_path):
    words = pages_of(pdf(example("risk_notice", issuer=name)), tmp_path)[0]
    head = [word for word in words if word.top < 75 * MM + 30 and word.text in name]
    assert "".join(word.text for word in head) == name
    assert head[-1].right <= RIGHT + 1
    assert head[0].left >= LEFT - 1


def test_the_seal_lies_over_issuer_and_date_and_nothing_is_red_without_it(tmp_path):
    letter = example("acceptance_notice")
    closing = {}
    for name, seal in (("with", demonstration_seal(letter.issuer)), ("without", None)):
        (tmp_path / name).mkdir()
        data = pdf(letter, seal=seal)
        page = pages_of(data, tmp_path / name)[-1]
        date = next(word for word in page if word.text.startswith("2026年4月2"))
        issuer = [word for word in page if "人力资源" in word.text][-1]
        box = (date.left, issuer.top, date.right, date.bottom)
        closing[name] = red(pictures_of(data, tmp_path / name)[-1], box)
        assert issuer.bottom <= date.top + 1
        assert (date.left + date.right) / 2 == pytest.approx((issuer.left + issuer.right) / 2, abs=3)
    assert closing["with"] > 100
    assert closing["without"] == 0
    assert "示例" in re.sub(r"\s", "", demonstration_seal("局").decode())


def test_a_seal_that_is_no_picture_is_refused():
    with pytest.raises(LetterError, match="印章图片打不开"):
        pdf(example("acceptance_notice"), seal=b"%PDF-1.7 not a picture")


def test_a_seal_may_be_a_photograph(tmp_path):
    from io import BytesIO

    from PIL import Image

    raw = BytesIO()
    Image.new("RGB", (64, 64), (215, 0, 15)).save(raw, "PNG")
    data = pdf(example("acceptance_notice"), seal=raw.getvalue())
    assert red(pictures_of(data, tmp_path)[-1], (0, 0, 595, 842)) > 5000


def test_a_long_table_repeats_its_head_and_never_leaves_the_sums_alone(tmp_path):
    columns = (Column("序号", 1, "center"), Column("姓名", 3, "left"), Column("金额（元）", 3, "right"))
    for count in range(27, 36):
        rows = tuple((str(number), "赵六", "1.00") for number in range(1, count + 1))
        folder = tmp_path / str(count)
        folder.mkdir()
        pages = pages_of(pdf(plain(blocks=(Table(columns, rows, ("合计", "", f"{count}.00")),))), folder)
        texts = [[word.text for word in page] for page in pages]
        with_rows = [page for page in texts if "赵六" in page]
        assert all("姓名" in page for page in with_rows)
        assert "赵六" in next(page for page in texts if "合计" in page)
        assert sum(page.count("赵六") for page in texts) == count


def test_rare_characters_of_names_are_drawn_and_read(tmp_path):
    rare = "㴔堃喆䶮𬭎𫟹镕赟㐱犇"
    assert rare in text_of(pdf(plain(blocks=squares(rare))), tmp_path).replace("\n", "")
    drawn = []
    for sign in rare:
        folder = tmp_path / f"{ord(sign):x}"
        folder.mkdir()
        drawn.append(pictures_of(pdf(plain(title="一", blocks=squares(sign))), folder)[0].tobytes())
    assert len(set(drawn)) == len(rare)  # no two of them the same box


def test_the_sign_of_yuan_is_not_drawn_as_a_dollar(tmp_path):
    drawn = {}
    for sign in "￥¥$＄":
        folder = tmp_path / f"{ord(sign):x}"
        folder.mkdir()
        picture = pictures_of(pdf(plain(title="一", blocks=squares(sign))), folder, 144)[0]
        part = picture.crop((int(2 * LEFT) - 4, int(2 * TOP) + 100, int(2 * LEFT) + 60, int(2 * TOP) + 260))
        drawn[sign] = part.crop(ImageChops.invert(part).getbbox()).resize((24, 24)).convert("L")

    def apart(one: str, other: str) -> int:
        difference = ImageChops.difference(drawn[one], drawn[other]).tobytes()
        return sum(difference)

    assert apart("￥", "¥") < apart("￥", "$")
    assert apart("￥", "¥") < apart("￥", "＄")


def test_another_date_or_word_is_other_bytes():
    assert pdf(example("risk_notice")) != pdf(example("risk_notice", finish_by="2026-04-16"))


NASTY = [
    "#panic()",
    "$x^2$",
    "*粗*_斜_",
    "\\ 反斜",
    "`raw`",
    "名]字",
    "<lab>@ref",
    '"引"号',
    "//注释",
    "= 标题",
    "{employer}",
    "[employer?x]",
    "@end",
]


@pytest.mark.parametrize("name", NASTY)
def test_what_people_type_is_never_markup(name, tmp_path):
    said = text_of(pdf(example("risk_notice", employer=name, problems=f"# 假标题{name}\n@table x")), tmp_path)
    for typed in (name, f"# 假标题{name}", "@table x"):
        assert re.sub(r"\s", "", typed) in re.sub(r"\s", "", said)


@pytest.mark.parametrize("make", [pdf, agreement_pdf])
def test_large_sums_stand_beside_each_other_and_not_over_each_other(make, tmp_path):
    letter = example("arbitration_award")
    sums = ("24", "1,300.00", "12,345,678.90", "0.01", "12,345,678.89")
    rows = tuple((str(number), "工资", "2025年12月", *sums) for number in range(1, 4))
    table = next(one for one in letter.blocks if isinstance(one, Table))
    wide = dataclasses.replace(table, rows=rows)
    words = [word for page in pages_of(make(plain(blocks=(wide,))), tmp_path) for word in page]
    for amount in sums:
        assert [word.text for word in words].count(amount) >= 3, amount
    for one in words:
        assert not [other for other in words if other is not one and over(one, other)], one


@pytest.mark.parametrize("make", [pdf, agreement_pdf])
def test_a_long_name_stands_whole_in_one_row_of_one_page(make, tmp_path):
    name = "古丽巴哈尔·阿卜杜热合曼·买买提依明江·吐尔逊尼亚孜䶮㛃"
    columns = (Column("序号", 1, "center"), Column("姓名", 1, "left"), Column("单位", 8, "left"))
    rows = tuple((str(number), name, "某公司") for number in range(1, 16))
    pages = pages_of(make(plain(blocks=(Table(columns, rows),))), tmp_path)
    assert len(pages) > 1
    for page in pages:
        written = "".join(word.text for word in page)
        assert written.count("古") == written.count("㛃") == written.count("某公司")


def over(one: Word, other: Word) -> bool:
    """Whether two words are drawn on each other, by more than a point each way."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > 1 and down > 1
