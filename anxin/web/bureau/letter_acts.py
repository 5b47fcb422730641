"""核稿、签发、用印、送达 and what goes with them: one address for each act, a refusal in its own form."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.casework.paper_files import PAPERS
from anxin.kernel.refusal import Refused
from anxin.letters import (
    announcing,
    consents,
    content,
    drafting,
    issuing,
    links,
    paper_copies,
    portal,
    sealing,
    serving,
    worker_portal,
)
from anxin.letters.models import Consent, Letter
from anxin.local_law import queries as local_law
from anxin.notices.channels.base import NotDelivered
from anxin.web import clock, lists, receiving
from anxin.web.bureau.letter_page import show
from anxin.web.bureau.letters import sees
from anxin.web.bureau.matter_acts import day_of
from anxin.web.policy import page, user_of
from anxin.web.site_board import public_address

Doing = Callable[[HttpRequest, Letter], None]


@page(access.DRAFT, access.REVIEW, access.ISSUE, access.SEAL, access.SERVE, methods=("POST",))
def act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    letter = sees(user_of(request), pk)
    if action not in ACTS:
        raise Http404
    doing, said = ACTS[action]
    try:
        doing(request, letter)
    except Refused as refusal:
        return show(request, sees(user_of(request), pk), refusal=refusal, where=action)
    messages.success(request, said)
    return redirect("letter", pk=pk)


@page(access.SERVE, methods=("POST",))
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a link, send it where the office has a way there and record that service, and show it once."""
    letter, user, law = sees(user_of(request), pk), user_of(request), local_law.current()
    target = request.POST.get("target", "")
    number = lists.whole_number(request.POST.get("consent"))
    consent = Consent.objects.filter(pk=number, matter=letter.matter_id).first() if number else None
    try:
        made, token = links.make_link(
            letter, consent, by=user, now=clock.now(), law=law, expected_version=lists.expected_version(request), target=target
        )  # fmt: skip
    except Refused as refusal:
        return show(request, letter, refusal=refusal, where="link")
    address = public_address(request, "public:letter", token)
    sent, service, problem, unrecorded = False, None, "", ""
    try:
        sent = links.send(made, address, by=user, now=clock.now())
        if sent:
            service = links.record_service(made, by=user, now=clock.now(), law=law)
    except NotDelivered as failure:
        problem = str(failure)
    except Refused as refusal:  # it has left the house by now
        unrecorded = str(refusal)
    context = {
        "letter": letter,
        "link": made,
        "address": address,
        "to": content.opened(made.consent.address),
        "sent": sent,
        "service": service,
        "unrecorded": unrecorded,
        "problem": problem,
    }
    return render(request, "bureau/letter_link.html", context)


def _review(request: HttpRequest, letter: Letter) -> None:
    issuing.review(
        letter, by=user_of(request), now=clock.now(), expected_version=lists.expected_version(request), note=request.POST.get("note", "")
    )  # fmt: skip


def _send_back(request: HttpRequest, letter: Letter) -> None:
    issuing.send_back(
        letter, why=request.POST.get("why", ""), by=user_of(request), now=clock.now(), expected_version=lists.expected_version(request)
    )  # fmt: skip


def _drop(request: HttpRequest, letter: Letter) -> None:
    drafting.drop(
        letter, why=request.POST.get("why", ""), by=user_of(request), now=clock.now(), expected_version=lists.expected_version(request)
    )  # fmt: skip


def _issue(request: HttpRequest, letter: Letter) -> None:
    issuing.issue(
        letter, by=user_of(request), now=clock.now(), law=local_law.current(), expected_version=lists.expected_version(request)
    )  # fmt: skip


def _seal(request: HttpRequest, letter: Letter) -> None:
    sealing.seal(
        letter, by=user_of(request), now=clock.now(), law=local_law.current(), expected_version=lists.expected_version(request)
    )  # fmt: skip


def _serve(request: HttpRequest, letter: Letter) -> None:
    post = request.POST
    told = serving.Told(
        receiver=post.get("receiver", ""),
        manner=post.get("manner", ""),
        on=day_of(post.get("on", ""), "送达日期", "on"),
        at=post.get("at", ""),
        place=post.get("place", ""),
        servers=post.get("servers", ""),
        refusal=post.get("refusal", ""),
        witness=post.get("witness", ""),
        media=post.get("media", ""),
        target=post.get("target", ""),
    )
    serving.serve(
        letter, told, by=user_of(request), now=clock.now(), law=local_law.current(), expected_version=lists.expected_version(request)
    )  # fmt: skip


def _portal(request: HttpRequest, letter: Letter) -> None:
    portal.place(
        letter, target=request.POST.get("target", ""), by=user_of(request), now=clock.now(), law=local_law.current(),
        expected_version=lists.expected_version(request),
    )  # fmt: skip


def _worker(request: HttpRequest, letter: Letter) -> None:
    post = request.POST
    worker_portal.place(
        letter, id_number=post.get("id_number", ""), receiver=post.get("receiver", ""), target=post.get("target", ""),
        by=user_of(request), now=clock.now(), law=local_law.current(), expected_version=lists.expected_version(request),
    )  # fmt: skip


