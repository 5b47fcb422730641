"""工资信息文件: our own open format. The book for banks is ``docs/wage-file.md``."""

from __future__ import annotations

from anxin.formats.base import Format
from anxin.formats.messages import BankFile, PayOrder, PayResults, Reading
from anxin.formats.wage_file import grammar, reading, writing


class WageFile(Format):
    key = "wage_file"
    title = "工资信息文件"
    extension = "txt"
    writes_orders = True
    writes_results = True

    def matches(self, head: str) -> bool:
        return head.startswith(grammar.MARK + grammar.SEPARATOR)

    def read(self, data: bytes) -> Reading:
        return reading.read(data)

    def write_files(self, order: PayOrder) -> tuple[BankFile, ...]:
        return (BankFile(self.filename(order.reference), writing.write_order(order)),)

    def write_results(self, results: PayResults, order: PayOrder) -> bytes:
        return writing.write_results(results, order)
