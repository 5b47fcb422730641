"""Which clues are one dispute: merged by a person, undone without loss, never against an ID number.

Most are merged along what the machine proposes; two that it did not see are merged by number, with the reason typed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db import transaction
from django.db.models import Q

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.clues.access import may_work, visible_clues
from anxin.clues.models import Claimant, Clue, Likeness, Merge, Telling
from anxin.evidence.journal import record
from anxin.kernel.refusal import Refused, worded

_LONGEST = 40
#: what is typed for the brackets of a number
_BRACKETS = str.maketrans("[]()（）【】［］", "〔〕" * 5)


def merge(likeness: Likeness, *, by: User, now: dt.datetime) -> Merge:
    """The two clues are one dispute; the earliest of all that hang together leads it."""
    with transaction.atomic():
        return _merged(_locked(likeness, by), by, now)


def merge_by_hand(clue: Clue, number: str, *, why: str, by: User, now: dt.datetime) -> Merge:
    """Merge a clue with the one of this number that nobody proposed, as :func:`merge` does, for the reason typed.

    The pair stays as a likeness with the reason, so that it is taken back in the same way. Raises :class:`Refused`.
    """
    why = worded(why, "请写明为什么是同一件事", field="why")
    with transaction.atomic():
        first, second = sorted((clue, _numbered(number, clue, by)), key=lambda one: one.pk)
        pair, _ = Likeness.objects.get_or_create(
            first=first, second=second, defaults={"score": 0, "proposed_at": now}
        )
        likeness = _locked(pair, by)
        said = f"{by}提出：{why}"
        likeness.reasons = [*(one for one in likeness.reasons if one != said), said]
        return _merged(likeness, by, now, why=why)


def refuse(likeness: Likeness, *, by: User, now: dt.datetime) -> None:
    """The two clues are not one dispute; they are not proposed again."""
    with transaction.atomic():
        likeness = _locked(likeness, by)
        if likeness.state != Likeness.State.PROPOSED:
            raise Refused("这条提示已经处理过了，请刷新页面。")
        likeness.state = Likeness.State.REFUSED
        likeness.save(update_fields=["state"])
        _record(likeness, "clues.kept_apart", f"{likeness.second}与{likeness.first}不是同一件事", by, now)


def unmerge(likeness: Likeness, *, why: str, by: User, now: dt.datetime) -> None:
    """Take a merge back: both clues are again what they were, and the proposal stands open."""
    why = worded(why, "请写明为什么撤销并案", field="why")
    with transaction.atomic():
        likeness = _locked(likeness, by)
        members = _held_together([likeness.first_id])[likeness.first_id]
        ended = Merge.objects.filter(
            first=likeness.first_id, second=likeness.second_id, ended_at__isnull=True
        ).update(ended_at=now, ended_by_name=str(by), ended_why=why)
        if not ended:
            raise Refused("这两条线索没有并案，请刷新页面。")
        likeness.state = Likeness.State.PROPOSED
        likeness.save(update_fields=["state"])
        for group in {frozenset(group) for group in _together(members).values()}:
            _lead(group)
        summary = f"撤销{likeness.second}与{likeness.first}的并案：{why}"
        _record(likeness, "clues.unmerged", summary, by, now)


def _merged(likeness: Likeness, by: User, now: dt.datetime, *, why: str = "") -> Merge:
    """The merge of a pair that is locked, checked and journalled."""
    if likeness.state == Likeness.State.MERGED:
        raise Refused("这两条线索已经并案，请刷新页面。")
    members = _held_together([likeness.first_id, likeness.second_id])
    _refuse_other_people(members[likeness.first_id], members[likeness.second_id])
    merged = Merge.objects.create(
        first_id=likeness.first_id,
        second_id=likeness.second_id,
        reasons=likeness.reasons,
        by_name=str(by),
        at=now,
    )
    likeness.state = Likeness.State.MERGED
    likeness.save(update_fields=["state", "reasons"])
    _lead(members[likeness.first_id] | members[likeness.second_id])
    summary = f"{likeness.second}与{likeness.first}并案{f'：{why}' if why else ''}"
    _record(likeness, "clues.merged", summary, by, now)
    return merged


def _numbered(number: str, clue: Clue, by: User) -> Clue:
    """The other clue, among those that this person sees; brackets may be typed as the keyboard has them."""
    wanted = "".join(number.split()).translate(_BRACKETS)
    if not wanted:
        raise Refused("请填写另一条线索的编号。", field="number")
    found = visible_clues(by).filter(number=wanted).first()
    if found is None:
        raise Refused(
            f"没有找到编号为“{wanted[:_LONGEST]}”的线索，请核对编号；不在您负责地区的，请与两地共同的上级联系并案。",
            field="number",
        )
    if found.pk == clue.pk:
        raise Refused("这是本条线索自己的编号，请填写另一条的编号。", field="number")
    return found


def _locked(likeness: Likeness, by: User) -> Likeness:
    """The proposal as it stands, held until the end of the transaction; both clues within the person's scope."""
    found = (
        Likeness.objects.select_for_update(of=("self",)).select_related("first", "second").get(pk=likeness.pk)
    )
    if not (may_work(by, found.first) and may_work(by, found.second)):
        raise Refused("其中一条线索不在您负责的地区内，请与该地区共同的上级联系并案。")
    return found


