"""Typing a list off its photograph: rows kept as a draft until they are taken in, each cell a person's word.

A cell that a machine proposed is ``unsure`` until a person has confirmed or changed it, and a row with such a cell is not
taken in: nothing of it counts before.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace

from django.db import transaction

from anxin.accounts.access import HANDLE, IMPORT, actor
from anxin.accounts.models import User
from anxin.clues.access import visible_clues
from anxin.clues.claimant_rows import Said, Written, write_claimants
from anxin.clues.claimants import follow_list
from anxin.clues.models import Clue, ListPhoto
from anxin.clues.models_claimants import SIDES, Source
from anxin.evidence.journal import record
from anxin.evidence.sealing import Sealed
from anxin.kernel.money import MoneyError, parse_yuan
from anxin.kernel.refusal import Refused

#: the columns of a typed row
COLUMNS = {
    "name": "姓名",
    "id_number": "身份证号",
    "phone": "电话",
    "trade": "工种或班组",
    "amount": "金额（元）",
}
#: of one photograph
MOST_ROWS = 200
_LONGEST = 60


@dataclass(frozen=True)
class TypedRow:
    """One person as typed. ``unsure``: columns whose text is a machine's proposal; ``problem``: why it was not taken in."""

    name: str = ""
    id_number: str = ""
    phone: str = ""
    trade: str = ""
    amount: str = ""
    unsure: Sequence[str] = ()
    problem: str = ""

    @property
    def empty(self) -> bool:
        return not any(getattr(self, name) for name in COLUMNS)


@dataclass(frozen=True)
class Draft:
    """What is typed of one photograph: ``source`` says whose word the sums are, ``stated`` the total on the paper."""

    rows: Sequence[TypedRow] = ()
    source: str = Source.WORKER.value
    stated: str = ""


@dataclass
class TakenIn:
    """What became of the rows; ``left`` stay in the draft."""

    written: Written = field(default_factory=Written)
    left: int = 0


def draft_of(photo: ListPhoto) -> Draft:
    """What has been typed of a photograph so far."""
    if not isinstance(photo.draft, Sealed):
        return Draft()
    kept = json.loads(photo.draft.open())
    rows = [TypedRow(**one) for one in kept.pop("rows")]
    return Draft(rows, **kept)


def keep_draft(photo: ListPhoto, draft: Draft, *, by: User) -> None:
    """Keep what is typed; it counts for nothing yet. Raises :class:`Refused`."""
    with transaction.atomic():
        put_draft(_lock(photo, by), draft)


def take_in(photo: ListPhoto, draft: Draft, *, by: User, now: dt.datetime) -> TakenIn:
    """Good rows become people of the list, the others stay in the draft with their reason. Raises :class:`Refused`."""
    _check(draft)
    rows = [one for one in draft.rows if not one.empty]
    if not rows:
        raise Refused("还没有录入任何人，请对照照片填写至少一行。", field="name")
    told = TakenIn()
    with transaction.atomic():
        held = _lock(photo, by)
        clue = Clue.objects.select_for_update().get(pk=held.clue_id)
        problems = {place: sentence for place, one in enumerate(rows) if (sentence := _unready(one))}
        said = [_said(one, place, draft.source) for place, one in enumerate(rows) if place not in problems]
        told.written = write_claimants(clue, said, by_name=str(by), now=now)
        problems |= {place - 1: sentence for place, sentence, _ in told.written.problems}
        left = [replace(rows[place], problem=sentence) for place, sentence in sorted(problems.items())]
        told.left = len(left)
        put_draft(held, replace(draft, rows=left))
        if told.written.added or told.written.changed:
            follow_list(clue, by_name=str(by), actor=actor(by), now=now)
            _record(held, told, by, now)
    return told


def _unready(row: TypedRow) -> str:
    """Why a row cannot be taken in as it stands."""
    if waiting := [COLUMNS[name] for name in COLUMNS if name in row.unsure and getattr(row, name)]:
        return f"{'、'.join(waiting)}是机器读的，请对照照片核对后再记入。"
    try:
        parse_yuan(row.amount)
    except MoneyError as error:
        return str(error)
    return ""


def _said(row: TypedRow, place: int, source: str) -> Said:
    fen = parse_yuan(row.amount)
    amounts = {} if fen is None else {source: fen}
    return Said(row.name, row.id_number, row.phone, row.trade, amounts, row=place + 1)


def _check(draft: Draft) -> None:
    if draft.source not in {str(side) for side in SIDES}:
        raise Refused("请选择金额是谁说的。", field="source")
    if len(draft.rows) > MOST_ROWS:
        raise Refused(f"一张照片最多录{MOST_ROWS}人，请分几张照片录。", field="name")
    for place, one in enumerate(draft.rows, 1):
        for name, title in COLUMNS.items():
            if len(getattr(one, name)) > _LONGEST:
                raise Refused(f"第{place}行的{title}太长，最多{_LONGEST}个字，请核对。", field=name)


def _lock(photo: ListPhoto, by: User) -> ListPhoto:
    if not any(visible_clues(by, one).filter(pk=photo.clue_id).exists() for one in (HANDLE, IMPORT)):
        raise Refused("您没有办理这条线索名单的权限，请联系负责该地区的同事。")
    return ListPhoto.objects.select_for_update().get(pk=photo.pk)


def put_draft(photo: ListPhoto, draft: Draft) -> None:
    """Write the draft of a locked photograph. Raises :class:`Refused`."""
    _check(draft)
    kept = replace(draft, rows=[one for one in draft.rows if not one.empty])
    photo.draft = Sealed.of(json.dumps(asdict(kept), ensure_ascii=False)) if kept.rows else None
    photo.save(update_fields=["draft"])


def _record(photo: ListPhoto, told: TakenIn, by: User, now: dt.datetime) -> None:
    added, changed = told.written.added, told.written.changed
    record(
        actor=actor(by),
        action="clue.list_typed",
        object_type="clue",
        object_id=photo.clue_id,
        summary=f"{photo.clue}对照名单照片录入：新增{added}人，更改{changed}人",
        now=now,
        after={"photo": photo.pk, "added": added, "changed": changed},
    )
