"""``--engine`` and ``--spark-url``, for every command that runs rules."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from anxin.cli.errors import CommandError

if TYPE_CHECKING:
    from anxin.monitoring.engines import Engine


def add_engine_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--engine", choices=("duckdb", "spark"), default="duckdb", help="在哪里算，默认 duckdb（本机）"
    )
    parser.add_argument(
        "--spark-url",
        metavar="地址",
        default="",
        help="sc://主机:端口 或 spark://主机:端口，与 --engine spark 同用",
    )


def spark_url(args: argparse.Namespace) -> str:
    """The address of the Spark that is asked for; empty for DuckDB."""
    if (args.engine == "spark") != bool(args.spark_url):
        raise CommandError("--engine spark 和 --spark-url 要一起写：前者说用 Spark，后者说它在哪里。")
    return str(args.spark_url)


def elsewhere(args: argparse.Namespace) -> Callable[[], Engine] | None:
    """Makes the engine that is asked for; ``None`` for DuckDB inside the process."""
    url = spark_url(args)
    if not url:
        return None
    from anxin.monitoring.engines.spark import SparkEngine

    return lambda: SparkEngine(url)
