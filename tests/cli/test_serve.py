"""``anxin serve`` as a person runs it: starts, answers, stops, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from anxin.config.home import PROJECT_ROOT
from tests.support.console import free_port


class Served:
    """One ``anxin serve --no-demo`` in a data folder of its own."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port, self.log = home, port, home.with_suffix(".log")
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "anxin.cli", "serve", "--no-demo"],
                cwd=PROJECT_ROOT,
                env=environment | {"ANXIN_HOME": str(home), "PORT": str(port)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self) -> Served:
        deadline = time.monotonic() + 900  # a first start makes every table; a busy machine is not a failure
        while "已就绪" not in self.log.read_text():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)
        return self

    def children(self) -> dict[str, int]:
        """Sub-command → process id, read from the operating system."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {Path(f"/proc/{pid}/cmdline").read_text().split("\0")[3]: int(pid) for pid in listed}

    def family(self) -> set[int]:
        """Every process that works in this data folder, whoever its parent is by now."""
        mark = f"ANXIN_HOME={self.home}".encode()
        found = set()
        for path in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in path.read_bytes().split(b"\0"):
                    found.add(int(path.parent.name))
            except OSError:
                continue
        return found

    def wait_until_gone(self, *, seconds: float = 30) -> int:
        code = self.process.wait(seconds)
        deadline = time.monotonic() + seconds
        while self.family():
            assert time.monotonic() < deadline, f"left behind: {self.family()}"
            time.sleep(0.05)
        return code


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """One data folder for all: the first that starts makes its tables, which takes a minute."""
    return tmp_path_factory.mktemp("served") / "home"


@pytest.fixture
def serve(home):
    started = []

    def start(port=None, home=home):
        started.append(Served(home, port or free_port()))
        return started[-1]

    yield start
    for served in started:
        for pid in served.family():
            os.kill(pid, signal.SIGKILL)
        served.process.wait()


def test_ctrl_c_stops_all_of_it_and_the_second_start_finds_everything(serve):
    first = serve().wait_until_ready()
    with urllib.request.urlopen(f"http://127.0.0.1:{first.port}/healthz") as answer:
        assert (answer.status, answer.read()) == (200, b"ok\n")
    assert set(first.children()) == {"web", "worker", "scheduler"}
    secrets = {path.name: path.read_text() for path in (first.home / "secrets").iterdir()}
    first.process.send_signal(signal.SIGINT)
    assert first.wait_until_gone() == 0

    second = serve(first.port).wait_until_ready()
    assert {path.name: path.read_text() for path in (second.home / "secrets").iterdir()} == secrets
    second.process.send_signal(signal.SIGTERM)
    assert second.wait_until_gone() == 0


def test_a_dead_child_stops_all_and_a_killed_parent_leaves_nothing(serve):
    first = serve().wait_until_ready()
    os.kill(first.children()["worker"], signal.SIGKILL)
    assert first.wait_until_gone() == 1
    assert "任务进程意外结束" in first.log.read_text()

    second = serve().wait_until_ready()
    twin = serve()  # the same data folder, another port
    assert twin.process.wait(30) == 2
    assert "已有一个安薪正在使用数据文件夹" in twin.log.read_text()
    second.process.kill()
    assert second.wait_until_gone() == -signal.SIGKILL


def test_a_port_in_use_is_said_before_anything_is_done(serve, tmp_path):
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        served = serve(other.getsockname()[1], tmp_path / "home")
        assert served.process.wait(30) == 2
    assert f"端口 {served.port} 不能使用" in served.log.read_text()
    assert not (served.home / "anxin.sqlite3").exists()
