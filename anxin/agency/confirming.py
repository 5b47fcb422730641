"""What workers say to their lines, and what the clerk answers. No word is no answer, and never a yes."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from anxin.agency import steps
from anxin.agency.drafting import set_figures
from anxin.agency.lines import LineEdit
from anxin.agency.models import Channel, Confirmation, Objection, PayrollRun, RunLine
from anxin.agency.telling import tell_contested
from anxin.evidence.journal import Actor, record
from anxin.evidence.models import StoredFile
from anxin.kernel.masking import mask_name
from anxin.kernel.money import sentence_yuan, yuan_string
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused, worded

_SIGNED = "《保障农民工工资支付条例》第三十一条"
#: shortest words that say anything


def worker_key(worker_id: int) -> str:
    """The ``Actor.key`` of a worker who acts for themself: portals of workers use it, and it is checked here."""
    return f"worker:{worker_id}"


def confirm_line(
    line: RunLine, *, channel: str, actor: Actor, now: dt.datetime, photo: StoredFile | None = None
) -> Confirmation:
    """The worker's yes to the figures as they stand. The same yes again is the one there is.

    Raises :class:`Refused` when the line is not shown to workers, or when somebody else speaks for the worker.
    """
    with transaction.atomic():
        current = _asked(line, "确认")
        _check_word(current, channel, actor, photo)
        last = current.confirmations.order_by("-id").first()
        if (
            last is not None
            and last.digest == current.digest
            and not current.objections.filter(at__gt=last.at).exists()
        ):
            return last
        if current.objections.filter(state=Objection.State.OPEN).exists():
            raise Refused("您提出的异议还没有答复；请等劳资专管员答复后再确认。")
        found = Confirmation.objects.create(
            line=current,
            digest=current.digest,
            net_fen=current.net_fen,
            channel=channel,
            photo=photo,
            at=now,
            actor=actor.key,
            actor_name=actor.name,
        )
        _record(current, "confirmed", f"确认工资{sentence_yuan(current.net_fen)}", channel, actor, now)
    return found


def contest_line(
    line: RunLine,
    *,
    says: str,
    channel: str,
    actor: Actor,
    now: dt.datetime,
    photo: StoredFile | None = None,
) -> Objection:
    """The worker's no to the whole line; one touch is enough, words may be empty."""
    return _contest(line, None, says, channel, actor, now, photo)


def contest_day(
    line: RunLine,
    day: dt.date,
    *,
    says: str,
    channel: str,
    actor: Actor,
    now: dt.datetime,
    photo: StoredFile | None = None,
) -> Objection:
    """The worker's no to one day of the month: present and not counted, or counted wrong."""
    month = Month.parse(line.run.month)
    if not month.first_day <= day <= month.last_day:
        raise Refused(f"{day:%Y-%m-%d}不在{month.chinese()}内，请选择这个月的日子。", field="day")
    return _contest(line, day, says, channel, actor, now, photo)


def _contest(
    line: RunLine,
    day: dt.date | None,
    says: str,
    channel: str,
    actor: Actor,
    now: dt.datetime,
    photo: StoredFile | None,
) -> Objection:
    with transaction.atomic():
        current = _asked(line, "提出异议")
        _check_word(current, channel, actor, photo)
        same = current.objections.filter(day=day, state=Objection.State.OPEN).first()
        if same is not None:
            if says.strip() and says.strip() not in same.says:  # touched first, explained afterwards
                same.says = f"{same.says}；{says.strip()}".strip("；")[:500]
                same.save(update_fields=["says"])
            return same
        found = Objection.objects.create(
            line=current,
            day=day,
            says=says.strip()[:500],
            channel=channel,
            photo=photo,
            at=now,
            actor=actor.key,
            actor_name=actor.name,
            net_fen=current.net_fen,
        )
        what = f"{day:%Y-%m-%d}的考勤" if day else f"工资{sentence_yuan(current.net_fen)}"
        _record(current, "contested", f"对{what}提出异议", channel, actor, now)
        tell_contested(found, current.run, actor=actor, now=now)
    return found


