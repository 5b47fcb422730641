"""Every sub-command keeps the contract of :mod:`anxin.cli.main`."""

from __future__ import annotations

import importlib
import pkgutil
import subprocess
import sys

import pytest

from anxin.cli import commands
from anxin.cli.parser import Parser
from anxin.config.home import PROJECT_ROOT

NAMES = sorted(info.name for info in pkgutil.iter_modules(commands.__path__))


@pytest.mark.parametrize("name", NAMES)
def test_a_command_module_keeps_the_contract(name):
    module = importlib.import_module(f"{commands.__name__}.{name}")
    assert name.rstrip("_").replace("_", "-") == module.NAME
    assert any("\u4e00" <= character <= "\u9fff" for character in module.HELP)
    parser = Parser(prog=module.NAME)
    module.add_arguments(parser)
    assert parser.format_help()
    assert callable(module.run)


def test_command_modules_load_before_django_is_set_up():
    """They are imported to write the help text; Django comes when the command runs."""
    program = (
        "import importlib, sys\n"
        f"for name in {NAMES!r}: importlib.import_module('anxin.cli.commands.' + name)\n"
        "from django.apps import apps; sys.exit(apps.ready)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT_ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_command_starts_quickly_because_it_imports_only_what_it_uses():
    program = (
        "import sys; from anxin.cli.main import main; main(['--version'])\n"
        "sys.exit(','.join(m for m in ('ibis', 'duckdb', 'pyarrow', 'granian', 'openpyxl') if m in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT_ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
