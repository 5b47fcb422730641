"""A Spark Connect server for the tests: started once, on loopback, gone at the end."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_MASTER = "org.apache.spark.deploy.master.Master"
_WORKER = "org.apache.spark.deploy.worker.Worker"
_CLASS = "org.apache.spark.sql.connect.service.SparkConnectServer"


def what_is_missing() -> str | None:
    """The part that this machine lacks, or ``None``."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark (requirements/spark.txt)"
    return None if shutil.which("java") else "Java 17 (apt install default-jre-headless)"


#: small tables and many queries: what is interpreted is done before the compilers have begun
_SMALL = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": 2,
    "spark.default.parallelism": 2,
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


@contextmanager
def running_server(folder: Path) -> Iterator[str]:
    """The ``sc://`` address of a server with two workers of its own."""
    port = _free_port()
    settings = _SMALL | {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": folder / "warehouse",
    }
    options = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    start = ["spark-submit", "--class", _CLASS, "--master", "local[2]", "--driver-memory", "1g"]
    with _running([*start, *options, "spark-internal"], port, folder / "spark.log"):
        yield f"sc://127.0.0.1:{port}"


@contextmanager
def running_cluster(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The ``spark://`` address of a master with one worker, and the whole surroundings of a driver on this machine."""
    port, at_worker = _free_port(), _free_port()
    url = f"spark://127.0.0.1:{port}"
    settings = _SMALL | {"spark.local.dir": folder, "spark.executor.memory": "512m", "spark.cores.max": 1}
    lines = [f"{name} {value}\n" for name, value in settings.items()]
    (folder / "spark-defaults.conf").write_text("".join(lines))
    master = ["spark-class", _MASTER, "--host", "127.0.0.1", "--port", port, "--webui-port", _free_port()]
    worker = [
        "spark-class",
        _WORKER,
        "--host",
        "127.0.0.1",
        "--port",
        at_worker,
        "--webui-port",
        _free_port(),
    ]
    size = ["--cores", 1, "--memory", "1g", "--work-dir", folder / "work", url]
    with (
        _running(master, port, folder / "master.log"),
        _running([*worker, *size], at_worker, folder / "worker.log"),
    ):
        # a Connect session of this process leaves word that all sessions are such
        own = {name: value for name, value in os.environ.items() if not name.startswith("SPARK_")}
        yield url, own | _surroundings() | {"SPARK_CONF_DIR": str(folder)}


def _surroundings() -> dict[str, str]:
    return {"SPARK_HOME": str(_home()), "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}


def _home() -> Path:
    return Path(importlib.util.find_spec("pyspark").submodule_search_locations[0])


@contextmanager
def _running(words: list[object], port: int, log: Path) -> Iterator[None]:
    """A script of Spark's ``bin``, from the moment at which its port answers."""
    with log.open("w") as out:
        process = subprocess.Popen(
            [str(_home() / "bin" / str(words[0])), *map(str, words[1:])],
            env=os.environ | _surroundings(),
            cwd=log.parent,
            stdout=out,
            stderr=out,
            start_new_session=True,  # the script starts a JVM: both go together
        )
        try:
            _wait(port, process, log)
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def _wait(port: int, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.3)
    raise RuntimeError(f"Spark did not start:\n{log.read_text()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
