"""Which clues are one dispute: merged by a person along proposals, undone without loss, never against an ID number."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.clues.access import may_work
from anxin.clues.models import Clue, Likeness, Merge, Telling
from anxin.evidence.journal import record
from anxin.kernel.refusal import Refused, worded


def merge(likeness: Likeness, *, by: User, now: dt.datetime) -> Merge:
    """The two clues are one dispute; the earliest of all that hang together leads it."""
    with transaction.atomic():
        likeness = _locked(likeness, by)
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
        likeness.save(update_fields=["state"])
        _lead(members[likeness.first_id] | members[likeness.second_id])
        _record(likeness, "clues.merged", f"{likeness.second}与{likeness.first}并案", by, now)
    return merged


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
    """Different ID numbers are different people's claims, however much the words agree."""
    rows = Telling.objects.filter(clue__in=first | second, superseded_at__isnull=True)
    named: dict[bool, set[str]] = {True: set(), False: set()}
    for clue, hashes in rows.values_list("clue_id", "id_hashes"):
        named[clue in first].update(hashes)
    if named[True] and named[False] and named[True] != named[False]:
        raise Refused("两条线索写明的身份证号不同，不是同一人的诉求，不能并案；可以分别办理。")


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
