"""What looks odd about a code is told once to those who answer for its site, and cleared by a person with a reason.

Whether a code raises a flag is asked of its counters whenever somebody looks (``queries_codes``). The rows kept here
say who has been told of what, and what somebody found out.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from anxin.accounts.access import IMPORT, actor, any_of, colleagues, may_on
from anxin.accounts.models import User
from anxin.channels.models_codes import CodeFlag, ScanCode
from anxin.channels.queries_codes import FLAGS, raised_flags
from anxin.evidence import journal
from anxin.kernel.refusal import Refused, worded
from anxin.notices.kinds import Kind, register
from anxin.notices.outline import Outline
from anxin.notices.services import Message, send_many

NOTICE = "code_flag"
_LISTED = 10
_AT_ONCE = 2000


def register_notices() -> None:
    """Called once when the application starts."""
    register(Kind(NOTICE, "扫码牌提示", "管辖工地的扫码牌离工地很远、扫得异常多、贴出后没人扫或旧码还在用"))


def watch_flags(*, now: dt.datetime) -> int:
    """Note what is newly raised and what is over, and tell; how many are new. Part of the day's run; twice tells nobody twice."""
    with transaction.atomic():
        raised = _raised(now)
        standing = CodeFlag.objects.filter(cleared_at__isnull=True)
        known = {(code, kind): pk for pk, code, kind in standing.values_list("pk", "code_id", "kind")}
        over = [pk for one, pk in known.items() if one not in raised]
        for start in range(0, len(over), _AT_ONCE):
            CodeFlag.objects.filter(pk__in=over[start : start + _AT_ONCE]).update(cleared_at=now)
        new = sorted(raised - known.keys())
        CodeFlag.objects.bulk_create(
            [CodeFlag(code_id=code, kind=kind, raised_at=now) for code, kind in new],
            batch_size=_AT_ONCE,
            ignore_conflicts=True,
        )
        if new:
            _tell(now)
    return len(new)


def clear_flag(code: ScanCode, kind: str, *, why: str, by: User, now: dt.datetime) -> CodeFlag:
    """Somebody has found out what it was: the flag goes until something new happens. Raises :class:`Refused`."""
    if not may_on(by, IMPORT, code.project):
        raise Refused("您没有办理这个工地扫码牌的权限，请联系负责该地区的同事。")
    why = worded(why, "请写明核实的情况", field="why", more="，例如“已到现场看过，告示牌在大门内侧”")
    with transaction.atomic():
        held = ScanCode.objects.select_for_update(of=("self",)).filter(pk=code.pk)
        held.get()
        if kind not in FLAGS or not _raising(held, now, [kind]).exists():
            raise Refused("这条提示已经消除，请刷新页面。")
        row = CodeFlag.objects.filter(code=code, kind=kind, cleared_at__isnull=True).first()
        row = row or CodeFlag(code=code, kind=kind, raised_at=now)
        row.cleared_at, row.cleared_by, row.cleared_by_name, row.cleared_why = now, by, str(by), why
        row.save()
        journal.record(
            actor=actor(by),
            action="scan_code.flag_cleared",
            object_type="scan_code",
            object_id=code.pk,
            summary=f"消除项目“{code.project.name}”{code}的提示“{row.get_kind_display()}”：{why}",
            now=now,
            after={"flag": kind, "why": why},
        )
    return row


def cleared_of(code: ScanCode) -> QuerySet[CodeFlag]:
    """What people found out about this code, the latest first."""
    return CodeFlag.objects.filter(code=code, cleared_by__isnull=False).order_by("-cleared_at")


def _raising(codes: QuerySet[ScanCode], now: dt.datetime, kinds: Sequence[str]) -> QuerySet[ScanCode]:
    raised = any_of(Q(**{f"flag_{kind}": True}) for kind in kinds)
    return codes.annotate(**raised_flags(now)).filter(raised)


def _raised(now: dt.datetime) -> set[tuple[int, str]]:
    columns = [f"flag_{kind}" for kind in FLAGS]
    rows = _raising(ScanCode.objects.order_by(), now, list(FLAGS)).values_list("pk", *columns)
    return {(row[0], kind) for row in rows for kind, on in zip(FLAGS, row[1:], strict=True) if on}


def _tell(now: dt.datetime) -> None:
    """One message to each person, however many codes: whoever may print and replace those of the site."""
    rows = CodeFlag.objects.filter(raised_at=now, cleared_at__isnull=True).order_by("pk")
    by_site: dict[int, list[CodeFlag]] = defaultdict(list)
    sites = {}
    for row in rows.select_related("code__project__responsible"):
        by_site[row.code.project_id].append(row)
        sites[row.code.project_id] = row.code.project
    messages = []
    for person in colleagues():
        mine = [row for key, site in sites.items() if may_on(person, IMPORT, site) for row in by_site[key]]
        if mine:
            messages.append(_message(person, mine))
    send_many(messages, now=now)


def _message(person: User, rows: Sequence[CodeFlag]) -> Message:
    counted = Counter(row.kind for row in rows)
    parts = [f"{counted[key]}张{flag.word}" for key, flag in FLAGS.items() if counted[key]]
    lines = [f"{row.code.project.name} · {row}" for row in rows[:_LISTED]]
    if len(rows) > _LISTED:
        lines.append(f"另有{len(rows) - _LISTED}张，见扫码牌清单。")
    flag = next(iter(counted)) if len(counted) == 1 else "any"
    return Message(
        to=person,
        kind=NOTICE,
        title=f"扫码牌有新的提示：{'、'.join(parts)}",
        body="\n".join([*lines, "请核实；弄清楚的写明情况后消除提示，需要的换新码。"]),
        link=f"/codes?kind=&flag={flag}",
        about=("code_flag", rows[0].pk),
        once_key=f"code-flags:{rows[0].pk}-{rows[-1].pk}",
        outline=Outline(count=len(rows)),
    )
