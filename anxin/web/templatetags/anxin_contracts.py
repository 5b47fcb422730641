"""What a labour contract is today: one whose time has run out is no contract in force."""

from __future__ import annotations

from django import template

from anxin.contracts.models import Contract
from anxin.web import clock

register = template.Library()


@register.filter
def contract_past_end(contract: Contract) -> bool:
    return contract.past_end(clock.today())


@register.filter
def contract_standing(contract: Contract) -> str:
    return contract.standing(clock.today())
