"""How many open cases somebody has at hand."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count

from anxin.mediation.models import Stage


def loads_of_mediators(pks: Collection[int]) -> dict[int, int]:
    """Mediator → stages that run; one query."""
    return _counted("mediator_id", pks)


def loads_of_bodies(pks: Collection[int]) -> dict[int, int]:
    """Organisation → stages that run; one query."""
    return _counted("body_id", pks)


def _counted(column: str, pks: Collection[int]) -> dict[int, int]:
    rows = Stage.objects.filter(ended_on__isnull=True, **{f"{column}__in": pks}).order_by()
    return dict(rows.values_list(column).annotate(number=Count("pk")))
