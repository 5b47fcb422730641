"""The desk's judgements retrain the reading: asked for by one person, held against the model in use, put in use by another.

What people looked at is the truth; a new model counts by how it judges what it had not seen. The model in use may have
learnt from some of the same judgements, so the comparison leans towards keeping it.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from anxin.accounts.access import CONFIRM_LAW, LAW, actor, may
from anxin.accounts.models import User
from anxin.clues import lessons
from anxin.clues.model_in_use import models_in_use
from anxin.clues.models_learning import LearntModel
from anxin.evidence.journal import SYSTEM, Actor, record
from anxin.kernel.refusal import Refused, worded

if TYPE_CHECKING:
    from anxin.triage.trials import Score

State, Question = LearntModel.State, LearntModel.Question
_TEN_THOUSANDTHS = 10_000


def ask_training(*, user: User, now: dt.datetime, question: str = Question.WAGES) -> LearntModel:
    """Have a model learnt from what has been looked at; the worker does it. Raises :class:`Refused`."""
    from anxin.clues.tasks import learn_task

    if not may(user, LAW):
        raise Refused("您没有训练判读模型的权限，请联系领导或系统管理员。")
    with transaction.atomic():
        if LearntModel.objects.select_for_update().filter(question=question, state=State.ASKED).exists():
            raise Refused("已有一次训练正在进行，请等它完成。")
        base = models_in_use().version(question)
        asked = LearntModel.objects.create(question=question, asked_by=user, asked_at=now, base_version=base)
        _note(asked, "clues.training_asked", "用人工核定训练判读模型", actor(user), now)
        learn_task.enqueue(asked.pk)
    return asked


def learn(pk: int, *, now: dt.datetime) -> LearntModel:
    """Train and try out; safe to run again."""
    from anxin.triage.trials import TooFewExamples

    asked = LearntModel.objects.get(pk=pk)
    if asked.state != State.ASKED:
        return asked
    base, lesson = models_in_use(), lessons.OF[Question(asked.question)]
    examples = lesson.examples()
    asked.judged, asked.owed = len(examples), sum(one.yes for one in examples)
    asked.base_version, asked.finished_at = base.version(asked.question), now
    try:
        before, after, weights = lesson.learn(examples, base, asked.version)
    except TooFewExamples as few:
        asked.state, asked.problem = State.FAILED, str(few)[:200]
    else:
        asked.before, asked.after, asked.weights = _figures(before), _figures(after), weights
        asked.state = State.TRIED if after.f1 > before.f1 else State.WORSE
    with transaction.atomic():
        asked.save()
        _note(asked, "clues.training_done", f"判读模型训练结果：{asked.get_state_display()}", SYSTEM, now)
    return asked


def put_in_use(learnt: LearntModel, *, user: User, now: dt.datetime) -> LearntModel:
    """From now on it reads what comes in; what was read stays as it was read. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _decided(learnt, user)
        if held.state not in (State.TRIED, State.RETIRED):
            raise Refused(f"{held.version}现在是“{held.get_state_display()}”，不能启用，请刷新页面。")
        if held.asked_by_id == user.pk:
            raise Refused("请由提出训练以外的另一位同事启用。")
        for other in LearntModel.objects.select_for_update().filter(question=held.question, state=State.USED):
            _retire(other, f"由{held.version}取代", now)
        held.state, held.decided_by_name, held.decided_at = State.USED, str(user), now
        held.retired_at, held.retired_why = None, ""
        held.save()
        _note(held, "clues.model_used", f"启用判读模型{held.version}", actor(user), now)
    return held


def take_out_of_use(learnt: LearntModel, *, why: str, user: User, now: dt.datetime) -> LearntModel:
    """The shipped model reads again. Raises :class:`Refused`."""
    why = worded(why, "请写明停用的原因", field="why")
    with transaction.atomic():
        held = _decided(learnt, user)
        if held.state != State.USED:
            raise Refused(f"{held.version}没有在使用，请刷新页面。")
        _retire(held, why, now)
        _note(held, "clues.model_retired", f"停用判读模型{held.version}：{why}", actor(user), now)
    return held


def _decided(learnt: LearntModel, user: User) -> LearntModel:
    if not may(user, CONFIRM_LAW):
        raise Refused("您没有启用和停用判读模型的权限，请联系领导。")
    return LearntModel.objects.select_for_update().get(pk=learnt.pk)


def _retire(learnt: LearntModel, why: str, now: dt.datetime) -> None:
    learnt.state, learnt.retired_at, learnt.retired_why = State.RETIRED, now, why
    learnt.save(update_fields=["state", "retired_at", "retired_why"])


def _figures(score: Score) -> dict[str, int]:
    return {name: round(getattr(score, name) * _TEN_THOUSANDTHS) for name in ("precision", "recall", "f1")}


def _note(learnt: LearntModel, action: str, summary: str, who: Actor, now: dt.datetime) -> None:
    record(
        actor=who,
        action=action,
        object_type="learnt_model",
        object_id=learnt.pk,
        summary=summary,
        after={
            "question": learnt.question,
            "judged": learnt.judged,
            "before": learnt.before,
            "after": learnt.after,
            "base": learnt.base_version,
        },
        now=now,
    )
