"""One vocabulary of reasons for which money did not arrive, and each format's codes as data.

``return_codes.yaml`` is the vocabulary. A format's folder has a ``codes.yaml`` of its own with what it accepts, what
it refuses as a whole or row by row, and how the bank's codes map to the vocabulary.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from anxin.formats.messages import FormatRefused, Outcome, RowRefusal

OTHER = "other"


@dataclass(frozen=True, slots=True)
class ReturnCode:
    """``word`` for lists, ``advice`` a sentence, ``retry`` whether it may be sent again once mended."""

    key: str
    word: str
    advice: str
    retry: bool
    words: tuple[str, ...]


@cache
def return_codes() -> Mapping[str, ReturnCode]:
    """Every reason by its key, the particular before the general."""
    data = _yaml(Path(__file__).with_name("return_codes.yaml"))
    return {
        key: ReturnCode(key, entry["word"], entry["advice"], entry["retry"], tuple(entry["words"]))
        for key, entry in data.items()
    }


def word_of(key: str) -> str:
    """The Chinese word of a reason; an unknown key reads as the general one."""
    codes = return_codes()
    return codes.get(key, codes[OTHER]).word


def code_of_words(text: str) -> str:
    """The reason that a bank's own words give, ``other`` where they are none we know, ``""`` for no words."""
    if not text.strip():
        return ""
    for key, code in return_codes().items():
        if any(word in text for word in code.words):
            return key
    return OTHER


@dataclass(frozen=True, slots=True)
class BankCode:
    """One code of a bank: what became of the payment, our reason, the bank's word for it."""

    outcome: Outcome
    reason: str
    word: str


@dataclass(frozen=True)
class FormatCodes:
    """A format's ``codes.yaml``: sentences for refusals, and the bank's codes."""

    whole: Mapping[str, str]
    rows: Mapping[str, str]
    bank: Mapping[str, BankCode]
    limits: Mapping[str, int]

    def refused(self, code: str, where: str = "", **values: object) -> FormatRefused:
        """The refusal of the whole file that ``code`` stands for."""
        return FormatRefused(code, self.whole[code].format(**values), where)

    def row(self, line: int, field: str, code: str, raw: str = "", **values: object) -> RowRefusal:
        """The refusal of one record that ``code`` stands for."""
        return RowRefusal(line, field, code, self.rows[code].format(**values), raw)

    def bank_code(self, code: str) -> BankCode | None:
        """The meaning of a bank's code. Without an entry it is for the caller to say what that means."""
        return self.bank.get(code.strip())


def load(folder: Path) -> FormatCodes:
    """Read the ``codes.yaml`` of a format's folder."""
    data = _yaml(folder / "codes.yaml")
    bank = {
        str(code): BankCode(Outcome(entry["outcome"]), entry.get("reason", ""), entry["word"])
        for code, entry in data.get("bank", {}).items()
    }
    unknown = {entry.reason for entry in bank.values()} - set(return_codes()) - {""}
    if unknown:
        raise ValueError(f"{folder.name}: reasons without an entry in return_codes.yaml: {sorted(unknown)}")
    return FormatCodes(data.get("whole", {}), data.get("rows", {}), bank, data.get("limits", {}))


def _yaml(path: Path) -> dict[str, Any]:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data
