"""Recording facts about the contract chain and the money, and taking them back."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from anxin.evidence.journal import Actor, record
from anxin.kernel.refusal import Refused
from anxin.law import LawError
from anxin.liability.kinds import KINDS, PLAIN, PROJECT, FactKind
from anxin.liability.models import LiabilityFact
from anxin.registry.models import Project

RECORDED = "liability.fact_recorded"
WITHDRAWN = "liability.fact_withdrawn"
_MOST_CLAIMS = 4
_Status = LiabilityFact.Status


def record_fact(
    project: Project,
    *,
    kind: str,
    status: str,
    claims: Sequence[tuple[str, str]],
    since: dt.date,
    actor: Actor,
    now: dt.datetime,
    subject: str = "",
    document: str = "",
) -> LiabilityFact:
    """Record one fact; ``claims`` are pairs of what is said and by whom.

    A known fact has one, a disputed or unknown one two or more. The same fact from the same day is replaced.
    Raises :class:`Refused`.
    """
    found = _kind(kind)
    name = _clean(subject)
    said = [(_clean(value), _clean(by)) for value, by in claims if _clean(value)]
    _check(found, name, status, said)
    _check_paper(found, status, document, since, now)
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        old = LiabilityFact.objects.filter(
            project=project, subject=name, kind=kind, since=since, superseded_at__isnull=True
        ).first()
        if old is not None:
            LiabilityFact.objects.filter(pk=old.pk).update(superseded_at=now)
        fact = LiabilityFact.objects.create(
            project=project,
            subject=name,
            kind=kind,
            status=status,
            claims=[{"value": value, "by": by} for value, by in said],
            document=_clean(document),
            since=since,
            recorded_at=now,
            recorded_by_name=actor.name,
        )
        words = " / ".join(value for value, _ in said)
        label = _Status(status).label
        record(
            actor=actor,
            action=RECORDED,
            object_type="liabilityfact",
            object_id=fact.pk,
            summary=f"项目“{project.name}”{'更正' if old else '登记'}{name}{found.title}：{words}（{label}）"[
                :500
            ],
            now=now,
            before={"id": old.pk, "claims": old.claims, "status": old.status} if old else None,
            after={"id": fact.pk, "claims": fact.claims, "status": status, "project_ids": [project.pk]},
        )
    return fact


def withdraw_fact(fact: LiabilityFact, *, actor: Actor, now: dt.datetime) -> None:
    """Take back a fact recorded by mistake; what was known before stays readable. Raises :class:`Refused`."""
    with transaction.atomic():
        open_rows = LiabilityFact.objects.filter(pk=fact.pk, superseded_at__isnull=True)
        if not open_rows.update(superseded_at=now):
            raise Refused("这条记录已经被更正或者撤回，请刷新页面。")
        record(
            actor=actor,
            action=WITHDRAWN,
            object_type="liabilityfact",
            object_id=fact.pk,
            summary=f"项目“{fact.project.name}”撤回{fact.subject}{_kind(fact.kind).title}",
            now=now,
            before={"id": fact.pk, "claims": fact.claims, "status": fact.status},
            after={"project_ids": [fact.project_id]},
        )


def _kind(key: str) -> FactKind:
    if key not in KINDS:
        raise Refused("没有这种事项，请从页面上的“登记”进入。", field="kind")
    return KINDS[key]


def _clean(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _check(kind: FactKind, subject: str, status: str, said: Sequence[tuple[str, str]]) -> None:
    if kind.about == PROJECT and subject:
        raise Refused(f"“{kind.title}”是整个项目的事项，不要写单位名称。", field="subject")
    if kind.about != PROJECT and not subject:
        raise Refused(f"请写明“{kind.title}”说的是哪个单位或者个人。", field="subject")
    if len(subject) > 120 or any(len(value) > 200 or len(by) > 60 for value, by in said):
        raise Refused("名称或者内容太长，请缩短。", field="subject" if len(subject) > 120 else "value_1")
    if status not in _Status.values:
        raise Refused("请选择已查明、有争议或者未查明。", field="status")
    if kind.key in PLAIN and status != _Status.KNOWN:
        raise Refused(f"“{kind.title}”只能登记已查明的内容。", field="status")
    _check_claims(kind, subject, status, said)


def _check_claims(kind: FactKind, subject: str, status: str, said: Sequence[tuple[str, str]]) -> None:
    if status == _Status.KNOWN and len(said) != 1:
        raise Refused("已查明的事实只填一个值；有不同说法的，请选“有争议”。", field="value_1")
    if status != _Status.KNOWN and not 2 <= len(said) <= _MOST_CLAIMS:
        raise Refused("有争议或者未查明的，请填写两种以上的可能。", field="value_2")
    for number, (value, _) in enumerate(said, start=1):
        try:
            kind.check(value)
        except LawError as problem:
            raise Refused(str(problem), field=f"value_{number}") from None
    if kind.key == "people" and not (said[0][0].isdecimal() and 0 < int(said[0][0]) < 10**6):
        raise Refused("人数应为正整数。", field="value_1")
    if kind.key == "above" and said[0][0] == subject:
        raise Refused("发包人不能是它自己。", field="value_1")
    if len({kind.say(value) for value, _ in said}) != len(said):
        raise Refused("几种说法其实一样，请核对。", field="value_2")
    if status == _Status.DISPUTED and not all(by for _, by in said):
        raise Refused("有争议的，请写明每种说法是谁主张的。", field="by_1" if not said[0][1] else "by_2")


def _check_paper(kind: FactKind, status: str, document: str, since: dt.date, now: dt.datetime) -> None:
    if status == _Status.KNOWN and not document.strip():
        raise Refused(f"已查明的“{kind.title}”要写明凭据，例如合同、付款凭证、询问笔录。", field="document")
    if len(document) > 200:
        raise Refused("凭据太长，请缩短到200字以内。", field="document")
    if since > timezone.localdate(now):
        raise Refused("从哪天起不能晚于今天。", field="since")
