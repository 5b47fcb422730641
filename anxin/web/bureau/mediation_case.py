"""One mediation: who has it and until when, both sides, sessions, the agreement and its money, the ways on."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from anxin.accounts import access
from anxin.accounts.access import actor
from anxin.casework.access import acts_on
from anxin.casework.models import Document
from anxin.evidence import files
from anxin.evidence.journal import record
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.masking import mask_id_number, mask_name, mask_phone
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.mediation import agreeing, papers, stamping
from anxin.mediation.access import handles, visible_case, works
from anxin.mediation.following import ways
from anxin.mediation.models import Instalment, MediationCase, MediationPaper, Party, Payment
from anxin.mediation.paying import instalments_of, receipts_for
from anxin.mediation.proposing import Wanted, propose
from anxin.mediation.sealed import plain
from anxin.mediation.telling import who_hands_on
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.handing_out import handed_out
from anxin.web.policy import page, user_of

#: where the matter may still be given to somebody or be taken on
_OPEN = ("applied", "registered", "mediating")


@page(access.VIEW, access.MEDIATE)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return show(request, find_case(request, pk))


@page(access.HANDLE, access.DECIDE, access.MEDIATE)
def paper(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    """A paper of the case, for who works it; papers name people in full, so the look is journalled."""
    case = _worked(request, pk)
    found = or_404(Document.objects.filter(pk=document, matter=case.matter_id).select_related("file").first())
    _seen(request, case, f"查看文书“{found.filename}”")
    return _pdf(files.read(found.file), found.filename)


@page(access.HANDLE, access.DECIDE, access.MEDIATE)
def preview(request: HttpRequest, pk: int, share: int) -> HttpResponse:
    """The agreement of one worker as it would be, before it holds."""
    case = _worked(request, pk)
    agreement = case.agreements.filter(withdrawn_at__isnull=True).first()
    found = agreement.shares.select_related("party").filter(pk=share).first() if agreement else None
    if agreement is None or found is None:
        raise Http404
    agreement.case = case
    found.agreement = agreement
    try:
        data = papers.make(
            "mediation_agreement", agreeing.paper_data(found, agreement.drafted_on), local_law.current()
        )
    except Refused as refusal:
        return show(request, case, refusal=refusal, where="agreement")
    _seen(request, case, f"预览{found.party}当事人的调解协议")
    return _pdf(data, f"调解协议书（{found.party}）预览.pdf")


@page(access.VIEW, access.MEDIATE)
def plan_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Every instalment with what was paid of it; names masked."""
    case, today = find_case(request, pk), clock.today()
    columns = [
        Column("序号", "number", 8), Column("姓名", "text", 10), Column("期数", "number", 8), Column("到期日", "date", 12),
        Column("应付", "yuan", 14), Column("已付", "yuan", 14), Column("付清日期", "date", 12), Column("状态", "text", 10),
    ]  # fmt: skip
    rows = [
        [
            one.share.party.number, mask_name(plain(one.share.party.name)), one.number, one.due_on, one.amount_fen, one.paid_fen,
            one.paid_on, "付清" if one.paid_on else "逾期" if one.due_on < today else "未到期",
        ]
        for one in instalments_of(case)
    ]  # fmt: skip
    subtitle = f"{case.matter.number}　填报单位：{lists.office_of(user_of(request))}　导出日期：{today}"
    return lists.workbook_response(
        table_workbook("调解协议付款计划", subtitle, columns, rows), "付款计划", today
    )


def find_case(request: HttpRequest, pk: int) -> MediationCase:
    """The case in this person's sight, else 404."""
    return or_404(visible_case(user_of(request), pk))


