"""The signed papers of mediation on the pages of the parties: a worker reads the own, an employer its own; nobody another's.

Enterprise mediation rules, article 26: each side has a copy. It is free of charge and stays there.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from anxin.accounts.models import User
from anxin.evidence import files
from anxin.evidence.journal import Actor, record
from anxin.mediation.models import MediationPaper, Party
from anxin.mediation.models_papers import PaperKind, PaperSigner
from anxin.registry.access import own_employers

_SHOWN = ("case__matter", "share__party", "share__agreement", "session", "body", "file")


def of_worker(id_hash: str) -> QuerySet[MediationPaper]:
    """The sealed papers that a worker signed, and the notices that an own mediation ended; the latest first.

    ``id_hash``: the keyed hash of the worker's identity number.
    """
    if not id_hash:
        return MediationPaper.objects.none()
    signed = PaperSigner.objects.filter(id_hash=id_hash).values("paper")
    ended = Party.objects.filter(id_hash=id_hash).values("case")
    own = Q(pk__in=signed) | Q(kind=PaperKind.END, case__in=ended)
    found = MediationPaper.objects.filter(own, sealed_at__isnull=False)
    return found.select_related(*_SHOWN).order_by("-pk")


def of_employers(user: User) -> QuerySet[MediationPaper]:
    """The sealed papers of the employers that this person works for, known by register or by credit code; the latest first."""
    own = own_employers(user)
    theirs = Q(case__employer__in=own) | Q(
        case__employer__isnull=True, case__employer_code__in=own.values("uscc")
    )
    found = MediationPaper.objects.filter(theirs, sealed_at__isnull=False)
    return found.select_related(*_SHOWN, "case__employer").order_by("-pk")


def hand_out(paper: MediationPaper, *, to: Actor, who: str, now: dt.datetime) -> bytes:
    """The whole signed file; that it was taken is journalled. Raises :class:`FileDamaged`."""
    assert paper.file is not None
    data = files.read(paper.file)
    record(
        actor=to, action="mediation.paper_fetched", object_type="mediation_case", object_id=paper.case_id,
        summary=f"{paper.case}：{who}下载{paper.get_kind_display()}{paper.number}", now=now, after={"paper": paper.pk},
    )  # fmt: skip
    return data
