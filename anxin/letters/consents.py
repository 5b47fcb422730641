"""电子送达确认: a party agrees to electronic service in one matter, and may take that back; what was served before stays served."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from anxin.accounts.access import SERVE, actor
from anxin.accounts.models import User
from anxin.casework.access import acts_on
from anxin.casework.models import Matter
from anxin.evidence import journal
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused, worded
from anxin.letters.manners import rule_of
from anxin.letters.models import Consent, Letter, Service

_RECEIVER = 120


def record_consent(
    matter: Matter,
    *,
    receiver: str,
    address: str,
    given_on: dt.date,
    how: str,
    by: User,
    now: dt.datetime,
    awards: bool = False,
) -> Consent:
    """A party agreed to electronic service, by which paper or on which occasion; ``awards``: of awards, too.

    Who agreed without awards may agree to them later: that consent takes the place of the earlier. Raises :class:`Refused`.
    """
    _require_right(matter, by)
    receiver, address = receiver.strip(), address.strip()
    if not receiver or len(receiver) > _RECEIVER:
        raise Refused("请写明受送达人（不超过120个字）。", field="receiver")
    if len(address) < 5 or len(address) > 100:
        raise Refused("请填写受送达人接收文书的手机号码或者电子邮箱。", field="address")
    if given_on > timezone.localdate(now):
        raise Refused(f"确认日期{given_on}在将来，请核对。", field="given_on")
    how = worded(how, "请写明怎样确认的，例如“签了送达地址确认书”", field="how")
    with transaction.atomic():
        rows = Consent.objects.select_for_update().filter(matter=matter, receiver=receiver, withdrawn_on=None)
        standing = rows.first()
        if standing is not None:
            if standing.awards or not awards:
                raise Refused(f"{receiver}已经确认过电子送达，无须重复登记。", field="receiver")
            standing.withdrawn_on = max(standing.given_on, given_on)
            standing.save(update_fields=["withdrawn_on"])
        elif (taken_back := taken_back_on(matter, receiver)) and given_on < taken_back:
            raise Refused(
                f"{receiver}在{taken_back}撤回过电子送达的确认，更早的确认书不再有效；重新确认的，请填写新的确认日期。",
                field="given_on",
            )
        made = Consent.objects.create(
            matter=matter, receiver=receiver, address=Sealed.of(address), given_on=given_on, how=how, awards=awards,
            by_name=str(by), at=now,
        )  # fmt: skip
        journal.record(
            actor=actor(by), action="letter.consent", object_type="matter", object_id=matter.pk,
            summary=f"登记电子送达确认{'（包括裁决书）' if awards else ''}：{how}", now=now,
            after={"consent": made.pk, "given_on": given_on.isoformat(), "awards": awards},
        )  # fmt: skip
    return made


def withdraw_consent(consent: Consent, *, on: dt.date, why: str, by: User, now: dt.datetime) -> Consent:
    """The party took its consent back: from this day on nothing is served on it electronically. Raises :class:`Refused`.

    Entered late, it touches what was served since that day (:func:`touched`): no day of service changes by itself.
    """
    with transaction.atomic():
        held = Consent.objects.select_for_update(of=("self",)).select_related("matter__lead")
        found = held.get(pk=consent.pk)
        _require_right(found.matter, by)
        if found.withdrawn_on is not None:
            raise Refused("这份电子送达确认已经不再有效，无须重复登记，请刷新页面。", field="consent")
        if on > timezone.localdate(now):
            raise Refused(f"撤回日期{on}在将来，请核对。", field="withdrawn_on")
        if on < found.given_on:
            raise Refused(f"撤回不能早于确认日期{found.given_on}，请核对。", field="withdrawn_on")
        found.withdrawn_on = on
        found.withdrawn_why = worded(
            why, "请写明怎样撤回、为什么撤回，例如“来函要求改送纸质文书”", field="why"
        )
        found.save(update_fields=["withdrawn_on", "withdrawn_why"])
        journal.record(
            actor=actor(by), action="letter.consent_withdrawn", object_type="matter", object_id=found.matter_id,
            summary=f"登记撤回电子送达确认：{found.withdrawn_why}", now=now,
            after={"consent": found.pk, "withdrawn_on": on.isoformat(), "touched": [one.pk for one in touched(found)]},
        )  # fmt: skip
    return found


def touched(consent: Consent) -> list[Service]:
    """What of its matter was served electronically on this party on the day of its withdrawal or later, and needs another way."""
    rows = Service.objects.filter(letter__matter=consent.matter_id, receiver=consent.receiver)
    consents = list(Consent.objects.filter(matter=consent.matter_id, receiver=consent.receiver))
    services = list(rows.select_related("letter").order_by("event_on", "id"))
    by_letter: dict[int, list[Service]] = {}
    for one in services:
        by_letter.setdefault(one.letter_id, []).append(one)
    return [one for several in by_letter.values() for one in lapsed(several, consents)]


def lapsed(services: Sequence[Service], consents: Sequence[Consent]) -> list[Service]:
    """Of one letter's services the electronic ones after a consent was taken back, where no other way was found since.

    ``consents``: all of the matter. What a party agreed to anew before it was served is not among them.
    """
    late = [one for one in services if one.manner == "electronic" and _after_withdrawal(one, consents)]
    reached = {one.receiver for one in services if one not in late}
    return [one for one in late if one.receiver not in reached]


def _after_withdrawal(service: Service, consents: Sequence[Consent]) -> bool:
    own, on = [one for one in consents if one.receiver == service.receiver], service.event_on
    standing = any(one.given_on <= on and (one.withdrawn_on is None or one.withdrawn_on > on) for one in own)
    taken_back = any(one.withdrawn_why and one.withdrawn_on and one.withdrawn_on <= on for one in own)
    return taken_back and not standing


def taken_back_on(matter: Matter, receiver: str) -> dt.date | None:
    """The latest day on which this party took a consent back; a consent that a wider one replaced was not taken back."""
    rows = Consent.objects.filter(matter=matter, receiver=receiver, withdrawn_on__isnull=False)
    found = rows.exclude(withdrawn_why="").order_by("-withdrawn_on").first()
    return found.withdrawn_on if found else None


def require_agreed(letter: Letter, receiver: str, on: dt.date) -> None:
    """Raises :class:`Refused` where nobody of this name agreed to be served this letter electronically on that day."""
    matter = letter.matter
    on_that_day = Q(given_on__lte=on) & (Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))
    consent = (
        Consent.objects.filter(on_that_day, matter=matter, receiver=receiver).order_by("-awards").first()
    )
    if consent is None:
        taken_back = taken_back_on(matter, receiver)
        if taken_back is not None and taken_back <= on:
            raise Refused(_taken_back(receiver, taken_back), field="manner")
        raise Refused(
            f"“{receiver}”没有登记过电子送达确认书，不能电子送达；请先登记确认书，或者换一种方式。",
            field="manner",
        )
    require_named(letter, consent)


def require_standing(letter: Letter, consent: Consent | None) -> Consent:
    """The consent for a link to this letter. Raises :class:`Refused` where there is none in its matter, or none any more."""
    if consent is not None and consent.withdrawn_on and consent.withdrawn_why:
        raise Refused(_taken_back(consent.receiver, consent.withdrawn_on), field="consent")
    if consent is None or consent.matter_id != letter.matter_id or consent.withdrawn_on is not None:
        raise Refused(
            "请选择一位登记过电子送达确认书的受送达人；没有登记的，请先登记确认书。", field="consent"
        )
    require_named(letter, consent)
    return consent


def require_named(letter: Letter, consent: Consent) -> None:
    """Raises :class:`Refused` where the letter is an award and the consent does not name awards."""
    if rule_of(letter.kind).named_consent and not consent.awards:
        raise Refused(
            f"“{consent.receiver}”同意电子送达，但没有同意裁决书也电子送达；请征得同意后重新登记，或者送纸质裁决书。",
            field="manner",
        )


def _taken_back(receiver: str, on: dt.date) -> str:
    return f"“{receiver}”在{on}撤回了电子送达的确认，从这一天起不能电子送达；请换一种方式，对方重新确认的请先登记。"


def _require_right(matter: Matter, by: User) -> None:
    if not acts_on(by, SERVE, matter):
        raise Refused(f"您没有在本件送达文书的权限，请联系{matter.lead}的承办人。")
