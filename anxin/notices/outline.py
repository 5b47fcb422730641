"""What may be said outside the house: counts, codes and a path, each in a form that no person's data fits.

Every value is checked here on its way out, whatever it was when it came in: what does not fit is left out.
A name has no place in any of the forms, and no run of digits is as long as a telephone number (11), an ID
number (18) or a bank card (12 to 19).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_REGION_LENGTHS = (2, 4, 6, 9, 12)
_NUMBER = re.compile(r"^(\d{2,12})〔((?:19|20)\d{2})〕\D{0,80}?(\d{1,6})号$", re.ASCII)
_PATH = re.compile(r"^/[a-z][a-z-]{0,29}(?:/\d{1,10})?(?:/[a-z][a-z-]{0,29})?$", re.ASCII)


@dataclass(frozen=True)
class Outline:
    """``count`` things, in a region (code), a matter's number such as ``990101〔2026〕监察0001号``."""

    count: int = 1
    region: str = ""
    number: str = ""


def outside_region(code: str) -> str:
    """At most the nine digits down to the street; empty where it is no region code."""
    if not (code.isascii() and code.isdecimal() and len(code) in _REGION_LENGTHS):
        return ""
    return code[:9]


def outside_number(number: str) -> str:
    """Region, year and serial of a matter's number; the words between them stay inside.

    ``990101〔2026〕监察0001号`` → ``990101〔2026〕0001号``; anything of another form → empty.
    """
    found = _NUMBER.match(number)
    if not found:
        return ""
    region, year, serial = found.groups()
    region = outside_region(region)
    return f"{region}〔{year}〕{serial}号" if region else ""


def outside_path(link: str) -> str:
    """The path without its query, where it is a page's name and a key; else the list of notices."""
    path = link.partition("#")[0].partition("?")[0]
    return path if _PATH.match(path) else "/notices"
