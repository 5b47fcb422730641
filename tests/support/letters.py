"""What tests of letters need: provisions in words, letters of the templates' examples, pages as text and pictures."""

from __future__ import annotations

import datetime as dt
import functools
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from anxin.law.loading import load
from anxin.law.statutes import citation
from anxin.typesetting import faces
from anxin.typesetting.errors import FacesMissing
from anxin.typesetting.filling import fill
from anxin.typesetting.letters import Block, Letter, Style
from anxin.typesetting.templates import template
from tests.support.outside import missing


@functools.cache
def cite(statute: str, article: int | None, paragraph: int | None, sub: int | None) -> str:
    return citation(load().statute(statute), article, paragraph, sub)


def example(key: str, **changes: object) -> Letter:
    one = template(key)
    return fill(one, one.example() | changes, cite=cite)


def plain(style: Style = "agreement", blocks: tuple[Block, ...] = (), **changes: object) -> Letter:
    known = {
        "key": "plain", "name": "函", "style": style, "title": "关于工资支付的函", "date": dt.date(2026, 4, 2),
        "issuer": "云州市人力资源和社会保障局", "number": "云人社治〔2026〕3号", "addressee": "", "blocks": blocks,
    }  # fmt: skip
    return Letter(**(known | changes))  # type: ignore[arg-type]


def needs_faces() -> None:
    try:
        faces.files()
    except FacesMissing as reason:
        missing("the faces of letters", str(reason))


def needs_poppler() -> None:
    if not shutil.which("pdfsig"):
        missing("poppler", "install Debian's package poppler-utils")


@dataclass(frozen=True)
class Word:
    """A word of a page in points from the top left corner."""

    left: float
    top: float
    right: float
    bottom: float
    text: str


_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')


def pages_of(data: bytes, folder: Path) -> list[list[Word]]:
    """Where each word stands, read by poppler."""
    (folder / "letter.pdf").write_bytes(data)
    subprocess.run(["pdftotext", "-bbox", "letter.pdf", "words.html"], cwd=folder, check=True)
    html = (folder / "words.html").read_text("utf-8")
    return [
        [Word(*map(float, found[:4]), found[4]) for found in _WORD.findall(page)]
        for page in re.findall(r"<page.*?</page>", html, re.S)
    ]


def text_of(data: bytes, folder: Path) -> str:
    (folder / "letter.pdf").write_bytes(data)
    done = subprocess.run(
        ["pdftotext", "-raw", "letter.pdf", "-"], cwd=folder, check=True, capture_output=True
    )
    return done.stdout.decode()


def pictures_of(data: bytes, folder: Path, dpi: int = 72) -> list[Image.Image]:
    """The pages as a reader shows them; at 72 dpi one pixel is one point."""
    (folder / "letter.pdf").write_bytes(data)
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", "letter.pdf", "page"], cwd=folder, check=True)
    return [Image.open(path).convert("RGB") for path in sorted(folder.glob("page-*.png"))]
