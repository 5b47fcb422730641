"""pain.001: the order to pay, written and read."""

from __future__ import annotations

import datetime as dt
import re

from lxml import etree

from anxin.formats import amounts
from anxin.formats.base import Format
from anxin.formats.iso20022 import values
from anxin.formats.iso20022.document import CODES, Document, load
from anxin.formats.messages import FormatRefused, PayOrder, PayOrderLine, Reading, RowRefusal
from anxin.formats.safe_xml import Element, child, children, source, text
from anxin.kernel.money import yuan_string

NAME = "pain.001.001.03"
_NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{NAME}"
#: how the project and the month travel: as identifications of who initiates the payment
_PROJECT, _MONTH = "ANXIN-PROJECT", "ANXIN-MONTH"
#: a control character, or what no XML can hold
_NOT_XML = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def write(order: PayOrder) -> bytes:
    """Raises ``FormatRefused`` for what the schema or a bank would not take; what is written has been read back."""
    root = etree.Element(f"{{{_NAMESPACE}}}Document", nsmap={None: _NAMESPACE})
    body = _add(root, "CstmrCdtTrfInitn")
    header = _add(body, "GrpHdr")
    _add(header, "MsgId", order.reference)
    _add(header, "CreDtTm", Format.moment(order).isoformat(timespec="seconds"))
    _add(header, "NbOfTxs", str(len(order.lines)))
    _add(header, "CtrlSum", yuan_string(order.total_fen))
    initiator = _add(header, "InitgPty")
    if order.project_code or order.month:
        identity = _add(initiator, "Id/OrgId")
        for value, scheme in ((order.project_code, _PROJECT), (order.month, _MONTH)):
            if value:
                other = _add(identity, "Othr")
                _add(other, "Id", value)
                _add(other, "SchmeNm/Prtry", scheme)
    _payment(_add(body, "PmtInf"), order)
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    refusals = read(load(data)).refusals
    if refusals:
        raise FormatRefused(refusals[0].code, refusals[0].sentence, f"第{refusals[0].line}笔")
    return bytes(data)


def _payment(payment: Element, order: PayOrder) -> None:
    _add(payment, "PmtInfId", order.reference)
    _add(payment, "PmtMtd", "TRF")
    _add(payment, "BtchBookg", "false")
    _add(payment, "NbOfTxs", str(len(order.lines)))
    _add(payment, "CtrlSum", yuan_string(order.total_fen))
    _add(payment, "PmtTpInf/CtgyPurp/Cd", "SALA")
    _add(payment, "ReqdExctnDt", Format.moment(order).date().isoformat())
    debtor = _add(payment, "Dbtr")
    if order.payer_name:
        _add(debtor, "Nm", order.payer_name)
    _add(payment, "DbtrAcct/Id/Othr/Id", order.payer_account)
    _add(payment, "DbtrAgt/FinInstnId/Othr/Id", "NOTPROVIDED")
    for line in order.lines:
        _transaction(_add(payment, "CdtTrfTxInf"), line)


def _transaction(transaction: Element, line: PayOrderLine) -> None:
    identity = _add(transaction, "PmtId")
    _add(identity, "InstrId", str(line.sequence))
    _add(identity, "EndToEndId", line.reference)
    _add(transaction, "Amt/InstdAmt", yuan_string(line.amount_fen)).set("Ccy", "CNY")
    if line.bank_code:
        clearing = _add(transaction, "CdtrAgt/FinInstnId/ClrSysMmbId")
        _add(clearing, "ClrSysId/Cd", "CNAPS")
        _add(clearing, "MmbId", line.bank_code)
    creditor = _add(transaction, "Cdtr")
    _add(creditor, "Nm", line.name)
    if line.id_number:
        other = _add(creditor, "Id/PrvtId/Othr")
        _add(other, "Id", line.id_number)
        _add(other, "SchmeNm/Cd", "NIDN")
    _add(transaction, "CdtrAcct/Id/Othr/Id", line.card)
    _add(transaction, "Purp/Cd", "SALA")
    if line.purpose:
        _add(transaction, "RmtInf/Ustrd", line.purpose)


def _add(parent: Element, path: str, content: str | None = None) -> Element:
    element = parent
    for name in path.split("/"):
        element = etree.SubElement(element, f"{{{_NAMESPACE}}}{name}")
    if content is not None:
        if _NOT_XML.search(content):
            raise FormatRefused("forbidden", f"{path}的内容含有报文写不下的控制字符，请更正姓名或用途。")
        element.text = content
    return element


# --- reading ---------------------------------------------------------------------------------------------


