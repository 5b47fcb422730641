"""Signs of forged payrolls and attendance, F01 to F13: advice to a person, never a warning by themselves."""

from anxin.monitoring.rules.forgery.cards import COLLECTED, ONE_CARD, SERIES, SPLIT
from anxin.monitoring.rules.forgery.gates import CLONED, MASKS, NO_PERSON, STILL
from anxin.monitoring.rules.forgery.lists import ABOVE, COPIED, MONEY, NEVER, RELATIVES

#: in the order of their codes
FORGERY_RULES = (
    ONE_CARD,
    COLLECTED,
    NEVER,
    NO_PERSON,
    CLONED,
    MASKS,
    STILL,
    COPIED,
    SERIES,
    SPLIT,
    RELATIVES,
    MONEY,
    ABOVE,
)

__all__ = ["FORGERY_RULES"]
