"""``anxin api schema``: the description of the interface for programs, as OpenAPI."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from anxin.cli.errors import DONE, CommandError
from anxin.cli.output import say

NAME = "api"
HELP = "导出接口说明（OpenAPI）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(title="操作", metavar="操作", required=True)
    schema = actions.add_parser("schema", help="导出 OpenAPI 说明，供对接方生成代码")
    schema.add_argument("file", nargs="?", type=Path, metavar="文件", help="写入的文件；不写则输出到屏幕")


def run(args: argparse.Namespace) -> int:
    from anxin.web.api.urls import api

    text = json.dumps(api.get_openapi_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if args.file is None:
        print(text, end="")
    else:
        try:
            args.file.write_text(text, encoding="utf-8")
        except OSError:
            raise CommandError(f"不能写入{args.file}，请核对文件夹。") from None
        say(f"接口说明已写入{args.file}。")
    return DONE
