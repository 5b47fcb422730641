"""``anxin setup``: make or upgrade the database of an installation."""

from __future__ import annotations

import argparse

from anxin.cli.output import print_json, progress, say
from anxin.cli.preparation import prepare

NAME = "setup"
HELP = "建立或升级数据库，装入行政区划（安装和升级后运行，可重复运行）"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="以 JSON 输出结果")


def run(args: argparse.Namespace) -> int:
    from django.conf import settings

    from anxin.registry.models import Region

    prepare(progress)
    if args.json:
        print_json({"home": str(settings.ANXIN_HOME), "regions": Region.objects.count()})
    else:
        say("已准备好。")
    return 0
