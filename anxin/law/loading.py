"""Reading and checking the data files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from anxin.law.calendar import WorkCalendar, read_calendar
from anxin.law.catalogues import Body, Document, check_documents, parse_bodies, parse_documents
from anxin.law.errors import DataError
from anxin.law.law import Law, Tables
from anxin.law.overlay import Overlay, add_local_value, confirm
from anxin.law.parameters import Parameter, parse_parameter
from anxin.law.procedure_checks import Lookups, check_procedure
from anxin.law.procedures import Procedure, parse_procedure
from anxin.law.service import Manner, parse_manners
from anxin.law.statutes import Statute, parse_statutes
from anxin.law.successions import Succession, check_successions, parse_successions
from anxin.law.words import WORDS

DATA = Path(__file__).parent / "data"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(extra_dirs: Sequence[Path] = (), overlay: Overlay | None = None) -> Law:
    """The shipped law with a bureau's own folders and records over it; read again when a file has changed.

    An extra folder holds ``*.yaml`` files with ``parameters`` (new keys) or ``local_values`` (for existing
    keys), and may hold ``calendar/YYYY.csv``. Raises :class:`DataError` naming file and entry.
    """
    folders = tuple(Path(folder).resolve() for folder in extra_dirs)
    stamps = tuple(stamp for folder in folders for stamp in _stamps(folder))
    return _law(folders, stamps, overlay or Overlay())


def _stamps(folder: Path) -> list[tuple[str, int, int]]:
    """What tells a changed folder: a running service takes up a new local value without a restart."""
    files = [*sorted(folder.glob("*.yaml")), *sorted((folder / "calendar").glob("*"))]
    return [(str(path), (status := path.stat()).st_mtime_ns, status.st_size) for path in files]


@dataclass(frozen=True)
class _Files:
    """Everything that stands in files, parsed and checked by itself."""

    statutes: Mapping[str, Statute]
    parameters: Mapping[str, Parameter]
    bodies: Mapping[str, Body]
    documents: Mapping[str, Document]
    procedures: Mapping[str, Procedure]
    manners: Mapping[str, Manner]
    successions: tuple[Succession, ...]
    subjects: Mapping[str, str]
    calendar: WorkCalendar
    digest: str


@lru_cache(maxsize=8)
def _law(extra_dirs: tuple[Path, ...], stamps: tuple[tuple[str, int, int], ...], overlay: Overlay) -> Law:
    files = _files(extra_dirs, stamps)
    parameters = dict(files.parameters)
    for item in overlay.local_values:
        add_local_value(parameters, item, "本地记录")
    for item in overlay.confirmations:
        confirm(parameters, item)
    check_citations(parameters.values(), files.statutes)
    calendar = files.calendar.with_years(overlay.calendars)
    digest = hashlib.sha256((files.digest + overlay.stamp).encode()).hexdigest() if overlay else files.digest
    check_tables(files, parameters)
    tables = Tables(
        files.bodies, files.documents, files.procedures, files.manners, files.successions, files.subjects
    )
    return Law(files.statutes, parameters, tables, calendar, digest)


@lru_cache(maxsize=8)
def _files(extra_dirs: tuple[Path, ...], stamps: tuple[tuple[str, int, int], ...]) -> _Files:
    missing = [folder for folder in extra_dirs if not folder.is_dir()]
    if missing:
        raise DataError(f"法规补充文件夹“{missing[0]}”不存在，请检查设置。")
    # Words are for people only: a better word is no other law.
    shipped = sorted(path for path in DATA.rglob("*.yaml") if path != WORDS)
    own = [path for folder in extra_dirs for path in sorted(folder.glob("*.yaml"))]
    documents = [(path.name, _read(path)) for path in [*sorted((DATA / "parameters").glob("*.yaml")), *own]]
    folders = [DATA / "calendar", *(folder / "calendar" for folder in extra_dirs)]
    folders = [folder for folder in folders if folder.is_dir()]
    days = sorted(path for folder in folders for path in folder.glob("*.csv"))
    return _Files(
        statutes=parse_statutes(_read(DATA / "statutes.yaml")["statutes"], "statutes.yaml"),
        parameters=_parameters(documents),
        bodies=parse_bodies(_read(DATA / "bodies.yaml")["bodies"], "bodies.yaml"),
        documents=parse_documents(_read(DATA / "documents.yaml")["documents"], "documents.yaml"),
        procedures=_procedures(),
        manners=parse_manners(_read(DATA / "service.yaml")["manners"], "service.yaml"),
        successions=parse_successions(_read(DATA / "successions.yaml")["successions"], "successions.yaml"),
        subjects=_subjects(documents),
        calendar=read_calendar(*folders, notices=_notices(folders)),
        digest=_digest(shipped, own, days),
    )


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
            add_local_value(parameters, item, file)
    return parameters


def _procedures() -> dict[str, Procedure]:
    found = [parse_procedure(_read(path), path.name) for path in sorted((DATA / "procedures").glob("*.yaml"))]
    return {procedure.key: procedure for procedure in found}


def check_tables(files: _Files, parameters: Mapping[str, Parameter]) -> None:
    """Papers and procedures against everything they name. Raises :class:`DataError`."""
    check_documents(files.documents, files.bodies, files.statutes, "documents.yaml")
    lookups = Lookups(
        statutes=files.statutes,
        parameters={key: parameter.counting for key, parameter in parameters.items()},
        documents=files.documents,
        bodies={key: body.side for key, body in files.bodies.items()},
    )
    for procedure in files.procedures.values():
        check_procedure(procedure, lookups)
    check_successions(files.successions, files.procedures, files.statutes)


def _subjects(documents: Sequence[tuple[str, Mapping[str, Any]]]) -> dict[str, str]:
    """The Chinese name of each group of keys: of the file called like the group, else of the first with it."""
    subjects: dict[str, str] = {}
    for file, content in documents:
        for group in {key.split(".")[0] for key in content.get("parameters") or {}}:
            if group not in subjects or file == f"{group}.yaml":
                subjects[group] = content.get("title") or group
    return subjects


def check_citations(parameters: Iterable[Parameter], statutes: Mapping[str, Statute]) -> None:
    for parameter in parameters:
        local = [value for values in parameter.local_values.values() for value in values]
        for dated in [*parameter.values, *local]:
            for reference in dated.references:
                statute = statutes.get(reference.statute)
                if statute is None:
                    raise DataError(f"参数“{parameter.key}”引用了没有收录的法规“{reference.statute}”。")
                if not statute.in_force(dated.from_):
                    raise DataError(
                        f"参数“{parameter.key}”自{dated.from_}起的数值引用了当时不在施行的{statute.quoted}。"
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
