"""An emergency from the call to its end: opened in a minute, three people on the spot, reports by the hour."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from anxin.accounts.access import HANDLE, UNMASK, actor, scopes
from anxin.accounts.models import User
from anxin.casework import services as casework
from anxin.casework.numbering import next_number
from anxin.clues.models import Clue
from anxin.enforcement.access import may_work, visible_emergencies
from anxin.enforcement.models import Emergency, EmergencyEntry, Responder
from anxin.evidence import journal
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.law import Law, LawError
from anxin.registry.models import Employer, Organisation, Project, Region

#: hours from one report to the next, as the place's own emergency plan has it
REPORT_HOURS = "emergency.report_hours"
PROCEDURE = "group_event"
#: no plan asks for less than one report a week
_MOST_HOURS = 168
_MOST_PEOPLE = 1_000_000
_PLACE, _WHAT, _TEXT, _NAME, _PURPOSE = 200, 500, 1000, 40, 4
#: what may be asked for in full, and its name in the journal
_SEALED = {"name": "姓名", "phone": "电话"}
_PHONE = re.compile(r"^[0-9]{3,12}$")


@dataclass(frozen=True)
class ReportRule:
    """How often is reported here. No ``hours``: the place has recorded none, and the office says."""

    hours: int | None
    #: where the number comes from, or why there is none
    basis: str


@dataclass(frozen=True)
class Member:
    """One of the three, as typed."""

    office: str
    body_name: str
    name: str
    phone: str


def report_rule(law: Law, on: dt.date, region: str) -> ReportRule:
    """What the law's tables say for the place on that day."""
    try:
        value = law.value(REPORT_HOURS, on, region)
    except LawError as missing:
        return ReportRule(None, str(missing))
    return ReportRule(int(value.value), f"{value.region_name or '全国'}：{value.reference}")


def open_emergency(
    *,
    place: str,
    people: int,
    what: str,
    region: Region,
    lead: Organisation,
    by: User,
    now: dt.datetime,
    law: Law,
    report_hours: int | None = None,
    industry: str = "",
    project: Project | None = None,
    employer: Employer | None = None,
    clue: Clue | None = None,
    drill: bool = False,
) -> Emergency:
    """Open it now, with its matter; a drill has no matter and is counted nowhere. Raises :class:`Refused`."""
    place, what = place.strip(), what.strip()
    _check_words(place, what, people)
    hours, basis = _reporting(law, timezone.localdate(now), region, report_hours)
    found = Emergency(
        place=place, what=what, people=people, region=region, lead=lead, project=project, employer=employer,
        industry=project.industry if project else industry, clue=clue, drill=drill, opened_at=now,
        opened_by=by, report_hours=hours, report_basis=basis[:300],
        next_report_at=now + dt.timedelta(hours=hours),
    )  # fmt: skip
    with transaction.atomic():
        if drill:
            _check_drill(found, by)
            found.number = next_number(
                region_code=region.code, year=timezone.localdate(now).year, procedure="drill", name="演练"
            )
        else:
            found.matter = casework.open_matter(
                procedure=PROCEDURE, title=f"{place}：约{people}人，{what}"[:200], region=region, lead=lead,
                by=by, on=timezone.localdate(now), now=now, law=law, industry=found.industry,
                project=project, employer=employer, handler=by, at=now,
            )  # fmt: skip
            found.number = found.matter.number
        found.save(force_insert=True)
        _write(found, EmergencyEntry.Kind.OPENED, what, by, now, at=now, people=people)
        _note(
            found,
            "emergency.opened",
            f"接报，约{people}人，{place}",
            by,
            now,
            {"people": people, "drill": drill},
        )
    return found


def add_entry(
    emergency: Emergency,
    *,
    text: str,
    by: User,
    now: dt.datetime,
    at: dt.datetime | None = None,
    people: int | None = None,
    owed_fen: int | None = None,
    paid_fen: int | None = None,
    report: bool = False,
) -> EmergencyEntry:
    """Write what is so now. A report upwards sets when the next one is due. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _held(emergency, by)
        at = at or now
        if at > now or at < held.opened_at:
            raise Refused("时刻应在接报以后、现在以前，请核对。", field="at")
        if people is not None and not 0 <= people <= _MOST_PEOPLE:
            raise Refused("现场人数应为0以上的整数。", field="people")
        kind = EmergencyEntry.Kind.REPORT if report else EmergencyEntry.Kind.EVENT
        entry = _write(held, kind, text, by, now, at=at, people=people, owed_fen=owed_fen, paid_fen=paid_fen)
        if report:
            held.next_report_at = at + dt.timedelta(hours=held.report_hours)
        for name, value in (("people", people), ("owed_fen", owed_fen), ("paid_fen", paid_fen)):
            if value is not None:
                setattr(held, name, value)
        held.save(update_fields=["people", "owed_fen", "paid_fen", "next_report_at"])
        after = {"people": people, "owed_fen": owed_fen, "paid_fen": paid_fen, "report": report}
        _note(held, "emergency.entry", "报告情况" if report else "登记现场情况", by, now, after)
    return entry


def name_team(
    emergency: Emergency, members: Sequence[Member], *, by: User, now: dt.datetime
) -> list[Responder]:
    """Say who is on the spot, for one office or all three; whoever is replaced stays in the record."""
    if not members:
        raise Refused("请至少填写一个人的姓名和电话。", field="name")
    with transaction.atomic():
        held = _held(emergency, by)
        rows = [_responder(held, one, now) for one in members]
        offices = [row.office for row in rows]
        held.responders.filter(office__in=offices, until__isnull=True).update(until=now)
        Responder.objects.bulk_create(rows)
        names = "、".join(Responder.Office(office).label for office in offices)
        _note(held, "emergency.team", f"指定现场人员：{names}", by, now, {"offices": offices})
    return rows


def end_emergency(emergency: Emergency, *, how: str, by: User, now: dt.datetime) -> Emergency:
    """The people have gone; what follows runs in the matter. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _held(emergency, by)
        _write(held, EmergencyEntry.Kind.ENDED, how, by, now, at=now)
        held.ended_at, held.next_report_at = now, None
        held.save(update_fields=["ended_at", "next_report_at"])
        _note(held, "emergency.ended", "现场处置结束", by, now, {})
    return held


