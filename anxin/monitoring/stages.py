"""Stages of rules: draft, shadow, live, retired, as dated records over the stages that ship.

A live rule warns. A rule on trial (shadow) is evaluated beside the live ones and only counted. A draft is
evaluated in back-tests alone, a retired rule not at all. A stage is proposed by one person and confirmed by
another; a live rule that is measured below the floor goes back on trial by itself.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from anxin.accounts.access import CONFIRM_LAW, LAW, actor, may
from anxin.accounts.models import User
from anxin.evidence import journal
from anxin.evidence.journal import SYSTEM, Actor
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.monitoring.models import RuleStage

Stage = RuleStage.Stage
Answer = RuleStage.Answer
FLOOR = "monitoring.precision_floor"
_REASON_LIMIT = 500
#: from where to where a rule may go; whoever warns has been on trial
_NEXT: dict[str, frozenset[str]] = {
    Stage.DRAFT: frozenset({Stage.SHADOW, Stage.RETIRED}),
    Stage.SHADOW: frozenset({Stage.DRAFT, Stage.LIVE, Stage.RETIRED}),
    Stage.LIVE: frozenset({Stage.SHADOW, Stage.RETIRED}),
    Stage.RETIRED: frozenset({Stage.DRAFT, Stage.SHADOW}),
}


@dataclass(frozen=True)
class RuleMeasures:
    """How often a rule was right, as measured over a period. Shares are between 0 and 1."""

    rule: str
    cases: int
    precision: float
    #: bounds of the interval of ``precision``
    low: float
    high: float
    since: dt.date
    until: dt.date


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, str]:
    """The stages that ship, with the default under the empty key."""
    read: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("stages.yaml").read_text("utf-8"))
    return {
        "": Stage(read["default"]).value,
        **{code: Stage(name).value for code, name in read["rules"].items()},
    }


def of_rules(codes: Iterable[str], *, on: dt.date, known_at: dt.datetime) -> dict[str, str]:
    """The stage of each rule on a day, as known at a moment; one query."""
    records = RuleStage.objects.filter(
        answer=Answer.CONFIRMED, from_day__lte=on, answered_at__lte=known_at
    ).order_by("from_day", "answered_at", "pk")
    recorded = dict(records.values_list("rule", "stage"))
    default = shipped()
    return {code: recorded.get(code, default.get(code, default[""])) for code in codes}


def possible(stage: str) -> list[tuple[str, str]]:
    """Where a rule in this stage may go, with titles, in the order of a rule's life."""
    return [(one.value, one.label) for one in Stage if one in _NEXT[stage]]


def history(rule: str) -> QuerySet[RuleStage]:
    """Everything that was proposed for a rule, newest first."""
    return RuleStage.objects.filter(rule=rule).order_by("-from_day", "-pk")


def propose_stage(
    *, rule: str, stage: str, from_day: dt.date, reason: str, user: User, now: dt.datetime
) -> RuleStage:
    """Propose that a rule enter a stage; another person confirms. Raises :class:`Refused`."""
    from anxin.monitoring.rules import RULES

    if not may(user, LAW):
        raise Refused("您的角色不能提议规则的阶段，请联系有权限的同事。")
    if rule not in RULES:
        raise Refused(f"没有编号为“{rule}”的规则。", field="rule")
    if stage not in Stage.values:
        raise Refused("请选择一个阶段。", field="stage")
    if not reason.strip():
        raise Refused("请写明理由，例如试运行了多久、结果如何。", field="reason")
    if len(reason) > _REASON_LIMIT:
        raise Refused(f"理由不能超过{_REASON_LIMIT}字，现在是{len(reason)}字。", field="reason")
    if from_day < timezone.localdate(now):
        raise Refused("生效日期不能早于今天：已经发出的预警不能事后改变。", field="from_day")
    current = of_rules([rule], on=from_day, known_at=now)[rule]
    if stage == current:
        raise Refused(f"这条规则届时已是“{Stage(stage).label}”。", field="stage")
    if stage not in _NEXT[current]:
        raise Refused(
            f"不能从“{Stage(current).label}”直接转为“{Stage(stage).label}”，请先试运行。", field="stage"
        )
    with transaction.atomic():
        if RuleStage.objects.select_for_update().filter(rule=rule, answer=Answer.ASKED).exists():
            raise Refused("这条规则已有一项待确认的变动，请先由另一位同事确认或退回。")
        record = RuleStage.objects.create(
            rule=rule, stage=stage, from_day=from_day, reason=reason.strip(), asked_by=user,
            asked_by_name=str(user), asked_at=now,
        )  # fmt: skip
        _journal("monitoring.stage_proposed", record, "提议", actor(user), now)
    return record


