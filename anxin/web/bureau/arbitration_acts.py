"""What people do with an arbitration, one act a button; a refusal stands on the page with what was typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.arbitration import aftermath, applicants, award_papers, awarding, claims, groups, proposals
from anxin.arbitration.access import require_works, works
from anxin.arbitration.applicants import Person
from anxin.arbitration.claims import Line
from anxin.arbitration.imports_applicants import KIND
from anxin.arbitration.models import Applicant, ArbitrationCase, Award, Claim, Consent
from anxin.evidence.imports import ImportRefused, open_batch
from anxin.kernel.masking import mask_name
from anxin.kernel.money import MoneyError, parse_yuan
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law
from anxin.local_law import queries as local_law
from anxin.mediation.sealed import plain
from anxin.reception.typed import people_of
from anxin.web import clock, lists, receiving
from anxin.web.bureau.arbitration_case import find_case, seen, show
from anxin.web.policy import page, user_of

_GONE = "这一条已经不在了，请刷新页面。"


@page(access.HANDLE, access.DECIDE, access.ARBITRATE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One act on one case, and back to its page."""
    case, user = find_case(request, pk), user_of(request)
    if action == "reveal":
        return _reveal(request, case, user)
    if action not in _ACTS:
        raise Http404
    what, done = _ACTS[action]
    try:
        said = what(request, case, user, clock.now(), local_law.current())
    except Refused as refusal:
        where = f"{action}-{request.POST.get('row', '')}".rstrip("-")
        return show(request, find_case(request, pk), refusal=refusal, where=where)
    if said and said.startswith("/"):
        return redirect(said)
    messages.success(request, said or done)
    return redirect("arbitration-case", pk=pk)


@page(access.HANDLE, access.DECIDE, access.ARBITRATE, methods=("GET", "POST"))
def proposed(request: HttpRequest, pk: int) -> HttpResponse:
    """What attendance and wages say is owed, to be taken line by line."""
    case, user = find_case(request, pk), user_of(request)
    if not works(user, case):
        raise Http404
    found = proposals.proposed(case)
    if request.method == "POST":
        chosen = set(request.POST.getlist("line"))
        lines = [(one.applicant, one.line) for one in found.lines if one.key in chosen and not one.standing]
        taken = claims.take(case, lines, by=user, now=clock.now())
        messages.success(
            request, f"已列入{taken}项请求，可以逐项修改。" if taken else "没有选择新的请求，没有改动。"
        )
        return redirect("arbitration-case", pk=pk)
    context = {
        "case": case,
        "views": access.may(user, access.VIEW),
        "found": found,
        "rows": [(one, mask_name(plain(one.applicant.name))) for one in found.lines],
        "fresh": sum(not one.standing for one in found.lines),
        "today": clock.today(),
    }
    return render(request, "bureau/arbitration_proposals.html", context)


def _reveal(request: HttpRequest, case: ArbitrationCase, user: User) -> HttpResponse:
    """The applicants in full on this one answer, for a purpose that goes into the journal."""
    try:
        require_works(user, case)
        purpose = worded(request.POST.get("purpose", ""), "请写明为什么要看申请人信息", field="purpose")
    except Refused as refusal:
        return show(request, case, refusal=refusal, where="reveal")
    seen(request, case, f"查看申请人信息，用于：{purpose}", "people_seen")
    return show(request, case, shown=True)


