"""What a roster file seldom holds: agreed pay day, the contract on file, trainings. Recorded by hand, never lost by a file."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from anxin.accounts.access import IMPORT, UNMASK, actor, may_on
from anxin.accounts.models import User
from anxin.evidence import contents, doors, files
from anxin.evidence.journal import Actor, record
from anxin.kernel.masking import mask_name
from anxin.kernel.refusal import Refused
from anxin.registry.models import Project
from anxin.workforce.deriving import local
from anxin.workforce.models import Enrolment, Training, Worker

CONTRACTS = doors.Door(
    "合同文件", (contents.PDF, contents.OFD, contents.JPEG, contents.PNG), "PDF、OFD、JPG、PNG", 10 * doors.MB,
)  # fmt: skip
_MOST_HOURS = 99


def record_contract(
    enrolment: Enrolment,
    *,
    pay_day: int | None,
    signed: bool | None,
    number: str,
    valid_from: dt.date | None,
    valid_until: dt.date | None,
    user: User,
    now: dt.datetime,
    file: tuple[str, bytes] | None = None,
) -> Enrolment:
    """The agreed pay day and the contract of one enrolment; what was known before stays on record."""
    _may(enrolment.project, user)
    return take_contract(
        enrolment,
        pay_day=pay_day,
        signed=signed,
        number=number,
        valid_from=valid_from,
        valid_until=valid_until,
        by=actor(user),
        now=now,
        file=file,
    )


def take_contract(
    enrolment: Enrolment,
    *,
    pay_day: int | None,
    signed: bool | None,
    number: str,
    valid_from: dt.date | None,
    valid_until: dt.date | None,
    by: Actor,
    now: dt.datetime,
    file: tuple[str, bytes] | None = None,
) -> Enrolment:
    """The same for a caller that has already asked whether ``by`` may deliver for the project."""
    check_contract(
        pay_day=pay_day, signed=signed, number=number, valid_from=valid_from, valid_until=valid_until
    )
    contract = doors.taken(file[1], file[0], CONTRACTS) if file is not None else None
    with transaction.atomic():
        old = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
        if old.superseded_at is not None:
            raise Refused("花名册刚刚有更新，请刷新页面后再填。")
        new = Enrolment.objects.get(pk=old.pk)
        old.superseded_at = now
        old.save(update_fields=["superseded_at"])
        new.pk, new.recorded_at, new.batch, new.row_number = None, now, None, None
        new.pay_day, new.contract_signed, new.contract_number = pay_day, signed, number.strip()[:60]
        new.contract_from, new.contract_until = valid_from, valid_until
        if contract is not None:
            new.contract_file = doors.store(contract, now=now)
        new.save(force_insert=True)
        record(
            actor=by,
            action="roster.recorded",
            object_type="enrolment",
            object_id=new.pk,
            summary=f"登记{mask_name(new.worker.name)}在{new.project.name}的合同和约定发薪日",
            now=now,
            before=contract_shown(old),
            after={"project_ids": [new.project_id], **contract_shown(new)},
        )
    return new


def record_training(
    project: Project,
    worker: Worker,
    *,
    on: dt.date,
    kind: str,
    hours: Decimal,
    user: User,
    now: dt.datetime,
) -> Training:
    """A training; the same kind on the same day replaces what was recorded."""
    _may(project, user)
    return take_training(project, worker, on=on, kind=kind, hours=hours, by=actor(user), now=now)


def take_training(
    project: Project,
    worker: Worker,
    *,
    on: dt.date,
    kind: str,
    hours: Decimal,
    by: Actor,
    now: dt.datetime,
) -> Training:
    """The same for a caller that has already asked whether ``by`` may deliver for the project."""
    check_training(on=on, kind=kind, hours=hours, now=now)
    if not worker.enrolments.filter(project=project, superseded_at__isnull=True).exists():
        raise Refused("这名工人不在本项目花名册上，请先登记花名册。")
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        current = Training.objects.filter(
            project=project, worker=worker, on=on, kind=kind, superseded_at__isnull=True
        )
        current.update(superseded_at=now)
        made = Training.objects.create(
            project=project, worker=worker, on=on, kind=kind, hours=hours, recorded_at=now
        )
        record(
            actor=by,
            action="roster.recorded",
            object_type="training",
            object_id=made.pk,
            summary=f"登记{mask_name(worker.name)}在{project.name}的{made.get_kind_display()}",
            now=now,
            after={"project_ids": [project.pk], "on": str(on), "kind": kind, "hours": str(hours)},
        )
    return made


def open_contract(enrolment: Enrolment, *, user: User, now: dt.datetime) -> bytes:
    """The contract's content, for whom identifiers may be shown; journalled. Raises :class:`FileDamaged`."""
    if enrolment.contract_file is None or not may_on(user, UNMASK, enrolment.project):
        raise Refused("没有登记合同文件，或您没有查看的权限。")
    record(
        actor=actor(user),
        action="person.unmasked",
        object_type="enrolment",
        object_id=enrolment.pk,
        summary=f"下载{mask_name(enrolment.worker.name)}在{enrolment.project.name}的合同文件",
        now=now,
        after={"field": "contract_file"},
    )
    return files.read(enrolment.contract_file)


def _may(project: Project, user: User) -> None:
    if not may_on(user, IMPORT, project):
        raise Refused("您没有登记这个项目花名册的权限。")


def check_contract(
    *,
    pay_day: int | None,
    signed: bool | None,
    number: str,
    valid_from: dt.date | None,
    valid_until: dt.date | None,
) -> None:
    """Raises :class:`Refused` for an agreement that cannot be."""
    if pay_day is not None and not 1 <= pay_day <= 31:
        raise Refused("约定发薪日应为1至31。", field="pay_day")
    if valid_from and valid_until and valid_until < valid_from:
        raise Refused("合同终止日期早于起始日期，请核对。", field="valid_until")
    if number.strip() and signed is False:
        raise Refused("填了合同编号却选了未签，请核对。", field="signed")


def check_training(*, on: dt.date, kind: str, hours: Decimal, now: dt.datetime) -> None:
    """Raises :class:`Refused` for a training that cannot have been."""
    if kind not in Training.Kind.values:
        raise Refused("请选择培训种类。", field="kind")
    if on > local(now).date():
        raise Refused("培训日期还没有到，请核对。", field="on")
    if not 0 < hours <= _MOST_HOURS:
        raise Refused(f"学时应大于0、不超过{_MOST_HOURS}。", field="hours")


def contract_shown(row: Enrolment) -> dict[str, object]:
    """The journal's view of an enrolment's agreement."""
    return {
        "pay_day": row.pay_day,
        "contract_signed": row.contract_signed,
        "contract_from": str(row.contract_from) if row.contract_from else None,
        "contract_until": str(row.contract_until) if row.contract_until else None,
        "contract_file": row.contract_file.sha256 if row.contract_file else None,
    }
