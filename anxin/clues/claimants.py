"""The people of a group: added, known again, their sums side by side by source until a person settles each.

Rows are written by ``claimant_rows``, whether they were typed or came in a list: what is the same changes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from anxin.accounts.access import HANDLE, IMPORT, actor
from anxin.accounts.models import User
from anxin.clues.access import visible_clues
from anxin.clues.claimant_rows import Said, Written, write_claimants, wrong_sum
from anxin.clues.correcting import FIELDS
from anxin.clues.masking import masked_words
from anxin.clues.models import Amount, Claimant, Clue, Correction, ListPhoto, Source
from anxin.clues.models_claimants import SIDES
from anxin.clues.queries_claimants import group_of
from anxin.evidence import doors, files
from anxin.evidence.journal import Actor, record
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused, worded

__all__ = [
    "Said",
    "Written",
    "add_claimant",
    "may_list",
    "record_amount",
    "remove_claimant",
    "settle",
    "settle_all",
    "verified",
    "write_claimants",
]

#: pages of one list
_MOST_PHOTOS = 40
_PHOTO = replace(doors.PHOTO, field="photo")
_BY_LIST = {"people": "按名单上的人数", "amount_fen": "按名单上的金额合计"}


def may_list(user: User, clue: Clue) -> bool:
    """Whether this person adds people to the clue's group: who works it, or takes in files there."""
    return any(visible_clues(user, one).filter(pk=clue.pk).exists() for one in (HANDLE, IMPORT))


def add_claimant(clue: Clue, said: Said, *, by: User, now: dt.datetime) -> Written:
    """Add one person as typed, or say more of one who is there. Raises :class:`Refused`."""
    with transaction.atomic():
        clue = _lock(clue.pk, by)
        written = write_claimants(clue, [said], by_name=str(by), now=now)
        if written.problems:
            _, sentence, name = written.problems[0]
            raise Refused(sentence, field=name)
        if written.unchanged:
            raise Refused("名单里已有这个人，内容也相同，没有改动。", field="name")
        follow_list(clue, by_name=str(by), actor=actor(by), now=now)
        what = "增加1人" if written.added else "更改1人"
        _record(clue, "clue.claimant_added", f"{clue}的名单{what}", actor(by), now, {"added": written.added})
    return written


def remove_claimant(claimant: Claimant, *, why: str, by: User, now: dt.datetime) -> None:
    """The person does not belong to the group; what was said of them is kept. Raises :class:`Refused`."""
    why = worded(masked_words(why), "请写明为什么移出名单", field="why")
    with transaction.atomic():
        clue = _lock(claimant.clue_id, by)
        found = Claimant.objects.get(pk=claimant.pk)
        if found.left_at is not None:
            raise Refused("这个人已经移出名单，请刷新页面。")
        found.left_at, found.left_why = now, why
        found.save(update_fields=["left_at", "left_why"])
        follow_list(clue, by_name=str(by), actor=actor(by), now=now)
        words = f"{clue}的名单移出{found}：{why}"
        _record(clue, "clue.claimant_removed", words, actor(by), now, {"number": found.number, "why": why})


def record_amount(
    claimant: Claimant, source: str, fen: int | None, *, by: User, now: dt.datetime
) -> Amount | None:
    """What one side says is owed to this person; ``None`` where it says so already. Raises :class:`Refused`."""
    if source not in {str(side) for side in SIDES}:
        raise Refused("请选择是谁说的金额。", field="source")
    with transaction.atomic():
        clue = _lock(claimant.clue_id, by)
        made = _say(clue, claimant, source, fen, "", by, now)
        follow_list(clue, by_name=str(by), actor=actor(by), now=now)
    return made