def show(
    request: HttpRequest,
    case: MediationCase,
    *,
    refusal: Refused | None = None,
    where: str = "",
    shown: bool = False,
) -> HttpResponse:
    """The page; ``shown`` names the parties in full, after the look was journalled."""
    user, today, law = user_of(request), clock.today(), local_law.current()
    working, leading = works(user, case), handles(user, case)
    matter = case.matter
    parties = list(case.parties.order_by("number"))
    instalments = list(instalments_of(case))
    # an agreement has an instalment for each worker at least
    agreement = instalments[0].share.agreement if instalments else None
    copies = stamping.papers_of(agreement) if agreement else []
    payments: dict[int, list[Payment]] = {}
    keys = [one.pk for one in instalments]
    for row in Payment.objects.filter(instalment__in=keys).order_by("paid_on", "pk"):
        payments.setdefault(row.instalment_id, []).append(row)
    goes_on = matter.state in _OPEN
    context = {
        "case": case,
        "matter": matter,
        "state": law.procedure(matter.procedure).state(matter.state).name,
        "today": today,
        "now": clock.now(),
        "works": working,
        "leads": leading,
        "shown": shown and working,
        "parties": [_party(one, full=shown and working) for one in parties],
        "stages": list(case.stages.select_related("body", "mediator").order_by("-pk")),
        "proposals": propose(Wanted.of(case)) if leading and goes_on else [],
        "sessions": list(case.sessions.order_by("-at")),
        "agreement": agreement,
        "shares": _shares(instalments, parties, copies, full=shown and working),
        "missing": stamping.lacking(copies) if agreement and agreement.effective_on is None else [],
        "may_refuse": matter.state == "applied" and acts_on(user, access.DRAFT, matter),
        "may_draft": working and matter.state == "mediating" and agreement is None,
        "instalments": [
            (one, payments.get(one.pk, []), one.amount_fen - one.paid_fen, str(one.pk)) for one in instalments
        ],
        "total": sum(one.amount_fen for one in instalments),
        "paid": sum(one.paid_fen for one in instalments),
        "receipts": receipts_for(case) if working and agreement and agreement.effective_on else [],
        "proofs": Payment.Proof.choices,
        "ways": ways(case, today, law, instalments=instalments)
        if agreement or matter.state in ("failed", "breached")
        else [],
        "hands_on": "" if leading else who_hands_on(case),
        "tellings": list(case.tellings.order_by("told_at", "-pk")),
        "papers": list(matter.documents.filter(withdrawn_at__isnull=True).order_by("-pk")),
        "refusal": refusal,
        "where": where,
        "typed": request.POST if refusal is not None else {},
    }
    return render(request, "bureau/mediation_case.html", context, status=422 if refusal is not None else 200)


def _party(party: Party, *, full: bool) -> dict[str, Any]:
    name, number, phone = plain(party.name), plain(party.id_number), plain(party.phone)
    return {
        "row": party,
        "key": str(party.pk),
        "name": name if full else mask_name(name),
        "id": number if full else mask_id_number(number) if number else "",
        "phone": phone if full else mask_phone(phone) if phone else "",
        "address": plain(party.address) if full else "已填" if party.address else "",
    }


def _shares(
    instalments: list[Instalment], parties: list[Party], copies: list[MediationPaper], *, full: bool
) -> list[dict[str, Any]]:
    names = {one.pk: plain(one.name) for one in parties}
    shares = {one.share.pk: one.share for one in instalments}
    papers = {one.share_id: one for one in copies}
    return [
        {
            "row": one,
            "name": names[one.party_id] if full else mask_name(names[one.party_id]),
            "number": papers[one.pk].number if one.pk in papers else "",
            "signers": sorted(papers[one.pk].signers.all(), key=lambda who: who.number)
            if one.pk in papers
            else [],
        }
        for one in sorted(shares.values(), key=lambda one: one.party.number)
    ]


def _worked(request: HttpRequest, pk: int) -> MediationCase:
    case = find_case(request, pk)
    if not works(user_of(request), case):
        raise Http404
    return case


def _seen(request: HttpRequest, case: MediationCase, what: str) -> None:
    record(
        actor=actor(user_of(request)),
        action="mediation.seen",
        object_type="mediation_case",
        object_id=case.pk,
        summary=f"{case}：{what}",
        now=clock.now(),
    )


def _pdf(data: bytes, filename: str) -> HttpResponse:
    return handed_out(data, filename, plain="paper")
