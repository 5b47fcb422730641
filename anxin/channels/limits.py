"""How many submissions are taken from whom. A building site of five hundred behind one address is let in; a machine is not.

The numbers are a trade: see decision 0023.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from anxin.channels.floods import Allowance, Counter

#: a helper fills the form in for a whole gang on one phone
PHONE = Allowance("phone", 20, 60)
#: a whole site behind one address, all at once after a shift
ADDRESS = Allowance("address", 600, 1)
#: the one board at the gate
CODE = Allowance("code", 600, 1)
#: from an address without ever having opened the form: no browser does that
BARE = Allowance("bare", 10, 60)
#: phones that keep no cookie, all of one address together: a part of its allowance, so that a machine which forgets each
#: cookie leaves the rest to those who keep theirs; beyond it there is one step more, and again a part
FORGETFUL = Allowance("forgetful", 120, 5)
STEPPED = Allowance("stepped", 120, 5)
#: cookies of which no form was taken yet: what the forgetful leave of the address, so that neither flood shuts the other out;
#: beyond it there is one step more, and then a part that no flood without the step touches
FRESH = Allowance("fresh", 350, 2)
FRESH_STEPPED = Allowance("fresh-stepped", 250, 3)
#: phones of which a form was taken a while ago keep address and board to themselves
KNOWN = Allowance("address-known", 600, 1)
#: phones that have done the step or are known, at one board
CODE_KNOWN = Allowance("code-known", 600, 1)
#: the same words of the same person again
SAME = Allowance("same", 1, 30 * 60)
#: wrong receipts: typing errors are told before, so that these are guesses
GUESS_ADDRESS = Allowance("guess-address", 20, 60)
GUESS_ALL = Allowance("guess-all", 3000, 0.2)
#: wrong numbers of the worker behind a form that was filled in for them
GUESS_OWN = Allowance("guess-own", 5, 600)
#: messages by one receipt, files of one submission, each with what may be sent again
MESSAGE = Allowance("message", 10, 120)
FILE = Allowance("file", 30, 20)
#: nobody reads, thinks and types faster
QUICKEST = dt.timedelta(seconds=3)
#: how long ago a form was taken from a phone before it is known: nobody makes themselves known in the same rush
KNOWN_AFTER = dt.timedelta(hours=1)
_HOME_NETWORK = 64


@dataclass(frozen=True)
class Sender:
    """Who sends, as far as anybody knows: the address, and the phone's own random mark, made when it opened the form."""

    address: str
    phone: str = ""
    opened_at: dt.datetime | None = None
    #: it did not bring its cookie back: the mark is only that of this opening
    forgetful: bool = False
    #: it brought a cookie of which no form was taken yet, or only just now
    fresh: bool = False
    #: it has done the second step for this form
    stepped: bool = False

    @property
    def place(self) -> str:
        """The address as it counts: of IPv6 the network, whose owner has all addresses of it."""
        try:
            address = ipaddress.ip_address(self.address)
        except ValueError:
            return self.address
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
            return str(ipaddress.ip_network((address, _HOME_NETWORK), strict=False))
        return str(address)


def of_submission(sender: Sender, code: int | None) -> list[Counter]:
    """The counters that one submission takes from, besides that of its words."""
    counters = [one.of(sender.place) for one in _of_place(sender)]
    if sender.phone:
        counters.append(PHONE.of(sender.phone))
    trusted = ADDRESS.of(sender.place) not in counters
    return counters + ([(CODE_KNOWN if trusted else CODE).of(code)] if code else [])


def may_step(asked: Sequence[Counter], refused: Collection[Allowance]) -> bool:
    """Whether one step more lets this form in: what refused it are shares that the step leaves behind."""
    if FRESH in {one.allowance for one in asked}:
        return set(refused) <= {FRESH, ADDRESS, CODE}
    return set(refused) == {FORGETFUL}


def _of_place(sender: Sender) -> tuple[Allowance, ...]:
    """What is taken of the address: strangers share one part, phones that are known or have done the step have others."""
    if not sender.phone:
        return ADDRESS, BARE
    if sender.forgetful:
        return ADDRESS, STEPPED if sender.stepped else FORGETFUL
    if sender.fresh:
        return (FRESH_STEPPED,) if sender.stepped else (ADDRESS, FRESH)
    return (KNOWN,)
