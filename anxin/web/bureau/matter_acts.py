"""What the forms of a matter's page ask of the casework services. Every refusal is one sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework import flow, queries, services
from anxin.casework.clockwork import Words
from anxin.casework.judging import paper_groups
from anxin.casework.models import Document, Matter, Step
from anxin.casework.paper_files import PAPERS
from anxin.evidence import doors
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.letters import party_signing
from anxin.referral import transferring
from anxin.registry.models import Organisation
from anxin.web import lists, receiving

Act = Callable[[HttpRequest, Matter, User, dt.datetime, Law], object]
#: more papers than any step needs
_MOST_PAPERS = 12


def take_step(
    request: HttpRequest, matter: Matter, step: str, user: User, now: dt.datetime, law: Law
) -> Step:
    """Attach what came with the form and take the step: both or neither. Raises :class:`Refused`."""
    post = request.POST
    on = day_of(post.get("on", ""), "办理日期", "on")
    words = Words(
        note=post.get("note", "").strip(),
        at=_moment(on, post.get("at", "").strip()),
        body=post.get("body", ""),
        extension_amount=_amount(post.get("extension_amount", "").strip()),
        extension_paper=post.get("extension_paper", "").strip(),
        pause_reason=post.get("pause_reason", "").strip(),
        events=_events(request),
    )
    papers = {
        name: paper
        for name in (f"paper-{number}" for number in range(_MOST_PAPERS))
        if (paper := _paper(request, name)) is not None
    }
    with transaction.atomic():
        for name, paper in papers.items():
            _attach(
                matter, paper, post.get(f"{name}-kind", ""), post.get(f"{name}-number", ""), post.get(f"{name}-dated", ""), user, now, law
            )  # fmt: skip
        party_signing.keep_for_step(matter, _asked(matter, step, law), by=user, now=now, law=law)
        return flow.take(
            matter,
            step,
            by=user,
            on=on,
            now=now,
            law=law,
            expected_version=lists.expected_version(request),
            words=words,
        )


def _asked(matter: Matter, step: str, law: Law) -> set[str]:
    """The kinds of paper that a step asks for; none where the procedure has no such step."""
    found = [one for one in law.procedure(matter.procedure).transitions if one.key == step]
    return {kind for one in found for group in paper_groups(one) for kind in group}


def _attach_one(request: HttpRequest, matter: Matter, user: User, now: dt.datetime, law: Law) -> None:
    paper = _paper(request, "file")
    if paper is None:
        raise Refused("请选择要上传的文书。", field="file")
    post = request.POST
    _attach(
        matter, paper, post.get("kind", ""), post.get("number", ""), post.get("dated", ""), user, now, law
    )


def _withdraw(request: HttpRequest, matter: Matter, user: User, now: dt.datetime, law: Law) -> None:
    number = lists.whole_number(request.POST.get("document"))
    document = queries.visible_document(user, number) if number else None
    if document is None or document.matter_id != matter.pk:
        raise Refused("没有这份文书，请刷新页面后重新选择。", field="document")
    services.withdraw_document(document, why=request.POST.get("why", ""), by=user, now=now)


def _assign(request: HttpRequest, matter: Matter, user: User, now: dt.datetime, law: Law) -> None:
    number = lists.whole_number(request.POST.get("handler"))
    to = User.objects.filter(pk=number, is_active=True).first() if number else None
    if number and to is None:
        raise Refused("没有这位同事，请重新选择。", field="handler")
    services.assign(matter, to=to, by=user, now=now)


def _support(request: HttpRequest, matter: Matter, user: User, now: dt.datetime, law: Law) -> None:
    wanted = [lists.whole_number(value) for value in request.POST.getlist("supporting")]
    bodies = list(Organisation.objects.filter(pk__in=[one for one in wanted if one]))
    services.set_supporting(matter, bodies, by=user, now=now)


def _transfer(request: HttpRequest, matter: Matter, user: User, now: dt.datetime, law: Law) -> str:
    number = lists.whole_number(request.POST.get("to"))
    to = Organisation.objects.filter(pk=number).first() if number else None
    if to is None:
        raise Refused("请选择移送到哪个单位。", field="to")
    return transferring.transfer(
        matter,
        to,
        on=day_of(request.POST.get("on", ""), "移送日期", "on"),
        reason=request.POST.get("reason", ""),
        by=user,
        now=now,
        law=law,
        expected_version=lists.expected_version(request),
    )


def _event(request: HttpRequest, matter: Matter, user: User, now: dt.datetime, law: Law) -> None:
    services.set_event(
        matter,
        request.POST.get("event", ""),
        day_of(request.POST.get("day", ""), "该事件的日期", "day"),
        by=user,
        now=now,
        law=law,
        expected_version=lists.expected_version(request),
    )


#: name in the address → what it does, and what is said when it is done unless it answers with a sentence itself
ACTS: dict[str, tuple[Act, str]] = {
    "attach": (_attach_one, "文书已附上。"),
    "withdraw": (_withdraw, "文书已撤下。"),
    "assign": (_assign, "承办人已更改，待办随之转交。"),
    "supporting": (_support, "协办单位已更改。"),
    "transfer": (_transfer, "事项已移送。"),
    "event": (_event, "日期已登记，有关期限已重新计算。"),
}


def _attach(
    matter: Matter,
    paper: doors.Taken,
    kind: str,
    number: str,
    dated: str,
    user: User,
    now: dt.datetime,
    law: Law,
) -> Document:
    return services.attach_taken(
        matter,
        paper,
        kind=kind,
        by=user,
        now=now,
        law=law,
        number=number,
        dated=day_of(dated, "文书日期", "dated") if dated.strip() else None,
    )


def _paper(request: HttpRequest, name: str) -> doors.Taken | None:
    """One file of the form, looked at before anything is locked; ``None`` where none was chosen."""
    sent = receiving.sent(request, name, PAPERS)
    return doors.taken(sent.data, sent.name, PAPERS) if sent is not None else None


def typed_events(request: HttpRequest) -> dict[str, str]:
    """Days of events as typed: the name and the day stand side by side in the form."""
    names, days = request.POST.getlist("event-name"), request.POST.getlist("event-day")
    return {name: day.strip() for name, day in zip(names, days, strict=False) if day.strip()}


def day_of(text: str, what: str, field: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise Refused(f"请填写{what}，形如 2026-11-21。", field=field) from None


def _moment(on: dt.date, text: str) -> dt.datetime | None:
    if not text:
        return None
    try:
        return timezone.make_aware(dt.datetime.combine(on, dt.time.fromisoformat(text)))
    except ValueError:
        raise Refused("办理时刻应形如 09:30。", field="at") from None


def _amount(text: str) -> int | None:
    if not text:
        return None
    number = lists.whole_number(text)
    if number is None or number < 1 or number > 10_000:
        raise Refused(f"延长的长度“{text}”不对，应为正整数。", field="extension_amount")
    return number


def _events(request: HttpRequest) -> dict[str, dt.date]:
    return {name: day_of(day, f"“{name}”", "events") for name, day in typed_events(request).items()}
