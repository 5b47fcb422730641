"""Which files may be attached as papers: what people read, hear or see, never what a computer would run."""

from __future__ import annotations

from anxin.kernel.refusal import Refused

ATTACHMENT_LIMIT = 20 * 1024 * 1024

#: file name endings of papers, pictures and recordings as offices make them
_ENDINGS = frozenset(
    {
        "pdf", "ofd", "doc", "docx", "wps", "rtf", "txt", "xls", "xlsx", "et", "csv", "ppt", "pptx", "dps", "eml",
        "jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "webp", "heic", "heif",
        "mp3", "m4a", "amr", "wav", "aac", "mp4", "mov", "avi", "3gp",
    }
)  # fmt: skip
#: first bytes of programs, whatever the file is called
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")


def check_file(filename: str, data: bytes) -> None:
    """Refuse an empty, oversized or runnable file. Raises :class:`Refused` at field ``file``."""
    if not data:
        raise Refused(f"文件“{filename}”是空的，请重新选择。", field="file")
    check_size(len(data))
    ending = filename.rpartition(".")[2].lower() if "." in filename else ""
    if ending not in _ENDINGS:
        raise Refused(
            f"文件“{filename}”不是可以附卷的格式，请上传PDF、OFD、图片、Word、Excel、WPS文档或录音录像；"
            "压缩包请先解开再逐份上传。",
            field="file",
        )
    if data.startswith(_PROGRAMS):
        raise Refused(f"文件“{filename}”的内容是程序，不是文书，请核对后重新选择。", field="file")


def check_size(size: int) -> None:
    """Refuse more bytes than may be attached, before they are read. Raises :class:`Refused`."""
    if size > ATTACHMENT_LIMIT:
        raise Refused(f"文书不能超过{ATTACHMENT_LIMIT // (1024 * 1024)} MB，请压缩后再传。", field="file")
