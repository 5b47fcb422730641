"""用印前看全文: the keeper of the seal goes through the issued letter to its last line; only then does the seal's form appear."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.kernel.refusal import Refused
from anxin.letters import queries, reading
from anxin.web import clock
from anxin.web.bureau.letters import sees
from anxin.web.policy import page, user_of


@page(access.SEAL, methods=("GET", "POST"))
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """The words of the issued file; a POST says that its end was reached."""
    letter, user, now = sees(user_of(request), pk), user_of(request), clock.now()
    try:
        if request.method == "POST":
            reading.read_to_end(letter, by=user, now=now)
            messages.success(request, "已记下您看完了全文，请用印。")
            return redirect("letter", pk=pk)
        words = reading.open_words(letter, by=user, now=now)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return redirect("letter", pk=pk)
    context = {"letter": letter, "name": queries.kind_name(letter.kind), "words": words}
    return render(request, "bureau/letter_read.html", context)
