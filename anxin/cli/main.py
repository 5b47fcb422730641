"""The one installed command, ``anxin``. Every module in :mod:`anxin.cli.commands` is a sub-command.

A command module has ``NAME``, ``HELP``, ``add_arguments(parser)`` and ``run(args) -> int``; the file is called
like the command, with ``_`` for ``-`` and a trailing ``_`` where Python needs one (``import_.py``). What needs
Django (models, services) is imported inside ``run``, because Django is set up just before it; a command that
does without says ``NEEDS_DJANGO = False`` (or a function of the parsed arguments).
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
import traceback
from collections.abc import Sequence
from contextlib import nullcontext
from types import ModuleType
from typing import Any

import anxin
from anxin.cli import commands, output
from anxin.cli.errors import DONE, FAILED, CommandError
from anxin.cli.parser import Parser
from anxin.cli.processes import follow_parent

__all__ = ["CommandError", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 failed, 2 the input or the call is wrong."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    as_json = "--json" in given
    follow_parent()
    with output.only_json() if as_json else nullcontext():
        try:
            return _run(given)
        except CommandError as error:
            return _fail(error.sentence, error.exit_code, as_json)
        except KeyboardInterrupt:
            return _fail("已中断。", 130, as_json)
        except BrokenPipeError:
            # The reader (`| head`) has gone; what is still buffered has nowhere to go.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            return FAILED
        except Exception as error:
            if os.environ.get("ANXIN_DEBUG") == "1":
                traceback.print_exc()
            return _fail(_unexpected(error), FAILED, as_json)


def _run(given: list[str]) -> int:
    parser = _parser(given[0] if given else "")
    if not given:
        parser.print_help()
        return DONE
    try:
        args = parser.parse_args(given)
    except SystemExit as done:  # --help and --version leave this way
        return int(done.code or 0)
    if _needs_django(args):
        _set_up_django()
    return int(args.command_module.run(args) or DONE)


def _parser(wanted: str) -> Parser:
    parser = Parser(prog="anxin", description="安薪：工资支付监测预警。每个命令都可加 --help 查看写法。")
    parser.add_argument("--version", action="version", version=f"anxin {anxin.__version__}", help="显示版本")
    subparsers = parser.add_subparsers(
        title="命令", metavar="命令", required=True, parser_class=Parser, prog="anxin"
    )
    for module in _modules(wanted):
        command = subparsers.add_parser(module.NAME, help=module.HELP, description=module.HELP)
        module.add_arguments(command)
        command.set_defaults(command_module=module)
    return parser


def _modules(wanted: str) -> list[ModuleType]:
    """The module of the wanted command alone, so that a call imports no more than it uses; otherwise all."""
    names = [info.name for info in pkgutil.iter_modules(commands.__path__)]
    chosen = [name for name in names if name.rstrip("_").replace("_", "-") == wanted]
    return [importlib.import_module(f"{commands.__name__}.{name}") for name in chosen or names]


def _needs_django(args: Any) -> bool:
    needs = getattr(args.command_module, "NEEDS_DJANGO", True)
    return bool(needs(args) if callable(needs) else needs)


def _set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxin.config.settings")
    import django

    try:
        django.setup()
    except ValueError as error:  # a setting from the environment that cannot be read, with its sentence
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(f"数据文件夹 {error.filename or ''} 无法读写：{error.strerror}。") from error


def _unexpected(error: Exception) -> str:
    """One sentence for a failure nobody foresaw; the traceback comes with ``ANXIN_DEBUG=1``."""
    kind = type(error).__name__
    text = " ".join(str(error).split()) or kind
    if kind in {"OperationalError", "ProgrammingError"}:
        if "no such table" in text or "does not exist" in text:
            return "数据库还没有准备好，请先运行 anxin setup。"
        return f"数据库无法使用：{text}"
    return f"没有做成（{kind}：{text}）。加上环境变量 ANXIN_DEBUG=1 可看到详情。"


def _fail(sentence: str, code: int, as_json: bool) -> int:
    print(sentence, file=sys.stderr, flush=True)
    if as_json:
        output.print_json({"error": sentence})
    return code


if __name__ == "__main__":
    sys.exit(main())
