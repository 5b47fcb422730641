"""What a format can do, and what it answers when asked for more."""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
from typing import ClassVar

from anxin.formats.messages import BankFile, FormatRefused, PayOrder, PayResults, Reading

_UNSAFE = re.compile(r"[^0-9A-Za-z\u4e00-\u9fff._-]+")


class Format(ABC):
    """One folder's format. Reading never raises anything but :class:`FormatRefused`, whatever the bytes are."""

    key: ClassVar[str]
    title: ClassVar[str]
    #: of the files that it writes
    extension: ClassVar[str] = "txt"
    #: whether it writes orders to pay, and the bank's answers
    writes_orders: ClassVar[bool] = False
    writes_results: ClassVar[bool] = False

    @abstractmethod
    def matches(self, head: str) -> bool:
        """Whether a file that begins like this is one of ours; whether it can be read is another question."""

    @abstractmethod
    def read(self, data: bytes) -> Reading:
        """Raises :class:`FormatRefused` where the file is not taken as a whole."""

    def write_files(self, order: PayOrder) -> tuple[BankFile, ...]:
        """The files that make up the order, in the order in which the bank wants them."""
        raise FormatRefused(
            "not_written", f"“{self.title}”只能读取，不能生成代发文件，请为该银行选用其他格式。"
        )

    def write(self, order: PayOrder) -> bytes:
        """The order as one file. Raises :class:`FormatRefused` where the format needs several."""
        files = self.write_files(order)
        if len(files) != 1:
            raise FormatRefused(
                "several_files",
                f"本次代发共{len(order.lines)}笔，按“{self.title}”须分成{len(files)}个文件，请逐个生成。",
            )
        return files[0].data

    def write_results(self, results: PayResults, order: PayOrder) -> bytes:
        """The bank's answer to the order, as a bank that uses this format would send it."""
        raise FormatRefused("not_written", f"“{self.title}”不能生成结果文件，请选用其他格式。")

    @staticmethod
    def moment(order: PayOrder) -> dt.datetime:
        """When the order was made. Raises :class:`FormatRefused` for one that says nothing: banks ask for it."""
        if order.created_at is None:
            raise FormatRefused("no_moment", "代发批次没有生成时间，无法写成银行文件。")
        return order.created_at

    def filename(self, reference: str, part: str = "") -> str:
        """A name of a file for an order, safe on every system."""
        stem = _UNSAFE.sub("_", f"{reference}{part}").strip("._") or "order"
        return f"{stem}.{self.extension}"
