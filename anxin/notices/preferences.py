"""Which kinds reach a person by which channels, beside the screen, which is never switched off."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db import transaction

from anxin.accounts.models import User
from anxin.notices.kinds import Kind, kinds
from anxin.notices.models import ChannelName, Preference

#: what a person may switch; notices on the screen are the office's record of having told somebody
CHOOSABLE = (str(ChannelName.EMAIL), str(ChannelName.WEBHOOK))
_CHUNK = 500


@dataclass(frozen=True)
class Choice:
    """One line of the page: a kind, and the channels it uses for this person."""

    kind: Kind
    channels: frozenset[str]


class Wishes:
    """The choices of many people, read in one query per 500."""

    def __init__(self, user_ids: Collection[int]) -> None:
        self._chosen: dict[tuple[int, str, str], bool] = {}
        wanted = sorted(set(user_ids))
        for start in range(0, len(wanted), _CHUNK):
            rows = Preference.objects.filter(user_id__in=wanted[start : start + _CHUNK])
            for user, kind, channel, on in rows.values_list("user_id", "kind", "channel", "wanted"):
                self._chosen[user, kind, channel] = on

    def channels(self, user_id: int, kind: Kind) -> frozenset[str]:
        """The channels beside the screen."""
        return frozenset(
            channel
            for channel in CHOOSABLE
            if self._chosen.get((user_id, kind.key, channel), channel in kind.channels)
        )


def choices(user: User) -> list[Choice]:
    """Every kind with the channels this person gets it by."""
    wishes = Wishes([user.pk])
    return [Choice(kind, wishes.channels(user.pk, kind)) for kind in kinds()]


def choose(user: User, wanted: Mapping[str, Collection[str]]) -> None:
    """Keep this person's choice: kind → channels. Kinds that are not named stay as they are.

    No journal entry: it changes what one is reminded of, not what anybody did or has to do.
    """
    rows = [
        Preference(user=user, kind=kind.key, channel=channel, wanted=channel in wanted[kind.key])
        for kind in kinds()
        if kind.key in wanted
        for channel in CHOOSABLE
    ]
    with transaction.atomic():
        Preference.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["user", "kind", "channel"],
            update_fields=["wanted"],
        )
