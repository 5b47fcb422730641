"""The files of papers that people sign hold every word that the screen shows, inside the page, with room for the stamps."""

from __future__ import annotations

import re
import subprocess

import pytest
from PIL import ImageChops

from anxin.kernel.days import day_words
from anxin.letters.party_kinds import kinds
from anxin.letters.turn_files import blocks
from anxin.typesetting.agreements import EMPLOYER_BOX, WORKER_BOX, agreement_pdf, boxes_for
from anxin.typesetting.letters import Column, Letter, Paragraph, Signatures, Table
from tests.support.letters import example, needs_poppler, pages_of, pictures_of, plain, text_of

MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 26 * MM, (210 - 26) * MM, 26 * MM, (297 - 30) * MM
HEIGHT = 297 * MM
#: what else is set the same way: contracts, mediations, records of hearings
OTHERS = (
    "labour_contract", "mediation_agreement", "mediation_record", "mediation_end_notice",
    "arbitration_hearing_record", "arbitration_record_note",
)  # fmt: skip
KEYS = sorted({*kinds(), *OTHERS})


@pytest.fixture(autouse=True)
def _parts():
    needs_poppler()


def words(text: str) -> set[str]:
    """What stands between the signs of a sentence: a row on the screen is said with signs that a table has not."""
    return set(filter(None, re.split(r"[\s，。：；、（）()]+", text)))


def sheets(data: bytes, folder) -> list[str]:
    """The words of each page without its number and without breaks."""
    pages = text_of(data, folder).split("\f")[:-1]
    return [re.sub(r"第\d+页共\d+页", "", re.sub(r"\s", "", page)) for page in pages]


def text(data: bytes, folder) -> str:
    """The words of all pages as one."""
    return "".join(sheets(data, folder))


def signed_by(letter: Letter) -> list[str]:
    lines = [one for block in letter.blocks if isinstance(block, Signatures) for one in block.signers]
    return [re.sub(r"\s", "", line) for signer in lines for line in signer]


def test_every_word_of_the_screen_and_every_signer_is_in_the_file(tmp_path):
    lost, bare = {}, []
    for key in KEYS:
        letter = example(key)
        pages = sheets(agreement_pdf(letter, room=boxes_for(3)[0]), tmp_path)
        file = "".join(pages)
        bare += [key for page in pages if len(page) < 30]
        said = {word for one in blocks(letter) for word in words(one["text"])}
        said |= {word for line in signed_by(letter) for word in words(line)}
        if gone := sorted(word for word in said if word not in file):
            lost[key] = gone
    assert lost == {}
    assert bare == []  # no page holds nothing but signatures and 此致


def test_sums_addressee_signer_and_date_are_told_where_they_stand(tmp_path):
    settlement = text(agreement_pdf(example("wage_settlement")), tmp_path)
    assert "合计15,000.003,000.0012,000.00" in settlement
    assert "合计12,000.00" in text(agreement_pdf(example("mediation_agreement")), tmp_path)
    letter = example("no_arrears_pledge")
    pledge = text(agreement_pdf(letter), tmp_path)
    assert f"{letter.title}云州市人力资源和社会保障局：" in pledge
    assert pledge.endswith(
        f"承诺单位（盖章）：云州宏图建设集团有限公司法定代表人（签名）：{day_words(letter.date)}"
    )
    assert {"kind": "paragraph", "text": "云州市人力资源和社会保障局："} in blocks(letter)
    without = plain(
        blocks=(Table((Column("序号", 1, "center"), Column("姓名", 3, "left")), (("1", "赵六"),)),)
    )
    assert "合计" not in text(agreement_pdf(without), tmp_path)


def test_only_a_contract_calls_its_number_one_of_a_contract(tmp_path):
    assert "合同编号：HT2026000001-0001" in text(agreement_pdf(example("labour_contract")), tmp_path)
    other = text(agreement_pdf(plain(blocks=(Paragraph("正文"),), number="8")), tmp_path)
    assert "编号：8" in other
    assert "合同编号" not in other
    numbered = text(agreement_pdf(example("risk_notice")), tmp_path)
    assert "文号：云人社治〔2026〕3号" in numbered
    assert "编号：" not in text(agreement_pdf(example("wage_settlement")), tmp_path)


def ink(picture, box=None):
    """Where anything is drawn, in points; ``None``: nowhere."""
    part = picture.crop(box) if box else picture
    return ImageChops.invert(part).getbbox()


