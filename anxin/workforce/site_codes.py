"""The short code on a site's board, by which a worker's phone knows where it is."""

from __future__ import annotations

import datetime as dt
import secrets
import unicodedata

from django.db import transaction

from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.registry.models import Project
from anxin.workforce.models_signin import SiteCode

#: without letters and digits that look alike on a board or sound alike
_LETTERS = "ACEFHJKMNPRTWXY34679"
LENGTH = 6


def issue_site_code(project: Project, *, actor: Actor, now: dt.datetime) -> SiteCode:
    """A new code for the site; the one before stops working. One journal entry."""
    with transaction.atomic():
        Project.objects.select_for_update().get(pk=project.pk)  # two at once would both be current
        SiteCode.objects.filter(project=project, withdrawn_at__isnull=True).update(withdrawn_at=now)
        code = SiteCode.objects.create(
            project=project, code=_fresh(), issued_at=now, issued_by_name=actor.name
        )
        journal.record(
            actor=actor,
            action="site_code.issued",
            object_type="project",
            object_id=project.pk,
            summary=f"为项目“{project.name}”生成新的工地码，原来的工地码停用",
            now=now,
            after={"site_code": code.pk},
        )
    return code


def current_site_code(project: Project) -> SiteCode | None:
    """The code that is on the board now."""
    return SiteCode.objects.filter(project=project, withdrawn_at__isnull=True).first()


def find_site(text: str) -> SiteCode | None:
    """The current code that somebody typed, in capitals or not, with spaces or without."""
    typed = "".join(unicodedata.normalize("NFKC", text).upper().split()).replace("-", "")
    if len(typed) != LENGTH or not set(typed) <= set(_LETTERS):
        return None
    return SiteCode.objects.select_related("project").filter(code=typed, withdrawn_at__isnull=True).first()


def _fresh() -> str:
    while True:
        code = "".join(secrets.choice(_LETTERS) for _ in range(LENGTH))
        if not SiteCode.objects.filter(code=code).exists():
            return code
