"""The office's own words for a guide: one person drafts, a second one publishes or sends back."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Max

from anxin.channels import guide_text
from anxin.channels.models_guides import GuideVersion
from anxin.channels.shipped import shipped
from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law

#: a phone shows no more with patience, and the first page stays small
LONGEST = 8000
_LIMITS = (("title", "标题", 60), ("summary", "一句话说明", 200), ("source", "来源", 200))
_State = GuideVersion.State


def draft_guide(
    key: str,
    *,
    title: str,
    summary: str,
    body: str,
    source: str,
    valid_from: dt.date,
    actor: Actor,
    now: dt.datetime,
) -> GuideVersion:
    """Write a new version of a guide, or change the draft that waits; readers see it once somebody else publishes it."""
    if key not in shipped():
        raise Refused("没有这一篇，请从目录进入。")
    words = {"title": title.strip(), "summary": summary.strip(), "source": source.strip()}
    for name, said, longest in _LIMITS:
        if not words[name]:
            raise Refused(f"请填写{said}。", field=name)
        if len(words[name]) > longest:
            raise Refused(f"{said}最长{longest}个字，现在是{len(words[name])}个字，请缩短。", field=name)
    body = _checked(body)
    with transaction.atomic():
        waiting = GuideVersion.objects.select_for_update().filter(key=key, state=_State.DRAFT).first()
        if waiting is not None and waiting.drafted_by != actor.key:
            raise Refused(f"{waiting.drafted_by_name}起草的一版正在等人发布，请先处理那一版。")
        last = GuideVersion.objects.filter(key=key).aggregate(last=Max("number"))["last"] or 0
        version = waiting or GuideVersion(key=key, number=last + 1)
        for name, text in words.items():
            setattr(version, name, text)
        version.body, version.valid_from = body, valid_from
        version.drafted_by, version.drafted_by_name, version.drafted_at = actor.key, actor.name, now
        version.save()
        _record(version, "guide.drafted", f"起草“{version.title}”第{version.number}版", actor, now)
    return version


def publish_guide(version: GuideVersion, *, actor: Actor, now: dt.datetime) -> GuideVersion:
    """Let a draft be read from its first day on. Never by who drafted it; the version before stays readable."""
    with transaction.atomic():
        held = _held(version)
        if held.drafted_by == actor.key:
            raise Refused("起草人不能发布自己起草的内容，请换一个人核对后发布。")
        if held.valid_from < now.date():
            raise Refused(
                f"开始日期{held.valid_from}已经过去，读者当时看到的是旧版；请起草人改为今天或以后。",
                field="valid_from",
            )
        _decide(held, _State.PUBLISHED, actor, now)
        _record(held, "guide.published", f"发布“{held.title}”第{held.number}版", actor, now)
    return held


def refuse_guide(version: GuideVersion, *, why: str, actor: Actor, now: dt.datetime) -> GuideVersion:
    """Send a draft back with a reason; who drafted it may also take it back."""
    if not why.strip():
        raise Refused("请写明退回的原因，起草人好修改。", field="why")
    with transaction.atomic():
        held = _held(version)
        held.decided_why = why.strip()[:200]
        _decide(held, _State.REFUSED, actor, now)
        _record(held, "guide.refused", f"退回“{held.title}”第{held.number}版：{held.decided_why}", actor, now)
    return held


def _held(version: GuideVersion) -> GuideVersion:
    held = GuideVersion.objects.select_for_update().get(pk=version.pk)
    if held.state != _State.DRAFT:
        raise Refused(f"这一版{held.get_state_display()}，不能再改。")
    return held


def _decide(held: GuideVersion, state: str, actor: Actor, now: dt.datetime) -> None:
    held.state = state
    held.decided_by, held.decided_by_name, held.decided_at = actor.key, actor.name, now
    held.save()


def _checked(body: str) -> str:
    body = body.replace("\r\n", "\n").strip()
    if not body:
        raise Refused("请填写正文。", field="body")
    if len(body) > LONGEST:
        raise Refused(f"正文最长{LONGEST}个字，现在是{len(body)}个字，请拆成几篇或缩短。", field="body")
    strange = guide_text.unknown_marks(body, law=local_law.current())
    if strange:
        raise Refused(f"“{strange[0]}”不是法规库里的数值或条文，请对照“写法”改正。", field="body")
    return body


def _record(version: GuideVersion, action: str, summary: str, actor: Actor, now: dt.datetime) -> None:
    journal.record(
        actor=actor,
        action=action,
        object_type="guide",
        object_id=version.key,
        summary=summary,
        now=now,
        after={"version": version.number, "valid_from": version.valid_from.isoformat()},
    )