@pytest.mark.parametrize(
    ("key", "number"),
    [("wage_settlement", 4), ("no_arrears_pledge", 2), ("mediation_agreement", 18), ("labour_contract", 0)],
)
def test_a_page_keeps_its_margins_has_text_and_leaves_the_places_of_stamps_free(key, number, tmp_path):
    letter = example(key)
    room, boxes = boxes_for(number) if number else (112, [EMPLOYER_BOX, WORKER_BOX])
    data = agreement_pdf(letter, room=room)
    assert data == agreement_pdf(example(key), room=room)
    pages, pictures = pages_of(data, tmp_path), pictures_of(data, tmp_path)
    for page, picture in zip(pages, pictures, strict=True):
        left, top, right, bottom = ink(picture)
        assert left >= LEFT - 3
        assert right <= RIGHT + 3
        assert top >= TOP - 3
        assert bottom <= BOTTOM + 50  # the number of the page
        body = "".join(word.text for word in page if word.bottom < BOTTOM)
        assert len(body.replace(day_words(letter.date), "")) > 12
    for left, low, right, high in boxes:
        assert ink(pictures[-1], (left, int(HEIGHT - high), right, int(HEIGHT - low))) is None
    last = sheets(data, tmp_path)[-1]
    assert all(line in last for line in signed_by(letter))


def test_whatever_the_length_signatures_stand_under_text_and_above_the_room(tmp_path):
    signers = (("甲方（签名）：", "2026年4月2日"), ("乙方（签名）：", "2026年4月2日"))
    room, boxes = boxes_for(6)
    for count in range(22, 34, 2):
        said = tuple(Paragraph(f"第{number}条应当按时足额支付工资。") for number in range(count))
        data = agreement_pdf(plain(title="一", blocks=(*said, Signatures(signers))), room=room)
        last = pages_of(data, tmp_path)[-1]
        texts = [word for word in last if "按时足额" in word.text]
        hands = [word for word in last if "（签名）" in word.text]
        assert len(hands) == 2
        assert texts
        assert max(word.bottom for word in texts) < min(word.top for word in hands)
        assert max(word.bottom for word in hands) < HEIGHT - max(box[3] for box in boxes)


def test_sums_never_stand_alone_and_many_signers_go_over_the_page(tmp_path):
    columns = (Column("序号", 1, "center"), Column("姓名", 3, "left"), Column("金额（元）", 3, "right"))
    for count in range(26, 36, 2):
        rows = tuple((str(number), "赵六", "1.00") for number in range(1, count + 1))
        pages = pages_of(
            agreement_pdf(plain(blocks=(Table(columns, rows, ("合计", "", f"{count}.00")),))), tmp_path
        )
        texts = [[word.text for word in page] for page in pages]
        assert "赵六" in next(page for page in texts if "合计" in page)
        assert sum(page.count("赵六") for page in texts) == count
    many = Signatures(tuple((f"农民工{number}（签名）：", "2026年4月2日") for number in range(90)))
    pages = pages_of(agreement_pdf(plain(blocks=(Paragraph("正文"), many))), tmp_path)
    assert sum("（签名）" in word.text for page in pages for word in page) == 90
    assert all(word.bottom < BOTTOM + 50 for page in pages for word in page)


def test_the_lines_of_the_signers_stand_right_above_their_stamps(tmp_path):
    """A short text leaves most of the last page free: the lines go down to the stamps, and no stamp covers them."""
    for key, letter in (("contract", example("labour_contract")), ("short", short())):
        path = tmp_path / f"{key}.pdf"
        path.write_bytes(agreement_pdf(letter))
        said = subprocess.run(
            ["pdftotext", "-bbox", str(path), "-"], capture_output=True, text=True, check=True
        )
        last = said.stdout.split("<page ")[-1]
        lines = re.findall(r'xMin="([\d.]+)" yMin="[\d.]+" xMax="[\d.]+" yMax="([\d.]+)">(.*?)<', last)
        labels = {word: (float(x), HEIGHT - float(y)) for x, y, word in lines if word[:2] in ("甲方", "乙方")}
        found = [labels[word] for word in sorted(labels, reverse=True) if "盖章" in word or "签名" in word]
        (employer_x, employer_y), (worker_x, worker_y) = sorted(found)
        top = max(EMPLOYER_BOX[3], WORKER_BOX[3])
        assert top <= employer_y <= top + 60 and top <= worker_y <= top + 60
        assert abs(employer_x - EMPLOYER_BOX[0]) < 25 and abs(worker_x - WORKER_BOX[0]) < 25


def short() -> Letter:
    return plain(
        blocks=(
            Paragraph("正文"),
            Signatures((("甲方（盖章）：", "2026年4月2日"), ("乙方（签名）：", "2026年4月2日"))),
        ),
        number="8",
    )
