"""argparse that speaks Chinese."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from typing import Any, NoReturn

from anxin.cli.errors import CommandError

#: argparse's own sentences; what stands in the groups is kept
_SENTENCES = [
    (re.compile(r"^the following arguments are required: (.+)$"), "缺少必填的内容：{0}"),
    (
        re.compile(r"^argument (命令|操作): invalid choice: '?(.*?)'? \(choose from (.+)\)$"),
        "没有{0}“{1}”，可用：{2}",
    ),
    (re.compile(r"^unrecognized arguments: (.+)$"), "不认识的内容：{0}"),
    (
        re.compile(r"^argument (.+?): invalid choice: '?(.*?)'? \(choose from (.+)\)$"),
        "{0} 不能是“{1}”，可用：{2}",
    ),
    (re.compile(r"^argument (.+?): expected one argument$"), "{0} 后面缺少内容"),
    (re.compile(r"^argument (.+?): expected at least one argument$"), "{0} 后面至少要有一项内容"),
    (re.compile(r"^argument (.+?): invalid int value: '(.*)'$"), "{0} 应为整数，现在是“{1}”"),
    (re.compile(r"^argument (.+?): invalid \S+ value: '(.*)'$"), "{0} 的内容“{1}”不正确"),
    (re.compile(r"^argument (.+?): not allowed with argument (.+)$"), "{0} 不能与 {1} 同时使用"),
    (re.compile(r"^one of the arguments (.+) is required$"), "以下内容须给出一项：{0}"),
    (re.compile(r"^argument (.+?): (.+)$"), "{0}：{1}"),
]


class _Formatter(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=32)

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """Raises :class:`CommandError` with a Chinese sentence where argparse would print English and leave."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("formatter_class", _Formatter)
        # An abbreviation that works today means something else when an option is added.
        options.update(add_help=False, allow_abbrev=False)
        super().__init__(**options)
        self._positionals.title = "内容"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这段说明")

    def error(self, message: str) -> NoReturn:
        raise CommandError(f"{chinese(message)}。写法见：{self.prog} --help")


def chinese(message: str) -> str:
    """argparse's sentence in Chinese, without a full stop."""
    for pattern, sentence in _SENTENCES:
        match = pattern.match(message)
        if match:
            return sentence.format(*_readable(match.groups())).rstrip("。")
    return message


def _readable(parts: Iterable[str]) -> list[str]:
    return [part.replace("'", "") for part in parts]
