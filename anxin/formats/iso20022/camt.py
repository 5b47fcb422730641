"""camt.053 and camt.054: movements of an account, with the single payments inside what a bank books as a sum."""

from __future__ import annotations

from dataclasses import dataclass, replace

from anxin.formats import amounts
from anxin.formats.codes import OTHER
from anxin.formats.iso20022 import values
from anxin.formats.iso20022.document import CODES, Document
from anxin.formats.messages import Direction, Reading, RowRefusal, Statement, StatementEntry
from anxin.formats.safe_xml import Element, child, children, source, text
from anxin.kernel.money import yuan_string

_DIRECTIONS = {"CRDT": Direction.IN, "DBIT": Direction.OUT}
_RETURNS = {"RRTN", "RPCR"}
_BOOKED = {"", "BOOK"}


@dataclass
class _Counter:
    """Records are counted through the whole file: the number is what a refusal names."""

    place: int = 0

    def next(self) -> int:
        self.place += 1
        if self.place > CODES.limits["records"]:
            raise CODES.refused("I06", most=CODES.limits["records"])
        return self.place


def read(document: Document) -> Reading:
    """One statement per account. Batches whose sums or counts disagree come back whole."""
    refusals: list[RowRefusal] = []
    notes = list(document.notes)
    counter = _Counter()
    name = "Stmt" if document.message == "camt.053" else "Ntfctn"
    statements = [_statement(one, counter, refusals, notes) for one in children(document.body, name)]
    if not statements:
        raise CODES.refused("I04", what="账户明细")
    last_page = text(document.body, "GrpHdr/MsgPgntn/LastPgInd")
    if last_page in ("false", "0"):
        notes.append("这是多页报文中的一页，后面还有，请一并导入。")
    return Reading("iso20022", document.version, tuple(statements), tuple(refusals), tuple(notes))


def _statement(
    statement: Element, counter: _Counter, refusals: list[RowRefusal], notes: list[str]
) -> Statement:
    account = values.account(child(statement, "Acct"))
    if not account:
        raise CODES.refused("I04", what="账号（Acct）")
    currency = text(statement, "Acct/Ccy") or _currency(statement)
    entries = []
    elements = list(children(statement, "Ntry"))
    _check_summary(statement, elements)
    for element in elements:
        entries += _entries(element, currency, counter, refusals)
    opening = _balance(statement, "OPBD", "PRCD")
    closing = _balance(statement, "CLBD")
    result = Statement(
        account=account,
        from_day=values.day(child(statement, "FrToDt/FrDtTm")),
        to_day=values.day(child(statement, "FrToDt/ToDtTm")),
        opening_fen=opening,
        closing_fen=closing,
        entries=tuple(entries),
        reference=text(statement, "Id"),
        owner=text(statement, "Acct/Ownr/Nm"),
        currency=currency,
    )
    moved = sum(_signed(element) for element in elements if _status(element) in _BOOKED)
    if opening is not None and closing is not None and opening + moved != closing:
        notes.append(
            f"余额不衔接：期初{yuan_string(opening)}加收支{yuan_string(moved)}，不等于期末{yuan_string(closing)}，"
            "请与银行核对是否缺页。"
        )
    return result


def _currency(statement: Element) -> str:
    for name in ("Bal", "Ntry"):
        for one in children(statement, name):
            return values.currency(child(one, "Amt"))
    return ""


def _signed(element: Element) -> int:
    amount = amounts.fen(text(element, "Amt")) or 0
    return amount if text(element, "CdtDbtInd") == "CRDT" else -amount


def _balance(statement: Element, *kinds: str) -> int | None:
    for kind in kinds:
        for balance in children(statement, "Bal"):
            if text(balance, "Tp/CdOrPrtry/Cd") == kind:
                amount = amounts.fen(text(balance, "Amt"))
                return amount if amount is None or text(balance, "CdtDbtInd") == "CRDT" else -amount
    return None


def _check_summary(statement: Element, elements: list[Element]) -> None:
    """The message's own count and sum of entries, where it states them."""
    summary = child(statement, "TxsSummry/TtlNtries")
    stated = text(summary, "NbOfNtries")
    if stated and amounts.whole(stated) != len(elements):
        raise CODES.refused("I05", what="条目数", stated=stated[:20], found=len(elements))
    total = text(summary, "Sum")
    found = sum(amounts.fen(text(element, "Amt")) or 0 for element in elements)
    if total and amounts.fen(total) != found:
        raise CODES.refused("I05", what="条目总金额", stated=total[:30], found=yuan_string(found))


def _status(element: Element) -> str:
    return text(element, "Sts/Cd", "Sts/Prtry", "Sts")


# --- entries ---------------------------------------------------------------------------------------------


def _entries(
    element: Element, currency: str, counter: _Counter, refusals: list[RowRefusal]
) -> list[StatementEntry]:
    """The payments of one booked sum; the sum itself where the bank lists none."""
    details = [one for group in children(element, "NtryDtls") for one in children(group, "TxDtls")]
    records = details or [element]
    places = [counter.next() for _ in records]
    booked = _booked(element, len(details))
    problem = _foreign(element, currency) or _problem(element, booked, details)
    if problem or booked is None:
        field, code, said = problem or ("booked_on", "J04", {})
        refusals += [
            CODES.row(place, field, code, source(one), **said)
            for place, one in zip(places, records, strict=True)
        ]
        return []
    if not details:
        return [replace(booked, line=places[0], raw=source(element))]
    entries = []
    own = values.currency(child(element, "Amt"))
    for place, one in zip(places, details, strict=True):
        part = values.currency(_amount_element(one))
        if part not in ("", own):
            refusals.append(CODES.row(place, "amount", "J02", source(one), found=part[:10]))
            continue
        amount = _amount(one, booked.amount_fen if len(details) == 1 else None)
        if not amount:
            refusals.append(CODES.row(place, "amount", "J01", source(one), found=text(one, "Amt")[:30]))
            continue
        entries.append(_payment(one, booked, amount, place))
    return entries


