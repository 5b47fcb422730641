"""Which rows of a table were changed, moved, taken away or put in, once it is known that something was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from anxin.proof.hashing import Pair
from anxin.proof.hashing import leaf as leaf_hash

#: how far ahead a row is looked for, and how many problems of one table are told one by one
_WINDOW, _TOLD = 12, 20
_PAIRS = 3000


@dataclass(frozen=True)
class Expected:
    """A leaf as it was signed; ``salt`` is None for one that was taken out."""

    path: str
    line: int
    salt: bytes | None
    pair: Pair

    def fits(self, content: bytes) -> bool:
        return self.salt is not None and leaf_hash(self.path, self.line, self.salt, [content]) == self.pair


def differences(expected: Sequence[Expected], lines: Sequence[bytes], taken_out: bytes) -> Iterator[str]:
    """Sentences, the first twenty and a count of the rest."""
    added, missing = _unmatched(expected, lines, taken_out)
    sentences = []
    if len(added) * len(missing) <= _PAIRS:
        for index in list(added):
            home = next((each for each in missing if each.fits(lines[index])), None)
            if home is not None:
                if home.line != index + 1:  # in its own place, while others were moved past it
                    sentences.append(f"第{index + 1}行原来在第{home.line}行")
                added.remove(index)
                missing.remove(home)
    missed = {each.line for each in missing}
    for index in added:
        if index + 1 in missed:
            missed.discard(index + 1)
            sentences.append(f"第{index + 1}行的内容被改动过")
        else:
            sentences.append(f"第{index + 1}行是后来加进去的")
    sentences += [f"原来的第{line}行被删去" for line in sorted(missed)]
    yield from sentences[:_TOLD]
    if len(sentences) > _TOLD:
        yield f"另有{len(sentences) - _TOLD}处不符"


def _unmatched(
    expected: Sequence[Expected], lines: Sequence[bytes], taken_out: bytes
) -> tuple[list[int], list[Expected]]:
    """Lines that no expected leaf fits, and leaves that no line fits, going through both side by side."""
    added: list[int] = []
    missing: list[Expected] = []
    at = due = 0
    while at < len(lines) and due < len(expected):
        step = _next_fit(expected, lines, at, due, taken_out)
        if step is None:
            added.append(at)
            missing.append(expected[due])
            at, due = at + 1, due + 1
            continue
        ahead, behind = step
        added += range(at, at + ahead)
        missing += expected[due : due + behind]
        at, due = at + ahead + 1, due + behind + 1
    added += range(at, len(lines))
    missing += expected[due:]
    return added, missing


def _next_fit(
    expected: Sequence[Expected], lines: Sequence[bytes], at: int, due: int, taken_out: bytes
) -> tuple[int, int] | None:
    """The nearest pair from here on that fits: how many lines and how many leaves lie before it."""
    for total in range(_WINDOW):
        for ahead in range(total + 1):
            line, leaf = at + ahead, due + total - ahead
            if line < len(lines) and leaf < len(expected):
                held = expected[leaf]
                if held.fits(lines[line]) or (held.salt is None and lines[line] == taken_out):
                    return ahead, total - ahead
    return None
