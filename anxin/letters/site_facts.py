"""What papers between the businesses of a site, and with its workers, begin with: who builds, who pays, from which account, by what terms."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from anxin.casework.models import Matter
from anxin.funds.models import LabourCostTerm, SpecialAccount
from anxin.kernel.money import sentence_yuan
from anxin.letters.sources import Source
from anxin.registry.models import Participation, Project

_Role = Participation.Role


def _contractor(project: Project) -> dict[str, Any]:
    return {"contractor": _names(project, _Role.GENERAL_CONTRACTOR)}


def _owner(project: Project) -> dict[str, Any]:
    return {"owner": _names(project, _Role.OWNER)}


def _disbursement(project: Project) -> dict[str, Any]:
    """Whom to ask, the account where there is one alone, and the terms of the latest agreement (支付条例第二十四条).

    The number of the account is left to a person: it is shown in part elsewhere.
    """
    found = _owner(project)
    open_now = SpecialAccount.objects.filter(
        project=project, superseded_at__isnull=True, closed_on__isnull=True
    )
    accounts = list(open_now.select_related("bank")[:2])
    if len(accounts) == 1:
        (account,) = accounts
        found |= {"bank": account.bank.name if account.bank else "", "account_name": account.name}
    terms = LabourCostTerm.objects.filter(project=project, superseded_at__isnull=True)
    term = terms.order_by("-first_month", "-pk").first()
    return found | ({"agreed": _agreed(term)} if term else {})


def _agreed(term: LabourCostTerm) -> str:
    months = "" if term.cycle_months == 1 else str(term.cycle_months)
    said = f"每{months}{'个' if months else ''}月一次，拨付日为{term.due_day}日"
    if term.monthly_fen is not None:
        return f"{said}，每期{sentence_yuan(term.monthly_fen)}"
    if term.share_bp is not None and term.share_of:
        return f"{said}，按{term.get_share_of_display()}的{term.share_words}"
    return said


def _names(project: Project, role: str) -> str:
    rows = Participation.objects.filter(project=project, role=role).order_by("pk")
    return "、".join(rows.values_list("employer__name", flat=True))


def _source(look: Callable[[Project], dict[str, Any]]) -> Source:
    return lambda matter: look(matter.project) if matter.project is not None else {}


#: kind of paper → what only such a paper begins with
SOURCES: Mapping[str, Callable[[Matter], Mapping[str, Any]]] = {
    "work_agreement": _source(_contractor),
    "wage_settlement": _source(_contractor),
    "labour_cost_application": _source(_disbursement),
    "contractor_shortfall_report": _source(_owner),
}
