"""A layout mended by hand: fields given to columns by header text or column letter."""

from __future__ import annotations

from collections.abc import Mapping

from anxin.sheets.columns import Assignment
from anxin.sheets.headers import Header
from anxin.sheets.refusal import SheetRefused
from anxin.sheets.spec import KindSpec
from anxin.sheets.texts import column_index, squeeze


def apply_mapping(
    assignment: Assignment, header: Header, kind: KindSpec, columns: Mapping[str, str | None]
) -> None:
    """Let the hand-made mapping win, in place. An empty value takes the field away.

    Raises :class:`SheetRefused` for a field that does not exist or a column that is not there.
    """
    if not isinstance(columns, Mapping):
        raise SheetRefused("对应关系里的 columns 应为“字段: 列名或列号”的对照。")
    for name, said in columns.items():
        spec = kind.by_name.get(name)
        if spec is None:
            raise SheetRefused(f"{kind.title}没有“{name}”这个字段，可用的字段有：{'、'.join(kind.by_name)}。")
        _release(assignment, name)
        if not said:
            continue
        column = _column(str(said), header, spec.title)
        for other in [n for n, c in assignment.columns.items() if c == column and n not in columns]:
            _release(assignment, other)
        assignment.columns[name] = column
        if spec.multiple:
            assignment.parts[name] = [column]


def _release(assignment: Assignment, name: str) -> None:
    assignment.columns.pop(name, None)
    assignment.parts.pop(name, None)


def _column(said: str, header: Header, title: str) -> int:
    """The column that a mapping names: whole header, its lowest level, or a letter."""
    wanted = squeeze(said)
    for forms in (
        [squeeze(shown) for shown in header.shown],
        [squeeze(raw[-1]) if raw else "" for raw in header.raw],
    ):
        if wanted in forms:
            return forms.index(wanted)
    index = column_index(said)
    if index is None or index >= len(header.shown):
        raise SheetRefused(
            f"对应关系里“{title}”指向的列“{said}”在表头中找不到，请填写表头文字或列号（如 C）。"
        )
    return index
