"""A letter as .docx, to be passed round and corrected in a word processor: the words, tables and order of the PDF, not its exact page.
What was corrected in it is read back by :mod:`anxin.letters.corrected`, which needs no mark in the file.

Written part by part with the standard library: a handful of fixed parts and one document need no library of their own, and the
same letter gives the same bytes. What is sealed is the PDF.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.sax.saxutils import escape

from anxin.kernel.days import day_words
from anxin.typesetting.letters import (
    ISSUED,
    Annex,
    Block,
    Form,
    Heading,
    Letter,
    Paragraph,
    Signatures,
    Table,
)

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_BODY, _KAI, _HEI, _SONG = "仿宋", "楷体", "黑体", "宋体"
#: half points: 3号 is 16 pt, 2号 22 pt, 5号 10.5 pt
_SIZE, _TITLE, _SMALL = 32, 44, 21
#: twentieths of a point: 28.95 pt between lines gives 22 on a page; two signs are indented
_LINE, _INDENT = 579, 640
#: the text's width in twentieths of a point: 156 mm
_WIDTH = 8845
_FACES = {1: _HEI, 2: _KAI, 3: _BODY, 4: _BODY}
#: zip keeps a time; the same one always
_MOMENT = (1980, 1, 1, 0, 0, 0)

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/>'
    "</Types>"
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)
#: GB/T 9704: A4, 37 mm above, 28 mm left, 156 × 225 mm of text
_PAGE = (
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="2098" w:right="1474" w:bottom="1984" w:left="1588" w:header="851" w:footer="1304" w:gutter="0"/></w:sectPr>'
)


def docx(letter: Letter) -> bytes:
    """The letter as a Word file; the same letter gives the same bytes."""
    document = f'<w:document xmlns:w="{_MAIN}"><w:body>{"".join(_parts(letter))}{_PAGE}</w:body></w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in (
            ("[Content_Types].xml", _TYPES),
            ("_rels/.rels", _RELATIONS),
            ("word/document.xml", document),
        ):
            packed.writestr(
                zipfile.ZipInfo(name, _MOMENT),
                f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}',
                zipfile.ZIP_DEFLATED,
            )
    return out.getvalue()


def _parts(letter: Letter) -> Iterator[str]:
    issued = letter.style in ISSUED
    if issued:
        red = letter.style == "letter"
        yield _paragraph(
            letter.issuer, align="center", face=_SONG, size=_TITLE, bold=True, colour="D7000F" if red else ""
        )
        yield _paragraph(letter.title, align="center", face=_SONG, size=_TITLE)
        if letter.number:
            yield _paragraph(letter.number, align="center")
    else:
        yield _paragraph(letter.title, align="center", face=_SONG, size=_TITLE)
    if letter.addressee:
        yield _paragraph(f"{letter.addressee}：")
    cut = next((at for at, one in enumerate(letter.blocks) if isinstance(one, Annex)), len(letter.blocks))
    for block in letter.blocks[:cut]:
        yield from _block(block)
    for number, one in enumerate(letter.attachments, 1):
        yield _paragraph(f"附件：{number}．{one}" if number == 1 else f"　　　{number}．{one}", indent=True)
    if issued:
        yield _paragraph(letter.issuer, align="right")
    yield _paragraph(day_words(letter.date), align="right")
    for block in letter.blocks[cut:]:
        yield from _block(block)
    if letter.copies:
        yield _paragraph(f"抄送：{letter.copies}")


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level, number, text):
            yield _paragraph(f"{number}{text}", face=_FACES.get(level, _BODY), indent=True)
        case Paragraph(text, align, flush):
            yield _paragraph(text, align=align, indent=align == "left" and not flush)
        case Annex(name):
            yield '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
            yield _paragraph("附件", face=_HEI)
            yield _paragraph(name, align="center", face=_SONG, size=_TITLE)
        case Table():
            yield _table(block)
        case Form(pairs):
            yield _rows([[(label, 1, "left"), (rest, 3, "left")] for label, rest in pairs])
        case Signatures(signers):
            yield _rows([[("\n".join(lines), 1, "left") for lines in signers]], lines=False)


def _paragraph(
    text: str,
    *,
    align: str = "left",
    face: str = _BODY,
    size: int = _SIZE,
    bold: bool = False,
    colour: str = "",
    indent: bool = False,
) -> str:
    how = f'<w:spacing w:line="{_LINE}" w:lineRule="{"atLeast" if size > _SIZE else "exact"}"/>'
    how += f'<w:ind w:firstLineChars="200" w:firstLine="{_INDENT}"/>' if indent else ""
    how += f'<w:jc w:val="{"both" if align == "left" else align}"/>'
    return f"<w:p><w:pPr>{how}</w:pPr>{_run(text, face, size, bold, colour)}</w:p>"


def _run(text: str, face: str, size: int, bold: bool = False, colour: str = "") -> str:
    how = f'<w:rFonts w:ascii="{face}" w:hAnsi="{face}" w:eastAsia="{face}" w:cs="{face}"/>'
    how += "<w:b/>" if bold else ""
    how += f'<w:color w:val="{colour}"/>' if colour else ""
    how += f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
    said = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r><w:rPr>{how}</w:rPr>{said}</w:r>"


def _table(table: Table) -> str:
    shape = [(one.width, one.align) for one in table.columns]
    rows = [[(one.label, one.width, "center") for one in table.columns]]
    for row in (*table.rows, *([table.foot] if table.foot else [])):
        rows.append([(cell, width, align) for cell, (width, align) in zip(row, shape, strict=True)])
    return _rows(rows, head=True)


def _rows(rows: list[list[tuple[str, int, str]]], *, head: bool = False, lines: bool = True) -> str:
    """Cells of (text, share of the line, alignment); the first row is repeated on every page where it is a head."""
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    how = f'<w:tblW w:w="{_WIDTH}" w:type="dxa"/>' + (
        f"<w:tblBorders>{edges}</w:tblBorders>" if lines else ""
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in _shares(rows[0]))
    made = "".join(
        f"<w:tr>{'<w:trPr><w:tblHeader/></w:trPr>' if head and not number else ''}{_cells(row)}</w:tr>"
        for number, row in enumerate(rows)
    )
    # a table is followed by a paragraph, or a word processor calls the file broken
    return f"<w:tbl><w:tblPr>{how}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{made}</w:tbl><w:p/>"


def _cells(row: list[tuple[str, int, str]]) -> str:
    return "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
        f'<w:p><w:pPr><w:jc w:val="{align}"/></w:pPr>{_run(text, _BODY, _SMALL)}</w:p></w:tc>'
        for (text, _, align), width in zip(row, _shares(row), strict=True)
    )


def _shares(row: list[tuple[str, int, str]]) -> list[int]:
    whole = sum(share for _, share, _ in row)
    return [_WIDTH * share // whole for _, share, _ in row]
