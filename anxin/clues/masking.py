"""What people wrote, fit for a screen: the numbers of people, telephones and cards within it are masked."""

from __future__ import annotations

import re

from anxin.evidence.sealing import Sealed
from anxin.kernel.masking import mask_id_number, mask_phone

#: full-width digits and letters to plain ones, so that numbers are found; Chinese signs stay Chinese
_PLAIN = {
    code: code - 0xFEE0
    for first, last in ("０９", "ＡＺ", "ａｚ")
    for code in range(ord(first), ord(last) + 1)
}
_SPACES = re.compile(r"[ \t\u00a0\u3000]+")
#: eleven digits and more, however they are set apart
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){10,}[Xx]?(?!\d)")


def masked_words(text: str) -> str:
    """The text in plain half-width digits, every long number masked; amounts and dates are shorter."""
    return _LONG_NUMBER.sub(_masked, _SPACES.sub(" ", text.translate(_PLAIN)).strip())


def _masked(match: re.Match[str]) -> str:
    digits = re.sub("[ -]", "", match[0])
    return mask_id_number(digits) if len(digits) >= 15 else mask_phone(digits)


def opened(sealed: object) -> str:
    """The text behind a seal, to be masked at once; empty where nothing is known."""
    return sealed.open() if isinstance(sealed, Sealed) else ""


def masked_contact(phone: str) -> str:
    """A telephone for the screen; one that came masked already stays as it is."""
    return phone if "*" in phone else mask_phone(phone)
