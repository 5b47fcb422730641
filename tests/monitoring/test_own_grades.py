"""An office that wants grades as they were first written records them for its place, with two persons."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.local_law import services
from anxin.monitoring.rules import RULES
from anxin.monitoring.rules.grading import grade
from tests.monitoring import factories as make

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 9, 30)
NOW = make.at("2026-11-20")
ONE_SIGN = {"signs": 1, "complaints": 0}
TWO_SIGNS = {"signs": 2, "complaints": 0}


def level(code: str, measures: dict[str, int], region: str = "990101") -> str | None:
    found = grade(local_law.current().value(RULES[code].grading, on=DAY, region=region), measures)
    return found and found.level


def take(key: str, value: object) -> None:
    record = services.propose_value(
        key=key,
        region="9901",
        region_name="安城市",
        valid_from=dt.date(2026, 1, 1),
        value=value,
        source_title="关于用人单位预警分级的通知",
        source_number="安人社发〔2025〕12号",
        actor=Actor("user:11", "某甲"),
        now=NOW,
    )
    services.confirm(record, actor=Actor("user:12", "某乙"), now=NOW)


def test_signs_alone_are_no_warning_unless_three(db):
    assert [level("W18", {"signs": number, "complaints": 0}) for number in (1, 2, 3)] == [
        None,
        None,
        "orange",
    ]


def test_an_office_takes_back_the_scheme_as_written(db):
    take("warning.w18", local_law.current().value("warning.w18_as_written", on=DAY).value)
    assert (level("W18", ONE_SIGN), level("W18", TWO_SIGNS)) == ("blue", "yellow")
    assert level("W18", ONE_SIGN, region="990201") is None


def test_an_office_takes_back_the_first_month_of_contributions_owed(db):
    shipped = local_law.current().value("warning.e01", on=DAY).value
    assert level("E01", {"arrears_months": 1}) is None
    first = {"level": "blue", "words": "欠缴1个月", "when": {"arrears_months": {"min": 1}}}
    take("warning.e01", [*shipped, first])
    assert level("E01", {"arrears_months": 1}) == "blue"


def test_a_scheme_with_a_measure_that_nobody_counts_is_refused(db):
    broken = [{"level": "blue", "words": "有传闻", "when": {"rumours": {"min": 1}}}]
    with pytest.raises(Refused):
        take("warning.w18", broken)
