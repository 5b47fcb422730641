"""Near matches: what a receipt may be meant for, each with the reason why it is not certain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from anxin.funds.pairs import Books, Index, Line, Receipt, cards_differ

#: proposals for one receipt: more would not help the person who decides
_MOST_PROPOSALS = 3

#: (amount, a name or the name with a character blanked or left out) → lines
_NearNames = dict[tuple[int, str], list[Line]]


def propose(
    waiting: Sequence[Receipt],
    lines: Sequence[Line],
    index: Index,
    books: Books,
    doubtful: Mapping[int, str],
    *,
    partly: Container[int],
) -> None:
    """Write proposals for every receipt. ``partly``: receipts of which a person has confirmed a part; their rest
    is only proposed where it is enough for a whole line. ``doubtful``: receipt → why it was held back."""
    if not waiting:
        return
    near = _near_names(line for line in lines if books.outstanding[line.id] > 0)
    for receipt in waiting:
        proposed: set[int] = set()
        for line, reason in _candidates(receipt, index, near, books):
            if len(proposed) == _MOST_PROPOSALS:
                break
            if line.id in proposed or not books.open(receipt, line):
                continue
            if receipt.id in partly and receipt.amount_fen < books.outstanding[line.id]:
                continue
            proposed.add(line.id)
            books.propose(receipt, line, doubtful.get(receipt.id, reason))


def _candidates(receipt: Receipt, index: Index, near: _NearNames, books: Books) -> Iterator[tuple[Line, str]]:
    """Lines that the receipt may be meant for, the likeliest first."""
    ordered = index.ordered_line(receipt)
    if ordered is not None and receipt.ordered is not None:
        against = receipt.ordered.spoken_against_by(receipt)
        yield ordered, "代发单流水号一致，但" + ("姓名或卡号不同" if against else "金额大于未付金额")
    for line in index.by_card.get(receipt.card_hash, ()) if receipt.card_hash else ():
        yield line, _of_card(receipt, line, books)
    for line in index.by_id.get(receipt.id_hash, ()) if receipt.id_hash else ():
        yield line, "身份证号一致，但姓名、卡号或金额不同"
    for line in index.by_name.get(receipt.name, ()) if receipt.name else ():
        if receipt.amount_fen == books.outstanding[line.id]:
            differ = cards_differ(receipt, line)
            yield line, "姓名、金额一致，但卡号不同" if differ else "姓名、金额一致，但同名的不止一人"
    for form in dict.fromkeys(_near_forms(receipt.name)):
        for line in near.get((receipt.amount_fen, form), ()):
            if books.outstanding[line.id] == receipt.amount_fen and _one_character_apart(
                line.name, receipt.name
            ):
                yield line, "金额一致，姓名相差一个字"


def _of_card(receipt: Receipt, line: Line, books: Books) -> str:
    if receipt.name and receipt.name != line.name:
        return "卡号一致，但姓名不同"
    if receipt.amount_fen > books.outstanding[line.id]:
        return "卡号、姓名一致，但金额大于未付金额（可能一笔付了几个月，请逐条确认）"
    if receipt.name:
        return "卡号、姓名一致，像是部分支付，但没有写明月份，几个月都有可能"
    return "卡号一致，但这张卡对应的不止一人"


def _near_names(lines: Iterable[Line]) -> _NearNames:
    near: _NearNames = defaultdict(list)
    for line in lines:
        for form in set(_near_forms(line.name)):
            near[line.net_fen, form].append(line)
    return near


def _near_forms(name: str) -> Iterator[str]:
    """Forms of which two names share one whenever they are one character apart."""
    if len(name) < 2:
        return
    yield name
    for position in range(len(name)):
        yield f"{name[:position]}_{name[position + 1 :]}"
        yield name[:position] + name[position + 1 :]


def _one_character_apart(left: str, right: str) -> bool:
    """One character replaced, missing or added."""
    if len(left) == len(right):
        return sum(a != b for a, b in zip(left, right, strict=True)) == 1
    shorter, longer = sorted((left, right), key=len)
    return len(longer) == len(shorter) + 1 and any(
        longer[:position] + longer[position + 1 :] == shorter for position in range(len(longer))
    )
