"""Joining an institution by its files: draft → trial on its sample → live by a second look. No code.

Institutions serve the whole city, so their layouts are nobody's district: who may deliver files anywhere may
propose one, and another such person looks at it before it counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from anxin import formats
from anxin.connections.headers import MOST_HEADER_ROWS, header_hash, header_of
from anxin.connections.models_layouts import TABLE, InstitutionLayout
from anxin.connections.trials import Trial, try_layout
from anxin.evidence import doors, files
from anxin.evidence.journal import Actor, record
from anxin.formats import FormatRefused
from anxin.formats.ntagcapy import Options
from anxin.kernel.refusal import Refused
from anxin.registry.models import Organisation
from anxin.sheets import KINDS, Sheet, SheetRefused, Workbook, read_workbook, recognise
from anxin.sheets.texts import column_index

Direction, Stage = InstitutionLayout.Direction, InstitutionLayout.Stage
_INSTITUTIONS = (Organisation.Kind.BANK, Organisation.Kind.INSURER, Organisation.Kind.GUARANTOR)
_UNITS = ("元", "万元")
_KIND = KINDS["receipts"]


def draft_receipts_layout(
    *, organisation: Organisation, name: str, data: bytes, filename: str, actor: Actor, now: dt.datetime
) -> InstitutionLayout:
    """A draft from an institution's sample: its format where it is a message, else the columns that are recognised.

    The next version of the layout of that name, where there is one. Raises :class:`Refused` for a sample that
    cannot be read at all.
    """
    _require_institution(organisation)
    try:
        found = formats.detect(data, filename)
        if found is not None:
            found.read(data)
            key, mapping, header = found.key, {}, []
        else:
            workbook = read_workbook(data, filename)
            mapping = _guess(workbook)
            key, header = TABLE, _header(workbook, mapping)
    except (FormatRefused, SheetRefused) as refusal:
        raise Refused(f"样本读不出来：{refusal}", field="file") from refusal
    layout = InstitutionLayout(
        organisation=organisation,
        direction=Direction.RECEIPTS,
        name=_name(name),
        format_key=key,
        mapping=mapping,
        header=header,
        header_hash=header_hash(header),
        sample=doors.keep_as_sent(data, filename, now=now),
        sample_name=filename[:255],
    )
    return _draft(layout, actor, now)


def draft_order_layout(
    *,
    organisation: Organisation,
    name: str,
    format_key: str,
    actor: Actor,
    now: dt.datetime,
    options: Mapping[str, str] | None = None,
) -> InstitutionLayout:
    """A draft of how orders to pay are written for a bank. Raises :class:`Refused`."""
    if organisation.kind != Organisation.Kind.BANK:
        raise Refused("代发文件只送给银行，请选择一家银行。", field="organisation")
    try:
        found = formats.get(format_key)
    except FormatRefused as refusal:
        raise Refused(str(refusal), field="format_key") from refusal
    if not found.writes_orders:
        raise Refused(f"“{found.title}”不能生成代发文件，请选用其他格式。", field="format_key")
    given = {key: value.strip() for key, value in (options or {}).items() if value.strip()}
    if given and format_key != "ntagcapy":
        raise Refused("只有招商银行格式需要填写约定参数。", field="options")
    unknown = set(given) - set(Options.__dataclass_fields__)
    if unknown:
        raise Refused(f"没有这些约定参数：{'、'.join(sorted(unknown))}。", field="options")
    layout = InstitutionLayout(
        organisation=organisation,
        direction=Direction.ORDERS,
        name=_name(name),
        format_key=format_key,
        options=given,
    )
    return _draft(layout, actor, now)


def map_layout(
    layout: InstitutionLayout, *, mapping: Mapping[str, Any], actor: Actor, now: dt.datetime
) -> InstitutionLayout:
    """Keep a mapping of a draft; one that had been tried must be tried again. Raises :class:`Refused`."""
    with transaction.atomic():
        layout = _locked(layout)
        _require_changeable(layout)
        if layout.format_key != TABLE or layout.sample is None:
            raise Refused("银行报文的各列由格式规定，不需要对应。")
        kept = checked_mapping(layout, mapping)
        header = _header(_workbook(layout), kept)
        layout.mapping, layout.header, layout.header_hash = kept, header, header_hash(header)
        layout.stage, layout.trial = Stage.DRAFT, {}
        layout.tested_by = layout.tested_by_name = ""
        layout.tested_at = None
        layout.save()
        _journal(layout, "layout.mapped", "指定各列", actor, now, {"columns": kept["columns"]})
    return layout


def checked_mapping(layout: InstitutionLayout, mapping: Mapping[str, Any]) -> dict[str, Any]:
    """The mapping as it is kept. Raises :class:`Refused` for what does not fit the sample."""
    workbook = _workbook(layout)
    sheet = _sheet(workbook, str(mapping.get("sheet") or ""))
    rows = [int(row) for row in mapping.get("header_rows") or ()]
    if not rows or rows != list(range(rows[0], rows[0] + len(rows))) or len(rows) > MOST_HEADER_ROWS:
        raise Refused(f"请指明表头在第几行（最多{MOST_HEADER_ROWS}行，须相连）。", field="header_rows")
    if rows[0] < 1 or rows[-1] > len(sheet.rows):
        raise Refused(f"工作表“{sheet.name}”没有第{rows[-1]}行。", field="header_rows")
    columns = {str(name): str(letter) for name, letter in dict(mapping.get("columns") or {}).items()}
    taken: dict[str, str] = {}
    for name, letter in columns.items():
        spec = _KIND.by_name.get(name)
        if spec is None:
            raise Refused(f"没有“{name}”这个字段。", field="columns")
        index = column_index(letter) if letter else None
        if letter and (index is None or index >= sheet.width):
            raise Refused(f"表里没有{letter}列。", field="columns")
        if letter and letter in taken:
            other = _KIND.title_of(taken[letter])
            raise Refused(f"{letter}列同时指定为{other}和{spec.title}，请只留一个。", field="columns")
        if letter:
            taken[letter] = name
    for group in _KIND.required:
        if not any(columns.get(name) for name in group):
            titles = "或".join(_KIND.title_of(name) for name in group)
            raise Refused(f"还没有指出哪一列是{titles}。", field="columns")
    unit = str(mapping.get("unit") or "元")
    if unit not in _UNITS:
        raise Refused("金额单位应为元或万元。", field="unit")
    every = {name: columns.get(name, "") for name in _KIND.by_name}
    return {"sheet": sheet.name, "header_rows": rows, "columns": every, "unit": unit}


def pass_trial(
    layout: InstitutionLayout, *, actor: Actor, now: dt.datetime
) -> tuple[InstitutionLayout, Trial]:
    """Try the layout on its sample and keep what was counted; it may go live once something was accepted."""
    with transaction.atomic():
        layout = _locked(layout)
        _require_changeable(layout)
        trial = try_layout(layout)
        if not trial.passed:
            raise Refused(
                trial.refusal or "样本里没有一行可以接收：请更正各列的对应，或换一份有逐笔结果的样本。"
            )
        layout.stage, layout.trial = Stage.TESTED, trial.counts
        layout.tested_by, layout.tested_by_name, layout.tested_at = actor.key, actor.name, now
        layout.save()
        _journal(layout, "layout.tested", "试读通过", actor, now, {"trial": trial.counts})
    return layout, trial


def go_live(layout: InstitutionLayout, *, actor: Actor, now: dt.datetime) -> InstitutionLayout:
    """Put a tried layout into force; the version before it ends. Raises :class:`Refused` for its own authors."""
    with transaction.atomic():
        layout = _locked(layout)
        if layout.stage == Stage.LIVE:
            return layout
        if layout.stage != Stage.TESTED:
            raise Refused("请先试读样本，试读通过后才能启用。")
        if actor.key in (layout.drafted_by, layout.tested_by):
            raise Refused("拟定或试读的人不能自己启用，请另一位同事看过后启用。")
        before = InstitutionLayout.objects.filter(
            organisation=layout.organisation, direction=layout.direction, name=layout.name, stage=Stage.LIVE
        )
        before.update(stage=Stage.RETIRED, retired_by_name=actor.name, retired_at=now)
        layout.stage = Stage.LIVE
        layout.live_by, layout.live_by_name, layout.live_at = actor.key, actor.name, now
        layout.save()
        _journal(layout, "layout.live", "启用", actor, now, {"trial": layout.trial})
    return layout


def retire_layout(layout: InstitutionLayout, *, actor: Actor, now: dt.datetime) -> InstitutionLayout:
    """End a layout, whatever its stage."""
    with transaction.atomic():
        layout = _locked(layout)
        if layout.stage == Stage.RETIRED:
            return layout
        layout.stage, layout.retired_by_name, layout.retired_at = Stage.RETIRED, actor.name, now
        layout.save()
        _journal(layout, "layout.retired", "停用", actor, now, {})
    return layout


# --- below -----------------------------------------------------------------------------------------------


def _require_institution(organisation: Organisation) -> None:
    if organisation.kind not in _INSTITUTIONS:
        raise Refused("只有银行、保险机构和担保公司可以接入文件。", field="organisation")


def _require_changeable(layout: InstitutionLayout) -> None:
    if layout.stage not in (Stage.DRAFT, Stage.TESTED):
        raise Refused(f"{layout}现在是“{layout.get_stage_display()}”，不能再改；要改请用新的样本拟定下一版。")


def _name(name: str) -> str:
    text = name.strip()
    if not 1 <= len(text) <= 40:
        raise Refused("请给版式起个名字（40字以内），如“代发回执”。", field="name")
    return text


def _locked(layout: InstitutionLayout) -> InstitutionLayout:
    rows = InstitutionLayout.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "sample").get(pk=layout.pk)


def _draft(layout: InstitutionLayout, actor: Actor, now: dt.datetime) -> InstitutionLayout:
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=layout.organisation_id)
        same = InstitutionLayout.objects.filter(
            organisation=layout.organisation, direction=layout.direction, name=layout.name
        )
        waiting = same.filter(stage__in=(Stage.DRAFT, Stage.TESTED)).first()
        if waiting is not None:
            raise Refused(
                f"{waiting}还没有启用（{waiting.get_stage_display()}），请先处理完那一版，或换个名字。",
                field="name",
            )
        layout.version = (same.aggregate(last=Max("version"))["last"] or 0) + 1
        layout.drafted_by, layout.drafted_by_name, layout.drafted_at = actor.key, actor.name, now
        layout.save(force_insert=True)
        _journal(layout, "layout.drafted", "拟定", actor, now, {"format": layout.format_key})
    return layout


def _journal(
    layout: InstitutionLayout, action: str, words: str, actor: Actor, now: dt.datetime, after: dict[str, Any]
) -> None:
    record(
        actor=actor,
        action=action,
        object_type="institution_layout",
        object_id=layout.pk,
        summary=f"{words}{layout}",
        after={"stage": layout.stage, **after},
        now=now,
    )


def _workbook(layout: InstitutionLayout) -> Workbook:
    assert layout.sample is not None
    try:
        return read_workbook(files.read(layout.sample), layout.sample_name)
    except (SheetRefused, files.FileDamaged) as refusal:
        raise Refused(f"样本读不出来：{refusal}") from refusal


def _sheet(workbook: Workbook, name: str) -> Sheet:
    return next((one for one in workbook.sheets if one.name == name), workbook.sheets[0])


def _header(workbook: Workbook, mapping: Mapping[str, Any]) -> list[list[str]]:
    return header_of(_sheet(workbook, str(mapping.get("sheet"))), mapping.get("header_rows") or ())


def _guess(workbook: Workbook) -> dict[str, Any]:
    """What is recognised of the sample, else a header where texts first stand side by side."""
    try:
        found = recognise(workbook, "receipts")
    except SheetRefused:
        sheet = max(workbook.sheets, key=lambda one: len(one.rows))
        row = next(
            (
                n
                for n, cells in enumerate(sheet.rows, 1)
                if sum(isinstance(c, str) and bool(c) for c in cells) > 2
            ),
            1,
        )
        return {"sheet": sheet.name, "header_rows": [row], "columns": {}, "unit": "元"}
    return {
        "sheet": found.sheet,
        "header_rows": found.header_rows[:MOST_HEADER_ROWS],
        "columns": {name: letter for name, letter in found.column_letters.items() if name in _KIND.by_name},
        "unit": found.unit,
    }
