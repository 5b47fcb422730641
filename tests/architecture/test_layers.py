"""The house keeps its shape: packages, imports, foreign keys."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

from anxin.config.home import PROJECT_ROOT

PACKAGE = PROJECT_ROOT / "anxin"


def layers() -> list[set[str]]:
    """The lines of ``.importlinter``, the highest first: one source for imports and foreign keys."""
    parser = configparser.ConfigParser()
    parser.read(PROJECT_ROOT / ".importlinter")
    lines = parser["importlinter:contract:layers"]["layers"].strip().splitlines()
    return [{name.strip() for name in line.split("|")} for line in lines]


def packages() -> list[Path]:
    return sorted(path.parent for path in PACKAGE.glob("*/__init__.py"))


def test_every_package_has_its_layer_and_every_layer_its_package():
    assert set().union(*layers()) == {path.name for path in packages()}


def test_imports_go_one_way():
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def relations():
    """Every relation between two models of this project: (owner, field, target)."""
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("anxin."):
            continue
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]:
            target = field.related_model
            if target is not None and target.__module__.startswith("anxin."):
                yield model, field, target


def test_foreign_keys_point_downwards_or_stay_in_their_package():
    depth = {name: number for number, line in enumerate(layers()) for name in line}
    assert depth["web"] < depth["kernel"]
    upward = [
        f"{owner.__module__}.{owner.__name__}.{field.name} -> {target.__module__}.{target.__name__}"
        for owner, field, target in relations()
        if (here := owner.__module__.split(".")[1]) != (there := target.__module__.split(".")[1])
        and depth[there] <= depth[here]
    ]
    assert upward == []


def test_the_foreign_key_check_sees_the_relations():
    """A check that looks at nothing finds nothing."""
    found = {(owner.__name__, field.name, target.__name__) for owner, field, target in relations()}
    assert ("Project", "region", "Region") in found
    assert ("Region", "parent", "Region") in found
    assert ("ImportProblem", "batch", "ImportBatch") in found


@pytest.mark.parametrize("package", packages(), ids=lambda path: path.name)
def test_every_package_says_what_it_owns(package):
    readme = package / "README.md"
    assert readme.is_file(), f"{package.name} has no README.md: what it owns, its words, where to start"
    assert len(readme.read_text(encoding="utf-8")) > 200
