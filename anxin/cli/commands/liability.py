"""``anxin liability``: who pays first, from a facts file, without a database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from anxin.cli.errors import DONE, CommandError
from anxin.cli.output import print_json, say

if TYPE_CHECKING:
    from anxin.law import Law
    from anxin.law.liability import Branch, Plan

NAME = "liability"
HELP = "按事实文件计算谁先清偿：次序、上限、条款、缺口"
NEEDS_DJANGO = False

#: a facts file is written by hand
MOST_BYTES = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="文件", help="事实文件（YAML），写法见 anxin/law/liability/README.md")
    parser.add_argument("--json", action="store_true", help="只输出一份 JSON")


def run(args: argparse.Namespace) -> int:
    from anxin.law import LawError, load
    from anxin.law.liability import plan, plan_document, read_case

    try:
        found = plan(read_case(_content(args.file)))
    except LawError as problem:
        raise CommandError(str(problem)) from problem
    law = load()
    if args.json:
        print_json(plan_document(found, law))
    else:
        _say(found, law)
    return DONE


def _content(name: str) -> object:
    import yaml

    try:
        path = Path(name)
        if path.stat().st_size > MOST_BYTES:
            raise CommandError(f"文件“{name}”超过1MB，不像是事实文件，请核对。")
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_loader())
    except OSError:
        raise CommandError(f"打不开文件“{name}”，请核对路径和权限。") from None
    except (UnicodeDecodeError, yaml.YAMLError, RecursionError, ValueError):
        raise CommandError(f"文件“{name}”不是 UTF-8 编码的 YAML，请核对缩进和冒号。") from None


def _loader() -> type:
    """Plain YAML without aliases: nobody writes them by hand, and nested ones grow without bound."""
    import yaml

    class Plain(yaml.SafeLoader):
        def compose_node(self, parent: object, index: object) -> yaml.Node | None:
            if self.check_event(yaml.events.AliasEvent):
                raise yaml.YAMLError("aliases")
            return super().compose_node(parent, index)  # type: ignore[arg-type]

    return Plain


def _say(found: Plan, law: Law) -> None:
    from anxin.law.liability import plan_sentence

    say(plan_sentence(found))
    for branch in found.branches:
        _say_branch(branch, law)
    for item in found.undecided:
        effect = "影响结果" if item.matters else "不影响结果"
        ways = " / ".join(way.words + (f"（{way.by}）" if way.by else "") for way in item.fact.alternatives)
        say(f"待定：{item.fact.label}，{ways}；{effect}，由{item.fact.paper}确定")


def _say_branch(branch: Branch, law: Law) -> None:
    from anxin.kernel.money import sentence_yuan
    from anxin.law.liability.telling import (
        branch_title,
        cap_words,
        cited_words,
        recourse_sentence,
        step_sentence,
    )

    say()
    say(f"【{branch_title(branch)}】")
    for number, step in enumerate(branch.outcome.steps, start=1):
        say(
            f"{number}. {step_sentence(step)}；{cap_words(step)}〔{cited_words(law, step)}〕{recourse_sentence(step)}"
        )
    say(f"合计拖欠{sentence_yuan(branch.outcome.total)}，仍缺{sentence_yuan(branch.outcome.gap)}")