def _booked(element: Element, listed: int) -> StatementEntry | None:
    """The booked sum. ``None`` where it names no day or no direction; :func:`_problem` says which."""
    day = values.day(child(element, "BookgDt")) or values.day(child(element, "ValDt"))
    direction = _DIRECTIONS.get(text(element, "CdtDbtInd"))
    if day is None or direction is None:
        return None
    stated = text(child(element, "NtryDtls"), "Btch/NbOfTxs")
    amount = amounts.fen(text(element, "Amt")) or 0
    family = text(element, "BkTxCd/Domn/Fmly/SubFmlyCd")
    return StatementEntry(
        booked_on=day,
        direction=direction,
        amount_fen=amount,
        reference=text(element, "AcctSvcrRef", "NtryRef"),
        purpose=text(element, "AddtlNtryInf"),
        reversal=text(element, "RvslInd") in ("true", "1"),
        returned=family in _RETURNS,
        pending=_status(element) not in _BOOKED,
        batch_reference=text(element, "AcctSvcrRef", "NtryRef"),
        batch_size=max(listed, amounts.whole(stated) or 1),
        batch_fen=amount,
        salary=family == "SALA",
    )


def _foreign(element: Element, currency: str) -> tuple[str, str, dict[str, object]] | None:
    """A booking in another currency than its account's is no amount of that account."""
    own = values.currency(child(element, "Amt"))
    return ("amount", "J02", {"found": own[:10]}) if own and currency and own != currency else None


def _problem(
    element: Element, booked: StatementEntry | None, details: list[Element]
) -> tuple[str, str, dict[str, object]] | None:
    """Why nothing of this entry can be taken: (field, code, values of the sentence)."""
    written = text(element, "Amt")
    if not amounts.fen(written):
        return "amount", "J01", {"found": written[:30]}
    if booked is None:
        if text(element, "CdtDbtInd") not in _DIRECTIONS:
            return "direction", "J07", {"found": text(element, "CdtDbtInd")[:10]}
        return "booked_on", "J04", {}
    stated = text(child(element, "NtryDtls"), "Btch/NbOfTxs")
    if (
        details
        and stated
        and amounts.whole(stated) != len(details)
        and len(list(children(element, "NtryDtls"))) == 1
    ):
        return "batch", "J05", {"stated": stated[:20], "found": len(details)}
    parts = [_amount(one, booked.amount_fen if len(details) == 1 else None) for one in details]
    if details and all(parts) and _one_currency(element, details):
        total = sum(part or 0 for part in parts)
        if total != booked.amount_fen:
            said: dict[str, object] = {"stated": yuan_string(booked.amount_fen), "found": yuan_string(total)}
            return "batch", "J06", said
    return None


def _one_currency(element: Element, details: list[Element]) -> bool:
    """Sums can be compared only in one currency; a part without its own amount has the entry's."""
    own = values.currency(child(element, "Amt"))
    return all(values.currency(_amount_element(one)) in ("", own) for one in details)


def _amount_element(detail: Element) -> Element | None:
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        found = child(detail, path)
        if found is not None:
            return found
    return None


def _amount(detail: Element, otherwise: int | None) -> int | None:
    element = _amount_element(detail)
    return otherwise if element is None else amounts.fen(text(element, ""))


def _payment(detail: Element, booked: StatementEntry, amount: int, place: int) -> StatementEntry:
    """One payment inside the booked sum. Who stands opposite: the payee of what went out, the payer of what came in;
    of a payment that came back, the payee whom it did not reach, where the bank names one."""
    parties = child(detail, "RltdPties")
    code = text(detail, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")
    returned = booked.returned or child(detail, "RtrInf") is not None
    outward = booked.direction == Direction.OUT or (
        returned and bool(text(parties, "Cdtr/Nm", "Cdtr/Pty/Nm"))
    )
    side = "Cdtr" if outward else "Dbtr"
    meaning = CODES.bank_code(code)
    said = [str(one.text).strip() for one in children(child(detail, "RtrInf"), "AddtlInf") if one.text]
    return replace(
        booked,
        amount_fen=amount,
        counterparty_name=values.party_name(child(parties, side)),
        counterparty_account=values.account(child(parties, f"{side}Acct")),
        reference=text(detail, "Refs/AcctSvcrRef", "Refs/TxId") or booked.reference,
        payer_reference=values.reference(text(detail, "Refs/EndToEndId"))
        or values.reference(text(detail, "Refs/InstrId")),
        purpose=values.remittance(detail) or text(detail, "AddtlTxInf") or booked.purpose,
        returned=returned,
        code=(meaning.reason if meaning and meaning.reason else OTHER) if returned else "",
        reason=(" ".join(said) or (meaning.word if meaning else ""))[:200] if returned else "",
        bank_code=code,
        salary=booked.salary or text(detail, "Purp/Cd") == "SALA",
        line=place,
        raw=source(detail),
    )
