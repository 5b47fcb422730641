"""Numbers of letters (发文字号) without gaps or doubles: the register is locked until the letter that takes the number is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anxin.letters.models import LetterHead, NumberRegister
from anxin.registry.models import Organisation


@dataclass(frozen=True)
class Number:
    """``text`` is ``云人社监令〔2026〕3号``."""

    register: str
    year: int
    serial: int
    text: str


def next_number(*, office: Organisation, head: LetterHead, register: str, year: int) -> Number:
    """The next number of the office's register of the year.

    Inside the caller's transaction, which takes the number back when the issue fails: the next letter then has it.
    """
    serial = next_serial(NumberRegister, office=office, register=register, year=year)
    return Number(register, year, serial, f"{head.prefix}{register}〔{year}〕{serial}号")


def next_serial(registers: type[Any], **key: object) -> int:
    """The next number of one register: a row of ``registers`` with ``last``, found or begun by ``key``.

    Inside the caller's transaction; the row stays locked until that ends, and a failure gives the number back.
    """
    made, _ = registers.objects.get_or_create(**key)
    held = registers.objects.select_for_update().get(pk=made.pk)
    held.last += 1
    held.save(update_fields=["last"])
    return int(held.last)
