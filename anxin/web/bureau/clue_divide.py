"""分配到账: one receipt or paper of payment for several people of a clue's list, proposed, changed by hand, recorded at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.casework.models import Document
from anxin.clues.masking import opened
from anxin.clues.models import Clue
from anxin.funds.models import BankReceipt
from anxin.kernel.masking import mask_name
from anxin.kernel.money import MoneyError, parse_yuan, sentence_yuan, yuan_string
from anxin.kernel.refusal import Refused
from anxin.referral import services
from anxin.referral.access import seen_clue
from anxin.referral.claims import claims_of, particulars_of
from anxin.referral.current import referral_of
from anxin.referral.dividing import MOST, proposed
from anxin.referral.models import PaperSum, Recovered
from anxin.referral.proofs import papers_of, receipts_for
from anxin.referral.recovering import may_record
from anxin.web import clock
from anxin.web.bureau.clue_work_shown import receipt_words
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

_Post = MultiValueDict[str, str]


#: papers that are usually meant, offered first
_OF_PAYMENT = {"payment_proof", "worker_receipt"}


@dataclass(frozen=True)
class Source:
    """What may be divided. ``rest`` in fen: what is left of it; ``None``: a paper of which nobody said what it holds."""

    key: str
    words: str
    rest: int | None


@dataclass
class Share:
    """One person who is still owed ``rest`` fen; name masked. ``said`` is what stands in the field, in yuan."""

    pk: int
    number: int
    name: str
    rest: int
    chosen: bool = True
    said: str = ""


@page(access.HANDLE, access.DECIDE, methods=("GET", "POST"))
def divide(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the proof and the people, see a division, change it, record it; nothing is kept before that."""
    user = user_of(request)
    clue = or_404(seen_clue(user, pk))
    if not may_record(user, clue):
        raise PermissionDenied
    sources, people, left_out = _sources(clue), *_people(clue)
    post: _Post = request.POST
    refusal = field = ""
    total = ""
    try:
        if request.method == "POST":
            total = post.get("total", "").strip()
            _read(people, post)
            if post.get("do") == "record":
                done = _record(clue, sources, people, post, user, clock.now())
                messages.success(
                    request,
                    f"已分给{len(done)}人，合计{sentence_yuan(sum(one.amount_fen for one in done))}。",
                )
                return redirect("claimants-paid", pk=pk)
            total = _propose(_chosen(sources, post), people, total)
        elif sources and people:
            total = _propose(sources[0], people, "")
    except Refused as refused:
        refusal, field = refused.sentence, refused.field
    context = {
        "clue": clue,
        "sources": sources,
        "people": people,
        "left_out": left_out,
        "total": total,
        "typed": post,
        "source": post.get("source", sources[0].key if sources else ""),
        "together": _together(people),
        "papers": any(one.key.startswith("d") for one in sources),
        "refusal": refusal,
        "field": field,
        "most": MOST,
    }
    return render(request, "bureau/clue_divide.html", context, status=422 if refusal else 200)


def _sources(clue: Clue) -> list[Source]:
    """Receipts with money left, and papers of the clue's matter; three queries."""
    found = [
        Source(f"r{one.pk}", f"回单 {receipt_words(one)}", getattr(one, "rest_fen", 0))
        for one in receipts_for(clue)
    ]
    referral = referral_of(clue)
    if referral is None:
        return found
    papers = papers_of(referral)
    papers.sort(key=lambda one: one.kind not in _OF_PAYMENT)
    holds = dict(PaperSum.objects.filter(document__in=papers).values_list("document", "amount_fen"))
    rows = Recovered.objects.filter(document__in=papers, withdrawn_at__isnull=True).order_by()
    used = dict(rows.values("document").annotate(fen=Sum("amount_fen")).values_list("document", "fen"))
    for one in papers:
        rest = holds[one.pk] - used.get(one.pk, 0) if one.pk in holds else None
        if rest != 0:
            left = "" if rest is None else f"，还剩{sentence_yuan(rest)}"
            found.append(Source(f"d{one.pk}", f"凭证 {one.filename}{left}", rest))
    return found


