"""Warnings made without a sweep, for tests of what people do and read."""

from __future__ import annotations

import datetime as dt

from anxin.monitoring.models import ForecastModel, PayDayForecast, Sweep, Warning
from anxin.registry.models import Project
from tests.monitoring import factories as make

EXPLANATION = {
    "title": "逾期未发工资",
    "threshold": {
        "key": "warning.w03",
        "words": "逾期1日以上",
        "conditions": [],
        "since": "2020-05-01",
        "kind": "policy",
        "confidence": "derived",
        "name": "逾期未发工资分级",
        "reference": "《保障农民工工资支付条例》第三十八条",
    },
    "parameters": [],
    "articles": [{"citation": "《保障农民工工资支付条例》第十二条"}],
    "measures": {"promised_fen": 1_200_000},
    "due": "2026-11-13",
    "days_unit": "natural",
    "responsible": "general_contractor",
    "responsible_name": "施工总承包单位",
    "clears": "银行发放结果显示该月工资全部成功到账。",
    "act_by": {"steps": [], "reference": "", "confidence": "derived"},
}


def a_sweep() -> Sweep:
    found = Sweep.objects.first()
    return found or Sweep.objects.create(
        trigger=Sweep.Trigger.MANUAL,
        as_of=dt.date(2026, 11, 19),
        known_at=make.at("2026-11-19"),
        code_version="0",
        parameters_hash="0" * 64,
        rules=["W03"],
        facts=0,
        findings=0,
        gaps=0,
        opened=0,
        continued=0,
        worsened=0,
        cleared=0,
        started_at=make.at("2026-11-19"),
        milliseconds=1,
    )


def a_warning(site=None, **fields) -> Warning:
    site = fields.get("employer") or site or make.project(f"P{Warning.objects.count() + 1}")
    number = Warning.objects.count() + 1
    values = {
        "fingerprint": f"{number:032d}",
        "rule": "W03",
        "family": Warning.Family.WAGES,
        "project": site,
        "month": "2026-10",
        "level": 2,
        "people": 2,
        "amount_fen": 1_200_000,
        "longest_days": 6,
        "sentence": f"{site.name} 2026年10月：2名工人的工资共12,000.00元，至今未到账。",
        "explanation": EXPLANATION,
        "first_seen": dt.date(2026, 11, 14),
        "opened_on": dt.date(2026, 11, 14),
        "last_seen": dt.date(2026, 11, 19),
        "act_by": dt.date(2026, 11, 27),
        "sweep": a_sweep(),
        **fields,
    }
    values.setdefault("worst_level", values["level"])
    return Warning.objects.create(**values)


def a_pay_day(site: Project, now: dt.datetime) -> PayDayForecast:
    """A coming pay day that asks for 10,000.00 where 5,000.00 are there or expected."""
    model = ForecastModel.objects.create(
        made_on=now.date(), made_at=now, cases=3, misses=1, reason="过去的发薪日还不够。"
    )
    return PayDayForecast.objects.create(
        project=site,
        month="2026-10",
        due=now.date() + dt.timedelta(days=9),
        as_of=now.date(),
        ahead=9,
        people=12,
        need_fen=1_000_000,
        free_fen=300_000,
        balance_on=now.date(),
        expected_fen=200_000,
        late_share=0.25,
        reasons=["现有余额够发几成"],
        model=model,
    )
