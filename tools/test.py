"""``make test``: the whole suite on SQLite and in Chromium; tests of the database on PostgreSQL, too, with the journeys.

The whole suite is cut into passes that run two at a time (more where there are more cores). They are short, so that the
cores are done at about the same time; the longest begin.

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
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from postgres import find_binaries, temporary_postgres

from tests.support.outside import chromium_path

ROOT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI") == "true"
NO_TESTS_COLLECTED = 5
#: not for the tests: the database is said by the pass; and a machine that keeps no compiled modules compiles
#: two thousand of them anew in each of the hundreds of processes that the suite starts
LEFT_OUT = {"DATABASE_URL", "PYTHONDONTWRITEBYTECODE"}
#: passes at the same time
LANES = max(2, os.cpu_count() or 2)


@dataclass
class Pass:
    """One run of pytest; one that is ``watched`` shows its lines as they come, others at their end."""

    name: str
    options: list[str]
    watched: bool = False
    #: where PostgreSQL's programs are, for a pass that gets a server of its own
    postgres: Path | None = None


class Running:
    """A pass that has begun: its process and what goes when it ends."""

    def __init__(self, one: Pass, arguments: list[str]) -> None:
        self.name, self.watched = one.name, one.watched
        self.surroundings = ExitStack()
        folder = Path(self.surroundings.enter_context(tempfile.TemporaryDirectory()))
        self.output = folder / "output"
        environment = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
        if one.postgres is not None:
            environment["DATABASE_URL"] = self.surroundings.enter_context(temporary_postgres(one.postgres))
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "pytest", "--durations=25", *one.options, *arguments],
                cwd=ROOT,
                env=environment,
                stdout=None if one.watched else output,
                stderr=None if one.watched else output,
            )

    def end(self) -> str:
        """What it printed and nobody saw. A process that still runs is ended."""
        self.process.kill()
        self.process.wait()
        said = self.output.read_text(errors="replace")
        self.surroundings.close()
        return said


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
    """The names of the passes that failed. A lane that is free takes the next."""
    waiting = chosen_passes(binaries) if arguments else whole_suite(binaries)
    count = len(waiting)
    running: list[Running] = []
    failed: list[str] = []
    try:
        while waiting or running:
            while waiting and len(running) < LANES:
                title(f"开始 {count - len(waiting) + 1}/{count} {waiting[0].name}")
                running.append(Running(waiting.pop(0), arguments))
            time.sleep(0.2)
            for one in [one for one in running if one.process.poll() is not None]:
                running.remove(one)
                if not passed(one.process.returncode, arguments):
                    failed.append(one.name)
                title(f"结束 {one.name}")
                print(one.end(), flush=True)
    finally:
        for one in running:
            one.end()
    return failed


def chosen_passes(binaries: Path | None) -> list[Pass]:
    """What a person has chosen is short enough to run in one, on each database."""
    return [
        *([Pass("PostgreSQL", ["--only-database"], postgres=binaries)] if binaries is not None else []),
        Pass("SQLite", spared(binaries), watched=True),
    ]


def whole_suite(binaries: Path | None) -> list[Pass]:
    """Each test in one of the passes, and those of the database in one on PostgreSQL, too: the longest first."""
    journeys, others = test_files()
    on_sqlite = spared(binaries)
    passes = [Pass("Spark", [*on_sqlite, "--part=spark"])]
    if binaries is not None:
        passes.append(Pass("PostgreSQL，用户的全过程", ["--only-database", *journeys], postgres=binaries))
        for name, files in dealt("PostgreSQL", others, 3):
            passes.append(Pass(name, ["--only-database", *files], postgres=binaries))
    for name, files in dealt("SQLite", others, 3):
        passes.append(Pass(name, [*on_sqlite, "--part=database", *files]))
    passes.append(Pass("Chromium", [*on_sqlite, "--part=browser"]))
    for name, files in dealt("不用数据库的测试", others, 2):
        passes.append(Pass(name, [*on_sqlite, "--part=rest", *files]))
    return passes


def spared(binaries: Path | None) -> list[str]:
    """Tables as the models have them: one test on PostgreSQL goes the way there by migrations and compares."""
    return ["--nomigrations"] if binaries is None else ["--nomigrations", "--no-journeys"]


def test_files() -> tuple[list[str], list[str]]:
    """The files of the journeys, and all others, as paths from the root."""
    found = sorted(path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py"))
    journeys = [str(path) for path in found if "journeys" in path.parts]
    return journeys, [str(path) for path in found if "journeys" not in path.parts]


def dealt(name: str, files: list[str], hands: int) -> Iterator[tuple[str, list[str]]]:
    """The files dealt like cards, so that neighbours, which take about as long, come into different hands."""
    for hand in range(hands):
        yield f"{name} {hand + 1}/{hands}", files[hand::hands]


def passed(code: int | None, arguments: list[str]) -> bool:
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