def read(document: Document) -> Reading:
    """One order per payment block. Amounts in other currencies, and payees without an account, come back."""
    header = child(document.body, "GrpHdr")
    project = month = ""
    for other in children(child(header, "InitgPty/Id/OrgId"), "Othr"):
        scheme = text(other, "SchmeNm/Prtry")
        project = text(other, "Id") if scheme == _PROJECT else project
        month = text(other, "Id") if scheme == _MONTH else month
    created_at = _moment(text(header, "CreDtTm"))
    refusals: list[RowRefusal] = []
    orders: list[PayOrder] = []
    counted = 0
    total = 0
    for payment in children(document.body, "PmtInf"):
        transactions = list(children(payment, "CdtTrfTxInf"))
        parts = [_cents(text(one, "Amt/InstdAmt", "Amt/EqvtAmt/Amt")) for one in transactions]
        _agree(payment, len(transactions), sum(parts), text(payment, "PmtInfId"))
        lines = [_line(one, place, refusals) for place, one in enumerate(transactions, counted + 1)]
        counted += len(transactions)
        total += sum(parts)
        orders.append(
            PayOrder(
                reference=text(payment, "PmtInfId") or text(header, "MsgId"),
                project_code=project,
                month=month,
                payer_account=values.account(child(payment, "DbtrAcct")),
                payer_name=values.party_name(child(payment, "Dbtr")),
                created_at=created_at,
                lines=tuple(line for line in _once(lines, counted - len(transactions), refusals) if line),
            )
        )
    if not counted:
        raise CODES.refused("I04", what="付款明细")
    if counted > CODES.limits["records"]:
        raise CODES.refused("I06", most=CODES.limits["records"])
    _agree(header, counted, total, "GrpHdr")
    return Reading("iso20022", document.version, tuple(orders), tuple(refusals), document.notes)


def _agree(element: Element | None, count: int, total: int, where: str) -> None:
    """Counts and sums, where stated, are those of the transactions. Sums are over whatever currencies there are."""
    stated = text(element, "NbOfTxs")
    if stated and amounts.whole(stated) != count:
        raise CODES.refused("I05", where, what="笔数", stated=stated[:20], found=count)
    total_stated = text(element, "CtrlSum")
    if total_stated and _cents(total_stated) != total:
        raise CODES.refused("I05", where, what="总金额", stated=total_stated[:30], found=_plain(total))


def _cents(written: str) -> int:
    """In ten thousandths of a fen: five decimals, as the schema allows."""
    match = re.fullmatch(r"[+-]?(\d{1,18})(?:\.(\d*))?|[+-]?\.(\d+)", written, re.ASCII)
    if not match:
        return -1
    digits = (match[2] or match[3] or "")[:6]
    return int(match[1] or 0) * 10**6 + int(f"{digits:0<6}")


def _plain(total: int) -> str:
    return f"{total / 10**6:.2f}"


def _once(
    lines: list[PayOrderLine | None], before: int, refusals: list[RowRefusal]
) -> list[PayOrderLine | None]:
    """A reference that comes again is refused: two payments could not be told apart when the bank answers."""
    seen: dict[str, int] = {}
    result: list[PayOrderLine | None] = []
    for place, line in enumerate(lines, before + 1):
        first = seen.setdefault(line.reference, place) if line and line.reference else place
        if first != place:
            refusals.append(CODES.row(place, "reference", "J10", first=first))
            line = None
        result.append(line)
    return result


def _line(transaction: Element, place: int, refusals: list[RowRefusal]) -> PayOrderLine | None:
    amount = child(transaction, "Amt/InstdAmt")
    written, currency = text(amount, ""), values.currency(amount)
    fen = amounts.fen(written)
    number = values.account(child(transaction, "CdtrAcct"))
    name = values.party_name(child(transaction, "Cdtr"))
    problem = None
    if currency != "CNY":
        problem = ("currency", "J02", currency or "（没有写）")
    elif not fen:
        problem = ("amount", "J01", written)
    elif not number:
        problem = ("card", "J03", "")
    elif not name:
        problem = ("name", "J09", "")
    if problem:
        field, code, found = problem
        refusals.append(CODES.row(place, field, code, source(transaction), found=found[:30]))
        return None
    instruction = text(transaction, "PmtId/InstrId")
    return PayOrderLine(
        sequence=amounts.whole(instruction) or place,
        reference=values.reference(text(transaction, "PmtId/EndToEndId")) or instruction,
        name=name,
        card=number,
        id_number=values.private_number(child(transaction, "Cdtr")),
        amount_fen=fen or 0,
        bank_code=values.member(child(transaction, "CdtrAgt")),
        purpose=values.remittance(transaction),
    )


def _moment(written: str) -> dt.datetime:
    try:
        moment = dt.datetime.fromisoformat(written)
    except ValueError:
        raise CODES.refused("I04", what="有效的生成时间（CreDtTm）") from None
    # Banks that write no zone mean their own clock.
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))
