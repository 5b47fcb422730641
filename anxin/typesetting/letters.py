"""A filled letter: plain values that any output (PDF, a word processor, a screen) can set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Align = Literal["left", "center", "right"]
Style = Literal["letter", "notice", "record", "agreement", "award"]
#: styles that an authority issues: they carry its name, a number and a date, and are sealed
ISSUED: frozenset[str] = frozenset({"letter", "notice", "award"})


@dataclass(frozen=True)
class Heading:
    """Level 1 to 4; ``number`` is already in words: 一、（一）1.（1）."""

    level: int
    number: str
    text: str
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Paragraph:
    """``flush``: no indent, as of the addressee. ``field``: the long text whose words these are, but for the template's ``lead``
    before them; what a word processor may give back."""

    text: str
    align: Align = "left"
    flush: bool = False
    kind: Literal["paragraph"] = "paragraph"
    field: str = ""
    lead: str = ""


@dataclass(frozen=True)
class Column:
    """``width`` is a share of the line."""

    label: str
    width: int
    align: Align


@dataclass(frozen=True)
class Table:
    """Rows of text under a head that is repeated on every page; ``foot`` holds the sums, or nothing."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: tuple[str, ...] = ()
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Form:
    """Labels and what is filled in beside them, two pairs in a line where both are short."""

    pairs: tuple[tuple[str, str], ...]
    kind: Literal["form"] = "form"


@dataclass(frozen=True)
class Signatures:
    """Who signs, side by side where there are two: lines of label and room for a hand."""

    signers: tuple[tuple[str, ...], ...]
    kind: Literal["signatures"] = "signatures"


@dataclass(frozen=True)
class Annex:
    """What follows is an annex: it stands after issuer and date, on pages of its own (GB/T 9704-2012)."""

    name: str
    kind: Literal["annex"] = "annex"


Block = Heading | Paragraph | Table | Form | Signatures | Annex


@dataclass(frozen=True)
class Letter:
    """One letter, ready to be set. ``addressee``, ``number``, ``copies`` may be empty; ``date`` is the letter's own."""

    key: str
    name: str
    style: Style
    title: str
    date: dt.date
    issuer: str
    number: str
    addressee: str
    blocks: tuple[Block, ...]
    attachments: tuple[str, ...] = ()
    copies: str = ""
    #: SHA-256 of the template that it was filled from, to say years later with which words it was made
    template_digest: str = ""


#: what a caller gives: field name → value
Data = Mapping[str, Any]
