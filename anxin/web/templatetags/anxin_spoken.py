"""Fixed sentences of the public pages, from the one place that a recording is held against."""

from __future__ import annotations

from django import template

from anxin.channels.spoken import SENTENCES

register = template.Library()


@register.simple_tag
def spoken(key: str) -> str:
    """The words that stand under ``key``; a key there is not is a mistake of the template."""
    return SENTENCES[key]
