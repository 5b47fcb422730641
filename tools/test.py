"""``make test``: the whole suite on SQLite and in Chromium; tests of the database on PostgreSQL, too, with the journeys.

The whole suite is cut into passes that run two at a time (more where there are more cores), so that none is waited for
while a core has nothing to do.

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
from contextlib import ExitStack
from dataclasses import dataclass, field
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
#: passes at the same time
LANES = max(2, os.cpu_count() or 2)


@dataclass
class Pass:
    """One run of pytest; one that is ``watched`` shows its lines as they come, others at their end."""

    name: str
    options: list[str]
    watched: bool = False
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    output: Path | None = None

    def code(self) -> int | None:
        """How it ended; ``None`` while it runs."""
        return self.process.poll() if self.process is not None else None


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
    """The names of the passes that failed. The longest begins; a lane that is free takes the next."""
    with ExitStack() as stack:
        waiting = passes_of(arguments, binaries, stack)
        running: list[Pass] = []
        ended: list[Pass] = []
        failed: list[str] = []
        while waiting or running:
            while waiting and len(running) < LANES:
                running.append(started(waiting.pop(0), arguments, stack))
            time.sleep(0.2)
            for one in [one for one in running if one.code() is not None]:
                running.remove(one)
                ended.append(one)
                if not passed(one.code(), arguments):
                    failed.append(one.name)
            if not any(one.watched for one in running):  # not between its lines
                while ended:
                    say(ended.pop(0))
    return failed


def passes_of(arguments: list[str], binaries: Path | None, stack: ExitStack) -> list[Pass]:
    """On SQLite in parts, each test in one of them; what a person has chosen is short enough to run in one."""
    # Tables as the models have them: one test on PostgreSQL goes the way there by migrations and compares.
    spared = ["--nomigrations"] if binaries is None else ["--nomigrations", "--no-journeys"]
    if arguments:
        found = [Pass("SQLite", spared, watched=True)]
    else:
        found = [
            Pass("SQLite", [*spared, "--part=database"], watched=True),
            Pass("Chromium", [*spared, "--part=browser"]),
            Pass("不用数据库的测试", [*spared, "--part=rest"]),
        ]
    if binaries is not None:
        url = stack.enter_context(temporary_postgres(binaries))
        found.insert(0, Pass("PostgreSQL", ["--only-database"], environment={"DATABASE_URL": url}))
    return found


def started(one: Pass, arguments: list[str], stack: ExitStack) -> Pass:
    if one.watched:
        title(one.name)
        one.process = pytest(one, arguments, None)
    else:
        one.output = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "output"
        with one.output.open("w") as output:
            one.process = pytest(one, arguments, output)
    stack.callback(one.process.kill)
    return one


def pytest(one: Pass, arguments: list[str], output: TextIO | None) -> subprocess.Popen[bytes]:
    surroundings = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "--durations=40", *one.options, *arguments],
        cwd=ROOT,
        env=surroundings | one.environment,
        stdout=output,
        stderr=output,
    )


def say(ended: Pass) -> None:
    """What a pass printed that could not be watched."""
    if ended.output is not None:
        title(ended.name)
        print(ended.output.read_text(errors="replace"), flush=True)


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
