"""How parties and mediator sign a paper of a mediation in turn (:mod:`anxin.letters.turns`).

An agreement has a copy for each worker. Who acts for the employer, and the mediator, read all copies that wait for them one
after the other and sign them with one code: thirty workers are not thirty codes.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.contracts.papers import Consent
from anxin.evidence.journal import Actor, record
from anxin.evidence.sealing import plain
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.letters import turn_files
from anxin.letters.turns import Turns
from anxin.mediation.access import require_works
from anxin.mediation.models import MediationPaper, PaperCode, PaperLink, PaperSigner
from anxin.signing.parties import Method, Person

_CASE = "case__matter__lead", "case__mediator__user", "file", "unsigned", "share__agreement", "session"
#: what the paper of a signer has to be read with
PAPER_OF_SIGNER = tuple(f"paper__{one}" for one in _CASE)


class MediationTurns(Turns):
    """Signers sit with the mediator, or each at home with the code on another screen."""

    prefix, desk = "mediation", "调解员"
    signers, links, codes = PaperSigner, PaperLink, PaperCode
    reads = tuple(f"signer__{one}" for one in PAPER_OF_SIGNER)

    def paper(self, signer: PaperSigner) -> MediationPaper:
        return signer.paper

    def waits(self, paper: MediationPaper) -> bool:
        withdrawn = paper.share is not None and paper.share.agreement.withdrawn_at is not None
        return paper.sealed_at is None and paper.scanned_at is None and not withdrawn

    def held(self, paper: MediationPaper, by: User | None) -> MediationPaper:
        found = held_paper(paper, by)
        if not self.waits(found):
            raise Refused(f"{found.noun}现在不在签名阶段，请刷新页面。")
        return found

    def person(self, signer: PaperSigner) -> Person:
        return person_of(signer)

    def matter(self, paper: MediationPaper) -> Matter:
        return paper.case.matter

    def title(self, paper: MediationPaper) -> str:
        return paper.get_kind_display()

    def filename(self, paper: MediationPaper) -> str:
        return filename(paper)

    def entry(
        self,
        paper: MediationPaper,
        action: str,
        said: str,
        *,
        who: Actor,
        now: dt.datetime,
        after: dict[str, Any],
    ) -> None:
        record(
            actor=who, action=f"mediation.paper_{action}", object_type="mediation_case", object_id=paper.case_id,
            summary=f"{paper.case}：{said}", now=now, after={"paper": paper.pk, **after},
        )  # fmt: skip

    def words(self, signer: PaperSigner) -> turn_files.Shown:
        """Every copy that the signer signs with the one code, one after the other."""
        found = turn_files.shown_words(signer.paper)
        for other in together(signer):
            found = found + turn_files.shown_words(other.paper)
        return found

    def sign_with_code(
        self, link: PaperLink, *, code: str, consent: bool, device: str, now: dt.datetime
    ) -> PaperSigner:
        others = together(link.signer)
        done: PaperSigner = super().sign_with_code(link, code=code, consent=consent, device=device, now=now)
        used = done.codes.filter(used_at__isnull=False).latest("pk")
        who = Actor(f"signer:{done.pk}", mask_name(plain(done.name)))
        self._sign_others(
            others, Method.PHONE_CODE, device[:80] or "手机", f"验证码记录{used.pk}", None, who, now
        )
        return done

    def sign_at_tablet(
        self, signer: PaperSigner, *, id_number: str, witness: str, consent: bool, by: User, now: dt.datetime
    ) -> PaperSigner:
        others = together(signer)
        done: PaperSigner = super().sign_at_tablet(
            signer, id_number=id_number, witness=witness, consent=consent, by=by, now=now
        )
        self._sign_others(
            others, Method.TABLET, done.device, f"账号{by.pk}", by, actor(by), now, witness=done.witness
        )
        return done

    def _sign_others(
        self, others: list[PaperSigner], method: Method, device: str, reference: str, by: User | None, who: Actor,
        now: dt.datetime, *, witness: str = "",
    ) -> None:  # fmt: skip
        with transaction.atomic():
            for one in others:
                digest = turn_files.text_digest(one.paper)
                # read with the first: :meth:`words` lays every copy before the signer
                consent = Consent(method, now, device, digest, reference, witness, read_to_end=True)
                self._sign(one, consent, by=by, who=who, now=now)
                self.links.objects.filter(signer=one, ended_at__isnull=True).update(ended_at=now)


def held_paper(paper: MediationPaper, by: User | None) -> MediationPaper:
    """The paper, held until the transaction ends, for who works the case (``None``: a signer on a telephone)."""
    found = (
        MediationPaper.objects.select_for_update(of=("self",)).select_related(*_CASE, "body").get(pk=paper.pk)
    )
    if by is not None:
        require_works(by, found.case)
    return found


def together(signer: PaperSigner) -> list[PaperSigner]:
    """The other copies of the agreement that wait for the same person of the employer, or for the mediator."""
    paper = signer.paper
    if signer.side == PaperSigner.Side.WORKER or paper.share is None:
        return []
    rows = PaperSigner.objects.filter(
        paper__share__agreement=paper.share.agreement_id, side=signer.side, signed_at__isnull=True,
        refused_at__isnull=True,
    )  # fmt: skip
    found = rows.exclude(pk=signer.pk).select_related(*PAPER_OF_SIGNER)
    return [one for one in found.order_by("paper") if _same(one, signer)]


def person_of(signer: PaperSigner) -> Person:
    """As the certificate names them: the name, and a number of the paper's own, never an identity card's."""
    return Person(plain(signer.name), f"mediation-{signer.paper_id}-{signer.number}")


def filename(paper: MediationPaper) -> str:
    """``调解协议书（2号）.pdf``, ``调解笔录（20260402）.pdf``."""
    if paper.share is not None:
        return f"调解协议书（{paper.share.party}）.pdf"
    if paper.session is None:
        return f"{paper.get_kind_display()}.pdf"
    return f"调解笔录（{paper.session.at:%Y%m%d}，已签名）.pdf"


def _same(one: PaperSigner, other: PaperSigner) -> bool:
    return plain(one.name) == plain(other.name) and plain(one.phone) == plain(other.phone)


TURNS = MediationTurns()
