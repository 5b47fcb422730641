"""Looking a person up, and seeing an identifier in full: each leaves a trace."""

from __future__ import annotations

import datetime as dt

from anxin.accounts.access import UNMASK, VIEW, actor, may, may_on
from anxin.accounts.models import User
from anxin.evidence.journal import record
from anxin.evidence.sealing import Sealed
from anxin.kernel.identifiers import clean_identifier, id_number_problem
from anxin.kernel.masking import mask_id_number, mask_name
from anxin.kernel.refusal import Refused, worded
from anxin.registry.models import Project
from anxin.workforce.access import visible_workers
from anxin.workforce.models import Enrolment, Worker
from anxin.workforce.queries import find_worker

#: shortest purpose that says anything
#: what may be asked for in full, and its name in the journal
_TITLES = {"name": "姓名", "id_number": "身份证号", "phone": "手机号", "bank_card": "银行卡号"}


def look_up(id_number: str, *, user: User, now: dt.datetime) -> Worker | None:
    """The worker with this ID number within the person's scope, or ``None``; journalled either way.

    A worker outside the scope is answered like one who does not exist.
    """
    if not may(user, VIEW):
        raise Refused("您的账号没有查询人员的权限，请联系系统管理员。")
    number = clean_identifier(id_number)
    problem = id_number_problem(number)
    if problem:
        raise Refused(problem, field="id_number")
    worker = find_worker(user, number)
    record(
        actor=actor(user),
        action="person.looked_up",
        object_type="worker",
        object_id=worker.pk if worker else "",
        summary=f"按身份证号查询人员{mask_id_number(number)}：{'查到' if worker else '未查到'}",
        now=now,
        after={"id_number": mask_id_number(number), "found": worker is not None},
    )
    return worker


def unmask(
    record_shown: Worker | Enrolment, field: str, *, purpose: str, user: User, now: dt.datetime
) -> str:
    """One identifier in full: a worker's ``name``, ``id_number`` or ``phone``, an enrolment's ``bank_card``.

    Needs the permission on a project of that person, and a purpose; journalled without the value.
    """
    if isinstance(record_shown, Worker):
        allowed = visible_workers(user, UNMASK).filter(pk=record_shown.pk).exists()
        return reveal(
            record_shown,
            field,
            allowed=allowed,
            person=record_shown.name,
            purpose=purpose,
            user=user,
            now=now,
        )
    person = record_shown.worker.name
    return unmask_on(
        record_shown.project, record_shown, field, person=person, purpose=purpose, user=user, now=now
    )


def unmask_on(
    project: Project, holder: object, field: str, *, person: str, purpose: str, user: User, now: dt.datetime
) -> str:
    """Like :func:`unmask` for a record of one project, whichever package keeps it."""
    allowed = may_on(user, UNMASK, project)
    return reveal(holder, field, allowed=allowed, person=person, purpose=purpose, user=user, now=now)


def reveal(
    holder: object, field: str, *, allowed: bool, person: str, purpose: str, user: User, now: dt.datetime
) -> str:
    """The plain text of ``field``, after the checks that every unmasking shares."""
    if not allowed:
        raise Refused("您没有查看该人员完整信息的权限。")
    purpose = worded(purpose, "请写明查看目的", field="purpose", more="，例如“核对银行退回原因”")
    value = getattr(holder, field, None) if field in _TITLES else None
    if value is None or value == "":
        raise Refused("没有登记这一项信息，无可查看。", field="field")
    record(
        actor=actor(user),
        action="person.unmasked",
        object_type=type(holder).__name__.lower(),
        object_id=getattr(holder, "pk", ""),
        summary=f"查看{mask_name(person)}的完整{_TITLES[field]}，目的：{purpose}",
        now=now,
        after={"field": field, "purpose": purpose},
    )
    return value.open() if isinstance(value, Sealed) else str(value)
