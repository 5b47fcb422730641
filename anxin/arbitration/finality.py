"""终局 or 非终局, item by item: pure arithmetic over what is awarded.

劳动争议调解仲裁法第四十七条: (一) 追索劳动报酬、工伤医疗费、经济补偿或者赔偿金, not above twelve months of the local minimum wage;
(二) disputes about working hours, rest, leave and social insurance by the state's standards, whatever the sum. 办案规则第五十条: each item
is compared by itself, and final and other items of one case go into two papers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from anxin.arbitration.models_awards import Item
from anxin.kernel.money import sentence_yuan

#: compared with the ceiling
BY_AMOUNT = frozenset({Item.WAGE, Item.OVERTIME, Item.INJURY, Item.SEVERANCE, Item.DAMAGES, Item.DOUBLE})
#: final whatever the sum
ALWAYS = frozenset({Item.STANDARDS})


@dataclass(frozen=True)
class Judged:
    """One kind of item of one applicant: what is awarded in all (``before``: by earlier awards of the case)."""

    applicant: int
    item: str
    name: str
    before: int
    fen: int
    final: bool
    why: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def judge(
    sums: Mapping[tuple[int, str], int], earlier: Mapping[tuple[int, str], int], ceiling_fen: int, times: int
) -> list[Judged]:
    """Each sum by ``(number of the applicant, item)``; ``earlier`` counts towards the same item."""
    found = []
    for (applicant, item), fen in sorted(sums.items()):
        before = earlier.get((applicant, item), 0)
        final, why = _one(item, before + fen, before, ceiling_fen, times)
        found.append(Judged(applicant, item, Item(item).label, before, fen, final, why))
    return found


def keys(judged: Sequence[Judged], *, final: bool) -> set[tuple[int, str]]:
    """The items that go into the one paper or the other."""
    return {(one.applicant, one.item) for one in judged if one.final is final}


def _one(item: str, total: int, before: int, ceiling_fen: int, times: int) -> tuple[bool, str]:
    if item in ALWAYS:
        return True, "因执行国家劳动标准发生的争议，不论金额，适用终局裁决（第四十七条第二项）"
    if item not in BY_AMOUNT:
        return False, "不属于第四十七条所列的事项，适用非终局裁决"
    also = f"（连同先行裁决的{sentence_yuan(before)}）" if before else ""
    if total <= ceiling_fen:
        return True, f"{sentence_yuan(total)}{also}不超过{times}个月最低工资{sentence_yuan(ceiling_fen)}"
    return False, f"{sentence_yuan(total)}{also}超过{times}个月最低工资{sentence_yuan(ceiling_fen)}"
