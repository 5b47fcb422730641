"""The demonstration city: which places and telephones are invented, and that nobody at such a number is told anything.

The numbers of invented people lie in a range that real subscribers may hold. A demonstration whose office has set a real
gateway would text strangers, so what leaves the house asks here first (:mod:`anxin.notices.outside`).
"""

from __future__ import annotations

from anxin.kernel.identifiers import clean_identifier
from anxin.registry.models import Region

#: no region of GB/T 2260 begins so: where there is one, all people are invented
INVENTED = "99"
#: what the telephones of invented people begin with
PHONES = "1990000"


def invented_people() -> bool:
    """Whether this is the demonstration city, where nobody is real."""
    return Region.objects.filter(code__startswith=INVENTED).exists()


def invented_phone(number: str) -> bool:
    """Whether it is the telephone of an invented person: its form, in a database of the demonstration. One query at most."""
    digits = clean_identifier(number).removeprefix("+").removeprefix("86")
    return digits.startswith(PHONES) and invented_people()
