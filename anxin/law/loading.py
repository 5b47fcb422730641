"""Reading and checking the data files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from anxin.law.calendar import read_calendar
from anxin.law.errors import DataError
from anxin.law.law import Law
from anxin.law.parameters import Parameter, parse_local, parse_parameter
from anxin.law.statutes import Statute, parse_statutes

DATA = Path(__file__).parent / "data"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(extra_dirs: Sequence[Path] = ()) -> Law:
    """The shipped law with a bureau's own folders laid over it; read again when a file there has changed.

    An extra folder holds ``*.yaml`` files with ``parameters`` (new keys) or ``local_values`` (for existing
    keys), and may hold ``calendar/YYYY.csv``. Raises :class:`DataError` naming file and entry.
    """
    folders = tuple(Path(folder).resolve() for folder in extra_dirs)
    return _load(folders, tuple(stamp for folder in folders for stamp in _stamps(folder)))


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    """What tells a changed folder: a running service takes up a new local value without a restart."""
    files = [*sorted(folder.glob("*.yaml")), *sorted((folder / "calendar").glob("*"))]
    return [(str(path), (status := path.stat()).st_mtime_ns, status.st_size) for path in files]


@lru_cache(maxsize=16)
def _load(extra_dirs: tuple[Path, ...], stamps: tuple[tuple[str, int, int], ...]) -> Law:
    missing = [folder for folder in extra_dirs if not folder.is_dir()]
    if missing:
        raise DataError(f"法规补充文件夹“{missing[0]}”不存在，请检查设置。")
    files = sorted((DATA / "parameters").glob("*.yaml"))
    files += [path for folder in extra_dirs for path in sorted(folder.glob("*.yaml"))]
    statutes = parse_statutes(_read(DATA / "statutes.yaml")["statutes"], "statutes.yaml")
    documents = [(path.name, _read(path)) for path in files]
    parameters = _parameters(documents)
    _check_citations(parameters.values(), statutes)
    calendars = [DATA / "calendar", *(folder / "calendar" for folder in extra_dirs)]
    calendars = [folder for folder in calendars if folder.is_dir()]
    digest = _digest([DATA / "statutes.yaml"], files, sorted(p for f in calendars for p in f.glob("*.csv")))
    return Law(statutes, parameters, read_calendar(*calendars, notices=_notices(calendars)), digest)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, UnicodeDecodeError) as problem:
        raise DataError(f"{path.name} 无法读取，请检查缩进与编码（UTF-8）：{problem}") from None
    if not isinstance(content, dict):
        raise DataError(f"{path.name} 没有内容，应包含 parameters 或 local_values。")
    return content


def _parameters(documents: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {}
    for file, content in documents:
        strange = sorted(set(content) - {"title", "parameters", "local_values"})
        if strange:
            raise DataError(f"{file} 有不认识的段落：{'、'.join(strange)}。")
        for key, entry in (content.get("parameters") or {}).items():
            if key in parameters:
                raise DataError(f"{file}：参数“{key}”已在别的文件中定义，不能重复。")
            parameters[key] = parse_parameter(key, entry, file)
    for file, content in documents:
        for item in content.get("local_values") or ():
            _add_local(parameters, item, file)
    return parameters


def _add_local(parameters: dict[str, Parameter], item: Mapping[str, Any], file: str) -> None:
    key = item.get("key")
    if key not in parameters:
        raise DataError(f"{file}：地方值指向的参数“{key}”不存在，请检查键名。")
    parameter = parameters[key]
    parent = {"unit": parameter.unit, "confidence": "verified"}
    added = parse_local([item], parent, f"{file}：参数“{key}”")
    merged = dict(parameter.local_values)
    for code, values in added.items():
        dates = {value.from_ for value in values}
        # the bureau's own entry for the same place and day replaces the shipped one
        kept = [value for value in merged.get(code, ()) if value.from_ not in dates]
        merged[code] = tuple(sorted([*kept, *values], key=lambda value: value.from_))
    parameters[key] = replace(parameter, local_values=merged)


def _check_citations(parameters: Iterable[Parameter], statutes: Mapping[str, Statute]) -> None:
    for parameter in parameters:
        local = [value for values in parameter.local_values.values() for value in values]
        for dated in [*parameter.values, *local]:
            for reference in dated.references:
                statute = statutes.get(reference.statute)
                if statute is None:
                    raise DataError(f"参数“{parameter.key}”引用了没有收录的法规“{reference.statute}”。")
                if not statute.in_force(dated.from_):
                    raise DataError(
                        f"参数“{parameter.key}”自{dated.from_}起的数值引用了当时不在施行的《{statute.title}》。"
                    )


def _notices(folders: Sequence[Path]) -> dict[int, str]:
    """Numbers of the notices behind the years, as far as they are recorded."""
    notices: dict[int, str] = {}
    for folder in folders:
        if (path := folder / "notices.yaml").is_file():
            notices.update(_read(path).get("notices") or {})
    return notices


def _digest(*groups: Sequence[Path]) -> str:
    """Hash of what the files say, not of where they stand or how YAML is laid out."""
    digest = hashlib.sha256()
    for group in groups:
        for path in group:
            yaml_file = path.suffix == ".yaml"
            text = (
                json.dumps(_read(path), default=str, sort_keys=True, ensure_ascii=False)
                if yaml_file
                else path.read_text(encoding="utf-8")
            )
            digest.update(f"{path.name}\n{text}\n".encode())
    return digest.hexdigest()
