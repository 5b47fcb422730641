"""Bring the Fandol faces that letters are set in; standard library only.

They are free (GPL with the font exception) but in no Python registry: Debian's package ``texlive-lang-chinese`` has them.
It is fetched and taken apart here, nothing is installed; it needs neither root nor the machine's own lists of packages.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: where they stand in the environment, and the sums that each of them must have
FOLDER = ROOT / ".venv" / "share" / "anxin" / "fonts"
SUMS = ROOT / "anxin" / "typesetting" / "faces.sha256"

PACKAGE = "texlive-lang-chinese"
FACES_IN_PACKAGE = "/fonts/opentype/public/fandol/"
LICENCE_IN_PACKAGE = "/fonts/fandol/"
LICENCE = ("COPYING", "COPYING.gz", "README", "README.gz")
WITHOUT = (
    "公文字体（Fandol）没有装好：{why}。其他功能照常使用，只是暂时不能生成公文；"
    "联网后再运行一次即可，或把字体文件放进一个文件夹并用 ANXIN_FONTS 指定（见 docs/admin.md）。"
)


class NotReached(Exception):
    """Why the faces could not be had; the message is a clause in Chinese."""


def main() -> int:
    """Put the faces in place unless they are. Always 0: without them everything but letters works."""
    folder = Path(os.environ["ANXIN_FONTS"]).expanduser() if os.environ.get("ANXIN_FONTS") else FOLDER
    missing = missing_in(folder)
    if not missing:
        return 0
    try:
        if folder != FOLDER:
            raise NotReached(f"ANXIN_FONTS 指定的 {folder} 里缺少或不一致：{'、'.join(missing)}")
        if not shutil.which("apt-get"):
            raise NotReached("这台机器没有 Debian 的 apt-get")
        say(f"[字体] 下载公文字体（Debian 软件包 {PACKAGE}，约 49 MB）……")
        fetch_into(folder)
        say(f"[字体] 已放入 {folder.relative_to(ROOT)}。")
    except NotReached as reason:
        say(WITHOUT.format(why=reason))
    return 0


def sums() -> dict[str, str]:
    """The SHA-256 that each face must have, by file name."""
    lines = SUMS.read_text(encoding="ascii").splitlines()
    return {name: value for value, _, name in (line.partition("  ") for line in lines) if name}


def missing_in(folder: Path) -> list[str]:
    """The faces that are not in the folder, or are other files of that name."""
    return [name for name, value in sums().items() if digest_of(folder / name) != value]


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def fetch_into(folder: Path) -> None:
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER.parent) as name:
        work = Path(name)
        package = download(work)
        say("[字体] 取出字体和许可文件……")
        unpacked = work / "fonts"
        unpacked.mkdir()
        unpack(package, unpacked)
        if wrong := missing_in(unpacked):
            raise NotReached(f"软件包里的字体与预期不一致：{'、'.join(wrong)}")
        folder.mkdir(parents=True, exist_ok=True)
        for path in unpacked.iterdir():
            path.replace(folder / path.name)


def download(work: Path) -> Path:
    """The package as a file: by the machine's lists of packages, else by lists of our own."""
    for lists in (None, work / "lists"):
        settings = apt_settings(work, lists)
        if lists is not None:
            say("[字体] 更新软件包清单（只放在本环境内）……")
            (lists / "partial").mkdir(parents=True)
            apt(["update", "-qq"], settings, work)
        apt(["download", "-qq", PACKAGE], settings, work)
        if found := sorted(work.glob(f"{PACKAGE}_*.deb")):
            return found[0]
    raise NotReached("没有下载到软件包，请检查网络和 apt 的软件源设置")


def apt_settings(work: Path, lists: Path | None) -> list[str]:
    """Everything that apt writes goes below ``work``, so that no rights are needed."""
    cache = work / "cache"
    (cache / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    pairs = {
        "Dir::Cache": f"{cache}/",
        "Acquire::Retries": "1",
        "Acquire::http::Timeout": "30",
        "Acquire::https::Timeout": "30",
    }
    if lists is not None:
        pairs["Dir::State::Lists"] = f"{lists}/"
    if os.geteuid() == 0:
        pairs["APT::Sandbox::User"] = "root"
    return [part for key, value in pairs.items() for part in ("-o", f"{key}={value}")]


def apt(arguments: list[str], settings: list[str], work: Path) -> None:
    """Whether it worked is seen from the file; on the first way a failure is nothing to tell."""
    subprocess.run(
        ["apt-get", *settings, *arguments], cwd=work, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def unpack(package: Path, folder: Path) -> None:
    """The faces and their licence out of the package, nothing else."""
    try:
        with tarfile.open(fileobj=content_of(package), mode="r|*") as archive:
            for member in archive:
                name = member.name.rpartition("/")[2]
                is_face = FACES_IN_PACKAGE in member.name and name in sums()
                is_licence = LICENCE_IN_PACKAGE in member.name and name in LICENCE
                if (is_face or is_licence) and (source := archive.extractfile(member)):
                    data = source.read()
                    if name.endswith(".gz"):
                        name, data = name.removesuffix(".gz"), gzip.decompress(data)
                    (folder / name).write_bytes(data)
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise NotReached(f"软件包 {package.name} 打不开（{error}）") from None


def content_of(package: Path) -> io.BytesIO:
    """The tar inside a Debian package: by ``dpkg-deb``, which knows every compression, else read here."""
    if shutil.which("dpkg-deb"):
        done = subprocess.run(["dpkg-deb", "--fsys-tarfile", package], capture_output=True)
        if done.returncode == 0:
            return io.BytesIO(done.stdout)
    for name, data in ar_members(package.read_bytes()):
        if name.startswith("data.tar"):
            return io.BytesIO(data)
    raise NotReached(f"软件包 {package.name} 里没有内容")


def ar_members(raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Name and content of each part of an ``ar`` archive, which a Debian package is."""
    if not raw.startswith(b"!<arch>\n"):
        raise ValueError("not an ar archive")
    at = 8
    while at + 60 <= len(raw):
        name, size = raw[at : at + 16].decode("ascii").strip().rstrip("/"), int(raw[at + 48 : at + 58])
        yield name, raw[at + 60 : at + 60 + size]
        at += 60 + size + size % 2


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