def _people(clue: Clue) -> tuple[list[Share], int]:
    """Who is still owed something, in the order of the list; and of how many no sum is known."""
    known = particulars_of(clue)
    claims = claims_of([one.claimant_id for one in known])
    owed = [one for one in known if claims[one.claimant_id].rest]
    shares = [
        Share(
            one.claimant_id,
            one.claimant.number,
            mask_name(opened(one.name)),
            claims[one.claimant_id].rest or 0,
        )
        for one in owed[:MOST]
    ]
    return shares, sum(1 for claim in claims.values() if claim.rest is None)


def _read(people: Sequence[Share], post: _Post) -> None:
    chosen = set(post.getlist("who"))
    for one in people:
        one.chosen = str(one.pk) in chosen
        one.said = post.get(f"share-{one.pk}", "").strip()


def _propose(source: Source, people: Sequence[Share], said: str) -> str:
    """Fill the shares in, and the sum that is divided: as said, else all of the proof that these people are owed."""
    chosen = [one for one in people if one.chosen]
    if not chosen:
        raise Refused("请选择分给谁。", field="people")
    owed = sum(one.rest for one in chosen)
    fen = _yuan(said, "total") if said else None
    if fen is None and source.rest is None:
        return ""  # nobody has said yet what this paper holds
    total = min(source.rest or owed, owed) if fen is None else fen
    if total <= 0:
        raise Refused("要分的金额要大于0，单位是元，可以到分。", field="total")
    if source.rest is not None and total > source.rest:
        raise Refused(
            f"{source.words.partition(' ')[0]}只剩{sentence_yuan(source.rest)}，请核对要分的金额。",
            field="total",
        )
    if total > owed:
        raise Refused(
            f"选的{len(chosen)}人一共只差{sentence_yuan(owed)}，比要分的少；请多选几个人，或者只分其中一部分。",
            field="total",
        )
    for one, share in zip(chosen, proposed([one.rest for one in chosen], total), strict=True):
        one.said = yuan_string(share)
    return yuan_string(total)


def _record(
    clue: Clue, sources: Sequence[Source], people: Sequence[Share], post: _Post, user: User, now: dt.datetime
) -> list[Recovered]:
    source = _chosen(sources, post)
    shares: Mapping[int, int] = {
        one.pk: _yuan(one.said, "shares", f"名单第{one.number}人：") or 0 for one in people if one.chosen
    }
    total = _yuan(post.get("total", ""), "total")
    if total is None:
        raise Refused("请填写要分的金额，单位是元，可以到分。", field="total")
    key = int(source.key[1:])
    if source.key.startswith("r"):
        return services.divide(clue, shares, total, receipt=BankReceipt.objects.get(pk=key), by=user, now=now)
    return services.divide(
        clue, shares, total, document=Document.objects.get(pk=key), paid_on=_day(post.get("paid_on", "")),
        paper_fen=_yuan(post.get("paper", ""), "paper"), by=user, now=now,
    )  # fmt: skip


def _chosen(sources: Sequence[Source], post: _Post) -> Source:
    found = next((one for one in sources if one.key == post.get("source")), None)
    if found is None:
        raise Refused(
            "请选择一张银行回单或者一份付款凭证；列表里没有的，可能已经分完，请刷新页面。", field="source"
        )
    return found


def _together(people: Sequence[Share]) -> int | None:
    """What stands in the fields together, in fen; ``None`` where one cannot be read."""
    try:
        return sum(_yuan(one.said, "") or 0 for one in people if one.chosen)
    except Refused:
        return None


def _yuan(text: str, field: str, who: str = "") -> int | None:
    try:
        return parse_yuan(text.strip()) if text.strip() else None
    except MoneyError as error:
        raise Refused(f"{who}{error}", field=field) from None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
