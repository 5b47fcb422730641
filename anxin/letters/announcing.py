"""公告送达: the public notice of a letter that could not be served otherwise, with the days of the law; where and when it was posted,
with its proof. Civil procedure law (2023), article 95, to which 行政处罚法 art. 61 and 办案规则 art. 20 refer.

The notice is a letter of its own (reviewed, issued, sealed); posting it is the service of the letter that it announces.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework import services as casework
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law, LawError
from anxin.letters import content, drafting
from anxin.letters.judging import require
from anxin.letters.life import Act, State
from anxin.letters.manners import require_manner, rule_of
from anxin.letters.models import Letter, Service
from anxin.letters.recording import keep, locked
from anxin.letters.serving import Told, serve
from anxin.typesetting.templates import template

MANNER = "public_notice"
#: the picture or page that shows where it was posted, in the catalogue
_PROOF = "service_record"
GROUNDS = ("missing", "other_ways")


def begin(
    letter: Letter,
    *,
    posted_on: dt.date,
    ground: str,
    attempts: str,
    by: User,
    now: dt.datetime,
    law: Law,
    expected_version: int,
) -> Letter:
    """Draft the notice of a sealed letter. ``attempts``: why and what was tried, for the file (art. 95). Raises :class:`Refused`."""
    attempts = worded(attempts, "请写明用过哪些方式、为什么没有送到", field="attempts", most=400)
    if ground not in GROUNDS:
        raise Refused("请选择公告送达的缘由。", field="ground")
    if posted_on < timezone.localdate(now):
        raise Refused(f"公告发布日期{posted_on}已经过去，请填写今天或以后的日期。", field="posted_on")
    with transaction.atomic():
        held = locked(letter, expected_version)
        require(held, Act.SERVED, by)
        if held.announces_id is not None:
            raise Refused("这份文书本身就是送达公告，请登记发布。")
        require_manner(held, MANNER, law, posted_on)
        live = held.announcements.exclude(state__in=(State.DROPPED, State.REPLACED)).first()
        if live is not None and live.state != State.SERVED:
            raise Refused("这份文书的送达公告正在办理，请在那一份上继续。")
        values = _known(held) | {"ground": ground, "posted_on": posted_on.isoformat()}
        made = drafting.draft(
            held.matter,
            kind=drafting.ANNOUNCEMENT,
            by=by,
            now=now,
            values=worked_out(held, values, law),
            announces=held,
        )
        keep(
            held, Act.ANNOUNCED, by=by, now=now, to=State(held.state), note=attempts, more={"notice": made.pk}
        )
    return made


def worked_out(letter: Letter, values: Mapping[str, Any], law: Law) -> dict[str, Any]:
    """The values with the days and the last day that the law gives the notice of ``letter``; unread days stay as typed."""
    found = dict(values)
    try:
        posted_on = dt.date.fromisoformat(str(values.get("posted_on", "")))
        until = law.served_on(
            MANNER, posted_on, rule_of(letter.kind).family, letter.matter.region_id
        ).served_on
    except (ValueError, LawError):
        return found
    return found | {"days": (until - posted_on).days, "until": until.isoformat()}


def post(
    notice: Letter,
    *,
    on: dt.date,
    place: str,
    servers: str,
    data: bytes,
    filename: str,
    target: str,
    by: User,
    now: dt.datetime,
    law: Law,
    expected_version: int,
) -> Service:
    """The notice was posted: its proof is kept, and the letter it announces is served when its days are over.

    ``target``: the day of a procedure that this service gives, or empty. Raises :class:`Refused`.
    """
    with transaction.atomic():
        held = locked(notice, expected_version)
        require(held, Act.SERVED, by)
        if held.announces_id is None:
            raise Refused("这份文书不是送达公告。")
        if held.state == State.SERVED:
            raise Refused("这份公告已经登记过发布，无须重复登记。")
        said = content.values_of(held)
        if said["posted_on"] != on.isoformat():
            raise Refused(
                f"公告写明{said['posted_on']}发布，实际日期不同的，请另发一份公告替代它，期满日期才不会写错。",
                field="on",
            )
        if not data:
            raise Refused("请上传发布的凭据：张贴处的照片、网页截图或者报纸版面。", field="file")
        announced = Letter.objects.get(pk=held.announces_id)
        paper = casework.attach_own(
            held.matter, kind=_PROOF, data=data, filename=filename, dated=on, by=by, now=now, law=law
        )
        told = Told(
            said["receiver"],
            MANNER,
            on,
            place,
            servers,
            media=f"{held.number}，凭据{paper.pk}",
            target=target,
        )
        service = serve(announced, told, by=by, now=now, law=law, expected_version=announced.version)
        note = f"{place.strip()}，{on}至{service.served_on}"
        keep(held, Act.SERVED, by=by, now=now, to=State.SERVED, note=note[:500],
             more={"service": service.pk, "proof": paper.pk})  # fmt: skip
    return service


def _known(letter: Letter) -> dict[str, Any]:
    """What the notice says of the letter."""
    addressee = content.words_of(letter.content).addressee if isinstance(letter.content, Sealed) else ""
    return {
        "receiver": addressee.rstrip("：:"),
        "paper": template(letter.kind).name,
        "paper_number": letter.number,
        "paper_date": letter.issued_on.isoformat() if letter.issued_on else "",
    }