def settle(claimant: Claimant, fen: int | None, *, why: str, by: User, now: dt.datetime) -> Amount:
    """A person decides how much is owed, to the fen, and says why; the sides stay beside it. Raises :class:`Refused`."""
    why = worded(
        masked_words(why), "请写明按什么定下这个金额", field="why", more="，例如“按考勤和约定工价核算”"
    )
    with transaction.atomic():
        clue = _lock(claimant.clue_id, by, HANDLE)
        made = _say(clue, claimant, Source.SETTLED, fen, why, by, now)
        if made is None:
            raise Refused("已定金额就是这个数，没有改动。", field="amount")
        follow_list(clue, by_name=str(by), actor=actor(by), now=now)
    return made


def settle_all(clue: Clue, source: str, *, why: str, by: User, now: dt.datetime) -> int:
    """Settle everybody who is not settled at what one side says; returns how many. Raises :class:`Refused`."""
    if source not in {str(side) for side in SIDES}:
        raise Refused("请选择按谁说的金额。", field="source")
    why = worded(masked_words(why), "请写明按什么定下这些金额", field="why")
    with transaction.atomic():
        clue = _lock(clue.pk, by, HANDLE)
        current = Amount.objects.filter(
            claimant__clue=clue, claimant__left_at__isnull=True, superseded_at__isnull=True
        )
        settled = set(current.filter(source=Source.SETTLED).values_list("claimant_id", flat=True))
        said = [
            (pk, fen)
            for pk, fen in current.filter(source=source).values_list("claimant_id", "fen")
            if pk not in settled
        ]
        if not said:
            raise Refused(f"没有还未定下、又有“{Source(source).label}”金额的人。", field="source")
        Amount.objects.bulk_create(
            Amount(claimant_id=pk, source=Source.SETTLED, fen=fen, why=why, by_name=str(by), recorded_at=now)
            for pk, fen in said
        )
        total = sentence_yuan(sum(fen for _, fen in said))
        words = f"{clue}：按{Source(source).label}定下{len(said)}人，共{total}，理由：{why}"
        after = {"people": len(said), "source": source, "why": why}
        _record(clue, "clue.amounts_settled", words, actor(by), now, after)
        follow_list(clue, by_name=str(by), actor=actor(by), now=now)
    return len(said)


def verified(fens: Mapping[int, int], *, by: User, now: dt.datetime) -> None:
    """What an inspector found of each claimant in a case becomes the word of 监察员核实 on their clue's list.

    For a package above, which has decided who may; inside its transaction, which journals. The same again changes
    nothing.
    """
    current = Amount.objects.filter(claimant__in=fens, source=Source.INSPECTOR, superseded_at__isnull=True)
    same = {pk for pk, fen in current.values_list("claimant_id", "fen") if fens[pk] == fen}
    current.exclude(claimant__in=same).update(superseded_at=now)
    Amount.objects.bulk_create(
        Amount(claimant_id=pk, source=Source.INSPECTOR, fen=fen, by_name=str(by), recorded_at=now)
        for pk, fen in fens.items()
        if pk not in same
    )


def add_photo(clue: Clue, data: bytes, *, by: User, now: dt.datetime) -> ListPhoto:
    """Keep a photograph of a list, to be typed off; written anew without what the camera noted. Raises :class:`Refused`."""
    picture = doors.taken(data, "名单照片", _PHOTO)
    with transaction.atomic():
        clue = _lock(clue.pk, by)
        if clue.list_photos.count() >= _MOST_PHOTOS:
            raise Refused(f"一条线索的名单照片不超过{_MOST_PHOTOS}张。", field="photo")
        stored = doors.store(picture, now=now)
        made, new = ListPhoto.objects.get_or_create(
            clue=clue, file=stored, defaults={"added_at": now, "added_by_name": str(by)}
        )
        if not new:
            raise Refused("这张照片已经在了，没有重复保存。", field="photo")
        _record(clue, "clue.list_photo_added", f"{clue}增加一张名单照片", actor(by), now, {"photo": made.pk})
    return made


