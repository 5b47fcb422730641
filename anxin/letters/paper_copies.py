"""纸质文书 on request: whoever was served electronically may ask for the letter on paper and is given it.

民事诉讼法第九十条 promises it for judgments, rulings and mediation instruments; here every letter that went electronically is given,
because a party cannot be asked to know which of them the article names. The day of service stays what it was.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from anxin.accounts.access import SERVE, actor
from anxin.accounts.models import User
from anxin.casework.access import acts_on
from anxin.casework.notifying import Colleagues, outline
from anxin.evidence import journal
from anxin.evidence.journal import Actor
from anxin.kernel.refusal import Refused, worded
from anxin.letters.life import Act
from anxin.letters.models import Letter, LetterAct, PaperRequest, Service
from anxin.letters.queries import kind_name
from anxin.notices.kinds import Kind, register
from anxin.notices.models import ChannelName
from anxin.notices.services import Message, send_many

KIND = register(
    Kind(
        "paper_asked",
        "申请纸质文书",
        "电子送达的当事人在自己的页面申请了纸质文书",
        frozenset({str(ChannelName.EMAIL)}),
    )
)
ELECTRONIC = "electronic"
_BASIS = "民事诉讼法第九十条"


def of_letter(letter: Letter) -> QuerySet[PaperRequest]:
    """The requests about one letter, in the order in which they came."""
    return PaperRequest.objects.filter(service__letter=letter).select_related("service").order_by("pk")


def record_request(service: Service, *, on: dt.date, how: str, by: User, now: dt.datetime) -> PaperRequest:
    """An officer writes down that the party asked. Raises :class:`Refused`."""
    _require_right(service.letter, by)
    if on > timezone.localdate(now):
        raise Refused(f"申请日期{on}在将来，请核对。", field="asked_on")
    if on < service.event_on:
        raise Refused(f"申请不能早于送达的{service.event_on}，请核对。", field="asked_on")
    said = worded(how, "请写明对方怎样申请的，例如“来电申请”", field="asked_how")
    return _ask(service, on, said, actor(by), by, now)


def ask(service: Service, *, who: Actor, where: str, now: dt.datetime) -> PaperRequest:
    """The party asks on its own page, and whoever works on the matter is told. ``where``: the page in words.

    The caller has seen that the page is this party's. Raises :class:`Refused`.
    """
    with transaction.atomic():
        made = _ask(service, timezone.localdate(now), f"在{where}申请", who, None, now)
        _tell(made, now)
    return made


def hand_over(
    request: PaperRequest, *, on: dt.date, way: str, proof: str, by: User, now: dt.datetime
) -> PaperRequest:
    """The paper was given: collected by somebody, or posted under a number. Raises :class:`Refused`."""
    with transaction.atomic():
        held = PaperRequest.objects.select_for_update(of=("self",)).select_related(
            "service__letter__matter__lead"
        )
        found = held.get(pk=request.pk)
        letter = found.service.letter
        _require_right(letter, by)
        if found.handed_on is not None:
            raise Refused("这次申请已经登记过交付，无须重复登记，请刷新页面。")
        if way not in PaperRequest.Way.values:
            raise Refused("请选择交付方式。", field="handed_way")
        if on > timezone.localdate(now):
            raise Refused(f"交付日期{on}在将来，请核对。", field="handed_on")
        if on < found.asked_on:
            raise Refused(f"交付不能早于申请的{found.asked_on}，请核对。", field="handed_on")
        proof = proof.strip()
        if not proof or len(proof) > 120:
            raise Refused("请写明领取人，邮寄的写明邮件编号（不超过120个字）。", field="handed_proof")
        found.handed_on, found.handed_way, found.handed_proof = on, way, proof
        found.handed_by_name, found.handed_at = str(by)[:80], now
        found.save(update_fields=["handed_on", "handed_way", "handed_proof", "handed_by_name", "handed_at"])
        note = f"给{found.service.receiver}，{found.get_handed_way_display()}，{on}"
        _keep(found, Act.HANDED, note, actor(by), by, now)
    return found


def _ask(
    service: Service, on: dt.date, how: str, who: Actor, by: User | None, now: dt.datetime
) -> PaperRequest:
    with transaction.atomic():
        # one after the other: the constraint speaks no Chinese
        held = Service.objects.select_for_update(of=("self",)).select_related("letter__matter__lead")
        found = held.get(pk=service.pk)
        if found.manner != ELECTRONIC:
            raise Refused("这次送达不是电子送达，送的已经是纸质文书。", field="service")
        if found.paper_requests.filter(handed_on=None).exists():
            raise Refused("已经申请过纸质文书，正在办理，无须重复申请。", field="service")
        made = PaperRequest.objects.create(
            service=found, asked_on=on, asked_how=how, asked_by_name=who.name[:80], asked_at=now
        )
        _keep(made, Act.ASKED, f"{found.receiver}{how}，{on}", who, by, now)
    return made


def _keep(request: PaperRequest, act: Act, note: str, who: Actor, by: User | None, now: dt.datetime) -> None:
    """One row of the letter's history and one entry of the journal; the letter itself stays as it is."""
    letter = request.service.letter
    LetterAct.objects.create(
        letter=letter, act=act, by=by, by_name=who.name[:80], at=now, note=note, from_state=letter.state, to_state=letter.state
    )  # fmt: skip
    journal.record(
        actor=who, action=f"letter.paper_{act}", object_type="letter", object_id=letter.pk,
        summary=f"{act.label}：{letter.number}（{_BASIS}）", now=now, after={"request": request.pk, "service": request.service_id},
    )  # fmt: skip


def _tell(request: PaperRequest, now: dt.datetime) -> None:
    letter = request.service.letter
    what = f"{kind_name(letter.kind)} {letter.number}"
    told = [
        Message(
            to=person,
            kind=KIND.key,
            title=f"申请纸质文书：{what}",
            body=f"{request.service.receiver}{request.asked_how}{what}的纸质文书。请交付或者寄出，并在文书页登记交付。",
            link=f"/letters/{letter.pk}#paper",
            about=("letter", letter.pk),
            once_key=f"paper_asked:{request.pk}",
            outline=outline(letter.matter),
        )
        for person in Colleagues().handling(letter.matter)
    ]
    send_many(told, now=now)


def _require_right(letter: Letter, by: User) -> None:
    if not acts_on(by, SERVE, letter.matter):
        raise Refused(f"您没有在本件送达文书的权限，请联系{letter.matter.lead}的承办人。")
