"""Writing a package: one file per object and a manifest that counts and hashes them; or one workbook."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from typing import IO, Any, Literal

import xlsxwriter

import anxin
from anxin.exchange.standard import catalogue
from anxin.exchange.standard.catalogue import ObjectSpec
from anxin.exchange.standard.contract_files import write_files
from anxin.exchange.standard.layout import MANIFEST, SHAPE
from anxin.exchange.standard.rows import WRITERS, Row, Selection

Form = Literal["jsonl", "csv", "xlsx"]
#: the same records make the same bytes: no clock inside the archive
_EPOCH = (1980, 1, 1, 0, 0, 0)


def write(target: IO[bytes], chosen: Selection, *, form: Form, made_at: str) -> dict[str, Any]:
    """Write the package of the selection; returns its manifest."""
    manifest: dict[str, Any] = {
        "shape": SHAPE,
        "standard": catalogue.TITLE,
        "made_at": made_at,
        "made_by": f"anxin {anxin.__version__}",
        "identifiers": "full" if chosen.showing.full else "masked",
        "projects": [project.code for project in chosen.projects],
        "objects": [],
    }
    if form == "xlsx":
        _workbook(target, chosen, manifest)
    else:
        _archive(target, chosen, manifest, form)
    return manifest


def _archive(target: IO[bytes], chosen: Selection, manifest: dict[str, Any], form: Form) -> None:
    lines = _json_lines if form == "jsonl" else _csv_lines
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        carried = write_files(archive, chosen)
        chosen.files = carried.names
        manifest["contract_files"] = {
            "carried": len(carried.names),
            "bytes": carried.size,
            "left_out": carried.left_out,
        }
        for spec in catalogue.objects().values():
            name = f"{spec.name}.{form}"
            digest, rows = hashlib.sha256(), 0
            with archive.open(zipfile.ZipInfo(name, _EPOCH), "w", force_zip64=True) as member:
                for number, line in lines(spec, _rows(spec, chosen)):
                    data, rows = line.encode(), number
                    digest.update(data)
                    member.write(data)
            manifest["objects"].append(_entry(spec, rows, name, digest.hexdigest()))
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        archive.writestr(zipfile.ZipInfo(MANIFEST, _EPOCH), text)


def _entry(spec: ObjectSpec, rows: int, file: str, digest: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "object": spec.name,
        "title": spec.title,
        "file": file,
        "rows": rows,
        "sha256": digest,
    }
    said = spec.note or spec.derived
    return entry | ({"note": said} if said else {})


def _rows(spec: ObjectSpec, chosen: Selection) -> Iterable[Row]:
    writer = WRITERS.get(spec.name)
    return writer(chosen) if writer else ()


def _json_lines(spec: ObjectSpec, rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(rows, 1):
        whole = {field.code: row.get(field.code) for field in spec.fields}
        yield number, json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n"


def _csv_lines(spec: ObjectSpec, rows: Iterable[Row]) -> Iterator[tuple[int, str]]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)

    def line(values: Iterable[object]) -> str:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow(values)
        return buffer.getvalue()

    yield 0, "\ufeff" + line(field.code for field in spec.fields)
    for number, row in enumerate(rows, 1):
        yield number, line(row.get(field.code) for field in spec.fields)


def _workbook(target: IO[bytes], chosen: Selection, manifest: dict[str, Any]) -> None:
    """One sheet per object: codes in the first row, their names in the second, then the rows, all as text."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    head, text = book.add_format({"bold": True, "bg_color": "#EEF2F7"}), book.add_format({"num_format": "@"})
    first = book.add_worksheet(MANIFEST.partition(".")[0])
    for spec in catalogue.objects().values():
        page = book.add_worksheet(spec.name)
        for column, field in enumerate(spec.fields):
            page.write_string(0, column, field.code, head)
            page.set_column(column, column, 16)
        for column, field in enumerate(spec.fields):
            page.write_string(1, column, field.title, head)
        page.freeze_panes(2, 0)
        rows = 0
        for rows, row in enumerate(_rows(spec, chosen), 1):
            for column, field in enumerate(spec.fields):
                value = row.get(field.code)
                if value is not None:
                    page.write_string(rows + 1, column, str(value), text)
        manifest["objects"].append(_entry(spec, rows, spec.name, ""))
    _cover(first, head, manifest)
    book.close()


def _cover(page: Any, head: Any, manifest: dict[str, Any]) -> None:
    lines: list[list[str]] = [[key, str(manifest[key])] for key in ("shape", "standard", "made_at", "made_by", "identifiers")]  # fmt: skip
    lines.append(["projects", "、".join(manifest["projects"])[:32_000]])
    lines.append(["对象", "名称", "行数", "说明"])
    lines += [
        [one["object"], one["title"], str(one["rows"]), one.get("note", "")] for one in manifest["objects"]
    ]
    for index, line in enumerate(lines):
        for column, value in enumerate(line):
            page.write_string(index, column, value, head if column == 0 else None)
    page.set_column(0, 1, 28)
    page.set_column(3, 3, 60)