def look_at_photo(photo: ListPhoto, *, by: User, now: dt.datetime) -> bytes:
    """The picture, for who types it off; it shows people in full, so each look is journalled. Raises :class:`Refused`."""
    if not may_list(by, photo.clue):
        raise Refused("您没有办理这条线索名单的权限，请联系负责该地区的同事。")
    data = files.read(photo.file)
    words = f"查看{photo.clue}的名单照片，用于录入名单"
    _record(photo.clue, "clue.list_photo_seen", words, actor(by), now, {"photo": photo.pk})
    return data


def follow_list(clue: Clue, *, by_name: str, actor: Actor, now: dt.datetime) -> None:
    """The clue shows as many people as its list has, by a correction of its own, the machine's number kept.

    The sum follows where none was known, and once everybody's is settled: a list that is still being typed must
    not make a large claim small.
    """
    group = group_of(clue)
    if not group.people:
        return
    known: dict[str, tuple[int | None, str]] = {"people": (group.people, _BY_LIST["people"])}
    if clue.amount_fen is None or not group.unsettled or _followed(clue):
        known["amount_fen"] = (group.owed_fen, _BY_LIST["amount_fen"])
    for name, (value, why) in known.items():
        if value is not None and getattr(clue, name) != value:
            _correct(clue, name, value, why, by_name=by_name, who=actor, now=now)


def _followed(clue: Clue) -> bool:
    """Whether the sum that the clue shows came from its list before."""
    standing = clue.corrections.filter(field="amount_fen", ended_at__isnull=True)
    return standing.filter(why=_BY_LIST["amount_fen"]).exists()


def _correct(
    clue: Clue, name: str, value: int, why: str, *, by_name: str, who: Actor, now: dt.datetime
) -> None:
    spec, was = FIELDS[name], getattr(clue, name)
    clue.corrections.filter(field=name, ended_at__isnull=True).update(ended_at=now)
    setattr(clue, name, value)
    clue.save(update_fields=[name])
    made = Correction.objects.create(
        clue=clue,
        field=name,
        was=spec.words(was),
        became=spec.words(value),
        value=value,
        why=why,
        by_name=by_name,
        at=now,
    )
    _record(
        clue,
        "clue.corrected",
        f"{clue}：{spec.title}按名单更正为{made.became}",
        who,
        now,
        {name: made.became, "why": why},
    )


def _say(
    clue: Clue, claimant: Claimant, source: str, fen: int | None, why: str, by: User, now: dt.datetime
) -> Amount | None:
    if fen is None:
        raise Refused("请填写金额，单位是元。", field="amount")
    if wrong := wrong_sum(fen):
        raise Refused(wrong, field="amount")
    found = Claimant.objects.get(pk=claimant.pk)
    if found.left_at is not None:
        raise Refused("这个人已经移出名单，请刷新页面。")
    current = found.amounts.filter(source=source, superseded_at__isnull=True)
    if current.filter(fen=fen, why=why).exists():
        return None
    current.update(superseded_at=now)
    made = Amount.objects.create(
        claimant=found, source=source, fen=fen, why=why, by_name=str(by), recorded_at=now
    )
    label = Source(source).label
    words = f"{clue}名单{found}：{label}{sentence_yuan(fen)}{'，理由：' if why else ''}{why}"
    action = "clue.amount_settled" if source == Source.SETTLED else "clue.amount_said"
    after = {"number": found.number, "source": source, "fen": fen, "why": why}
    _record(clue, action, words, actor(by), now, after)
    return made


def _lock(clue_id: int, by: User, permission: str = "") -> Clue:
    """The clue, locked: whoever changes a group goes one after the other."""
    allowed = (permission,) if permission else (HANDLE, IMPORT)
    if not any(visible_clues(by, one).filter(pk=clue_id).exists() for one in allowed):
        raise Refused("您没有办理这条线索名单的权限，请联系负责该地区的同事。")
    return Clue.objects.select_for_update().get(pk=clue_id)


def _record(
    clue: Clue, action: str, summary: str, who: Actor, now: dt.datetime, after: dict[str, object]
) -> None:
    record(
        actor=who,
        action=action,
        object_type="clue",
        object_id=clue.pk,
        summary=summary,
        now=now,
        after=after,
    )
