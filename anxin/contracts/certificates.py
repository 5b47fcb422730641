"""The certificate that a contract has ended, to be stamped and handed over on the day of the end.

劳动合同法第五十条第一款; what it states: 劳动合同法实施条例第二十四条 (term, day of the end, post, years of service).
"""

from __future__ import annotations

import datetime as dt

from anxin.contracts.ending import articles, reasons
from anxin.contracts.models import Contract
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.law.law import Law
from anxin.typesetting.errors import FacesMissing, NotFilled
from anxin.typesetting.filling import fill
from anxin.typesetting.pdf import pdf
from anxin.typesetting.templates import template
from anxin.workforce.models import Enrolment

_KIND = "termination_certificate"
_CODES = {"解除": "dissolve", "终止": "expire"}


def certificate(contract: Contract, law: Law) -> bytes:
    """The PDF, dated on the day of the end: the same bytes whenever it is asked for. Two queries.

    Raises :class:`Refused` where the contract has not ended or something is missing.
    """
    if contract.state != Contract.State.ENDED or contract.ended_on is None:
        raise Refused("合同解除或者终止以后才能出具证明。")
    end = reasons()[contract.end_reason]
    since = started(contract)
    number = contract.worker.id_number
    data = {
        "employer": contract.employer.name,
        "employer_code": contract.employer.uscc,
        "worker": contract.worker.name,
        "worker_id": number.open() if isinstance(number, Sealed) else "",
        "contract_number": contract.number,
        "begins_on": contract.begins_on,
        "ends_on": contract.ends_on,
        "trade": contract.terms.get("trade") or None,
        "since": since,
        "served": length(since, contract.ended_on),
        "kind": _CODES[end.kind],
        "ended_on": contract.ended_on,
        "reason": end.name,
        "article": articles(end, law),
        "settled": contract.end_words,
        "issued_on": contract.ended_on,
    }

    try:
        return pdf(fill(template(_KIND), data, cite=law.cite))
    except NotFilled as missing:
        raise Refused("".join(one.sentence for one in missing.problems)[:300]) from missing
    except FacesMissing as missing:
        raise Refused(f"不能制作证明：{missing}") from None


def started(contract: Contract) -> dt.date:
    """The first day with this employer that is known: of a contract or of the roster, not after this contract began."""
    mine = {"worker": contract.worker_id, "employer": contract.employer_id}
    first = Contract.objects.filter(**mine, in_force_at__isnull=False).order_by("begins_on").first()
    entered = (
        Enrolment.objects.filter(**mine, entry__isnull=False, superseded_at__isnull=True)
        .order_by("entry")
        .first()
    )
    days = [contract.begins_on, first.begins_on if first else None, entered.entry if entered else None]
    return min(day for day in days if day is not None)


def length(since: dt.date, until: dt.date) -> str:
    """``1年2个月3天``: whole years and months, then days, the last day counted in."""
    after = until + dt.timedelta(days=1)
    months = (after.year - since.year) * 12 + after.month - since.month
    if _moved(since, months) > after:
        months -= 1
    days = (after - _moved(since, months)).days
    years, months = divmod(months, 12)
    said = [f"{count}{unit}" for count, unit in ((years, "年"), (months, "个月"), (days, "天")) if count]
    return "".join(said) or "不足1天"


def _moved(day: dt.date, months: int) -> dt.date:
    """So many months later; where the month is shorter, its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    first = dt.date(day.year + years, month + 1, 1)
    following = dt.date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first.replace(day=1) + dt.timedelta(days=day.day - 1), following - dt.timedelta(days=1))
