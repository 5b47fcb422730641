"""A site found by what somebody typed: the letters of its board, or a part of its name."""

from __future__ import annotations

from dataclasses import dataclass

from anxin.channels import tokens
from anxin.channels.models_codes import ScanCode
from anxin.workforce.site_codes import find_site

#: more would not be read on a telephone
SHOWN = 8
#: one letter would list the whole city
LETTERS = 2


@dataclass(frozen=True)
class FoundSite:
    """A site that may be meant; ``certain`` when the letters of its board were typed."""

    name: str
    place: str
    token: str
    certain: bool = False


def find_sites(typed: str) -> list[FoundSite]:
    """Sites whose board carries these letters, else those whose name holds the words. Only sites with a board."""
    boards = ScanCode.objects.filter(kind=ScanCode.Kind.BOARD, withdrawn_at__isnull=True)
    boards = boards.select_related("project__region").order_by("project__name", "pk")
    site = find_site(typed)
    if site is not None:
        return [_found(code, certain=True) for code in boards.filter(project=site.project)[:1]]
    words = typed.split()
    if len("".join(words)) < LETTERS:
        return []
    for word in words:
        boards = boards.filter(project__name__icontains=word)
    return [_found(code) for code in boards.exclude(project__state="completed")[:SHOWN]]


def _found(code: ScanCode, certain: bool = False) -> FoundSite:
    project = code.project
    return FoundSite(
        project.name, project.site_address or project.region.name, tokens.token_of(code.pk), certain
    )
