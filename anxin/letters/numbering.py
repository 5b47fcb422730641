"""Numbers of letters (发文字号) without gaps or doubles: the register is locked until the letter that takes the number is written."""

from __future__ import annotations

from dataclasses import dataclass

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
    made, _ = NumberRegister.objects.get_or_create(office=office, register=register, year=year)
    held = NumberRegister.objects.select_for_update().get(pk=made.pk)
    held.last += 1
    held.save(update_fields=["last"])
    return Number(register, year, held.last, f"{head.prefix}{register}〔{year}〕{held.last}号")
