"""The one way in: what may beside what may not, the honest name, the picture without what the camera noted."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from anxin.evidence import contents, doors
from anxin.evidence.doors import Door, honest_name, taken
from anxin.kernel.refusal import Refused
from tests.evidence import samples

EVERYTHING = Door(
    "附件",
    (*doors.SCANS, *doors.PAGES, *doors.OFFICE, *doors.SOUNDS, *doors.FILMS),
    "图片、PDF、Word、Excel、录音、录像",
    doors.MB,
)
AS_SENT = Door("合同文件", (*doors.PICTURES, *doors.PAGES), "PDF、OFD、JPG、PNG", doors.MB, as_sent=True)
_PICTURES = {"JPG", "PNG", "WEBP", "GIF", "BMP", "TIFF"}


@pytest.mark.parametrize("title", [one for one in samples.GOOD if one not in (*_PICTURES, "XML", "ZIP")])
def test_what_is_no_picture_is_kept_as_it_came(title):
    data = samples.GOOD[title]
    kept = taken(data, "来件", EVERYTHING)
    assert kept.data == data and kept.name.startswith("来件.") and kept.name.endswith(kept.kind.endings[0])


@pytest.mark.parametrize("title", sorted(_PICTURES))
def test_a_picture_is_written_anew(title):
    kept = taken(samples.GOOD[title], f"照片.{title.lower()}", EVERYTHING)
    again = Image.open(io.BytesIO(kept.data))
    assert (
        again.size == (40, 30)
        and again.format in ("JPEG", "PNG")
        and contents.recognise(kept.data) is kept.kind
    )


def test_a_photograph_loses_where_it_was_taken_and_stands_upright():
    sent = samples.with_place()
    assert b"SECRET-PHONE" in sent and b"SECRET-COMMENT" in sent
    kept = taken(sent, "现场.jpg", EVERYTHING)
    again = Image.open(io.BytesIO(kept.data))
    assert b"SECRET" not in kept.data and not dict(again.getexif()) and again.size == (30, 40)
    assert taken(sent, "合同.jpg", AS_SENT).data == sent  # whose hash was told


def test_a_drawing_stays_see_through_and_loses_its_notes():
    from PIL.PngImagePlugin import PngInfo

    notes = PngInfo()
    notes.add_text("Author", "SECRET-NAME")
    kept = taken(samples.picture("PNG", "RGBA", pnginfo=notes), "印章.png", EVERYTHING)
    assert Image.open(io.BytesIO(kept.data)).mode == "RGBA" and b"SECRET" not in kept.data


def test_a_photograph_of_two_pictures_is_the_first_of_them():
    data = io.BytesIO()
    first, second = Image.new("RGB", (40, 30)), Image.new("RGB", (20, 15))
    first.save(data, "MPO", save_all=True, append_images=[second])
    assert Image.open(io.BytesIO(taken(data.getvalue(), "x.jpg", EVERYTHING).data)).size == (40, 30)


def test_a_picture_of_several_pages_is_asked_for_as_pdf_so_that_none_is_lost():
    data = io.BytesIO()
    Image.new("1", (40, 30)).save(data, "TIFF", save_all=True, append_images=[Image.new("1", (40, 30))])
    with pytest.raises(Refused, match="转成PDF") as caught:
        taken(data.getvalue(), "扫描.tif", EVERYTHING)
    assert caught.value.field == "file"


@pytest.mark.parametrize("name", ["来件.jpg", "来件.pdf", "来件", "来件.docx"])
@pytest.mark.parametrize("what", samples.RUNNING)
def test_what_would_run_gets_in_under_no_name_and_through_no_door(what, name):
    data = samples.RUNNING[what]
    for door in (EVERYTHING, AS_SENT):
        with pytest.raises(Refused, match="来件"):
            taken(data, name, door)
    with pytest.raises(Refused):
        doors.refuse_running(data, name)


@pytest.mark.parametrize(
    "name",
    ["a.exe", "a.pdf.EXE", "a.html", "a.svg", "a.js", "a.bat", "表.xlsm", "a\u202egpj.exe", "a.exe\u200b"],
)
def test_the_name_of_a_program_is_refused_whatever_lies_within(name):
    for refuse in (lambda: taken(b"%PDF-1.7", name, EVERYTHING), lambda: doors.refuse_running(b"a,b", name)):
        with pytest.raises(Refused, match="程序或网页"):
            refuse()
    doors.refuse_running(b"a,b", "表.csv")


@pytest.mark.parametrize(
    ("data", "name", "door", "said"),
    [
        (b"", "空.pdf", EVERYTHING, "是空的"),
        (b"%PDF-" + b"0" * 1024 * 1024, "大.pdf", EVERYTHING, "附件超过1MB，请压缩后再传。"),
        (samples.GOOD["ZIP"], "材料.zip", EVERYTHING, "请先解开"),
        (samples.GOOD["DOCX"], "合同.pdf", AS_SENT, "按内容是DOCX文件，合同文件只收 PDF、OFD、JPG、PNG。"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, "照片.heic", EVERYTHING, "兼容性最佳"),
        (samples.old_office("EncryptedPackage"), "表.xlsx", EVERYTHING, "加了密码"),
        (b"\xff\xd8\xff\xe0 no picture", "照片.jpg", EVERYTHING, "文件“照片.jpg”没有收下"),
        (b"\x01\x02\x03", "x.pdf", EVERYTHING, "看不出是什么文件"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_the_file_is_and_what_to_do(data, name, door, said):
    with pytest.raises(Refused, match=said) as caught:
        taken(data, name, door)
    assert caught.value.field == "file" and str(caught.value).endswith("。")


@pytest.mark.parametrize(
    ("name", "kind", "honest"),
    [
        ("合同.pdf", contents.PDF, "合同.pdf"),
        ("合同.PDF", contents.PDF, "合同.pdf"),
        ("照片.png", contents.JPEG, "照片.jpg"),
        ("照片.jpeg", contents.JPEG, "照片.jpeg"),
        ("通知.doc", contents.DOCX, "通知.docx"),
        ("申请.wps", contents.DOC, "申请.wps"),
        ("12.3核查表", contents.PDF, "12.3核查表.pdf"),
        ("C:\\a\\b.pdf", contents.PDF, "b.pdf"),
        ("../../x.pdf", contents.PDF, "x.pdf"),
        (".pdf", contents.PDF, "pdf.pdf"),
        ('a"b<c>.pdf', contents.PDF, "a_b_c_.pdf"),
        ("阿依古丽·买买提😀的申请.pdf", contents.PDF, "阿依古丽·买买提😀的申请.pdf"),
        ("旧文件.html", None, "旧文件.html.bin"),
        ("旧文件.dat", None, "旧文件.dat"),
    ],
)
def test_a_name_ends_as_its_content_says(name, kind, honest):
    assert honest_name(name, kind) == honest


def test_a_long_name_keeps_its_ending():
    assert len(honest_name("长" * 400 + ".pdf", contents.PDF)) <= 200


def test_the_same_once_more_is_the_same():
    once = taken(samples.with_place(), "现场.jpg", EVERYTHING)
    assert taken(samples.with_place(), "现场.jpg", EVERYTHING) == once
