"""Where the statements of a text begin and end."""

from __future__ import annotations

#: what separates one statement from the next
STOP = "。！？!?；;\n"
#: what separates the parts of one
PAUSE = STOP + "，,、：: （）()"


def clause_before(text: str, position: int) -> str:
    """What stands between the last pause and ``position``."""
    start = position
    while start > 0 and text[start - 1] not in PAUSE:
        start -= 1
    return text[start:position]


def clause_after(text: str, position: int) -> str:
    """What stands between ``position`` and the next pause."""
    end = position
    while end < len(text) and text[end] not in PAUSE:
        end += 1
    return text[position:end]


def sentence_before(text: str, position: int) -> str:
    """What stands between the last full stop and ``position``."""
    start = position
    while start > 0 and text[start - 1] not in STOP:
        start -= 1
    return text[start:position]
