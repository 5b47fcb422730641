"""Which records of the queue a person may see: those of the projects within the person's scope."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from anxin.accounts.access import VIEW
from anxin.accounts.models import User
from anxin.exchange.models import UploadRecord
from anxin.registry.access import visible_projects


def visible_records(user: User, permission: str = VIEW) -> QuerySet[UploadRecord]:
    """The records that belong to a project on which this person has the permission."""
    ties = UploadRecord.projects.through.objects.filter(
        uploadrecord=OuterRef("pk"), project__in=visible_projects(user, permission)
    )
    return UploadRecord.objects.filter(Exists(ties))
