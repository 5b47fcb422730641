"""Small files of every kind, made here: what a door takes, and what it must not."""

from __future__ import annotations

import io
import zipfile
from email.message import EmailMessage

import pillow_heif
from PIL import Image

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TYPES = '<?xml version="1.0"?><Types><Override PartName="/x" ContentType="application/{main}"/></Types>'
_WORD = "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_SHEET = "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def zipped(files: dict[str, bytes]) -> bytes:
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return box.getvalue()


def office(main: str = _WORD, **parts: bytes) -> bytes:
    return zipped({"[Content_Types].xml": _TYPES.format(main=main).encode(), **parts})


def old_office(*names: str) -> bytes:
    """An old box that lists these entries; nothing in them."""
    box = bytearray(OLE.ljust(1024, b"\0"))
    for name in names:
        written = name.encode("utf-16-le") + b"\0\0"
        box += written.ljust(64, b"\0") + len(written).to_bytes(2, "little") + b"\0" * 62
    return bytes(box)


def picture(form: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (40, 30), **more: object) -> bytes:
    data = io.BytesIO()
    Image.new(mode, size).save(data, form, **more)
    return data.getvalue()


def with_place() -> bytes:
    """A photograph that tells where it was taken and with what, the camera held upright."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SECRET-PHONE", 6
    exif.get_ifd(0x8825)[2] = (23.0, 8.0, 11.0)
    return picture(exif=exif.tobytes(), comment=b"SECRET-COMMENT")


def heic(size: tuple[int, int] = (40, 30), brand: str = "HEIF", **more: object) -> bytes:
    """A photograph as an iPhone keeps it."""
    data = io.BytesIO()
    pillow_heif.register_heif_opener()
    Image.new("RGB", size, "teal").save(data, brand, **more)
    return data.getvalue()


def scanned(*modes: str) -> bytes:
    """A TIFF of as many pages."""
    first, *rest = (Image.new(mode, (400, 300), "white" if mode != "1" else 1) for mode in modes)
    data = io.BytesIO()
    first.save(data, "TIFF", save_all=True, append_images=rest)
    return data.getvalue()


def mail(*attached: tuple[str, bytes], body: str = "工资一直没有发，见附件。", page: bool = False) -> bytes:
    """A mail as a mailbox saves it, with files attached."""
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = (
        "某某 <someone@example.cn>",
        "bureau@example.cn",
        "反映欠薪",
    )
    letter["Date"] = "Fri, 20 Nov 2026 10:00:00 +0800"
    letter.set_content(body)
    if page:
        letter.add_alternative("<html><body>工资一直没有发</body></html>", subtype="html")
    for name, data in attached:
        letter.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return letter.as_bytes()


FILM = b"\0\0\0\x18ftypisom" + b"\0" * 16 + b"\0\0\0\x20hdlr" + b"\0" * 8 + b"vide" + b"\0" * 12
#: title → content, for every kind that some door takes
GOOD = {
    "JPG": picture(), "PNG": picture("PNG"), "WEBP": picture("WEBP"), "GIF": picture("GIF", "P"), "BMP": picture("BMP"),
    "TIFF": picture("TIFF"), "PDF": b"%PDF-1.7\n%%EOF", "OFD": zipped({"OFD.xml": b"<ofd:OFD/>"}), "DOCX": office(),
    "XLSX": office(_SHEET), "DOC": old_office("Root Entry", "WordDocument"), "XLS": old_office("Workbook"),
    "PPT": old_office("PowerPoint Document"), "RTF": b"{\\rtf1 words}", "TXT": "姓名,金额\n张三,100".encode("gb18030"),
    "MP3": b"ID3\x03" + b"\0" * 40, "M4A": b"\0\0\0\x1cftypM4A " + b"\0" * 40, "AMR": b"#!AMR\n<", "WAV": b"RIFF\x24\0\0\0WAVEfmt ",
    "OGG": b"OggS\0\x02", "MP4": FILM, "XML": b"<?xml version='1.0'?><Message><Head/><Body/></Message>",
    "ZIP": zipped({"a.txt": b"words"}), "HEIC": heic(), "邮件": mail(("工资表.xlsx", office(_SHEET))),
}  # fmt: skip
#: what never gets in anywhere, by what it is
RUNNING = {
    "windows program": b"MZ\x90\0" + b"\0" * 60, "linux program": b"\x7fELF" + b"\0" * 60, "script": b"#!/bin/sh\nrm -rf /\n",
    "batch": b"@echo off\r\ndel *", "php": b"<?php system('x');", "shortcut": b"L\0\0\0\x01\x14\x02\0" + b"\0" * 60,
    "java": zipped({"META-INF/MANIFEST.MF": b"Main-Class: X"}), "android": zipped({"AndroidManifest.xml": b"x", "classes.dex": b"x"}),
    "page": b"<html><script>alert(1)</script></html>", "page with mark": b"\xef\xbb\xbf  <!DOCTYPE html><p>", "bare script": b"<script>alert(1)</script>",
    "page after words": b"hello\n<iframe src=x>", "page in utf-16": "<html>".encode("utf-16"), "page in xml": b"<?xml version='1.0'?><!-- x --><html/>",
    "drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "drawing with prefix": b"<?xml version='1.0'?><s:svg xmlns:s='x'/>",
    "saved page": b"MIME-Version: 1.0\nContent-Type: text/html\n\n", "new macros": office(**{"word/vbaProject.bin": b"x"}),
    "macros by type": office("vnd.ms-excel.sheet.macroEnabled.main+xml"), "old macros": old_office("WordDocument", "_VBA_PROJECT"),
    "embedded object": b"{\\rtf1{\\object\\objdata 0105}}",
}  # fmt: skip