def _people(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> str:
    people = [Person.of(one) for one in people_of(request.POST.get("people_list", ""))]
    if not people:
        raise Refused("请写明申请人：每行一人，写姓名、身份证号和电话。", field="people_list")
    added = applicants.add(case, people, by=user, now=now)
    return f"已增加{added}名申请人。" if added else "名单里的人都已经在案，没有改动。"


def _upload(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> str:
    """A list of applicants goes the way of every file: looked at first, then accepted."""
    require_works(user, case)
    if not access.may(user, access.IMPORT):
        raise Refused("您没有导入文件的权限，请联系承办人。", field="file")
    sent = receiving.chosen(request, "file", receiving.tables(), "请选择名单文件（Excel 表）。")
    try:
        batch = open_batch(
            kind=KIND, data=sent.data, filename=sent.name, actor=access.actor(user), now=now, project_code=case.matter.number
        )  # fmt: skip
    except ImportRefused as refusal:
        raise Refused(refusal.sentence, field="file") from refusal
    if batch.already_accepted:
        messages.warning(
            request, f"该文件已于{clock.local(batch.accepted_at):%Y-%m-%d %H:%M}接收过，未作任何改动。"
        )
    return f"/imports/{batch.pk}"


def _describe(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    applicants.describe(
        _applicant(request, case), id_number=post.get("id_number", ""), phone=post.get("phone", ""), address=post.get("address", ""),
        by=user, now=now,
    )  # fmt: skip


def _leave(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> None:
    applicants.remove(_applicant(request, case), why=request.POST.get("why", ""), by=user, now=now)


def _add_claim(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> None:
    claims.put(_applicant(request, case), _line(request), by=user, now=now)


def _change_claim(
    request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law
) -> None:
    claim = _claim(request, case)
    claims.put(claim.applicant, _line(request), by=user, now=now, claim=claim)


def _drop_claim(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> None:
    claims.remove(_claim(request, case), by=user, now=now)


def _find(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    awarding.find(
        _claim(request, case), due_fen=_yuan(post.get("payable", ""), "认定应付") or 0, paid_fen=_yuan(post.get("paid", ""), "认定已付") or 0,
        reason=post.get("reason", ""), by=user, now=now,
    )  # fmt: skip


def _find_rest(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> str:
    made = awarding.find_rest(case, by=user, now=now)
    return f"已按请求全部支持{made}项。" if made else "没有还没认定的请求，没有改动。"


def _decide(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> str:
    post = request.POST
    if post.get("which") == "all":
        chosen = [one.claim_id for one in awarding.open_findings(case)]
    else:
        chosen = [number for text in post.getlist("claim") if (number := lists.whole_number(text))]
    made = awarding.decide(
        case, chosen, on=_day(post.get("on", "")), pay_within=lists.whole_number(post.get("pay_within")) or 0, by=user, now=now, law=law,
    )  # fmt: skip
    papers_made = "、".join(f"{one}（{one.get_finality_display()}）" for one in made)
    return f"已作出{papers_made}。请起草裁决书；裁决作出后不能再改，笔误用补正。"


def _correct(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    awarding.correct(
        _award(request, case), place=post.get("place", ""), before=post.get("before", ""), after=post.get("after", ""),
        on=_day(post.get("on", "")), by=user, now=now,
    )  # fmt: skip


def _letter(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> str:
    """One paper for all, one for each, or that of one applicant, as the office chooses."""
    award, whom = _award(request, case), request.POST.get("applicant")
    if whom == "all":
        return f"/letters/{award_papers.draft_for_all(award, by=user, now=now).pk}"
    if whom == "each":
        made, left = award_papers.draft_each(award, by=user, now=now)
        if not made:
            return "每位申请人的裁决书都已经起草，没有改动。"
        more = f"，还有{left}份，请再点一次" if left else ""
        return f"已起草{made}份裁决书{more}，请在事项的文书里逐份填写。"
    person = case.applicants.filter(pk=lists.whole_number(request.POST.get("applicant")) or 0).first()
    if person is None:
        raise Refused("请选择是给哪位申请人的裁决书。", field="applicant")
    return f"/letters/{award_papers.draft(award, person, by=user, now=now).pk}"


def _receive(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    aftermath.receive(
        _award(request, case),
        post.get("side", ""),
        _day(post.get("on", "")),
        how=post.get("how", ""),
        by=user,
        now=now,
        law=law,
        applicants=[number for text in post.getlist("person") if (number := lists.whole_number(text))],
        through=lists.whole_number(post.get("through")),
    )


def _after(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> str:
    begun = aftermath.begin(_award(request, case), by=user, now=now, law=law)
    return f"已开始裁后事项{begun.number}，期限从双方收到裁决书之日起算。"


def _elect(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> str:
    chosen = [number for text in request.POST.getlist("rep") if (number := lists.whole_number(text))]
    elected = groups.elect(case, chosen, by=user, now=now, law=law)
    return f"已登记{elected}名代表。" if elected else "已登记没有推举代表。"


def _ask(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> None:
    post = request.POST
    groups.ask(case, post.get("what", ""), post.get("words", ""), on=clock.today(), by=user, now=now)


def _answer(request: HttpRequest, case: ArbitrationCase, user: User, now: dt.datetime, law: Law) -> str:
    post = request.POST
    consent = Consent.objects.filter(case=case, pk=_row(request)).select_related("case").first()
    if consent is None:
        raise Refused(_GONE)
    if post.get("agrees") not in ("yes", "no"):
        raise Refused("请选择同意还是不同意。", field="agrees")
    chosen = [number for text in post.getlist("applicant") if (number := lists.whole_number(text))]
    told = groups.answer(
        consent,
        chosen,
        agrees=post.get("agrees") == "yes",
        how=post.get("how", ""),
        on=clock.today(),
        by=user,
        now=now,
    )
    return f"已登记{told}人的意见。"


Act = Callable[[HttpRequest, ArbitrationCase, User, dt.datetime, Law], str | None]
#: name in the address → what it does, and what is said when it is done (an address is gone to)
_ACTS: dict[str, tuple[Act, str]] = {
    "people": (_people, ""),
    "upload": (_upload, ""),
    "describe": (_describe, "已记下申请人的信息。"),
    "leave": (_leave, "已移出这位申请人。"),
    "claim": (_add_claim, "已列入这一项请求。"),
    "claim-change": (_change_claim, "已改这一项请求，原来的认定请重新写。"),
    "claim-drop": (_drop_claim, "已撤下这一项请求。"),
    "find": (_find, "已写明认定。"),
    "find-rest": (_find_rest, ""),
    "decide": (_decide, ""),
    "correct": (_correct, "已登记补正，请起草补正决定书。"),
    "letter": (_letter, ""),
    "receive": (_receive, "已登记收到裁决书的日期。"),
    "after": (_after, ""),
    "elect": (_elect, ""),
    "consent": (_ask, "已记下，请逐人征求意见。"),
    "consent-answer": (_answer, ""),
}


def _row(request: HttpRequest) -> int:
    return lists.whole_number(request.POST.get("row")) or 0


def _applicant(request: HttpRequest, case: ArbitrationCase) -> Applicant:
    found = case.applicants.select_related("case").filter(pk=_row(request)).first()
    if found is None:
        raise Refused(_GONE)
    return found


def _claim(request: HttpRequest, case: ArbitrationCase) -> Claim:
    rows = Claim.objects.filter(applicant__case=case).select_related("applicant__case")
    found = rows.filter(pk=_row(request)).first()
    if found is None:
        raise Refused(_GONE)
    return found


def _award(request: HttpRequest, case: ArbitrationCase) -> Award:
    found = case.awards.select_related("case__matter__lead").filter(pk=_row(request)).first()
    if found is None:
        raise Refused(_GONE)
    return found


def _line(request: HttpRequest) -> Line:
    post = request.POST
    days, rate = claims.days_of(post.get("days", "")), _yuan(post.get("rate", ""), "日工资")
    worked = days is not None or rate is not None
    return Line(
        item=post.get("item", ""), month=post.get("month", "").strip(), days=days, rate_fen=rate,
        due_fen=None if worked else _yuan(post.get("payable", ""), "应付"), paid_fen=_yuan(post.get("paid", ""), "已付") or 0,
        source=post.get("source", ""),
    )  # fmt: skip


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Refused("请按 2026-11-21 的样子填写日期。", field="on") from None


def _yuan(text: str, what: str) -> int | None:
    try:
        return parse_yuan(text)
    except MoneyError as error:
        raise Refused(f"{what}：{error}", field="amount") from None
