"""Titles and places written down before today's masking: of clues, and of the matters that they became.

What was said stands sealed in the telling; the title is made of it anew, as ``clues.intake.shown_title`` makes it.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

from anxin.clues.masking import masked_words, opened
from anxin.evidence.sealing import SealBroken

_PIECE = 1_000


def mask(apps: Any, schema_editor: Any) -> None:
    tellings = apps.get_model("clues", "Telling")
    last = 0
    while piece := list(
        tellings.objects.filter(superseded_at__isnull=True, pk__gt=last)
        .select_related("clue")
        .only("title", "name", "place", "clue", "clue__title")
        .order_by("pk")[:_PIECE]
    ):
        last = piece[-1].pk
        _mask_piece(apps, piece)


def _mask_piece(apps: Any, tellings: list[Any]) -> None:
    names: dict[int, str] = {}
    clues, places = [], []
    for telling in tellings:
        heading, name = _said(telling)
        names[telling.clue_id] = name
        if (title := masked_words(heading, name=name)[:200]) != telling.clue.title:
            telling.clue.title = title
            clues.append(telling.clue)
        if (place := masked_words(telling.place, name=name)[:200]) != telling.place:
            telling.place = place
            places.append(telling)
    apps.get_model("clues", "Clue").objects.bulk_update(clues, ["title"])
    apps.get_model("clues", "Telling").objects.bulk_update(places, ["place"])
    _matters(apps, names)


def _said(telling: Any) -> tuple[str, str]:
    """The words of the title and who wrote them; where the seal does not open, the title as it is stored."""
    try:
        return opened(telling.title), opened(telling.name)
    except SealBroken:
        return telling.clue.title, ""


def _matters(apps: Any, names: dict[int, str]) -> None:
    """A matter's title ends with its clue's, and so do the titles of those that follow it."""
    found = apps.get_model("referral", "Referral").objects.filter(clue__in=list(names))
    whose = {matter: names[clue] for clue, matter in found.values_list("clue_id", "matter_id")}
    rows = apps.get_model("casework", "Matter").objects
    seen: set[int] = set()
    while whose:
        changed = []
        for matter in rows.filter(pk__in=list(whose)).only("title"):
            if (title := masked_words(matter.title, name=whose[matter.pk])[:200]) != matter.title:
                matter.title = title
                changed.append(matter)
        rows.bulk_update(changed, ["title"])
        seen |= whose.keys()
        after = rows.filter(follows__in=list(whose)).exclude(pk__in=seen).values_list("pk", "follows_id")
        whose = {matter: whose[before] for matter, before in after}


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0005_urgings_of_callers"),
        ("clues", "0010_waits_for_review"),
        ("referral", "0009_show_what_waits"),
    ]

    operations = [migrations.RunPython(mask, migrations.RunPython.noop)]
