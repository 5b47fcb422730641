"""A mend of asn1crypto 1.5: a length that ends in 0x80 is no indefinite one.

The library takes every header whose last byte is 0x80 for that of an indefinite length and encodes the value anew with all that
lies in it, at each level several times over. One signature in some dozens had such a length somewhere (``30 82 05 80``) and
took minutes instead of milliseconds.
"""

from __future__ import annotations

from typing import Any

from asn1crypto import core


def _is_definite(header: bytes | None) -> bool:
    """Whether a header of one tag byte has a long length that only ends like an indefinite one: ``30 81 80``, ``30 82 05 80``."""
    return header is not None and len(header) > 2 and header[1] == 0x80 + len(header) - 2


def _mend(kind: Any) -> None:
    as_it_was = kind.dump

    def dump(self: Any, force: bool = False) -> bytes:
        if not force and _is_definite(self._header):
            return bytes(core.Asn1Value.dump(self))
        return bytes(as_it_was(self, force=force))

    kind.dump = dump


for _kind in (core.Sequence, core.SequenceOf):
    _mend(_kind)
