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

_CLASS = "org.apache.spark.sql.connect.service.SparkConnectServer"


def what_is_missing() -> str | None:
    """The part that this machine lacks, or ``None``."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark (requirements/spark.txt)"
    return None if shutil.which("java") else "Java 17 (apt install default-jre-headless)"


@contextmanager
def running_server(folder: Path) -> Iterator[str]:
    """The ``sc://`` address of a server with two workers of its own."""
    home = Path(importlib.util.find_spec("pyspark").submodule_search_locations[0])
    port = _free_port()
    settings = {
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": port,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": 2,
        "spark.default.parallelism": 2,
        "spark.sql.adaptive.enabled": "false",
        # small tables and many queries: what is interpreted is done before the compilers have begun
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": folder / "warehouse",
    }
    options = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
    command = [
        home / "bin" / "spark-submit",
        "--class",
        _CLASS,
        "--master",
        "local[2]",
        "--driver-memory",
        "1g",
    ]
    surroundings = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    with (folder / "spark.log").open("w") as log:
        server = subprocess.Popen(
            [*map(str, command), *options, "spark-internal"],
            env=surroundings,
            cwd=folder,
            stdout=log,
            stderr=log,
            start_new_session=True,  # the script starts a JVM: both go together
        )
        try:
            _wait(port, server, folder / "spark.log")
            yield f"sc://127.0.0.1:{port}"
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(30)


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