def confirm_stage(record_id: int, *, user: User, now: dt.datetime, agree: bool, text: str = "") -> RuleStage:
    """Confirm or refuse as the second person. Raises :class:`Refused`."""
    if not may(user, CONFIRM_LAW):
        raise Refused("您的角色不能确认规则的阶段，请联系有权限的同事。")
    if not agree and not text.strip():
        raise Refused("请写明不同意的原因。", field="text")
    with transaction.atomic():
        record = RuleStage.objects.select_for_update().filter(pk=record_id, answer=Answer.ASKED).first()
        if record is None:
            raise Refused("没有待确认的变动，可能已由其他同事处理。")
        if record.asked_by_id == user.pk:
            raise Refused("须由另一位同事确认，提议人不能自行确认。")
        record.answer = Answer.CONFIRMED if agree else Answer.REFUSED
        record.answered_by, record.answered_by_name = user, str(user)
        record.answered_at, record.answer_text = now, text.strip()[:_REASON_LIMIT]
        # What was agreed late holds from the day it was agreed: nothing warns, or stops, in the past.
        record.from_day = max(record.from_day, timezone.localdate(now))
        record.save()
        action = "monitoring.stage_confirmed" if agree else "monitoring.stage_refused"
        _journal(action, record, "确认" if agree else "不同意", actor(user), now)
    return record


def demote_below_floor(measures: Iterable[RuleMeasures], now: dt.datetime) -> list[str]:
    """Put live rules back on trial whose precision, even at its upper bound, lies below the floor.

    The floor and the number of cases it needs are the dated parameter ``monitoring.precision_floor``. Returns
    the codes; running again changes nothing, because they are live no more.
    """
    today = timezone.localdate(now)
    measured = {one.rule: one for one in measures}
    value = local_law.current().value(FLOOR, on=today)
    floor, needed = value.value["floor_percent"], value.value["cases"]
    demoted = []
    with transaction.atomic():
        stages = of_rules(measured, on=today, known_at=now)
        for code, one in sorted(measured.items()):
            if stages[code] != Stage.LIVE or one.cases < needed or one.high * 100 >= floor:
                continue
            reason = (
                f"{one.since.isoformat()}至{one.until.isoformat()}核对{one.cases}件，准确率"
                f"{one.precision:.0%}（{one.low:.0%}至{one.high:.0%}），上限低于{floor}%的底线，自动转为试运行。"
            )
            record = RuleStage.objects.create(
                rule=code, stage=Stage.SHADOW, from_day=today, reason=reason, answer=Answer.CONFIRMED,
                asked_by_name=SYSTEM.name, asked_at=now, answered_by_name=SYSTEM.name, answered_at=now,
            )  # fmt: skip
            _journal("monitoring.stage_demoted", record, "自动降级", SYSTEM, now)
            demoted.append(code)
    return demoted


def waiting() -> QuerySet[RuleStage]:
    """What waits for a second person."""
    return RuleStage.objects.filter(Q(answer=Answer.ASKED)).order_by("pk")


def _journal(action: str, record: RuleStage, word: str, who: Actor, now: dt.datetime) -> None:
    journal.record(
        actor=who,
        action=action,
        object_type="rule",
        object_id=record.rule,
        summary=f"{word}：规则{record.rule}自{record.from_day.isoformat()}起{record.get_stage_display()}",
        now=now,
        after={
            "stage": record.stage,
            "from": record.from_day.isoformat(),
            "reason": record.reason,
            "text": record.answer_text,
        },
    )
