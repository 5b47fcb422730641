"""China Merchants Bank's NTAGCAPY: a large batch of payments, its answer, and its details."""

from __future__ import annotations

from anxin.formats.base import Format
from anxin.formats.messages import BankFile, PayOrder, Reading
from anxin.formats.ntagcapy import reading, writing
from anxin.formats.ntagcapy.writing import Options, continue_with

__all__ = ["Ntagcapy", "Options", "continue_with"]


class Ntagcapy(Format):
    key = "ntagcapy"
    title = "招商银行 NTAGCAPY"
    extension = "xml"
    writes_orders = True

    def __init__(self, options: Options | None = None) -> None:
        self.options = options or Options()

    def matches(self, head: str) -> bool:
        return head.startswith("<") and "<CMBSDKPGK" in head

    def read(self, data: bytes) -> Reading:
        return reading.read(data)

    def write_files(self, order: PayOrder) -> tuple[BankFile, ...]:
        requests = writing.write(order, self.options)
        if len(requests) == 1:
            return (BankFile(self.filename(order.reference), requests[0]),)
        return tuple(
            BankFile(self.filename(order.reference, f"_{number}"), data)
            for number, data in enumerate(requests, 1)
        )
