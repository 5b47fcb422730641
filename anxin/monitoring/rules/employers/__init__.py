"""Rules about employers: E01 to E09 and their combination W18."""

from anxin.monitoring.rules.employers.combination import COMBINATION
from anxin.monitoring.rules.employers.contagion import CONTAGION
from anxin.monitoring.rules.employers.insurance import ARREARS, CLAIMS, STAFF
from anxin.monitoring.rules.employers.records import DISHONESTY, DISPUTES, ENFORCEMENT, REGISTRATION
from anxin.monitoring.rules.employers.utilities import UTILITIES

#: in the order in which an office reads them
EMPLOYER_RULES = (
    ARREARS,
    STAFF,
    CLAIMS,
    DISPUTES,
    ENFORCEMENT,
    REGISTRATION,
    UTILITIES,
    CONTAGION,
    DISHONESTY,
    COMBINATION,
)

__all__ = ["EMPLOYER_RULES"]