def _held_together(clue_ids: Iterable[int]) -> dict[int, set[int]]:
    """:func:`_together` with every clue of it locked, so that two merges that touch come one after the other."""
    asked = list(clue_ids)
    found = _together(asked)
    while True:
        ids = sorted(set().union(*found.values()))
        list(Clue.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
        again = _together(asked)
        if again == found:
            return found
        found = again


def _together(clue_ids: Iterable[int]) -> dict[int, set[int]]:
    """For each clue all that hang together with it by merges that stand; a query for each step away."""
    wanted = set(clue_ids)
    edges: dict[int, set[int]] = defaultdict(set)
    known, fresh = set(wanted), set(wanted)
    while fresh:
        rows = Merge.objects.filter(Q(first__in=fresh) | Q(second__in=fresh), ended_at__isnull=True)
        for first, second in rows.values_list("first_id", "second_id"):
            edges[first].add(second)
            edges[second].add(first)
        fresh = set(edges) - known
        known |= fresh
    return {clue: _reached(clue, edges) for clue in wanted}


def _reached(clue: int, edges: dict[int, set[int]]) -> set[int]:
    reached, ahead = {clue}, [clue]
    while ahead:
        new = edges[ahead.pop()] - reached
        reached |= new
        ahead += new
    return reached


def _refuse_other_people(first: set[int], second: set[int]) -> None:
    """Different ID numbers are different people's claims, however much the words agree.

    What the words name always counts. What the list of a single person names counts too where all are about one person
    each; where a group is among them, it is a dispute of several, and each stays a claimant of their own.
    """
    told = _named_in_words(first | second)
    alone = _alone(first | second)
    known = [told]
    if alone is not None:
        known.append({clue: told.get(clue, set()) | alone.get(clue, set()) for clue in first | second})
    for named in known:
        sides: list[set[str]] = [
            set().union(*(named.get(clue, set()) for clue in side)) for side in (first, second)
        ]
        if all(sides) and sides[0] != sides[1]:
            raise Refused("两条线索写明的身份证号不同，不是同一人的诉求，不能并案；可以分别办理。")


def _named_in_words(clues: Collection[int]) -> dict[int, set[str]]:
    """Of each clue the ID numbers, as hashes, that stand in what was told."""
    rows = Telling.objects.filter(clue__in=clues, superseded_at__isnull=True)
    return {clue: set(hashes) for clue, hashes in rows.values_list("clue_id", "id_hashes")}


def _alone(clues: Collection[int]) -> dict[int, set[str]] | None:
    """Of each clue the ID number of the one person on its list; ``None`` where one of them is about several people."""
    if Clue.objects.filter(pk__in=clues, people__gt=1).exists():
        return None
    found: dict[int, set[str]] = {}
    rows = Claimant.objects.filter(clue__in=clues, left_at__isnull=True)
    for clue, person in rows.values_list("clue_id", "id_hash"):
        if clue in found:
            return None
        found[clue] = {person} - {""}
    return found


def _lead(group: Iterable[int]) -> None:
    """The first of a group leads it; one alone stands for itself."""
    lead, *others = sorted(group)
    Clue.objects.filter(pk=lead).update(dispute=None)
    Clue.objects.filter(pk__in=others).update(dispute=lead)


def _record(likeness: Likeness, action: str, summary: str, by: User, now: dt.datetime) -> None:
    record(
        actor=actor(by),
        action=action,
        object_type="clue",
        object_id=likeness.first_id,
        summary=summary,
        now=now,
        after={"first": likeness.first_id, "second": likeness.second_id},
    )
