"""Where the faces of letters are, and whether they are the right ones.

``tools/faces.py`` puts Fandol (GPL with the font exception) into the environment; the last face, Noto Serif SC (OFL), is a package of
its own. The sums stand in ``faces.sha256``: other files of these names would set the same letter in other bytes.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import sys
from pathlib import Path

from anxin.typesetting.errors import FacesMissing

SUMS = Path(__file__).with_name("faces.sha256")


def folder() -> Path:
    """``ANXIN_FONTS``, else the place in the environment."""
    named = os.environ.get("ANXIN_FONTS")
    return Path(named).expanduser() if named else Path(sys.prefix) / "share" / "anxin" / "fonts"


def files() -> list[Path]:
    """Every face a letter may need. Raises :class:`FacesMissing`."""
    return _files(folder())


@functools.cache
def _files(place: Path) -> list[Path]:
    wanted = [line.split() for line in SUMS.read_text(encoding="ascii").splitlines()]
    wrong = [name for value, name in wanted if _digest(place / name) != value]
    if wrong:
        raise FacesMissing(
            f"公文字体没有装好（{place} 里缺少或不一致：{'、'.join(wrong)}），暂时不能生成公文，"
            "请联网后再运行一次安装，或把字体放进一个文件夹并用 ANXIN_FONTS 指定。"
        )
    return [*(place / name for _, name in wanted), last_face()]


def last_face() -> Path:
    """Noto Serif SC, which has the rare characters of names."""
    found = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    if found is None or found.origin is None:
        raise FacesMissing("没有安装 Noto Serif SC 字体（软件包 pylopdf-fonts-zh-cn），请再运行一次安装。")
    return Path(found.origin).with_name("NotoSerifSC-Regular.otf")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
