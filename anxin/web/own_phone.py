"""How somebody signs on the own telephone here: by a code that is sent, by a word of the national platform's app, or not at all."""

from __future__ import annotations

from dataclasses import dataclass

from anxin.kernel.refusal import Refused
from anxin.vouching.identity import Place
from anxin.vouching.providers import provider_for


@dataclass(frozen=True)
class PhoneWay:
    """``closed`` is the sentence where nobody signs on a telephone; else a code is sent, or a word is typed."""

    sends_code: bool = False
    closed: str = ""


def phone_way() -> PhoneWay:
    """As the settings stand now."""
    try:
        return PhoneWay(provider_for(Place.OWN_PHONE).sends_code)
    except Refused as refused:
        return PhoneWay(closed=refused.sentence)
