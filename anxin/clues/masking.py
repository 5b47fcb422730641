"""What people wrote, fit for a screen: the numbers of people, telephones and cards within it are masked."""

from __future__ import annotations

import re

from anxin.kernel.masking import mask_id_number, mask_phone
from anxin.triage.reading import plain

#: eleven digits and more, however they are set apart
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){10,}[Xx]?(?!\d)")


def masked_words(text: str) -> str:
    """The text in plain half-width digits, every long number masked; amounts and dates are shorter."""
    return _LONG_NUMBER.sub(_masked, plain(text))


def _masked(match: re.Match[str]) -> str:
    digits = re.sub("[ -]", "", match[0])
    return mask_id_number(digits) if len(digits) >= 15 else mask_phone(digits)
