"""The recordings of a page: which it may play, and one of them as a file that a phone may keep and fetch in parts."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from anxin.channels import queries_recordings as queries
from anxin.channels.spoken import Passage, sentences
from anxin.evidence import files
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out, in_parts
from anxin.web.policy import page

#: key of a text → language → address and type of its recording
Sounds = dict[str, dict[str, list[str]]]


@page(public=True)
def sound(request: HttpRequest, pk: int) -> HttpResponse:
    """One recording that a second person has heard; it says nothing but what the page says."""
    found = or_404(queries.playable(pk))
    try:
        data = files.read(found.file)
    except files.FileDamaged as damage:
        raise Http404 from damage
    response = in_parts(request, handed_out(data, found.file.name, show=True, plain="sound"))
    response["Cache-Control"] = "public, max-age=86400"
    return response


def sounds(*begins: str, more: Sequence[Passage] = ()) -> Sounds:
    """What the page may play of its fixed sentences (those that begin so) and of ``more``; one query. The files
    themselves are loaded when somebody presses."""
    passages = [*(sentences(*begins) if begins else ()), *more]
    found: Sounds = {}
    for one in queries.played(passages):
        address = reverse("public:sound", args=[one.pk])
        found.setdefault(one.key, {})[one.language] = [address, one.content_type]
    return found
