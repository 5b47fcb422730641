"""What every channel answers."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from django.db.models import Q

from anxin.accounts.models import User
from anxin.notices.models import Delivery, Notice


class NotDelivered(Exception):
    """A try did not succeed. ``sentence`` is one Chinese sentence without addresses, secrets or people.

    ``final``: trying again would change nothing. ``everybody``: not about this notice or person, so that
    others would fail as well for now.
    """

    def __init__(self, sentence: str, *, final: bool = False, everybody: bool = False) -> None:
        super().__init__(sentence)
        self.sentence, self.final, self.everybody = sentence, final, everybody


class Channel(ABC):
    """One way out of the house, or onto the screen."""

    name: ClassVar[str]
    #: delivered by being stored: nothing for a worker to do
    immediate: ClassVar[bool] = False

    @abstractmethod
    def ready(self) -> bool:
        """Whether this office has set the channel up."""

    @abstractmethod
    def reaches(self, user: User) -> bool:
        """Whether this person can be reached by it."""

    def companions(self, delivery: Delivery) -> Q:
        """Which other due deliveries go out in one message with this one."""
        return Q(pk=delivery.pk)

    @abstractmethod
    def send(self, notices: Sequence[Notice], *, now: dt.datetime) -> None:
        """Send one message for these notices. Raises :class:`NotDelivered`."""
