"""What a clue calls its employer or site otherwise: proposed where a person has linked it, remembered when a person says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from anxin.accounts.models import User
from anxin.clues.access import may_work
from anxin.clues.matching import by_alias, registered
from anxin.clues.models import Candidate, Clue
from anxin.kernel.refusal import Refused
from anxin.registry import aliases
from anxin.registry.models import Alias

#: field of the clue that is linked → field with the words
WORDS = {"employer": "debtor", "project": "project_name"}
#: open clues with the same words that are held against the register at once; later ones wait for their own reading
_AT_ONCE = 50


def proposed(clue: Clue, about: str, *, by_hand: bool, candidates: Iterable[Candidate]) -> str:
    """The words that may be remembered; empty where nobody linked it by hand or the words say nothing new.

    ``candidates`` are those of the clue: no query.
    """
    entry, words = getattr(clue, about), getattr(clue, WORDS[about])
    if entry is None or not by_hand or not words or not aliases.worth_remembering(words, entry):
        return ""
    known = any(getattr(one, f"{about}_id") == entry.pk and by_alias(one.why) for one in candidates)
    return "" if known else words


def remember(clue: Clue, about: str, *, by: User, now: dt.datetime) -> Alias:
    """The words of this clue are an alias of what it is linked to, in the place of this person's office.

    Raises :class:`Refused`, also where the words fit several: other registered names, or what other clues mean by them.
    """
    if about not in WORDS:
        raise Refused("没有这一项，请刷新页面后重新选择。", field="field")
    if not may_work(by, clue):
        raise Refused("您没有办理这条线索的权限，请联系负责该地区的同事。")
    entry, words = getattr(clue, about), getattr(clue, WORDS[about])
    if entry is None or not clue.corrections.filter(field=about, ended_at__isnull=True).exists():
        raise Refused("请先由人对应到登记名称，再记别名。", field="field")
    region = aliases.home_of(by, clue.region_id)
    others = [one for one in registered(words, about) if one.certain and one.pk != entry.pk]
    if others:
        raise Refused(f"“{words}”也合于别的登记名称，合于几家的不能记作别名。", field="field")
    same = Clue.objects.filter(**{WORDS[about]: words}, region__code__startswith=region)
    if same.filter(**{f"{about}__isnull": False}).exclude(**{about: entry}).exists():
        raise Refused(f"别的线索里“{words}”指的是另一家，合于几家的不能记作别名。", field="field")
    with transaction.atomic():
        made = aliases.remember(entry, words, region=region, source=clue.number, by=by, now=now)
        _hold_again(clue, about, words, region)
    return made


def _hold_again(clue: Clue, about: str, words: str, region: str) -> None:
    """This clue and what waits under the same words."""
    from anxin.clues.tasks import hold_again_task

    waiting = Clue.objects.filter(
        **{WORDS[about]: words, f"{about}__isnull": True}, region__code__startswith=region, arrears=True,
        state=Clue.State.NEW,
    )  # fmt: skip
    for pk in {clue.pk, *waiting.order_by("-pk").values_list("pk", flat=True)[:_AT_ONCE]}:
        hold_again_task.enqueue(pk)