def _consent(request: HttpRequest, letter: Letter) -> None:
    post = request.POST
    consents.record_consent(
        letter.matter,
        receiver=post.get("receiver", ""),
        address=post.get("address", ""),
        given_on=day_of(post.get("given_on", ""), "确认日期", "given_on"),
        how=post.get("how", ""),
        awards=post.get("awards") == "yes",
        by=user_of(request),
        now=clock.now(),
    )


def _withdraw(request: HttpRequest, letter: Letter) -> None:
    post = request.POST
    number = lists.whole_number(post.get("consent"))
    consent = letter.matter.service_consents.filter(pk=number).first() if number else None
    if consent is None:
        raise Refused("请选择撤回确认的受送达人。", field="consent")
    withdrawn = consents.withdraw_consent(
        consent, on=day_of(post.get("withdrawn_on", ""), "撤回日期", "withdrawn_on"), why=post.get("why", ""),
        by=user_of(request), now=clock.now(),
    )  # fmt: skip
    if late := consents.touched(withdrawn):
        named = "、".join(f"{one.letter.number}（{one.event_on}电子送达）" for one in late)
        messages.warning(
            request, f"撤回之日起已经向{withdrawn.receiver}电子送达过：{named}。送达日没有改动，请分别换一种方式重新送达。"
        )  # fmt: skip


def _paper_asked(request: HttpRequest, letter: Letter) -> None:
    post = request.POST
    number = lists.whole_number(post.get("service"))
    service = letter.services.filter(pk=number).first() if number else None
    if service is None:
        raise Refused("请选择哪位受送达人申请。", field="service")
    paper_copies.record_request(
        service, on=day_of(post.get("asked_on", ""), "申请日期", "asked_on"), how=post.get("asked_how", ""), by=user_of(request),
        now=clock.now(),
    )  # fmt: skip


def _paper_handed(request: HttpRequest, letter: Letter) -> None:
    post = request.POST
    number = lists.whole_number(post.get("request"))
    asked = paper_copies.of_letter(letter).filter(pk=number).first() if number else None
    if asked is None:
        raise Refused("没有这次申请，请刷新页面。")
    paper_copies.hand_over(
        asked, on=day_of(post.get("handed_on", ""), "交付日期", "handed_on"), way=post.get("handed_way", ""),
        proof=post.get("handed_proof", ""), by=user_of(request), now=clock.now(),
    )  # fmt: skip


def _give_day(request: HttpRequest, letter: Letter) -> None:
    number = lists.whole_number(request.POST.get("service"))
    service = letter.services.filter(pk=number).first() if number else None
    if service is None:
        raise Refused("没有这次送达，请刷新页面。")
    serving.give_day(service, by=user_of(request), now=clock.now(), law=local_law.current())


def _announce(request: HttpRequest, letter: Letter) -> None:
    post = request.POST
    announcing.begin(
        letter, posted_on=day_of(post.get("posted_on", ""), "公告发布日期", "posted_on"), ground=post.get("ground", ""),
        attempts=post.get("attempts", ""), by=user_of(request), now=clock.now(), law=local_law.current(),
        expected_version=lists.expected_version(request),
    )  # fmt: skip


def _post(request: HttpRequest, letter: Letter) -> None:
    post, sent = request.POST, receiving.sent(request, "file", PAPERS)
    announcing.post(
        letter, on=day_of(post.get("on", ""), "发布日期", "on"), place=post.get("place", ""), servers=post.get("servers", ""),
        data=sent.data if sent else b"", filename=sent.name if sent else "", target=post.get("target", ""),
        by=user_of(request), now=clock.now(), law=local_law.current(), expected_version=lists.expected_version(request),
    )  # fmt: skip


#: name in the address → what it does, and what is said when it is done
ACTS: dict[str, tuple[Doing, str]] = {
    "review": (_review, "已核稿，请领导签发。"),
    "send-back": (_send_back, "已退回拟稿人。"),
    "drop": (_drop, "已作废。"),
    "issue": (_issue, "已签发并编号，请用印。"),
    "seal": (_seal, "已用印，可以送达；文书已附在事项里。"),
    "serve": (_serve, "送达已登记，送达回证已生成。"),
    "portal": (_portal, "已送到单位端，送达已登记，送达回证已生成。"),
    "worker": (_worker, "已放进工人手机页面“我的文书”，送达回证已生成。"),
    "consent": (_consent, "电子送达确认已登记。"),
    "withdraw": (_withdraw, "已登记撤回。从撤回之日起不再电子送达，撤回以前的送达不受影响。"),
    "announce": (_announce, "送达公告已起草，请补上主要内容后送核。"),
    "post": (_post, "已登记发布。期满之日就是送达日，到期前不能提前登记。"),
    "paper-asked": (_paper_asked, "已登记申请，请交付或者寄出纸质文书，再登记交付。"),
    "paper-handed": (_paper_handed, "已登记交付纸质文书，送达日不变。"),
    "give-day": (_give_day, "送达日已登记，有关期限已重新计算。"),
}
