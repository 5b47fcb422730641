"""pain.002: what became of an order, as a whole or line by line."""

from __future__ import annotations

from anxin.formats import amounts
from anxin.formats.codes import OTHER
from anxin.formats.iso20022 import values
from anxin.formats.iso20022.document import CODES, Document
from anxin.formats.messages import OrderState, Outcome, PayResult, PayResults, Reading, RowRefusal
from anxin.formats.safe_xml import Element, child, children, source, text


def read(document: Document) -> Reading:
    """One answer per original payment block; a refusal of the whole order is in ``whole``."""
    refusals: list[RowRefusal] = []
    group = child(document.body, "OrgnlGrpInfAndSts")
    order = text(group, "OrgnlMsgId")
    whole = _state(group, "GrpSts", refusals)
    answers: list[PayResults] = []
    place = 0
    for block in children(document.body, "OrgnlPmtInfAndSts"):
        lines = []
        for transaction in children(block, "TxInfAndSts"):
            place += 1
            result = _result(transaction, place, refusals)
            if result:
                lines.append(result)
        state = _state(block, "PmtInfSts", refusals) or whole
        answers.append(PayResults(text(block, "OrgnlPmtInfId") or order, tuple(lines), state))
    if not answers:
        answers.append(PayResults(order, (), whole))
    if place > CODES.limits["records"]:
        raise CODES.refused("I06", most=CODES.limits["records"])
    if not place and all(answer.whole is None for answer in answers):
        raise CODES.refused("I04", what="整批或逐笔的状态")
    return Reading("iso20022", document.version, tuple(answers), tuple(refusals), document.notes)


def _state(element: Element | None, name: str, refusals: list[RowRefusal]) -> OrderState | None:
    status = text(element, name)
    if not status:
        return None
    meaning = CODES.bank_code(status)
    if meaning is None:
        refusals.append(CODES.row(0, "status", "J08", found=status[:10]))
        return None
    code, _, sentence = _reason(element)
    said = "；".join(part for part in (meaning.word, sentence) if part)
    return OrderState(meaning.outcome, code or status, said, text(element, "OrgnlMsgId"))


def _reason(element: Element | None) -> tuple[str, str, str]:
    """The bank's code, ours, and what is said; the first reason whose code means something to us."""
    code = reason = ""
    sentences: list[str] = []
    for information in children(element, "StsRsnInf"):
        written = text(information, "Rsn/Cd", "Rsn/Prtry")
        meaning = CODES.bank_code(written)
        if written and (not code or (reason in ("", OTHER) and meaning)):
            code, reason = written, meaning.reason if meaning else OTHER
        sentences += [str(one.text).strip() for one in children(information, "AddtlInf") if one.text]
        if meaning and not sentences:
            sentences.append(meaning.word)
    return code, reason, " ".join(sentences)[:200]


def _result(transaction: Element, place: int, refusals: list[RowRefusal]) -> PayResult | None:
    status = text(transaction, "TxSts")
    code, reason, sentence = _reason(transaction)
    meaning = CODES.bank_code(status or ("RJCT" if code else ""))
    raw = source(transaction)
    if meaning is None:
        refusals.append(CODES.row(place, "status", "J08", raw, found=status[:10]))
        return None
    original = child(transaction, "OrgnlTxRef")
    amount = child(original, "Amt/InstdAmt")
    written = text(amount, "") or text(original, "IntrBkSttlmAmt")
    currency = values.currency(amount) or values.currency(child(original, "IntrBkSttlmAmt"))
    fen = amounts.fen(written) if written else 0
    if fen is None or (written and currency != "CNY"):
        bad = ("amount", "J01", written) if fen is None else ("currency", "J02", currency)
        refusals.append(CODES.row(place, bad[0], bad[1], raw, found=bad[2][:30]))
        return None
    returned = meaning.outcome == Outcome.RETURNED
    day = child(transaction, "AccptncDtTm")
    instruction = text(transaction, "OrgnlInstrId")
    return PayResult(
        sequence=amounts.whole(instruction) or place,
        reference=values.reference(text(transaction, "OrgnlEndToEndId")) or instruction,
        name=values.party_name(child(original, "Cdtr")),
        card=values.account(child(original, "CdtrAcct")),
        id_number=values.private_number(child(original, "Cdtr")),
        amount_fen=fen,
        paid_on=values.day(child(original, "IntrBkSttlmDt")) or values.day(day),
        outcome=meaning.outcome,
        code=(reason or OTHER) if returned else "",
        reason=sentence or (meaning.word if returned else ""),
        bank_reference=text(transaction, "AcctSvcrRef"),
        bank_code=code or status,
        line=place,
        raw=raw,
    )
