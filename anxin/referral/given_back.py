"""回传热线: what became of listed tickets, as a workbook that holds only what is new since the last one.

For hotlines that exchange lists; one whose program delivers tickets asks for itself (``hotline_changes``). Whoever answers
for a whole place gives back its tickets. Nobody who told us is named: names known to us are masked in what officers wrote.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from anxin.accounts.access import HANDLE, actor, in_places
from anxin.accounts.models import User
from anxin.clues.masking import masked_words, opened
from anxin.clues.models import Clue, Particulars, Telling
from anxin.evidence import bulk, files
from anxin.evidence.journal import record
from anxin.evidence.sealing import finder
from anxin.evidence.workbooks import Column, Sheet, sheets_workbook
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.referral.given_back_rows import Asked, Given, asked_of, cells, columns, given_of
from anxin.referral.hotline import RECEIVED, stands_of
from anxin.referral.models import GivenBack, GivenBackRow, Referral, Word
from anxin.registry.models import Region

#: rows of one workbook; the rest comes in the next one
MOST = 5_000
_PIECE = 500
#: one sign alone is no name that could be found in a sentence
_SHORTEST_NAME = 2
_SHEET = "热线工单回传"


@dataclass(frozen=True)
class Change:
    """A ticket that stands otherwise than its hotline knows; ``mark`` is over what it is told now."""

    clue: Clue
    row: Given
    mark: str


@dataclass
class Waiting:
    """What is to be given back. ``more``: there may be others beyond those looked at."""

    changes: list[Change] = field(default_factory=list)
    more: bool = False


def waiting(user: User, *, most: int = MOST, look_at: int | None = None) -> Waiting:
    """What has changed of this person's listed tickets, those never given back first; at most ``most``.

    ``look_at``: only so many tickets are looked at, in one piece, for a page.
    """
    keys = list(_candidates(user).values_list("pk", flat=True)[: None if look_at is None else look_at + 1])
    found = Waiting(more=look_at is not None and len(keys) > look_at)
    for piece in bulk.chunks(keys[:look_at], look_at or _PIECE):
        found.changes += _changes(piece)
        if len(found.changes) > most:
            return Waiting(found.changes[:most], more=True)
    return found


def give_back(*, by: User, office: str, now: dt.datetime) -> GivenBack:
    """Make the workbook of what is new, and remember it. Raises :class:`Refused` where nothing is.

    Where somebody else gives back the same tickets at the same moment, the second look finds it done.
    """
    try:
        with transaction.atomic():
            return _give_back(by, office, now)
    except IntegrityError:
        with transaction.atomic():
            return _give_back(by, office, now)


def visible(user: User) -> QuerySet[GivenBack]:
    """The workbooks whose tickets all lie where this person answers for the whole place."""
    return GivenBack.objects.filter(in_places(user, HANDLE))


def fetch(given: GivenBack, *, by: User, now: dt.datetime) -> bytes:
    """The workbook as it was made; every fetching is journalled. Raises ``files.FileDamaged``."""
    data = files.read(given.file)
    record(
        actor=actor(by), action="hotline.given_back_fetched", object_type="given_back", object_id=given.pk,
        summary=f"再次下载热线回传{given}（{given.rows}张工单）", after={"rows": given.rows}, now=now,
    )  # fmt: skip
    return data


def _candidates(user: User) -> QuerySet[Clue]:
    """Listed tickets of which something may have to be said: not those to which nothing happened, nor those that
    closed and were given back so."""
    last = GivenBackRow.objects.filter(clue=OuterRef("pk"), latest=True)
    rows = Clue.objects.filter(
        in_places(user, HANDLE), channel=Clue.Channel.HOTLINE, ticket__isnull=True
    ).exclude(sender_number="")
    rows = rows.annotate(
        given_at=Subquery(last.values("given__at")[:1]), given_closed=Subquery(last.values("closed_at")[:1])
    )
    moved = ~Q(state=Clue.State.NEW) | Q(dispute__isnull=False) | Q(given_at__isnull=False)
    moved |= Q(Exists(Referral.objects.filter(clue=OuterRef("pk"))))
    word_since = Exists(Word.objects.filter(clue=OuterRef("pk"), at__gt=OuterRef("given_at")))
    # that both are known is said aloud: what is unknown would be left out by a "not"
    known = Q(closed_at__isnull=False, given_closed__isnull=False)
    done = known & Q(given_closed=F("closed_at")) & ~word_since
    return rows.filter(moved).exclude(done).order_by(F("given_at").asc(nulls_first=True), "pk")


def _changes(keys: Sequence[int]) -> list[Change]:
    clues = {one.pk: one for one in Clue.objects.filter(pk__in=keys).select_related("dispute")}
    ordered = [clues[key] for key in keys]
    stands = stands_of(ordered, urgings=False)
    asked = asked_of(one.matter for one in stands.values() if one.matter is not None)
    known = dict(GivenBackRow.objects.filter(clue__in=keys, latest=True).values_list("clue_id", "mark"))
    marks = finder("given-back")
    found = []
    for clue in ordered:
        stand = stands[clue.pk]
        if stand.state.state == RECEIVED and not stand.state.returns and clue.pk not in known:
            continue
        matter = stand.matter
        row = given_of(stand, asked[matter.pk] if matter is not None else Asked())
        mark = marks(row.said)
        if known.get(clue.pk) != mark:
            found.append(Change(clue, row, mark))
    return found


def _give_back(by: User, office: str, now: dt.datetime) -> GivenBack:
    found = waiting(by)
    if not found.changes:
        raise Refused("没有要回传的变化：清单来的工单自上次回传以后都没有新的进展。")
    changes = _named_nobody(found.changes)
    data = _workbook([one.row for one in changes], _own_headings(changes), by, office, now)
    made = GivenBack.objects.create(
        region=_common([one.clue.region_id for one in changes]), rows=len(changes),
        file=files.store(data, name="热线回传.xlsx", now=now), by=actor(by).key, by_name=str(by), at=now,
    )  # fmt: skip
    for piece in bulk.chunks([one.clue.pk for one in changes]):
        GivenBackRow.objects.filter(clue__in=piece, latest=True).update(latest=False)
    GivenBackRow.objects.bulk_create(
        [
            GivenBackRow(
                given=made, clue=one.clue, position=position, state=one.row.status, mark=one.mark,
                closed_at=one.clue.closed_at,
            )
            for position, one in enumerate(changes, 1)
        ],
        batch_size=_PIECE,
    )  # fmt: skip
    record(
        actor=actor(by), action="hotline.given_back", object_type="given_back", object_id=made.pk,
        summary=f"生成热线回传{made}：{made.rows}张工单", after={"rows": made.rows, "sha256": made.file.sha256}, now=now,
    )  # fmt: skip
    return made


def _workbook(
    rows: Sequence[Given], own: Mapping[str, str], by: User, office: str, now: dt.datetime
) -> bytes:
    about = [
        ("填报单位", office),
        ("生成人", str(by)),
        ("工单数", str(len(rows))),
        ("说明", "只列出上次回传以后有变化的工单，每张一行，为生成时的情况；工单编号是热线原来的编号。"),
        ("个人信息", "不含来电人的姓名和电话；办理文字里出现的姓名、号码已隐去。"),
    ]
    return sheets_workbook(
        [
            # headings in the first row: another system reads it in
            Sheet("", "", columns(own), [cells(row, now) for row in rows], sheet=_SHEET),
            Sheet("热线工单回传说明", "", (Column("项目", "text", 14), Column("内容", "text", 70)), about, sheet="说明"),
        ]
    )  # fmt: skip


def _own_headings(changes: Sequence[Change]) -> dict[str, str]:
    """What the last list of these tickets called its columns, so that its hotline knows them again."""
    last = (
        Telling.objects.filter(
            clue__in=[one.clue.pk for one in changes], batch__isnull=False, superseded_at__isnull=True
        )
        .order_by("-batch")
        .values_list("batch__report", flat=True)
        .first()
    )
    return {name: str(title) for name, title in ((last or {}).get("columns") or {}).items() if title}


def _common(codes: Sequence[str]) -> Region | None:
    """The nearest place in which all of them lie."""
    first, last = min(codes), max(codes)
    same = "".join(a for a, _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False)))
    near = Region.objects.filter(code__in=[same[:length] for length in range(1, len(same) + 1)])
    return max(near, key=lambda one: len(one.code), default=None)


def _named_nobody(changes: Sequence[Change]) -> list[Change]:
    """The same with the names of whoever told us, and of the people of their lists, masked in what officers wrote."""
    names = _names({one.clue.dispute_id or one.clue.pk for one in changes if _written(one.row)})
    return [_hidden(one, names.get(one.clue.dispute_id or one.clue.pk, frozenset())) for one in changes]


def _written(row: Given) -> bool:
    return bool(row.result or row.returned_why)


def _hidden(one: Change, names: frozenset[str]) -> Change:
    if not _written(one.row):
        return one
    hide = _hider(names)
    row = replace(one.row, result=hide(one.row.result), returned_why=hide(one.row.returned_why))
    return replace(one, row=row)


def _hider(names: frozenset[str]) -> Callable[[str], str]:
    def hide(text: str) -> str:
        # the longest first: 张三丰 before 张三
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, mask_name(name))
        return masked_words(text)

    return hide


def _names(leads: set[int]) -> dict[int, frozenset[str]]:
    """By the first clue of a dispute everybody who told us of it or stands in its lists."""
    found: dict[int, set[str]] = defaultdict(set)
    for piece in bulk.chunks(sorted(leads)):
        together = Q(clue__in=piece) | Q(clue__dispute__in=piece)
        told = Telling.objects.filter(together, superseded_at__isnull=True, name__isnull=False)
        rows = list(told.values_list("clue__dispute", "clue", "name"))
        of_lists = Q(claimant__clue__in=piece) | Q(claimant__clue__dispute__in=piece)
        listed = Particulars.objects.filter(of_lists, superseded_at__isnull=True)
        rows += listed.values_list("claimant__clue__dispute", "claimant__clue", "name")
        for dispute, clue, name in rows:
            plain = opened(name).strip()
            if len(plain) >= _SHORTEST_NAME:
                found[dispute or clue].add(plain)
    return {key: frozenset(names) for key, names in found.items()}
