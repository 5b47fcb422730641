"""E07: water and power fell away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.monitoring.rules.employers.months import (
    ARTICLES,
    FRESH,
    YEAR,
    at,
    chinese,
    fresh_only,
    month_number,
    number,
    silent,
    utilities,
    with_keys,
)
from anxin.monitoring.rules.framework import Finding, RuleContext, employer_rule
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import subject
from anxin.monitoring.rules.shared import as_rows

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_BASE = "employer_signs.utility_base_months"
_LEAST_WATER = "employer_signs.least_water"
_LEAST_POWER = "employer_signs.least_power"
#: half of the usual and less is low
_LOW = 0.5
#: less than this part of the same month last year, or a season explains it
_SEASON = 0.6
#: months that a usual use needs
_ENOUGH = 3
_DETAILS = ("drop_percent", "low_months", "meters", "water_percent", "power_percent", "at_month")


def utility_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """One row for each meter that shows far less than usual, and less than the season explains."""
    return ctx.once("employer_utilities", lambda: _both(facts, ctx))


def _both(facts: Facts, ctx: RuleContext) -> ir.Table:
    water = _fallen(facts, ctx, "water_m3", number(ctx, _LEAST_WATER))
    power = _fallen(facts, ctx, "power_kwh", number(ctx, _LEAST_POWER))
    nothing = ibis.null().cast("int64")
    water = water.mutate(water_percent=water.drop_percent, power_percent=nothing)
    power = power.mutate(water_percent=nothing, power_percent=power.drop_percent)
    return as_rows(water.union(power.select(water.columns)), _DETAILS)


def _fallen(facts: Facts, ctx: RuleContext, column: str, least: int) -> ir.Table:
    where = f"{column}_at"
    table = fresh_only(utilities(facts, ctx), where, ctx)

    def used(before: int) -> ir.FloatingValue:
        return at(table, where, column, ctx, before=before)

    # The latest two months may both be low: the usual is that of the months before them.
    span = [used(age) for age in range(2, 2 + number(ctx, _BASE))]
    table = table.select(
        "employer_id",
        at_month=month_number(table, where, ctx),
        now=used(0),
        previous=used(1),
        last_year=used(YEAR),
        whole=_sum([value.fill_null(0.0) for value in span]),
        counted=_sum([value.notnull().cast("int64") for value in span]),
    )
    table = table.filter((table.counted >= _ENOUGH) & (table.whole >= table.counted * least))
    table = table.mutate(usual=table.whole / table.counted)
    season = table.last_year.isnull() | (table.now < table.last_year * _SEASON)
    table = table.filter((table.now < table.usual * _LOW) & season)
    was_low = (table.previous < table.usual * _LOW).fill_null(False)
    table = table.mutate(
        drop_percent=((1 - table.now / table.usual) * 100).floor().cast("int64"),
        low_months=1 + was_low.cast("int64"),
        meters=ibis.literal(1, type="int64"),
    )
    return with_keys(table, ctx).select(
        "employer_id", "month", "keys", "drop_percent", "low_months", "meters", "at_month"
    )


def _sum(values: list[ir.Value]) -> ir.Value:
    total = values[0]
    for value in values[1:]:
        total = total + value
    return total


def utility_gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Employers of which the water or the power company no longer says anything."""
    table = utilities(facts, ctx)
    water = silent(table, "water_m3_at", "water_missing", ctx)
    return water.union(silent(table, "power_kwh_at", "power_missing", ctx))


def utility_sentence(finding: Finding, name: str) -> str:
    """``…2026年8月用水比平时下降85%、用电下降70%，已连续2个月偏低。``"""
    measures = finding.measures
    parts = [
        f"{words}比平时下降{measures[key]}%"
        for key, words in (("water_percent", "用水"), ("power_percent", "用电"))
        if measures[key] is not None
    ]
    again = "，上月也不到平时的一半" if measures["low_months"] > 1 else ""
    return f"{subject(finding, name)}{chinese(measures['at_month'])}{'、'.join(parts)}{again}。"


UTILITIES = employer_rule(
    code="E07",
    title="用水用电骤降",
    articles=ARTICLES,
    grading="warning.e07",
    parameters=(FRESH, _BASE, _LEAST_WATER, _LEAST_POWER),
    rows=utility_rows,
    gaps=utility_gaps,
    gap_sentences={
        "water_missing": "用水数据最近一次是{subject}，此后没有送达，用水情况不明。",
        "power_missing": "用电数据最近一次是{subject}，此后没有送达，用电情况不明。",
    },
    sentence=utility_sentence,
    clears="用水用电恢复到平时的一半以上；停产、搬迁、错峰生产的，到场核实后说明。",
    measures={
        "drop_percent": "max",
        "low_months": "max",
        "meters": "sum",
        "water_percent": "max",
        "power_percent": "max",
        "at_month": "max",
    },
)
