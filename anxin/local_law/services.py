"""Proposing values and confirmations; a second person decides (``confirm``, ``refuse``), and either may end."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.law import Law, UnknownKey
from anxin.law.counting_rules import LENGTHS
from anxin.law.parameters import DatedValue, Parameter
from anxin.local_law import overlay as overlays
from anxin.local_law import queries, shapes
from anxin.local_law.calendars import import_calendar
from anxin.local_law.deciding import confirm, lock, record_proposal, refuse, withdraw
from anxin.local_law.kinds import kind_of
from anxin.local_law.models import Confirmation, LocalValue, State, TwoPersonRecord

__all__ = ["confirm", "import_calendar", "propose_confirmation", "propose_value", "refuse", "withdraw"]

_REGION = re.compile(r"^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$")
_COUNTING = {"starts_on", "day_type", "rolls", "strict", "start_day_counted", "mode"}
_LAST_YEAR = 2100


def propose_value(
    *,
    key: str,
    region: str,
    region_name: str,
    valid_from: dt.date,
    value: Any,
    source_title: str,
    source_number: str,
    actor: Actor,
    now: dt.datetime,
    valid_until: dt.date | None = None,
    unit: str = "",
    counting: Mapping[str, Any] | None = None,
    only_for: str = "",
    note: str = "",
) -> LocalValue:
    """Propose a value of ``key`` for a region (its code) from a day on; it counts once a second person agrees.

    ``value`` must have the shape of what the files hold. ``unit`` is empty for the shipped one; ``counting``
    holds what differs from the shipped counting rule. Raises :class:`Refused` naming the field.
    """
    law = queries.current()
    parameter = _parameter(law, key)
    record = LocalValue(
        key=key,
        region=_region(region),
        region_name=_text(region_name, "region_name", "请填写地区名称。", 60),
        valid_from=valid_from,
        valid_until=valid_until,
        value=value,
        unit=unit or parameter.unit,
        counting=dict(counting or {}),
        only_for=only_for.strip()[:60],
        source_title=_text(source_title, "source_title", "请填写依据文件的名称。", 160),
        source_number=_text(
            source_number, "source_number", "请填写文号；没有文号的写会议纪要或批示的日期。", 80
        ),
        note=note.strip()[:300],
        proposed_by=actor.key,
        proposed_by_name=actor.name,
        proposed_at=now,
    )
    _check_dates(parameter, record)
    _check_counting(law, parameter, record)
    if sentence := shapes.problem(parameter, value, record.unit, shapes.examples(law, key)):
        raise Refused(sentence, field="value")
    return _propose(record, actor, now)


def propose_confirmation(
    *,
    key: str,
    region: str,
    value_from: dt.date,
    document_title: str,
    document_number: str,
    actor: Actor,
    now: dt.datetime,
    only_for: str = "",
    note: str = "",
) -> Confirmation:
    """Propose that the recorded value was held against its paper. ``region`` is empty for the nation's value.

    A value the nation leaves open cannot be confirmed: it needs a local value. Raises :class:`Refused`.
    """
    law = overlays.shipped()
    parameter = _parameter(law, key)
    dated = dated_value(parameter, region, value_from, only_for)
    if dated.value is None:
        raise Refused("国家没有统一规定这一数值，无从核对；请按当地文件提出本地数值。", field="key")
    record = Confirmation(
        key=key,
        region=region,
        value_from=value_from,
        only_for=only_for,
        value=dated.value,
        document_title=_text(document_title, "document_title", "请填写核对所据文件的名称。", 160),
        document_number=_text(document_number, "document_number", "请填写文号和条款。", 80),
        note=note.strip()[:300],
        proposed_by=actor.key,
        proposed_by_name=actor.name,
        proposed_at=now,
    )
    return _propose(record, actor, now)


def dated_value(parameter: Parameter, region: str, value_from: dt.date, only_for: str = "") -> DatedValue:
    """One recorded value by place, first day and case. Raises :class:`Refused`."""
    values = parameter.local_values.get(region, ()) if region else parameter.values
    for one in values:
        if one.from_ == value_from and one.only_for == only_for:
            return one
    raise Refused(f"“{parameter.name}”没有自{value_from}起的这一数值，请从待核清单进入。", field="value_from")


def _propose(record: Any, actor: Actor, now: dt.datetime) -> Any:
    """Store a proposal: one at a time for the same question, and nothing where it is what holds already."""
    kind = kind_of(record)
    with transaction.atomic():
        lock()
        _refuse_repetition(record)
        kind.check(record)
        record.save(force_insert=True)
        record_proposal(record, actor=actor, now=now)
    return record


def _refuse_repetition(record: TwoPersonRecord) -> None:
    kind = kind_of(record)
    same = type(record)._default_manager.filter(**kind.slot(record))
    waiting = same.filter(state=State.PROPOSED).first()
    if waiting is not None:
        raise Refused(
            f"{waiting.proposed_by_name}已经提出过同一项（第{waiting.pk}号），正在等另一人确认，请先处理那一条。"
        )
    standing = same.filter(state=State.CONFIRMED).first()
    if isinstance(standing, LocalValue) and isinstance(record, LocalValue):
        fields = ("value", "unit", "valid_until", "counting", "source_title", "source_number")
        if all(getattr(standing, name) == getattr(record, name) for name in fields):
            raise Refused("同样的数值已经生效，不用再提。", field="value")


def _parameter(law: Law, key: str) -> Parameter:
    try:
        return law.parameter(key)
    except UnknownKey as unknown:
        raise Refused(str(unknown), field="key") from unknown


def _region(code: str) -> str:
    if not _REGION.match(code.strip()):
        raise Refused("地区代码应为2、4、6、9或12位数字，请从列表中选择。", field="region")
    return code.strip()


def _text(value: str, field: str, missing: str, limit: int) -> str:
    said = value.strip()
    if not said:
        raise Refused(missing, field=field)
    if len(said) > limit:
        raise Refused(f"这一项太长，不超过{limit}字。", field=field)
    return said


def _check_dates(parameter: Parameter, record: LocalValue) -> None:
    first = parameter.values[0].from_
    if record.valid_from < first:
        raise Refused(f"“{parameter.name}”自{first}起才有规定，生效日不能早于这一天。", field="valid_from")
    if record.valid_from.year > _LAST_YEAR:
        raise Refused("生效日太远，请核对年份。", field="valid_from")
    if record.valid_until is not None and record.valid_until < record.valid_from:
        raise Refused("截止日早于生效日，请核对。", field="valid_until")


def _check_counting(law: Law, parameter: Parameter, record: LocalValue) -> None:
    allowed = shapes.units(law, parameter.key)
    if record.unit not in allowed:
        raise Refused(f"单位“{record.unit}”不对，可用：{'、'.join(allowed)}。", field="unit")
    strange = sorted(set(record.counting) - _COUNTING)
    if strange:
        raise Refused(f"计算规则有不认识的项：{'、'.join(strange)}。", field="counting")
    if record.counting and record.unit not in LENGTHS:
        raise Refused("只有期限才有计算规则，这一参数不是期限，请留空。", field="counting")