def answer_objection(
    objection: Objection,
    *,
    answer: str,
    actor: Actor,
    now: dt.datetime,
    correction: LineEdit | None = None,
) -> Objection:
    """Answer the worker: with a ``correction`` the objection is accepted and the line changed, else it is explained.

    Either way the worker sees the answer and may confirm or object again. Raises :class:`Refused`.
    """
    text = worded(answer, "请写明怎样处理这条异议", field="answer", more="，工人会看到", most=500)
    with transaction.atomic():
        run = steps.locked(objection.line.run)
        found = Objection.objects.select_related("line").get(pk=objection.pk)
        if found.state != Objection.State.OPEN:
            raise Refused(f"这条异议已由{found.answered_by_name}答复，请刷新后再看。")
        if correction is not None:
            _correct(run, found, correction)
        found.state = Objection.State.ACCEPTED if correction else Objection.State.EXPLAINED
        found.answer, found.answered_at = text[:500], now
        found.answered_by, found.answered_by_name = actor.key, actor.name
        found.save(update_fields=["state", "answer", "answered_at", "answered_by", "answered_by_name"])
        line = RunLine.objects.select_related("run__project", "run__employer").get(pk=found.line_id)
        if correction is not None:
            # Whoever corrects has made the payroll too, and may not approve it.
            note = f"采纳{mask_name(line.name)}的异议"
            steps.trace(run, "edited", actor=actor, now=now, summary="修改", note=note)
        verb = "采纳" if correction else "说明"
        _record(line, "answered", f"答复异议（{verb}）：{text}", "", actor, now)
    return found


def _correct(run: PayrollRun, objection: Objection, correction: LineEdit) -> None:
    if correction.line_id != objection.line_id:
        raise Refused("更正的不是提出异议的这一行。")
    if run.state == PayrollRun.State.SUBMITTED:
        raise Refused("工资表已报总包审核，不能直接更正；请先由总包退回，或说明理由。")
    if run.state not in steps.EDITABLE:
        raise Refused(
            "工资表已经审核，这一行不能再改；少发的请写明在下月工资表中怎样补发，工人会看到您的答复。"
        )
    if not set_figures(run, [correction]):
        raise Refused("采纳异议须同时更正这一行；如果金额不变，请选择“说明”。")


def _asked(line: RunLine, what: str) -> RunLine:
    run = steps.locked_in(line.run, steps.ASKED, what)
    return run.lines.select_related("run__project", "run__employer").get(pk=line.pk)


def _check_word(line: RunLine, channel: str, actor: Actor, photo: StoredFile | None) -> None:
    """Nobody speaks for a worker unseen: the own phone is the worker's, paper needs its picture."""
    if channel not in Channel.values:
        raise Refused("请注明通过什么方式：本人手机、工地平板当面或纸质签字。", field="channel")
    own = actor.key == worker_key(line.worker_id)
    if channel == Channel.OWN_PHONE and not own:
        raise Refused("只有工人本人才能用自己的手机确认或提出异议。", field="channel")
    if actor.key.startswith("worker:") and not own:
        raise Refused("这不是您的工资，不能确认或提出异议。")
    if channel == Channel.PAPER and photo is None:
        raise Refused("纸质签字须附照片或扫描件。", field="photo")


def _record(line: RunLine, action: str, what: str, channel: str, actor: Actor, now: dt.datetime) -> None:
    way = f"（{Channel(channel).label}）" if channel else ""
    record(
        actor=actor,
        action=f"agency.{action}",
        object_type="run_line",
        object_id=line.pk,
        summary=f"{mask_name(line.name)}{what}{way}：{steps.title(line.run)}",
        after={
            "project_ids": [line.run.project_id],
            "months": [line.run.month],
            "run_id": line.run_id,
            "net": yuan_string(line.net_fen),
            "channel": channel,
        },
        basis=_SIGNED,
        now=now,
    )
