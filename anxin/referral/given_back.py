"""回传: what became of listed tickets, as a workbook that holds only what is new since the last one.

For hotlines and platforms that exchange lists; one whose program delivers tickets asks for itself (``hotline_changes``).
A city has one hotline, so one workbook answers all its lists; national and provincial platforms are several senders, so each
of their lists is answered by itself and nothing of one goes to another. Whoever answers for a whole place gives back its
tickets. Nobody who told us is named (``given_back_names``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from anxin.accounts.access import HANDLE, actor, in_places
from anxin.accounts.models import User
from anxin.clues.models import Clue, Telling
from anxin.evidence import bulk, files
from anxin.evidence.journal import record
from anxin.evidence.sealing import finder
from anxin.evidence.workbooks import Column, Sheet, sheets_workbook
from anxin.kernel.refusal import Refused
from anxin.referral.given_back_names import named_nobody
from anxin.referral.given_back_rows import Asked, Given, asked_of, cells, columns, given_of
from anxin.referral.hotline import RECEIVED, stands_of
from anxin.referral.models import TITLES, GivenBack, GivenBackRow, Recovered, Referral, Word
from anxin.registry.models import Region

#: rows of one workbook; the rest comes in the next one
MOST = 5_000
_PIECE = 500
#: the key of what came in no list: written down one by one with the sender's number
NO_LIST = 0
#: lists shown to choose from, the latest first
_LISTS = 40


@dataclass(frozen=True)
class Sender:
    """To whom results go back. ``of_list``: the list that is answered, by key; ``None`` where one workbook answers all."""

    channel: str = Clue.Channel.HOTLINE
    of_list: int | None = None

    @property
    def by_list(self) -> bool:
        """Whether each list of the channel has a workbook of its own, because it has several senders."""
        return self.channel == Clue.Channel.PLATFORM


@dataclass(frozen=True)
class Listed:
    """A list of which something may have to be given back; ``tickets`` are those that moved at all."""

    key: int
    filename: str
    delivered_at: dt.datetime | None
    tickets: int


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


HOTLINE = Sender()


def lists(user: User, channel: str) -> list[Listed]:
    """The lists of a channel with tickets that moved, the latest first; one query."""
    found = Telling.objects.filter(
        clue__in=_candidates(user, Sender(channel)).order_by().values("pk"), superseded_at__isnull=True
    )
    rows = found.values_list("batch", "batch__filename", "batch__delivered_at").annotate(Count("clue"))
    ordered = rows.order_by(F("batch").desc(nulls_last=True))[:_LISTS]
    return [
        Listed(key or NO_LIST, filename or "逐条登记的", at, tickets)
        for key, filename, at, tickets in ordered
    ]


def waiting(user: User, sender: Sender = HOTLINE, *, most: int = MOST, look_at: int | None = None) -> Waiting:
    """What has changed of this person's listed tickets, those never given back first; at most ``most``.

    ``look_at``: only so many tickets are looked at, in one piece, for a page.
    """
    keys = list(
        _candidates(user, sender).values_list("pk", flat=True)[: None if look_at is None else look_at + 1]
    )
    found = Waiting(more=look_at is not None and len(keys) > look_at)
    for piece in bulk.chunks(keys[:look_at], look_at or _PIECE):
        found.changes += _changes(piece)
        if len(found.changes) > most:
            return Waiting(found.changes[:most], more=True)
    return found


def give_back(*, by: User, office: str, now: dt.datetime, sender: Sender = HOTLINE) -> GivenBack:
    """Make the workbook of what is new, and remember it. Raises :class:`Refused` where nothing is.

    Where somebody else gives back the same tickets at the same moment, the second look finds it done.
    """
    if sender.by_list and sender.of_list is None:
        raise Refused("请先选择要回传哪一份清单：国家平台和省级平台的清单分开回传。", field="list")
    try:
        with transaction.atomic():
            return _give_back(by, sender, office, now)
    except IntegrityError:
        with transaction.atomic():
            return _give_back(by, sender, office, now)


def visible(user: User) -> QuerySet[GivenBack]:
    """The workbooks whose tickets all lie where this person answers for the whole place."""
    return GivenBack.objects.filter(in_places(user, HANDLE))


def fetch(given: GivenBack, *, by: User, now: dt.datetime) -> bytes:
    """The workbook as it was made; every fetching is journalled. Raises ``files.FileDamaged``."""
    data = files.read(given.file)
    record(
        actor=actor(by), action="hotline.given_back_fetched", object_type="given_back", object_id=given.pk,
        summary=f"再次下载{given.filename}（{given.rows}张工单）", after={"rows": given.rows}, now=now,
    )  # fmt: skip
    return data


def _candidates(user: User, sender: Sender) -> QuerySet[Clue]:
    """Listed tickets of which something may have to be said: not those to which nothing happened, nor those that
    closed and were given back so."""
    last = GivenBackRow.objects.filter(clue=OuterRef("pk"), latest=True)
    rows = Clue.objects.filter(in_places(user, HANDLE), channel=sender.channel, ticket__isnull=True).exclude(
        sender_number=""
    )
    if sender.of_list is not None:
        of_list = Q(batch=sender.of_list) if sender.of_list != NO_LIST else Q(batch__isnull=True)
        told = Telling.objects.filter(of_list)
        rows = rows.filter(Exists(told.filter(clue=OuterRef("pk"), superseded_at__isnull=True)))
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
    clues = {one.pk: one for one in _with_paid(Clue.objects.filter(pk__in=keys).select_related("dispute"))}
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
        paid = clue.paid_own if stand.lead.pk == clue.pk else clue.paid_lead  # type: ignore[attr-defined]
        row = given_of(stand, asked[matter.pk] if matter is not None else Asked(), paid)
        mark = marks(row.said)
        if known.get(clue.pk) != mark:
            found.append(Change(clue, row, mark))
    return found


def _with_paid(clues: QuerySet[Clue]) -> QuerySet[Clue]:
    """With the proved money of each and of the dispute that it was merged into, in fen; null: none."""

    def paid(clue: str) -> Subquery:
        rows = Recovered.objects.filter(clue=OuterRef(clue), withdrawn_at__isnull=True).order_by()
        return Subquery(rows.values("clue").annotate(total=Sum("amount_fen")).values("total"))

    return clues.annotate(paid_own=paid("pk"), paid_lead=paid("dispute"))


def _in_order(changes: Sequence[Change]) -> list[Change]:
    """As their lists came, and within one as its rows stood."""
    told = Telling.objects.filter(clue__in=[one.clue.pk for one in changes], superseded_at__isnull=True)
    places = {
        clue: (batch or 0, row or 0)
        for clue, batch, row in told.values_list("clue_id", "batch_id", "row_number")
    }
    return sorted(changes, key=lambda one: (*places.get(one.clue.pk, (0, 0)), one.clue.pk))


def _give_back(by: User, sender: Sender, office: str, now: dt.datetime) -> GivenBack:
    found = waiting(by, sender)
    if not found.changes:
        raise Refused("没有要回传的变化：清单来的工单自上次回传以后都没有新的进展。")
    rows = _in_order(found.changes)
    changes = [
        replace(one, row=row)
        for one, row in zip(rows, named_nobody([(one.clue, one.row) for one in rows]), strict=True)
    ]
    title = TITLES[sender.channel]
    data = _workbook(title, [one.row for one in changes], _own_headings(changes), by, office, now)
    made = GivenBack.objects.create(
        channel=sender.channel, of_list_id=sender.of_list or None,
        region=_common([one.clue.region_id for one in changes]), rows=len(changes),
        file=files.store(data, name=f"{title}.xlsx", now=now), by=actor(by).key, by_name=str(by), at=now,
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
        summary=f"生成{made.filename}：{made.rows}张工单", after={"rows": made.rows, "sha256": made.file.sha256}, now=now,
    )  # fmt: skip
    return made


def _workbook(
    title: str, rows: Sequence[Given], own: Mapping[str, str], by: User, office: str, now: dt.datetime
) -> bytes:
    about = [
        ("填报单位", office),
        ("生成人", str(by)),
        ("工单数", str(len(rows))),
        (
            "说明",
            "只列出上次回传以后有变化的工单，每张一行，为生成时的情况，按来的清单的顺序排列；编号是来的清单里的编号。",
        ),
        (
            "人数和金额",
            "为结论核定的人数、金额和有凭证的已付金额。并案办理的几张工单写的是同一件事，请不要相加。",
        ),
        ("个人信息", "不含来电人的姓名和电话；办理文字里出现的姓名、号码已隐去。"),
    ]
    return sheets_workbook(
        [
            # headings in the first row: another system reads it in
            Sheet("", "", columns(own), [cells(row, now) for row in rows], sheet=title),
            Sheet(f"{title}说明", "", (Column("项目", "text", 14), Column("内容", "text", 70)), about, sheet="说明"),
        ]
    )  # fmt: skip


def _own_headings(changes: Sequence[Change]) -> dict[str, str]:
    """What the last list of these tickets called its columns, so that its sender knows them again."""
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
