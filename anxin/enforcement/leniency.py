"""The three lists as a help: which conditions are met, unmet or unknown. The person decides, and says why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from anxin.accounts.models import User
from anxin.casework.models import Matter, Step
from anxin.enforcement.crime import MET, PROCEDURE, UNKNOWN, UNMET
from anxin.enforcement.inspection import note, working
from anxin.enforcement.models import LeniencyOpinion
from anxin.kernel.refusal import Refused
from anxin.law import Law

#: the lists, and which provisions open them
LISTS: dict[str, tuple[str, ...]] = {
    "waived": (
        "penalty.no_penalty_minor_corrected", "penalty.may_no_penalty_first_time", "penalty.no_penalty_no_fault",
    ),
    "mitigated": ("penalty.lighter_or_mitigated",),
    "lighter": ("penalty.lighter_or_mitigated",),
}  # fmt: skip
_STATES = (MET, UNMET, UNKNOWN)
_REASON_LEAST, _REASON = 10, 1000
_IN_TRANSFER = ("transfer_review", "transfer_approved", "transferred")


@dataclass(frozen=True)
class Condition:
    """One condition, how it stands, and from what that is known."""

    words: str
    state: str
    why: str
    #: the records decide it, whatever is answered
    recorded: bool


@dataclass(frozen=True)
class Ground:
    """One provision by which a list applies: all of its conditions, or any one of them."""

    key: str
    title: str
    citation: str
    note: str
    every: bool
    conditions: Sequence[Condition]

    @property
    def state(self) -> str:
        states = [one.state for one in self.conditions]
        whole, broken = (MET, UNMET) if self.every else (UNMET, MET)
        if broken in states:
            return broken
        return whole if all(one == whole for one in states) else UNKNOWN


@dataclass(frozen=True)
class Comparison:
    """A case held against the three lists."""

    #: list → its grounds
    lists: Mapping[str, Sequence[Ground]]
    #: why the records say that the arrears are malicious; empty where they do not
    malice: str


def compare(matter: Matter, on: dt.date, law: Law, answers: Mapping[str, str] | None = None) -> Comparison:
    """Hold the case against the lists; ``answers`` are the inspector's by the words of a condition."""
    facts, answers = _facts(matter), answers or {}
    lists = {}
    for name, keys in LISTS.items():
        lists[name] = [_ground(key, matter, on, law, facts, answers) for key in keys]
    return Comparison(lists, _malice(matter))


def decide_leniency(
    matter: Matter, *, outcome: str, malicious: str, answers: Mapping[str, str], reason: str, on: dt.date,
    by: User, now: dt.datetime, law: Law,
) -> LeniencyOpinion:  # fmt: skip
    """Keep what the person decided, with the conditions as they stood; never for malicious arrears."""
    if outcome not in LeniencyOpinion.Outcome.values:
        raise Refused("请选择不予处罚、减轻、从轻或者不适用清单。", field="outcome")
    if not _REASON_LEAST <= len(reason.strip()) <= _REASON:
        raise Refused(f"请写明理由，{_REASON_LEAST}至{_REASON}字。", field="reason")
    if malicious not in ("yes", "no"):
        raise Refused("请先判断是不是恶意欠薪。", field="malicious")
    with transaction.atomic():
        held = working(matter, by)
        told = compare(held, on, law, answers)
        is_malicious = malicious == "yes" or bool(told.malice)
        if is_malicious and outcome != LeniencyOpinion.Outcome.NONE:
            raise Refused(f"恶意欠薪不适用三张清单，只能选择“不适用清单”。{told.malice}", field="outcome")
        opinion = LeniencyOpinion.objects.create(
            matter=held, outcome=outcome, malicious=is_malicious, reason=reason.strip(), at=now,
            grounds=[asdict(one) for one in told.lists.get(outcome, ())], by_name=str(by)[:80],
        )  # fmt: skip
        title = opinion.get_outcome_display()
        note(
            held,
            "case.leniency",
            f"三张清单：{title}",
            by,
            now,
            {"outcome": outcome, "malicious": is_malicious},
        )
    return opinion


def _ground(
    key: str,
    matter: Matter,
    on: dt.date,
    law: Law,
    facts: Mapping[str, tuple[str, str]],
    answers: Mapping[str, str],
) -> Ground:
    value = law.value(key, on, matter.region_id)
    every = "conditions" in value.value
    words = value.value["conditions" if every else "any_of"]
    conditions = [_condition(one, facts, answers) for one in words]
    return Ground(key, value.name, value.reference, value.note, every, conditions)


def _condition(words: str, facts: Mapping[str, tuple[str, str]], answers: Mapping[str, str]) -> Condition:
    state, why = facts.get(words, (UNKNOWN, ""))
    if state == UNMET:
        return Condition(words, UNMET, why, recorded=True)
    answer = answers.get(words, "")
    if answer in _STATES and answer != UNKNOWN:
        return Condition(words, answer, f"监察员判断{'；' + why if why else ''}", recorded=False)
    return Condition(words, state, why or "没有记录，由监察员判断", recorded=False)


def _facts(matter: Matter) -> dict[str, tuple[str, str]]:
    """What the records say of conditions, by their words in the law's tables."""
    found: dict[str, tuple[str, str]] = {}
    performed = matter.steps.filter(kind=Step.Kind.TAKEN, transition="perform").order_by("pk").first()
    if performed is not None:
        found["及时改正"] = (MET, f"{performed.on} 已登记履行")
    if matter.employer_id is None and matter.project_id is None:
        return found
    others = Matter.objects.exclude(pk=matter.pk)
    same = (
        others.filter(employer=matter.employer_id)
        if matter.employer_id
        else others.filter(project=matter.project_id)
    )
    earlier = Step.objects.filter(
        matter__in=same.filter(procedure="inspection_case").values("pk"), transition__in=("order", "decide")
    )
    if (step := earlier.select_related("matter").order_by("pk").first()) is not None:
        found["初次违法"] = (UNMET, f"{step.on} 另案（{step.matter.number}）已责令或者处罚")
    if (gathered := same.filter(procedure="group_event").order_by("pk").first()) is not None:
        why = f"{gathered.opened_on} 发生过群体性事件（{gathered.number}）"
        found["没有造成危害后果"] = found["危害后果轻微"] = (UNMET, why)
    return found


def _malice(matter: Matter) -> str:
    if matter.state in _IN_TRANSFER:
        return "本件正在移送公安机关。"
    if matter.followed_by.filter(procedure=PROCEDURE).exists():
        return "本件已开始移送公安机关。"
    return ""
