"""The day's run of mediation: levels whose time is out, instalments that fall due soon, instalments that are overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from anxin.casework.notifying import Colleagues
from anxin.evidence.journal import SYSTEM, record
from anxin.kernel.money import sentence_yuan
from anxin.law import Law
from anxin.mediation.applying import locked
from anxin.mediation.climbing import climb_due
from anxin.mediation.models import Instalment, MediationCase, PartyTold
from anxin.mediation.paying import overdue
from anxin.mediation.telling import must_tell, tell_of_default, tell_workers_on_it

#: our own choice: so many days before its day an instalment is called to mind
REMIND_DAYS = 3


def run(on: dt.date, now: dt.datetime, law: Law) -> None:
    """All three; run again on the same day, nothing happens twice."""
    climb_due(on, now, law)
    remind_of_instalments(on, now)
    see_overdue(on, now)


def remind_of_instalments(on: dt.date, now: dt.datetime) -> int:
    """Call to mind what falls due within :data:`REMIND_DAYS`; returns how many instalments were new."""
    soon = Instalment.objects.filter(
        share__agreement__effective_on__isnull=False,
        paid_on__isnull=True,
        reminded_on__isnull=True,
        due_on__range=(on, on + dt.timedelta(days=REMIND_DAYS)),
    )
    colleagues = Colleagues()
    return sum(_remind(pk, on, now, colleagues) for pk in _cases(soon))


def see_overdue(on: dt.date, now: dt.datetime) -> int:
    """Tell whoever works on it about instalments that were not paid by their day; returns how many were new."""
    late = Instalment.objects.filter(
        overdue(on), share__agreement__effective_on__isnull=False, overdue_seen_on__isnull=True
    )
    colleagues = Colleagues()
    return sum(_see(pk, on, now, colleagues) for pk in _cases(late))


def _cases(rows: object) -> Iterable[int]:
    found = rows.order_by().values_list("share__agreement__case_id", flat=True).distinct()  # type: ignore[attr-defined]
    return sorted(found)


def _remind(pk: int, on: dt.date, now: dt.datetime, colleagues: Colleagues) -> int:
    with transaction.atomic():
        case = locked(MediationCase(pk=pk))
        rows = list(
            Instalment.objects.filter(
                share__agreement__case=case, paid_on__isnull=True, reminded_on__isnull=True,
                due_on__range=(on, on + dt.timedelta(days=REMIND_DAYS)),
            )
        )  # fmt: skip
        if not rows:
            return 0
        Instalment.objects.filter(pk__in=[one.pk for one in rows]).update(reminded_on=on)
        day, said = min(one.due_on for one in rows), _sum(rows)
        text = f"{case}：调解协议的分期款{said}在{day}到期，请按时付清。"
        must_tell(case, f"due:{day}", text, now=now, sides=[PartyTold.Side.EMPLOYER])
        tell_workers_on_it(
            case, f"due:{day}", f"调解{case}：分期款{said}在{day}到期", now=now, colleagues=colleagues
        )
        _journal(case, "instalment_reminded", f"提醒{day}到期的分期款{said}", rows, now)
    return len(rows)


def _see(pk: int, on: dt.date, now: dt.datetime, colleagues: Colleagues) -> int:
    with transaction.atomic():
        case = locked(MediationCase(pk=pk))
        rows = list(
            Instalment.objects.filter(overdue(on), share__agreement__case=case, overdue_seen_on__isnull=True)
        )
        if not rows:
            return 0
        Instalment.objects.filter(pk__in=[one.pk for one in rows]).update(overdue_seen_on=on)
        said = _sum(rows)
        text = f"{case}：分期款{said}已经逾期。劳动者可以申请支付令或者仲裁，协议生效三十日内还可以共同申请司法确认。"
        must_tell(case, f"overdue:{on}", text, now=now)
        tell_of_default(case, f"overdue:{on}", f"分期款{said}", now=now, colleagues=colleagues)
        _journal(case, "instalment_overdue", f"分期款{said}逾期", rows, now)
    return len(rows)


def _sum(rows: list[Instalment]) -> str:
    return f"{len(rows)}笔共{sentence_yuan(sum(one.amount_fen - one.paid_fen for one in rows))}"


def _journal(case: MediationCase, action: str, said: str, rows: list[Instalment], now: dt.datetime) -> None:
    record(
        actor=SYSTEM,
        action=f"mediation.{action}",
        object_type="mediation_case",
        object_id=case.pk,
        summary=f"{case}：{said}",
        now=now,
        after={"instalments": [one.pk for one in rows]},
    )
