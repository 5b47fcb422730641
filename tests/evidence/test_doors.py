"""The one way in: what may beside what may not, the honest name, the picture without what the camera noted."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from pyhanko.pdf_utils.reader import PdfFileReader

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
EVIDENCE = Door("文书", (*EVERYTHING.kinds, *doors.WHOLE), "图片、PDF、邮件、压缩包", 20 * doors.MB)
AS_SENT = Door("合同文件", (*doors.PICTURES, *doors.PAGES), "PDF、OFD、JPG、PNG", doors.MB, as_sent=True)
_PICTURES = {"JPG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIC"}


@pytest.mark.parametrize(
    "title", [one for one in samples.GOOD if one not in (*_PICTURES, "XML", "ZIP", "邮件")]
)
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


def test_a_photograph_of_an_iphone_becomes_a_jpeg_without_its_place_wherever_photographs_are_taken():
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SECRET-PHONE", 6
    sent = samples.heic(exif=exif.tobytes(), thumbnails=[16])
    assert b"SECRET-PHONE" in sent
    for door in (EVERYTHING, doors.PHOTO, Door("扫描件", (contents.JPEG,), "JPG")):
        kept = taken(sent, "IMG_0001.HEIC", door)
        again = Image.open(io.BytesIO(kept.data))
        assert (kept.kind, kept.name, again.format) == (contents.JPEG, "IMG_0001.jpg", "JPEG")
        assert b"SECRET" not in kept.data and not dict(again.getexif()) and again.size == (30, 40)
    with pytest.raises(Refused, match="兼容性最佳"):
        taken(sent, "IMG_0001.HEIC", AS_SENT)  # whose hash was told
    with pytest.raises(Refused, match="按内容是HEIC文件"):
        taken(sent, "IMG_0001.HEIC", Door("合同", (contents.PDF,), "PDF"))


def test_a_scan_of_several_pages_becomes_a_pdf_of_as_many():
    sent = samples.scanned("1", "L", "RGB", "CMYK", "RGBA")
    kept = taken(sent, "扫描.tif", EVIDENCE)
    assert (kept.kind, kept.name) == (contents.PDF, "扫描.pdf")
    assert PdfFileReader(io.BytesIO(kept.data)).root["/Pages"]["/Count"] == 5
    assert taken(sent, "扫描.tif", EVIDENCE).data == kept.data
    with pytest.raises(Refused, match="有多页") as caught:
        taken(sent, "扫描.tif", Door("图片", doors.SCANS, "图片"))
    assert caught.value.field == "file"
    with pytest.raises(Refused, match="没有收下"):
        taken(sent[: len(sent) // 2] + sent[-400:], "扫描.tif", EVIDENCE)


def test_an_archive_and_a_mail_are_kept_whole_and_what_lies_within_is_named():
    archive = samples.zipped(
        {"工资/1月.xlsx": samples.GOOD["XLSX"], "现场.jpg": samples.GOOD["JPG"], ".DS_Store": b"x"}
    )
    kept = taken(archive, "材料.zip", EVIDENCE)
    assert (kept.data, kept.name, kept.inside) == (archive, "材料.zip", ("工资/1月.xlsx", "现场.jpg"))
    assert kept.inside_words == "（内有2个文件：工资/1月.xlsx、现场.jpg）"
    letter = samples.mail(("13912345678.jpg", samples.GOOD["JPG"]), ("材料.zip", archive), page=True)
    kept = taken(letter, "来信", EVIDENCE)
    assert (kept.data, kept.name) == (letter, "来信.eml")
    assert kept.inside == ("13912345678.jpg", "材料.zip", "材料.zip/工资/1月.xlsx", "材料.zip/现场.jpg")
    assert "***********.jpg" in kept.inside_words
    assert taken(samples.mail(), "来信.eml", EVIDENCE).inside == ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (samples.zipped({"a/病毒.EXE": b"words"}), "“a/病毒.EXE”是程序、网页或带宏的文档"),
        *((samples.zipped({"来件.pdf": data}), "“来件.pdf”是程序、网页或带宏的文档") for data in samples.RUNNING.values()),
        (samples.zipped({"里.txt": samples.GOOD["ZIP"]}), "“里.txt”又是压缩包"),
        (samples.zipped({"里.rar": b"Rar!\x1a\x07"}), "“里.rar”又是压缩包"),
        (samples.zipped({"里": b"7z\xbc\xaf\x27\x1c"}), "“里”又是压缩包"),
        (samples.zipped({"锁.xlsx": samples.old_office("EncryptedPackage")}), "“锁.xlsx”加了密码"),
        (samples.zipped({"../外.pdf": b"%PDF-1.7"}), "指向包外"),
        (samples.zipped({f"{n}.txt": b"words" for n in range(301)}), "最多300个"),
        (samples.zipped({"零.txt": b"0" * 30_000_000}), "大小异常"),
        (samples.zipped({"a.txt": b"words" * 99}).replace(b"a.txt", b"b.txt", 1), "已损坏"),
        (samples.mail(("病毒.js", b"words")), "“病毒.js”是程序"),
        (samples.mail(("病毒.pdf", b"MZ\x90\0")), "“病毒.pdf”是程序"),
        (samples.mail(("包.zip", samples.zipped({"里.exe": b"x"}))), "里的“包.zip”里的“里.exe”是程序"),
        (samples.zipped({"信.eml": samples.mail(("病毒.js", b"x"))}), "里的“信.eml”里的“病毒.js”是程序"),
        (samples.zipped({"信.eml": samples.mail(("包.zip", samples.GOOD["ZIP"]))}), "“包.zip”又是压缩包"),
        (samples.mail(("包.7z", b"7z\xbc\xaf\x27\x1c")), "又是压缩包"),
    ],
)  # fmt: skip
def test_what_would_run_or_cannot_be_seen_gets_in_inside_of_nothing(data, said):
    with pytest.raises(Refused) as caught:
        taken(data, "来件", EVIDENCE)
    assert said in str(caught.value) and str(caught.value).endswith("。")


@pytest.mark.parametrize(
    "data",
    [
        b"MIME-Version: 1.0\nContent-Type: text/html\n\n<html>",
        b"From: <Saved by Blink>\nDate: Fri, 20 Nov 2026 10:00:00 +0800\nSubject: x\nMIME-Version: 1.0\n\n<html>",
        b"From: a@b.cn\nDate: today\nSubject: x\n<html>\n\n",
    ],
)
def test_a_saved_page_is_no_mail(data):
    assert contents.recognise(data) is contents.MARKUP
    with pytest.raises(Refused):
        taken(data, "来信.eml", EVIDENCE)


def test_where_mails_and_archives_are_not_asked_for_they_are_refused():
    for data, said in ((samples.mail(), "按内容是邮件文件"), (samples.GOOD["ZIP"], "请先解开")):
        with pytest.raises(Refused, match=said):
            taken(data, "来件", EVERYTHING)


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
        (b"\0\0\0\x18ftypheic" + b"\0" * 100, "照片.heic", EVERYTHING, "文件“照片.heic”没有收下"),
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
