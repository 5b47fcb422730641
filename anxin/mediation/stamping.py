"""What a paper still lacks, the scan of one that was signed by hand, and the organisation's number and seal.

Labour arbitration law, article 14; enterprise mediation rules, article 26: an agreement takes effect when both sides have
signed or sealed it, the mediator has signed it, and the organisation has sealed it. Not before, and then on that day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework.services import attach
from anxin.evidence import contents, doors, files
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters import turn_files
from anxin.letters.numbering import next_serial
from anxin.mediation.access import require_works
from anxin.mediation.agreeing import standing, take_effect
from anxin.mediation.applying import locked
from anxin.mediation.models import (
    Agreement,
    MediationCase,
    MediationPaper,
    PaperRegister,
    PaperSigner,
    Session,
)
from anxin.mediation.models_papers import BY_HAND, PaperKind
from anxin.mediation.paper_turns import filename, held_paper
from anxin.mediation.preparing import body_person, seal_place
from anxin.mediation.telling import note
from anxin.signing.hashing import sha256
from anxin.signing.parties import METHOD_WORDS, Extent, IdentityCheck, Method, Reading, Slot
from anxin.typesetting.scans import scan_pdf
from anxin.vouching.keys import keys_at

#: the word of the register in 某调解中心调协〔2026〕3号
REGISTERS = {PaperKind.AGREEMENT: "调协", PaperKind.RECORD: "调录", PaperKind.END: "调终"}
_KINDS = {
    PaperKind.AGREEMENT: "mediation_agreement",
    PaperKind.RECORD: "mediation_record",
    PaperKind.END: "mediation_end_notice",
}
#: a paper signed by hand; a picture of it becomes a page
SCAN = doors.Door("扫描件", (contents.PDF, contents.JPEG, contents.PNG), "PDF，或者JPG、PNG照片")
#: of a page of paper, in points: where the seal of the organisation is set on a scan
_SEAL_BOX = (380, 60, 560, 130)
_Side = PaperSigner.Side


def method_words(signer: PaperSigner) -> str:
    """How somebody signed, as pages and packages say it."""
    if signer.method == BY_HAND:
        return "纸质签名，附扫描件"
    return METHOD_WORDS[Method(signer.method)] if signer.method else ""


def papers_of(agreement: Agreement) -> list[MediationPaper]:
    """The copies of an agreement with who signs them, in the order of the workers; two queries."""
    rows = MediationPaper.objects.filter(share__agreement=agreement).select_related(
        "share__party", "share__agreement", "body", "file", "document", "session"
    )
    return list(rows.prefetch_related("signers").order_by("share__party__number"))


def lacking(papers: Sequence[MediationPaper]) -> list[str]:
    """Whose signatures are missing before the organisation may seal, in sentences; empty: nothing is."""
    if not papers:
        return ["还没有准备签名文件"]
    found = []
    for side in _Side:
        waiting = [
            one
            for paper in papers
            for one in paper.signers.all()
            if one.side == side and one.signed_at is None
        ]
        if not waiting:
            continue
        if side == _Side.WORKER:
            shares = {paper.pk: paper.share for paper in papers}
            who = "、".join(
                str(share.party) for one in waiting if (share := shares[one.paper_id]) is not None
            )
            found.append(f"劳动者{who}还没有签名")
        else:
            found.append(f"{side.label}还有{len(waiting)}份没有签名")
    return found


def attach_scan(
    paper: MediationPaper, *, data: bytes, name: str, signed: Iterable[int], by: User, now: dt.datetime
) -> MediationPaper:
    """The paper was signed by hand: the scan takes the file's place, and whoever attaches it names who signed (keys of
    the signers). Again while it is not sealed, for a better scan. Raises :class:`Refused`."""
    from anxin.signing.preparing import prepare  # with the first file, as in contracts.papers

    scan = doors.taken(data, name, SCAN)
    with transaction.atomic():
        held = held_paper(paper, by)
        if held.sealed_at is not None:
            raise Refused(f"{held.noun}已经盖章，不能再换文件。")
        if held.share is not None and held.share.agreement.withdrawn_at is not None:
            raise Refused("这份协议已经撤回，请刷新页面。")
        signers = list(held.signers.order_by("number"))
        if any(one.signed_at and one.method != BY_HAND for one in signers):
            raise Refused(
                f"已经有人用手机或者平板签了这份{held.noun}，不能再附纸质件；请其他人也这样签，或者撤回重拟。"
            )
        wanted = set(signed)
        if not wanted or not wanted <= {one.pk for one in signers}:
            raise Refused("请勾选扫描件上有谁的签名。", field="signed")
        seal = seal_place(held.body)
        slot = Slot(turn_files.slot_of(seal[0]), seal[1], seal[2], box=_SEAL_BOX)
        held.file = files.store(prepare(scan_pdf(scan.data), [slot]), name=filename(held), now=now)
        held.scanned_at, held.scanned_by_name = now, str(by)
        held.save(update_fields=["file", "scanned_at", "scanned_by_name"])
        for one in signers:
            by_hand = one.pk in wanted
            one.signed_at, one.method = (now, BY_HAND) if by_hand else (None, "")
            one.device = "纸质签名，附扫描件" if by_hand else ""
            one.links.filter(ended_at__isnull=True).update(ended_at=now)
        PaperSigner.objects.bulk_update(signers, ["signed_at", "method", "device"])
        who = "、".join(str(one) for one in signers if one.pk in wanted)
        note(held.case, "paper_scanned", f"附上纸质签名的{held.noun}扫描件，签名的有{who}", by=by, now=now,
             after={"paper": held.pk, "signers": sorted(wanted), "file": held.file.sha256})  # fmt: skip
    return held


def seal_agreement(agreement: Agreement, *, by: User, now: dt.datetime, law: Law) -> Agreement:
    """Number and seal every copy: with that the agreement takes effect today. Raises :class:`Refused` saying what is missing."""
    today = timezone.localdate(now)
    with transaction.atomic():
        held, found = standing(agreement, by)
        papers = papers_of(found)
        if missing := lacking(papers):
            raise Refused(f"还不能盖章：{'；'.join(missing)}。")
        shares = []
        for paper in papers:
            share = paper.share
            assert share is not None
            _seal(paper, by=by, now=now, law=law)
            share.document = paper.document
            share.confirmed_on, share.confirmed_how = _signed(paper, _Side.WORKER)
            found.employer_confirmed_on, found.employer_confirmed_how = _signed(paper, _Side.EMPLOYER)
            shares.append(share)
        numbers = "、".join(one.number for one in papers[:3]) + ("等" if len(papers) > 3 else "")
        note(held, "agreement_sealed", f"调解协议书编号{numbers}，加盖{papers[0].body}印章", by=by, now=now,
             after={"agreement": found.pk, "papers": [one.pk for one in papers]})  # fmt: skip
        take_effect(held, found, shares, by=by, now=now, today=today, law=law)
    return found


def seal_record(paper: MediationPaper, *, by: User, now: dt.datetime, law: Law) -> MediationPaper:
    """Everybody signed the record or is written down as refusing: number, seal, to the papers. Raises :class:`Refused`."""
    with transaction.atomic():
        case = locked(paper.case)
        require_works(by, case)
        held = held_paper(paper, by)
        held.case = case
        if held.sealed_at is not None or held.session is None:
            raise Refused("这份笔录已经盖章存卷，请刷新页面。")
        signers = list(held.signers.order_by("number"))
        if waiting := [str(one) for one in signers if one.signed_at is None and one.refused_at is None]:
            raise Refused(f"还有{'、'.join(waiting)}没有签名；拒绝签名的，请先记明情况。")
        if not any(one.signed_at and one.side == _Side.MEDIATOR for one in signers):
            raise Refused("调解员还没有签名，笔录不能盖章存卷。")
        _seal(held, by=by, now=now, law=law)
        Session.objects.filter(pk=held.session.pk).update(document=held.document)
        note(
            case,
            "record_sealed",
            f"调解笔录编号{held.number}，签名存卷",
            by=by,
            now=now,
            after={"paper": held.pk},
        )
    return held


def end_notice(
    case: MediationCase, data: Mapping[str, object], *, by: User, now: dt.datetime, law: Law
) -> MediationPaper:
    """The notice that a mediation has ended, under number and seal. In the caller's transaction. Raises :class:`Refused`."""
    assert case.body is not None
    paper = MediationPaper(
        case=case, kind=PaperKind.END, body=case.body, prepared_at=now, prepared_by_name=str(by)
    )
    letter = turn_files.filled(_KINDS[PaperKind.END], data, law)
    file = turn_files.prepared(letter, [seal_place(case.body)])
    paper.unsigned = paper.file = files.store(file, name=filename(paper), now=now)
    _seal(paper, by=by, now=now, law=law)
    return paper


