"""What a command prints: one JSON document or plain text on standard output, everything else on standard error."""

from __future__ import annotations

import contextlib
import json
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

#: where the one JSON document goes while standard output is turned away from chatty libraries
_document: TextIO | None = None


@contextlib.contextmanager
def only_json() -> Iterator[None]:
    """Within it, whatever is printed to standard output lands on standard error; :func:`print_json` alone gets out."""
    global _document
    _document = sys.stdout
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        _document = None


def machine() -> TextIO:
    """The real standard output, where a command writes what another program reads."""
    return _document or sys.stdout


def print_json(document: Any) -> None:
    """Print the document, Chinese readable, to the real standard output; ``default=str`` covers dates and UUIDs."""
    stream = machine()
    json.dump(document, stream, ensure_ascii=False, indent=2, default=str)
    stream.write("\n")
    stream.flush()


def say(sentence: str = "") -> None:
    """A line of the command's answer, on standard output."""
    print(sentence, flush=True)


def progress(sentence: str) -> None:
    """A line about what is going on, on standard error."""
    print(sentence, file=sys.stderr, flush=True)


def table(headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a plain table; a Chinese character counts as two columns, so that the columns line up."""
    cells = [list(headers)] + [["" if value is None else str(value) for value in row] for row in rows]
    widths = [max(map(_width, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        padded = (text + " " * (width - _width(text)) for text, width in zip(line, widths, strict=True))
        say("  ".join(padded).rstrip())


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
