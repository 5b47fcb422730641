"""When the time of a level is out without agreement, the case goes up one level by itself; at the top a person ends it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from anxin.accounts.models import User
from anxin.casework.notifying import Colleagues
from anxin.evidence.journal import SYSTEM, record
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law
from anxin.mediation import stamping
from anxin.mediation.access import require_works
from anxin.mediation.applying import applicants, begin_stage, end_stage, locked, step
from anxin.mediation.models import Level, MediationCase, Session, Stage
from anxin.mediation.proposing import Wanted, propose
from anxin.mediation.telling import must_tell, note, tell_workers_on_it

#: states of the matter in which mediation still goes on
_GOES_ON = ("registered", "mediating")


def climb_due(on: dt.date, now: dt.datetime, law: Law) -> int:
    """Take every case whose level's last day lies before ``on`` up one level; returns how many moved.

    Run again, nothing moves twice: the new level has days of its own. A drafted agreement that waits for signatures keeps
    its case where it is.
    """
    due = MediationCase.objects.filter(
        stage_due_on__lt=on, matter__closed_on__isnull=True, matter__state__in=_GOES_ON
    )
    keys = list(due.order_by("pk").values_list("pk", flat=True))
    colleagues = Colleagues()
    return sum(_climb(pk, on, now, law, colleagues) for pk in keys)


def end_without_agreement(
    case: MediationCase, *, why: str, by: User, now: dt.datetime, today: dt.date, law: Law
) -> None:
    """Mediation has failed: a notice says so in writing, and which ways are open. Raises :class:`Refused`."""
    why = worded(why, "请写明终结调解的原因", field="why", more="，会写进调解终结告知书", most=500)
    with transaction.atomic():
        held = locked(case)
        require_works(by, held)
        if held.matter.state not in _GOES_ON or held.body is None:
            raise Refused("本件不在调解中，不能终结调解。")
        if held.agreements.filter(withdrawn_at__isnull=True).exists():
            raise Refused("已有拟好的调解协议，请先确认或者撤回，再终结调解。")
        data = {
            "organisation": held.body.name,
            "applicant": applicants(held),
            "employer": held.employer_name,
            "applied_on": held.applied_on,
            "reason": why if why.endswith("。") else f"{why}。",
            "issued_on": today,
        }
        stamping.end_notice(held, data, by=by, now=now, law=law)
        step(held.matter, "fail", on=today, by=by, now=now, law=law, says=why)
        running = held.stages.get(ended_on__isnull=True)
        end_stage(running, Stage.Outcome.FAILED, today)
        _leave(held, today)
        text = f"{held}：调解没有达成协议，已经终结。可以依法申请仲裁，劳动者也可以向劳动监察投诉。"
        must_tell(held, "failed", text, now=now)
        note(held, "failed", f"终结调解：{why}", by=by, now=now)


def _climb(pk: int, on: dt.date, now: dt.datetime, law: Law, colleagues: Colleagues) -> bool:
    with transaction.atomic():
        case = locked(MediationCase(pk=pk))
        running = case.stages.select_related("body").filter(ended_on__isnull=True).first()
        if running is None or running.due_on is None or running.due_on >= on:
            return False
        if case.matter.state not in _GOES_ON or case.agreements.filter(withdrawn_at__isnull=True).exists():
            return False
        level = Level(running.level)
        higher = propose(Wanted.of(case), above=level)
        # the next level that is there, not the best of all: a case climbs one step at a time
        nearest = min(higher, key=lambda one: list(Level).index(one.level), default=None)
        if nearest is None:
            return _expired(case, running, on, now, colleagues)
        best = next(one for one in higher if one.level == nearest.level)
        end_stage(running, Stage.Outcome.CLIMBED, on)
        case.sessions.filter(state=Session.State.APPOINTED).update(
            state=Session.State.CANCELLED, result="调解期限已满，转上一级调解组织。"
        )
        came = f"{running.body}的调解期限到{running.due_on}，没有达成协议，自动转上一级。"
        stage = begin_stage(case, best.body, best.mediator, on, law, reasons=[came, *best.reasons])
        text = (
            f"{case}：{running.get_level_display()}一级的调解期限已满，没有达成协议，自{on}起转由{best.body}继续调解；"
            "不愿继续调解的，可以直接申请仲裁。"
        )
        must_tell(case, f"climbed:{stage.pk}", text, now=now)
        tell_workers_on_it(
            case,
            f"climbed:{stage.pk}",
            f"调解{case}到期没有达成协议，已转{best.body}",
            now=now,
            colleagues=colleagues,
        )
        record(
            actor=SYSTEM,
            action="mediation.climbed",
            object_type="mediation_case",
            object_id=case.pk,
            summary=f"{case}：由{running.body}转{best.body}（{running.get_level_display()}一级期限已满）",
            now=now,
            before={"level": running.level, "body": running.body.code},
            after={"level": stage.level, "body": best.body.code, "on": on.isoformat()},
        )
    return True


def _expired(
    case: MediationCase, running: Stage, on: dt.date, now: dt.datetime, colleagues: Colleagues
) -> bool:
    """There is no higher level: whoever works on it is told once, and ends it or keeps the parties' written consent."""
    if running.expired_on is not None:
        return False
    running.expired_on = on
    running.save(update_fields=["expired_on"])
    text = f"{case}：最高一级的调解期限已满，没有达成协议。可以申请仲裁；双方书面同意延长的，可以继续调解。"
    must_tell(case, f"expired:{running.pk}", text, now=now)
    tell_workers_on_it(
        case, f"expired:{running.pk}", f"调解{case}期限已满，请终结调解或者附上双方同意延长的书面材料", now=now,
        colleagues=colleagues,
    )  # fmt: skip
    record(
        actor=SYSTEM,
        action="mediation.expired",
        object_type="mediation_case",
        object_id=case.pk,
        summary=f"{case}：{running.body}的调解期限已满，没有更高一级的调解组织",
        now=now,
        after={"level": running.level, "on": on.isoformat()},
    )
    return False


def _leave(case: MediationCase, today: dt.date) -> None:
    """Nothing is appointed any more, and no level's days run."""
    case.sessions.filter(state=Session.State.APPOINTED).update(
        state=Session.State.CANCELLED, result="调解已经终结。"
    )
    case.stage_due_on = None
    case.save(update_fields=["stage_due_on"])
