"""Telling those who may be the second person that a conclusion waits for them."""

from __future__ import annotations

import datetime as dt

from anxin.accounts.access import colleagues
from anxin.clues.models import Clue
from anxin.notices.kinds import Kind, register
from anxin.notices.models import ChannelName
from anxin.notices.outline import Outline
from anxin.notices.services import Message, send_many
from anxin.referral.access import may_review, own
from anxin.referral.models import Conclusion, Referral

NOTICE = "conclusion_review"


def register_notices() -> None:
    """Called once when the application starts."""
    register(
        Kind(
            NOTICE,
            "结论待复核",
            "线索的结论或者按“未获确认”办结等我复核",
            frozenset({str(ChannelName.EMAIL)}),
        )
    )


def tell_waiting(clue: Clue, conclusion: Conclusion, referral: Referral | None, *, now: dt.datetime) -> None:
    """To everybody who may review it, but not to who concluded or asked to close. Inside the caller's transaction."""
    silent = conclusion.standing == Conclusion.Standing.SILENT
    what = "按“未获确认”办结" if silent else f"结论“{conclusion.name}”"
    who = conclusion.silent_by_name if silent else conclusion.by_name
    why = "等不到劳动者的答复。" if silent else conclusion.review_why
    # asked again after it was sent back is another occasion
    occasion = f"silent:{now.isoformat()}" if silent else "concluded"
    people = [one for one in colleagues() if may_review(one, clue, referral) and not own(one, conclusion)]
    send_many(
        [
            Message(
                to=person,
                kind=NOTICE,
                title=f"等您复核：{clue}{what}",
                body=f"{who}提请复核。{why}",
                link=f"/clues/{clue.pk}/handling",
                about=("clue", clue.pk),
                once_key=f"conclusion:{conclusion.pk}:{occasion}",
                outline=Outline(region=clue.region_id, number=clue.number),
            )
            for person in people
        ],
        now=now,
    )
