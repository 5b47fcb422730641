"""ISO 20022: pain.001 out and in, pain.002, camt.053 and camt.054 in."""

from __future__ import annotations

import re

from anxin.formats.base import Format
from anxin.formats.iso20022 import camt, document, pain001, pain002
from anxin.formats.messages import BankFile, PayOrder, Reading

_OURS = re.compile(r"urn:iso:std:iso:20022:tech:xsd:|six-interbank-clearing\.com|<(?:\w+:)?Document[\s>/]")
_READERS = {
    "pain.001": pain001.read,
    "pain.002": pain002.read,
    "camt.053": camt.read,
    "camt.054": camt.read,
}


class Iso20022(Format):
    key = "iso20022"
    title = "ISO 20022 报文"
    extension = "xml"
    writes_orders = True

    def matches(self, head: str) -> bool:
        return head.startswith("<") and bool(_OURS.search(head))

    def read(self, data: bytes) -> Reading:
        found = document.load(data)
        return _READERS[found.message](found)

    def write_files(self, order: PayOrder) -> tuple[BankFile, ...]:
        return (BankFile(self.filename(order.reference), pain001.write(order)),)
