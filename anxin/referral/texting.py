"""The conclusion as a text to the telephone of the worker on record; sent through the office's own gateway."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from anxin.accounts.models import User
from anxin.channels.reaching import workers_phone
from anxin.clues.masking import masked_words
from anxin.clues.models import Clue
from anxin.kernel.refusal import Refused
from anxin.notices import outside
from anxin.notices.channels.base import NotDelivered
from anxin.referral.informing import texted, to_tell
from anxin.referral.models import Conclusion

#: of the conclusion's words; a text is short
_MOST = 120


def words_for(clue: Clue, conclusion: Conclusion) -> str:
    """What the text says: the number, what was found, and that silence is no consent. Names nobody."""
    said = masked_words(conclusion.words)
    said = said if len(said) <= _MOST else f"{said[: _MOST - 1]}…"
    return (
        f"您反映的问题（{clue.number}）有了结果：{conclusion.name}。{said}"
        "您不同意的，请凭回执号在“办理进度”里说明，或者联系承办单位，会重新核实；您没有说，就不算您同意。"
    )


def text_conclusion(clue: Clue, *, by: User, now: dt.datetime) -> None:
    """Send the conclusion that stands to the telephone on record, and write it down. Raises :class:`Refused`.

    The gateway is asked outside of any transaction: it may take seconds. Where it refuses, nothing is written.
    """
    with transaction.atomic():
        held, found = to_tell(clue, by=by)
    number = workers_phone(held)
    if not number:
        raise Refused("没有登记本人的手机号，或者没有设置短信网关，请用电话、当面、信函或者经来件单位告知。")
    try:
        outside.short_message(number, words_for(held, found), now=now)
    except NotDelivered as failure:
        raise Refused(f"短信没有发出：{failure.sentence}请稍后再发，或者改用电话告知。") from None
    texted(held, by=by, now=now, number=number)
