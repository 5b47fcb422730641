"""Values as ISO 20022 writes them: days, parties, accounts."""

from __future__ import annotations

import datetime as dt

from anxin.formats.safe_xml import Element, child, children, text

#: what banks write where there is no reference
_NO_REFERENCE = {"NOTPROVIDED", "NONREF", "NOREF"}


def day(element: Element | None) -> dt.date | None:
    """An element that holds a day, or ``Dt``, or ``DtTm``."""
    written = text(element, "Dt", "DtTm", "") if element is not None else ""
    try:
        return dt.date.fromisoformat(written[:10])
    except ValueError:
        return None


def party_name(element: Element | None) -> str:
    """The name; newer versions put a party inside ``Pty``."""
    return text(element, "Nm", "Pty/Nm")


def private_number(element: Element | None) -> str:
    """A person's identification number."""
    return text(element, "Id/PrvtId/Othr/Id", "Pty/Id/PrvtId/Othr/Id")


def account(element: Element | None) -> str:
    """The number of an account."""
    return text(element, "Id/Othr/Id", "Id/IBAN", "Id/BBAN", "Id/PrtryAcct/Id")


def member(element: Element | None) -> str:
    """The number of a bank."""
    return text(element, "FinInstnId/ClrSysMmbId/MmbId", "FinInstnId/BICFI", "FinInstnId/BIC")


def reference(written: str) -> str:
    """A reference, or nothing where a bank says that there is none."""
    return "" if written.upper() in _NO_REFERENCE else written


def remittance(element: Element | None) -> str:
    """What the payment is for: free text, else the structured reference."""
    free = [str(one.text).strip() for one in children(child(element, "RmtInf"), "Ustrd") if one.text]
    return " ".join(free) or text(element, "RmtInf/Strd/CdtrRefInf/Ref")


def currency(element: Element | None) -> str:
    return str(element.get("Ccy", "")) if element is not None else ""
