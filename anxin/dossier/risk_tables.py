"""Warnings and gaps of a site or about a worker: rule and version, the values of the law, and the rows they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from anxin.dossier.people import People
from anxin.dossier.showing import day, moment, plain, yuan
from anxin.dossier.streams import CHUNK
from anxin.monitoring.models import Gap, Warning, WarningEvent, WarningRow
from anxin.proof import Table
from anxin.proof.contents import ABOUT, WITHHELD


def warnings(found: Sequence[Warning], slug: str) -> Table:
    """``found`` with sweep, project and employer at hand."""
    columns = {
        "number": "编号", "rule": "规则", "subject": "对象", "month": "月份", "level": "等级", "state": "状态", "said": "说明",
        "people": "人数", "amount": "金额（元）", "threshold": "门槛", "articles": "条文", "clears": "怎样消除", "first": "首次发现",
        "last": "最近一次发现", "cleared": "消除", "version": "规则版本（程序）", "law": "法规数值的摘要", "sweep": "扫描",
    }  # fmt: skip
    return Table(slug, "预警", columns, [_warning(one) for one in found])


def _warning(one: Warning) -> dict[str, Any]:
    kept, sweep = one.explanation, one.sweep
    return {
        "number": str(one.pk),
        "rule": f"{one.rule} {kept['title']}",
        "subject": one.subject.name,
        "month": one.month,
        "level": one.get_level_display(),
        "state": one.get_state_display(),
        "said": one.sentence,
        "people": one.people,
        "amount": yuan(one.amount_fen),
        "threshold": kept["threshold"]["words"],
        "articles": "；".join(article["citation"] for article in kept["articles"]),
        "clears": plain(kept["clears"]),
        "first": day(one.first_seen),
        "last": day(one.last_seen),
        "cleared": day(one.cleared_on),
        "version": sweep.code_version,
        "law": sweep.parameters_hash,
        "sweep": f"截至{sweep.as_of}，依据到{moment(sweep.known_at)}为止收到的数据",
    }


def parameters(found: Iterable[Warning], slug: str) -> Table:
    """Each value once that a rule was held against, as the sweep kept it."""
    columns = {
        "key": "键名", "name": "名称", "value": "数值", "from": "自", "reference": "依据", "rules": "用它的规则",
    }  # fmt: skip
    rows: dict[str, dict[str, Any]] = {}
    for warning in found:
        for one in warning.explanation["parameters"]:
            row = {
                "key": one["key"],
                "name": one["name"],
                "value": one["missing"] if one["value"] is None else f"{plain(one['value'])}{one['unit']}",
                "from": one.get("since", ""),
                "reference": one.get("reference", ""),
            }
            kept = rows.setdefault(plain(row), row | {"rules": warning.rule})
            if warning.rule not in kept["rules"].split("、"):
                kept["rules"] += f"、{warning.rule}"
    return Table(slug, "预警所用的法规数值", columns, list(rows.values()))


def evidence(
    rows: QuerySet[WarningRow], keys: Mapping[str, str], people: People, slug: str, only: str = ""
) -> Table:
    """The rows behind the warnings; ``keys``: the person's key by the worker's number as text.

    ``only``: the one worker whose rows are handed over; all others are withheld.
    """
    columns = {
        "warning": "预警编号", "sign": "代号", "name": "姓名", "amount": "金额（元）", "days": "天数", "detail": "各项数值",
        "rests_on": "所依据的行号",
    }  # fmt: skip
    return Table(slug, "预警的依据", columns, _evidence(rows, keys, people, only))


def _evidence(
    rows: QuerySet[WarningRow], keys: Mapping[str, str], people: People, only: str
) -> Iterator[dict[str, Any]]:
    for one in rows.order_by("warning", "pk").iterator(chunk_size=CHUNK):
        row: dict[str, Any] = {
            "warning": str(one.warning_id),
            "amount": yuan(one.amount_fen),
            "days": one.days,
            "detail": plain(one.detail) if one.detail else "",
            "rests_on": one.keys.replace("|", "；"),
        }
        if one.worker_key in keys:
            person = people.add(keys[one.worker_key], "")
            row |= {ABOUT: [person.sign], "sign": person.sign, "name": person.name}
        # a row of nobody known may be somebody whom no roster names: it is withheld too
        yield row | ({WITHHELD: True} if only and one.worker_key != only else {})


def gaps(found: Iterable[Gap], slug: str) -> Table:
    columns = {
        "rule": "规则", "month": "月份", "missing": "缺什么，不能判断", "first": "首次发现", "closed": "补齐", "version": "规则版本（程序）",
    }  # fmt: skip
    rows = [
        {
            "rule": one.rule,
            "month": one.month,
            "missing": one.missing,
            "first": day(one.first_seen),
            "closed": day(one.closed_on),
            "version": one.sweep.code_version,
        }
        for one in found
    ]
    return Table(slug, "缺的数据", columns, rows)


def handling(found: Iterable[WarningEvent], slug: str) -> Table:
    columns = {
        "warning": "预警编号",
        "at": "时间",
        "what": "动作",
        "who": "谁",
        "text": "内容",
        "file": "附件",
    }
    rows = [
        {
            "warning": str(one.warning_id),
            "at": moment(one.at),
            "what": one.get_kind_display(),
            "who": one.actor_name,
            "text": one.text,
            "file": one.filename,
        }
        for one in found
    ]
    return Table(slug, "预警的处置", columns, rows)
