"""盖章前核对: the text and the list before the clerk's eyes to their last line; then the password, and the seal is asked for."""

from __future__ import annotations

import hmac

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.contracts import acting, reading
from anxin.contracts.models import Contract
from anxin.contracts.tasks import seal_task
from anxin.kernel.refusal import Refused
from anxin.web import clock, lists
from anxin.web.contract_counter import masked_words
from anxin.web.policy import page, user_of


@page(access.EMPLOYER, methods=("GET", "POST"))
def seal(request: HttpRequest) -> HttpResponse:
    """Shows what is to be sealed; with ``word=seal`` and the password of who looked at it, asks for the seal."""
    user, now, refusal = user_of(request), clock.now(), ""
    asked = request.POST if request.method == "POST" else request.GET
    try:
        laid = reading.to_seal(user, _chosen(asked))
        if asked.get("word") == "seal":
            _ask(request, laid)
            messages.success(request, f"已确认{len(laid.rows)}份，正在盖章，盖好后自动生效。")
            return redirect("employer:contracts")
    except Refused as refused:
        refusal = refused.sentence
        if refused.field != "password":
            messages.error(request, refusal)
            return redirect("employer:contracts")
    reading.open_all(laid, user=user, now=now)
    context = {
        "laid": laid,
        "samples": [(one, masked_words(one)) for one in laid.samples],
        "refusal": refusal,
        "chosen": [] if asked.get("all") == Contract.State.WORKER_SIGNED else [one.pk for one in laid.rows],
    }
    return render(request, "employer/contract_seal.html", context, status=422 if refusal else 200)


def _chosen(asked: QueryDict) -> list[int] | None:
    """The ticked ones; ``None`` for all that wait."""
    if asked.get("all") == Contract.State.WORKER_SIGNED:
        return None
    ids = [int(text) for text in asked.getlist("ids") if lists.whole_number(text)]
    if not ids:
        raise Refused("请先勾选要盖章的合同。")
    return ids


def _ask(request: HttpRequest, laid: reading.Laid) -> None:
    """What the clerk saw is what is sealed: where a contract came or changed meanwhile, it is shown anew."""
    user, now = user_of(request), clock.now()
    if not hmac.compare_digest(request.POST.get("seen", "").encode(), laid.digest.encode()):
        raise Refused("清单在您打开以后有变化，请重新核对后再盖章。")
    if not user.check_password(request.POST.get("password", "")):
        raise Refused("密码不对，没有盖章。盖章请再输一次您的登录密码。", field="password")
    reading.read_to_end(laid, user=user, now=now)
    acting.act("seal", [one.pk for one in laid.rows], user=user, now=now)
    seal_task.enqueue()
