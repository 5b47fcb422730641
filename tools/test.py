"""``make test``: the whole suite on SQLite and in Chromium; tests of the database on PostgreSQL, too, with the journeys.

An outside part that is missing is installed from Debian's packages where the user is root; otherwise it is a
named skip, and a failure when ``CI=true``. Arguments go to pytest.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from postgres import find_binaries, temporary_postgres

from tests.support.outside import chromium_path

ROOT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI") == "true"
NO_TESTS_COLLECTED = 5
#: not for the tests: the database is said by the pass; and a machine that keeps no compiled modules compiles
#: two thousand of them anew in each of the hundreds of processes that the suite starts
LEFT_OUT = {"DATABASE_URL", "PYTHONDONTWRITEBYTECODE"}


def main(arguments: list[str]) -> int:
    # So that the PostgreSQL started here goes as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    get_outside_parts()
    get_extra("pyspark", "spark", "Spark")
    get_extra("rapidocr_onnxruntime", "ocr", "名单照片识别", "--no-deps")
    skips = []
    if chromium_path() is None:
        skips.append("Chromium（浏览器测试）：请安装 chromium 和 fonts-noto-cjk")
    binaries = find_binaries()
    if binaries is None:
        skips.append("PostgreSQL：请安装 postgresql")

    if shutil.which("pdfsig") is None:
        skips.append("poppler（公文版面和签名的外部核对）：请安装 poppler-utils")

    failures = run_passes(arguments, binaries)
    for part in skips:
        print(f"{'缺少' if IN_CI else '跳过'} {part}。")
    for name in failures:
        print(f"未通过：{name}。")
    return 1 if failures or (skips and IN_CI) else 0


def run_passes(arguments: list[str], binaries: Path | None) -> list[str]:
    """The names of the passes that failed. Both run at the same time; what PostgreSQL's says is shown at its end."""
    with ExitStack() as stack:
        second = None
        if binaries is not None:
            url = stack.enter_context(temporary_postgres(binaries))
            output = stack.enter_context(tempfile.TemporaryFile("w+"))
            second = pytest(["--only-database", *arguments], output, DATABASE_URL=url)
            stack.callback(second.kill)
        title("SQLite 和 Chromium")
        # Tables as the models have them: one test on PostgreSQL goes the way there by migrations and compares.
        spared = ["--nomigrations", "--no-journeys"] if second is not None else ["--nomigrations"]
        first = pytest([*spared, *arguments], None)
        stack.callback(first.kill)
        codes = {"SQLite": first.wait()}
        if second is not None:
            title(f"PostgreSQL（{binaries}）")
            codes["PostgreSQL"] = second.wait()
            output.seek(0)
            print(output.read(), flush=True)
    return [name for name, code in codes.items() if not passed(code, arguments)]


def pytest(arguments: list[str], output: TextIO | None, **environment: str) -> subprocess.Popen[bytes]:
    surroundings = {name: value for name, value in os.environ.items() if name not in LEFT_OUT} | environment
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "--durations=40", *arguments],
        cwd=ROOT,
        env=surroundings,
        stdout=output,
        stderr=output,
    )


def passed(code: int, arguments: list[str]) -> bool:
    """A part of the suite chosen by hand may hold nothing for one of the passes."""
    return code == 0 or (code == NO_TESTS_COLLECTED and bool(arguments))


def get_outside_parts() -> None:
    """Install what is missing from Debian's packages, as root; anybody else is told at the end."""
    wanted = []
    if chromium_path() is None:
        wanted.append("chromium")
    if not has_chinese_font():
        wanted.append("fonts-noto-cjk")
    if find_binaries() is None:
        wanted.append("postgresql")
    if shutil.which("pdfsig") is None:
        wanted.append("poppler-utils")
    if shutil.which("openssl") is None:
        wanted.append("openssl")
    if IN_CI and shutil.which("java") is None:
        # the name that every Debian has: 17 or later, which Spark takes; one unknown name and nothing is installed
        wanted.append("default-jre-headless")
    if not wanted or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    title(f"安装 {' '.join(wanted)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted],
    ):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            print(f"{' '.join(command)} 没有成功（代码 {done.returncode}）。", file=sys.stderr)


def get_extra(module: str, name: str, said: str, *options: str) -> None:
    """What is large and optional is installed where nothing may be skipped."""
    if not IN_CI or importlib.util.find_spec(module) is not None:
        return
    title(f"安装 {said}")
    locked = ROOT / "requirements" / f"{name}.txt"
    uv = Path(sys.executable).with_name("uv")
    installer = [str(uv), "pip", "install"] if uv.exists() else [sys.executable, "-m", "pip", "install"]
    surroundings = os.environ | {"VIRTUAL_ENV": sys.prefix}
    subprocess.run(
        [*installer, "--quiet", "--require-hashes", *options, "-r", str(locked)],
        env=surroundings,
        check=False,
    )


def has_chinese_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True, check=False)
    return bool(listed.stdout.strip())


def title(text: str) -> None:
    print(f"\n==== {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
