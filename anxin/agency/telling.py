"""Who is told that it is their turn: the clerks of the employer that has the next step. No person is named."""

from __future__ import annotations

import datetime as dt

from anxin.accounts.models import Grant, Role, User
from anxin.agency import steps
from anxin.agency.models import Objection, PayOrder, PayrollRun
from anxin.evidence.journal import Actor
from anxin.notices import kinds
from anxin.notices.services import Message, send_many
from anxin.registry.models import Participation

PAYROLL = kinds.register(
    kinds.Kind("payroll_step", "工资代发", "工资表等我审核、被退回，工人提出异议，或银行退回了款项")
)


def tell_submitted(run: PayrollRun, *, actor: Actor, now: dt.datetime) -> None:
    """The general contractor's clerks: a payroll waits for one of them."""
    _tell(run, _general(run), f"{steps.title(run)}等待审核", f"submitted:{_turn(run)}", actor, now)


def tell_returned(run: PayrollRun, *, actor: Actor, now: dt.datetime) -> None:
    """Whoever makes the payroll: it came back."""
    _tell(
        run,
        [run.employer.uscc],
        f"{steps.title(run)}被总包退回，待修改",
        f"returned:{_turn(run)}",
        actor,
        now,
    )


def tell_contested(objection: Objection, run: PayrollRun, *, actor: Actor, now: dt.datetime) -> None:
    """Whoever makes the payroll: a worker waits for an answer."""
    words = f"{steps.title(run)}有一条工人异议等待答复"
    _tell(run, [run.employer.uscc], words, f"contested:{objection.pk}", actor, now)


def tell_came_back(order: PayOrder, run: PayrollRun, count: int, *, actor: Actor, now: dt.datetime) -> None:
    """The general contractor's clerks: money came back and is to be sent again."""
    words = f"{steps.title(run)}有{count}笔被银行退回，待更正后重新报送"
    _tell(run, _general(run), words, f"returned-money:{order.pk}:{_turn(run)}", actor, now)


def _turn(run: PayrollRun) -> str:
    """Another time round is another occasion."""
    return f"{run.pk}:{run.steps.count()}"


def _general(run: PayrollRun) -> list[str]:
    return list(
        Participation.objects.filter(
            project=run.project_id, role=Participation.Role.GENERAL_CONTRACTOR
        ).values_list("employer__uscc", flat=True)
    )


def _tell(
    run: PayrollRun, employers: list[str], title: str, key: str, actor: Actor, now: dt.datetime
) -> None:
    grants = Grant.objects.filter(role=Role.PAYROLL_CLERK, employer__in=employers).select_related("user")
    people: dict[int, User] = {grant.user_id: grant.user for grant in grants}
    messages = [
        Message(
            to=user,
            kind=PAYROLL.key,
            title=title,
            once_key=f"agency:{key}",
            link=f"/employer/payrolls/{run.pk}",
            about=("payroll_run", run.pk),
        )
        for pk, user in sorted(people.items())
        if f"user:{pk}" != actor.key
    ]
    if messages:
        send_many(messages, now=now)
