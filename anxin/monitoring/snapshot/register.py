"""Projects and who takes part in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef

from anxin.funds.models import AccountAgreement
from anxin.monitoring.snapshot.view import CHUNK, Row, Rows, View
from anxin.registry.investment import government_money
from anxin.registry.models import Employer, Participation, Project, Region


def regions() -> tuple[str, ...]:
    """Where the city has projects or employers, in order; each region is looked up, and not every employer read."""
    used = (Exists(model.objects.filter(region=OuterRef("pk"))) for model in (Project, Employer))
    found = {code for held in used for (code,) in Region.objects.filter(held).values_list("pk").order_by()}
    nowhere = {""} if Employer.objects.filter(region__isnull=True).exists() else set()
    return tuple(sorted(found | nowhere))


def _projects(view: View) -> Iterable[Row]:
    owners = _in_role(view, Participation.Role.OWNER)
    contractors = _in_role(view, Participation.Role.GENERAL_CONTRACTOR)
    signed = _signed(view)
    found = Project.objects.filter(view.here("pk"), recorded_at__lte=view.known_at).order_by("pk")
    found = found.annotate(government=ExpressionWrapper(government_money(), BooleanField()))
    for row in found.values_list(
        "pk",
        "region_id",
        "industry",
        "commencement",
        "completion",
        "contract_fen",
        "permit_on",
        "pay_day",
        "pay_month_offset",
        "state",
        "planned_completion",
        "government",
        "contract_on",
    ).iterator(CHUNK):
        completion, state, planned, government, contract = row[4], *row[9:]
        if completion is not None and completion > view.as_of:
            # On that day it was still being built, whatever the register says now.
            completion = None
            state = Project.State.IN_PROGRESS if state == Project.State.COMPLETED else state
        yield (
            *row[:4],
            completion,
            *row[5:9],
            str(state),
            owners.get(row[0]),
            contractors.get(row[0]),
            contract or signed.get(row[0]),
            planned,
            government,
        )


def _signed(view: View) -> dict[int, dt.date]:
    """Project → day of its construction contract, as the latest agreement on the special account says."""
    found = (
        view.rows(AccountAgreement, "account__project_id").filter(contract_on__isnull=False).order_by("pk")
    )
    return dict(found.values_list("account__project_id", "contract_on").iterator(CHUNK))


def _in_role(view: View, role: str) -> dict[int, int]:
    """Project → employer; the one registered last where there are several."""
    found = Participation.objects.filter(view.here(), role=role).order_by("pk")
    return dict(found.values_list("project_id", "employer_id").iterator(CHUNK))


TABLES: dict[str, Rows] = {"projects": _projects}
