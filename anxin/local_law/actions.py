"""Names of the journal entries of this package. Packages above react to them (``evidence.journal.react_to``).

Entries about values carry ``key`` and ``region`` in ``after``; entries about calendars carry ``year``.
"""

from __future__ import annotations

VALUE_PROPOSED = "local_law.value_proposed"
VALUE_CONFIRMED = "local_law.value_confirmed"
VALUE_REFUSED = "local_law.value_refused"
VALUE_WITHDRAWN = "local_law.value_withdrawn"
VALUE_RETRACTED = "local_law.value_retracted"  # a proposal, by who made it

CONFIRMATION_PROPOSED = "local_law.confirmation_proposed"
CONFIRMATION_CONFIRMED = "local_law.confirmation_confirmed"
CONFIRMATION_REFUSED = "local_law.confirmation_refused"
CONFIRMATION_WITHDRAWN = "local_law.confirmation_withdrawn"
CONFIRMATION_RETRACTED = "local_law.confirmation_retracted"  # a proposal, by who made it

CALENDAR_PROPOSED = "local_law.calendar_proposed"
CALENDAR_CONFIRMED = "local_law.calendar_confirmed"
CALENDAR_REFUSED = "local_law.calendar_refused"
CALENDAR_WITHDRAWN = "local_law.calendar_withdrawn"
CALENDAR_RETRACTED = "local_law.calendar_retracted"  # a proposal, by who made it

#: after these the law answers differently: due dates that were stored have to be computed again
LAW_CHANGED = (
    VALUE_CONFIRMED,
    VALUE_WITHDRAWN,
    CONFIRMATION_CONFIRMED,
    CONFIRMATION_WITHDRAWN,
    CALENDAR_CONFIRMED,
    CALENDAR_WITHDRAWN,
)
#: after these a second person is awaited
PROPOSED = (VALUE_PROPOSED, CONFIRMATION_PROPOSED, CALENDAR_PROPOSED)
