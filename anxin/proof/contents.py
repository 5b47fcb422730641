"""What goes into a package: tables of rows and documents, about something, as of a day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

#: the field of a row that says which people it is about; ``P3`` stands in the table of people
ABOUT = "_about"
#: a field of a row that is not written: the row is taken out as the package is made, and its hash stays in the chain
WITHHELD = "_withheld"
#: a table of people: what of each of them must be gone where the person is taken out
PEOPLE = "people"
#: entries of the product's journal, each with the hash of the one before
JOURNAL = "journal"
#: the list of the documents, which the builder writes
DOCUMENTS = "documents"

_SLUG = re.compile(r"[a-z][a-z0-9_]{0,40}")
_ENDING = re.compile(r"[a-z0-9]{1,8}")


class WrongContents(ValueError):
    """Something that a package cannot hold; the text is a sentence."""


@dataclass(frozen=True)
class Table:
    """Rows of one kind. ``columns`` gives the heading of each field; a row may leave fields out.

    Values are text, whole numbers, truth values, lists and dicts of these; sums of money are whole numbers of fen
    or text. ``rows[i]["_about"]`` lists the people that a row is about. Rows are gone through once, so that a long
    table may come straight from the database.
    """

    slug: str
    title: str
    columns: Mapping[str, str]
    rows: Iterable[Mapping[str, Any]]

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.slug) or self.slug == DOCUMENTS:
            raise WrongContents(
                f"表的代号“{self.slug}”不能用：用小写字母、数字和下划线，{DOCUMENTS} 留给文件清单。"
            )

    @property
    def path(self) -> str:
        return table_path(self.slug)


@dataclass(frozen=True)
class Document:
    """A file as it is: ``name`` as people know it, ``media_type`` by its content."""

    name: str
    title: str
    media_type: str
    content: bytes
    about: Sequence[str] = ()

    @property
    def ending(self) -> str:
        ending = Path(self.name).suffix.removeprefix(".").lower()
        return ending if _ENDING.fullmatch(ending) else "bin"


@dataclass(frozen=True)
class Contents:
    """Everything of one package.

    ``subject`` says what it is of, label by label (事项编号、工程项目、月份……); ``made_at`` has a zone.
    ``withheld`` is the reason that the note of withheld rows gives; without one no row may be withheld.
    """

    title: str
    subject: Mapping[str, str]
    as_of: dt.date
    made_at: dt.datetime
    made_by: str
    product: str
    tables: Sequence[Table] = ()
    documents: Sequence[Document] = field(default=())
    withheld: str = ""

    def __post_init__(self) -> None:
        if self.made_at.tzinfo is None:
            raise WrongContents("证据包的生成时间要带时区。")
        slugs = [table.slug for table in self.tables]
        if len(set(slugs)) < len(slugs):
            raise WrongContents("证据包里的表不能重名。")


def table_path(slug: str) -> str:
    """Where the rows of a table lie in a package."""
    return f"rows/{slug}.jsonl"


def document_path(number: int, ending: str) -> str:
    """Where the ``number``-th document lies (from 1)."""
    return f"documents/{number:05d}.{ending}"