def unmask_responder(responder: Responder, field: str, *, purpose: str, user: User, now: dt.datetime) -> str:
    """The name or telephone of somebody on the spot; journalled with the purpose, not the value."""
    emergency = responder.emergency
    if not visible_emergencies(user, UNMASK).filter(pk=emergency.pk).exists():
        raise Refused("您没有查看现场人员联系方式的权限。")
    purpose = purpose.strip()
    if len(purpose) < _PURPOSE:
        raise Refused(f"请写明查看目的（不少于{_PURPOSE}个字），例如“电话联系到场”。", field="purpose")
    sealed = getattr(responder, field, None) if field in _SEALED else None
    if not isinstance(sealed, Sealed):
        raise Refused("没有登记这一项信息，无可查看。", field="field")
    title = _SEALED[field]
    _note(
        emergency, "emergency.unmasked", f"查看{responder.get_office_display()}人员的{title}，目的：{purpose}", user,
        now, {"field": field, "purpose": purpose},
    )  # fmt: skip
    return sealed.open()


def _check_words(place: str, what: str, people: int) -> None:
    if not place or len(place) > _PLACE:
        raise Refused(f"请写明地点，不超过{_PLACE}字。", field="place")
    if not what or len(what) > _WHAT:
        raise Refused(f"请写明发生了什么，不超过{_WHAT}字。", field="what")
    if not 1 <= people <= _MOST_PEOPLE:
        raise Refused("请填写大约多少人，至少1人。", field="people")


def _reporting(law: Law, on: dt.date, region: Region, given: int | None) -> tuple[int, str]:
    rule = report_rule(law, on, region.code)
    if rule.hours is not None:
        return rule.hours, rule.basis
    if given is None:
        raise Refused("当地没有登记续报间隔，请按本地预案填写几小时后续报。", field="report_hours")
    if not 1 <= given <= _MOST_HOURS:
        raise Refused(f"续报间隔应在1至{_MOST_HOURS}小时之间。", field="report_hours")
    return given, "当地没有登记续报间隔，按接报时本单位填写的计算"


def _check_drill(found: Emergency, by: User) -> None:
    """What opening a matter would have checked."""
    here = any(
        scope.covers(region=found.region_id, industry=found.industry, organisation=found.lead.code)
        for scope in scopes(by, HANDLE)
    )
    if not here:
        raise Refused(f"您没有以{found.lead}名义在{found.region}组织演练的权限，请联系有权限的同事。")


def _held(emergency: Emergency, by: User) -> Emergency:
    """The emergency, locked, where this person may write into it and it goes on."""
    held = (
        Emergency.objects.select_for_update(of=("self",))
        .select_related("matter", "lead")
        .get(pk=emergency.pk)
    )
    if not may_work(by, held):
        raise Refused(f"本件由{held.lead}牵头处置，您没有登记的权限，请联系{held.lead}。")
    if held.ended_at is not None:
        raise Refused("现场处置已经结束，后续情况请在事项中登记。")
    return held


def _responder(held: Emergency, member: Member, now: dt.datetime) -> Responder:
    if member.office not in Responder.Office.values:
        raise Refused("请选择人社、派出所或者行业主管部门。", field="office")
    office = Responder.Office(member.office).label
    name, phone = member.name.strip(), re.sub(r"[\s-]", "", member.phone)
    if not name or len(name) > _NAME:
        raise Refused(f"请填写{office}到场人员的姓名。", field=f"{member.office}-name")
    if not _PHONE.match(phone):
        raise Refused(f"{office}到场人员的电话应为3至12位数字。", field=f"{member.office}-phone")
    body = member.body_name.strip()[:80] or office
    return Responder(
        emergency=held,
        office=member.office,
        body_name=body,
        name=Sealed.of(name),
        phone=Sealed.of(phone),
        since=now,
    )


def _write(
    held: Emergency,
    kind: str,
    text: str,
    by: User,
    now: dt.datetime,
    *,
    at: dt.datetime,
    people: int | None = None,
    owed_fen: int | None = None,
    paid_fen: int | None = None,
) -> EmergencyEntry:
    text = text.strip()
    if not text or len(text) > _TEXT:
        raise Refused(f"请写明情况，不超过{_TEXT}字。", field="text")
    return EmergencyEntry.objects.create(
        emergency=held, kind=kind, at=at, recorded_at=now, text=text, people=people, owed_fen=owed_fen,
        paid_fen=paid_fen, by_name=str(by)[:80],
    )  # fmt: skip


def _note(
    held: Emergency, action: str, said: str, by: User, now: dt.datetime, after: Mapping[str, object]
) -> None:
    drill = "【演练】" if held.drill else ""
    journal.record(
        actor=actor(by), action=action, object_type="emergency", object_id=held.pk,
        summary=f"{drill}{held.number}：{said}", now=now, after=dict(after),
    )  # fmt: skip
