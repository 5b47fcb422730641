"""What was looked up for somebody, or the page that does not exist for them."""

from __future__ import annotations

from typing import TypeVar

from django.http import Http404

T = TypeVar("T")


def or_404(found: T | None) -> T:
    """What stands in this person's sight; raises :class:`Http404` where nothing does, so that nobody learns what is there."""
    if found is None:
        raise Http404
    return found
