"""What people do with clues. Reading stands in ``triaging``, corrections in ``correcting``, merges in ``disputes``."""

from __future__ import annotations

import datetime as dt

from anxin.accounts.access import UNMASK, actor
from anxin.accounts.models import User
from anxin.clues.access import visible_clues
from anxin.clues.correcting import confirm, correct
from anxin.clues.disputes import merge, refuse, unmerge
from anxin.clues.models import Clue
from anxin.clues.triaging import triage_new
from anxin.evidence.journal import record
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused

__all__ = ["confirm", "correct", "merge", "refuse", "triage_new", "unmask", "unmerge"]

#: what may be asked for in full, and its name in the journal
SEALED = {"name": "姓名", "phone": "电话", "text": "原文"}
_PURPOSE = 4


def unmask(clue: Clue, field: str, *, purpose: str, user: User, now: dt.datetime) -> str:
    """The name, the telephone or the whole words of whoever told us; journalled with the purpose, not the value."""
    if not visible_clues(user, UNMASK).filter(pk=clue.pk).exists():
        raise Refused("您没有查看该线索反映人信息的权限。")
    purpose = purpose.strip()
    if len(purpose) < _PURPOSE:
        raise Refused(f"请写明查看目的（不少于{_PURPOSE}个字），例如“联系核实欠薪人数”。", field="purpose")
    telling = clue.tellings.filter(superseded_at__isnull=True).first()
    value = getattr(telling, field, None) if field in SEALED else None
    if not isinstance(value, Sealed):
        raise Refused("没有登记这一项信息，无可查看。", field="field")
    record(
        actor=actor(user),
        action="clue.unmasked",
        object_type="clue",
        object_id=clue.pk,
        summary=f"查看{clue}反映人的{SEALED[field]}，目的：{purpose}",
        now=now,
        after={"field": field, "purpose": purpose},
    )
    return value.open()