def _seal(paper: MediationPaper, *, by: User, now: dt.datetime, law: Law) -> None:
    """The number is given in the transaction that seals; where sealing fails, the next paper has it."""
    # with the first file, as in contracts.papers
    from anxin.signing.sealing import sign
    from anxin.signing.stamps import Seal, Stamp

    today, kind, body = timezone.localdate(now), PaperKind(paper.kind), paper.body
    paper.year, person = today.year, body_person(body)
    paper.serial = next_serial(PaperRegister, body=body, kind=kind, year=today.year)
    paper.number = f"{body.name[:60]}{REGISTERS[kind]}〔{today.year}〕{paper.serial}号"
    pdf, keys = turn_files.read(paper), keys_at(now)
    check = IdentityCheck(
        person=person, method=Method.SEAL_KEEPER, at=now, device="安薪控制台", shown=sha256(pdf).hex(), read_to_end=False,
        consent=True, reference=f"{paper.number}，账号{by.pk}盖章", reading=Reading(Extent.UNREAD),
    )  # fmt: skip
    small = f"{paper.number}　{keys.small}" if keys.small else paper.number
    data = sign(
        pdf, slot=turn_files.slot_of(seal_place(body)[0]), signer=keys.signer_for(person), identity=check, stamper=keys.stamper, at=now,
        stamp=Stamp(Seal(person.name), small),
    )  # fmt: skip
    paper.file = files.store(data, name=filename(paper), now=now)
    paper.document = attach(
        paper.case.matter, kind=_KINDS[kind], data=data, filename=filename(paper), by=by, now=now, law=law,
        number=paper.number, dated=today,
    )  # fmt: skip
    paper.sealed_at, paper.sealed_by_name = now, str(by)
    paper.save()


def _signed(paper: MediationPaper, side: _Side) -> tuple[dt.date, str]:
    """The day on which a side signed its copy, and how."""
    one = next(signer for signer in paper.signers.all() if signer.side == side)
    assert one.signed_at is not None
    return timezone.localdate(one.signed_at), method_words(one)
