"""电子订立告知记录: that the worker was told how an electronic contract is made before signing one (电子劳动合同订立指引第六条)."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from anxin.contracts.models import Contract
from anxin.evidence.sealing import plain
from anxin.kernel.refusal import Refused
from anxin.law.law import Law
from anxin.signing.parties import METHOD_WORDS, Method
from anxin.typesetting.agreements import agreement_pdf
from anxin.typesetting.errors import FacesMissing, NotFilled
from anxin.typesetting.filling import fill
from anxin.typesetting.templates import template

_KIND = "econtract_information_record"


def information_record(contract: Contract, law: Law) -> bytes:
    """The PDF, from the moments that were kept, dated on the day it came into force: the same bytes whenever it is asked for.

    Raises :class:`Refused` where the contract never came into force or something is missing.
    """
    if contract.in_force_at is None or contract.worker_signed_at is None:
        raise Refused("合同双方签完、生效以后才有电子订立告知记录。")
    data = {
        "employer": contract.employer.name,
        "employer_code": contract.employer.uscc,
        "worker": contract.worker.name,
        "worker_id": plain(contract.worker.id_number),
        "project": contract.project.name,
        "contract_number": contract.number,
        "informed_at": _moment(contract.sent_at),
        "read_at": _moment(contract.read_at),
        "signed_at": _moment(contract.worker_signed_at),
        "sealed_at": _moment(contract.in_force_at),
        "how": METHOD_WORDS[Method(contract.method)] if contract.method else "",
        "device": contract.device,
        "witness": contract.witness,
        "handler": contract.batch.made_by_name,
        "digest": _grouped(contract.file.sha256) if contract.file else "",
        "issued_on": timezone.localdate(contract.in_force_at),
    }
    try:
        return agreement_pdf(
            fill(template(_KIND), {key: one for key, one in data.items() if one != ""}, cite=law.cite)
        )
    except NotFilled as missing:
        raise Refused("".join(one.sentence for one in missing.problems)[:300]) from missing
    except FacesMissing as missing:
        raise Refused(f"不能制作告知记录：{missing}") from None


def _grouped(digest: str) -> str:
    """Eight signs at a time: a person compares it with another, and a line can break."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def _moment(at: dt.datetime | None) -> str:
    """``2026年3月1日9时05分``; empty where it did not happen, as at a counter."""
    if at is None:
        return ""
    here = timezone.localtime(at)
    return f"{here.year}年{here.month}月{here.day}日{here.hour}时{here.minute:02d}分"
