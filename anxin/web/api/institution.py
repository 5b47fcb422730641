"""Whose key it is: the one institution whose rows a call may reach."""

from __future__ import annotations

from django.http import HttpRequest

from anxin.connections.refusals import CallRefused
from anxin.registry.models import Organisation
from anxin.web.api.writing import key_of


def institution_of(request: HttpRequest) -> Organisation:
    """The bank, insurer or guarantor that calls. A maker of gates or a hotline has no rows here."""
    found = key_of(request).organisation
    if found is None or found.kind == Organisation.Kind.HOTLINE:
        raise CallRefused("not_found")
    return found


def hotline_of(request: HttpRequest) -> Organisation:
    """The hotline centre that calls. No other holder of a key has tickets."""
    found = key_of(request).organisation
    if found is None or found.kind != Organisation.Kind.HOTLINE:
        raise CallRefused("not_found")
    return found
