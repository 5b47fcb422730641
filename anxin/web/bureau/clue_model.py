"""判读模型: what reads new clues, trained anew from the desk's judgements, put in use by a second person."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.clues import queries, services
from anxin.clues.model_in_use import models_in_use
from anxin.clues.models_learning import LearntModel
from anxin.kernel.refusal import Refused
from anxin.web import clock
from anxin.web.policy import page, user_of

_SHOWN = 50


@page(access.VIEW, access.LAW)
def show(request: HttpRequest) -> HttpResponse:
    return _show(request)


@page(access.LAW, methods=("POST",))
def ask(request: HttpRequest) -> HttpResponse:
    question = request.POST.get("question", "")
    if question not in LearntModel.Question.values:
        raise Http404
    try:
        services.ask_training(user=user_of(request), now=clock.now(), question=question)
    except Refused as refusal:
        return _show(request, refusal=str(refusal))
    messages.success(request, "已开始训练，完成后在下面看结果。")
    return redirect("clue-model")


@page(access.CONFIRM_LAW, methods=("POST",))
def decide(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    learnt = LearntModel.objects.filter(pk=pk).first()
    if learnt is None or action not in ("use", "retire"):
        raise Http404
    user, now = user_of(request), clock.now()
    try:
        if action == "use":
            services.put_in_use(learnt, user=user, now=now)
        else:
            services.take_out_of_use(learnt, why=request.POST.get("why", ""), user=user, now=now)
    except Refused as refusal:
        return _show(request, refusal=str(refusal))
    done = (
        "已启用，此后收到的线索由它判读；已判读的不变。"
        if action == "use"
        else "已停用，恢复用随产品提供的模型。"
    )
    messages.success(request, done)
    return redirect("clue-model")


def _show(request: HttpRequest, *, refusal: str = "") -> HttpResponse:
    user = user_of(request)
    trainings = list(LearntModel.objects.select_related("asked_by").order_by("-pk")[:_SHOWN])
    in_use = models_in_use()
    waiting = {one.question for one in trainings if one.state == LearntModel.State.ASKED}
    context = {
        "questions": [(one, in_use.version(one), one.value in waiting) for one in LearntModel.Question],
        "trainings": trainings,
        "looked_at": queries.looked_at(),
        "may_ask": access.may(user, access.LAW),
        "may_decide": access.may(user, access.CONFIRM_LAW),
        "me": user.pk,
        "refusal": refusal,
    }
    return render(request, "bureau/clue_model.html", context, status=422 if refusal else 200)
