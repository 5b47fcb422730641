"""A letter that was served by link: who has the link sees that one letter. Opening is a press of a button, so that the programs
that look at links in messages before people do open nothing; every opening is journalled."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.evidence import files
from anxin.kernel.refusal import Refused
from anxin.letters import links
from anxin.letters.life import State
from anxin.letters.models import Link
from anxin.letters.queries import kind_name
from anxin.letters.sealing import filename
from anxin.web import clock
from anxin.web.handing_out import handed_out
from anxin.web.policy import page
from anxin.web.visitor import device_words


@page(methods=("GET", "POST"), public=True)
def letter(request: HttpRequest, token: str) -> HttpResponse:
    """Which letter it is (GET); the letter itself (POST)."""
    link = links.link_of(token, clock.now())
    if link is None:
        return _kept(render(request, "public/letter_gone.html", status=404))
    found = link.letter
    replaced = found.state == State.REPLACED
    asks = request.method == "POST" and "paper" in request.POST
    if request.method == "POST" and not asks and not replaced and found.sealed_file is not None:
        try:
            data = files.read(found.sealed_file)
        except files.FileDamaged:
            return _kept(render(request, "public/letter_gone.html", status=503))
        links.opened(link, clock.now(), device=device_words(request))
        response = handed_out(data, filename(found), show=True, plain="letter")
        return _kept(response)
    problem = _ask_paper(link) if asks and not replaced else ""
    service = links.service_by(link)
    context = {
        "letter": found, "name": kind_name(found.kind), "link": link, "replaced": replaced, "problem": problem, "service": service,
    }  # fmt: skip
    return _kept(render(request, "public/letter.html", context, status=422 if problem else 200))


def _ask_paper(link: Link) -> str:
    """申请纸质文书; what is in the way in a sentence, empty where nothing is."""
    try:
        links.ask_paper(link, now=clock.now())
    except Refused as refusal:
        return str(refusal)
    return ""


def _kept(response: HttpResponse) -> HttpResponse:
    """Nobody on the way keeps it, and the link is told to no other page."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    return response
