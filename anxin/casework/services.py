"""What people do with a matter besides its steps: open it, hand it on, attach papers. One journal entry each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from anxin.accounts.access import DECIDE, HANDLE, actor
from anxin.accounts.models import User
from anxin.casework import tasking
from anxin.casework.access import acts_on, works_on
from anxin.casework.clockwork import Clockwork, Words
from anxin.casework.event_days import check_days, check_no_time_gained
from anxin.casework.flow import locked
from anxin.casework.judging import check_events, event_needs
from anxin.casework.models import Document, Matter, Step, Task
from anxin.casework.notifying import tell_assigned
from anxin.casework.numbering import next_number
from anxin.casework.paper_files import PAPERS
from anxin.casework.recording import Author, keep
from anxin.casework.situation import Situation, situation
from anxin.evidence import doors, journal
from anxin.kernel.refusal import Refused
from anxin.law import Law, UnknownKey
from anxin.law.procedures import OPEN, TRANSFERRED, Procedure
from anxin.registry.models import Employer, Organisation, Project, Region

#: nobody opens an older matter but by a slip of the keyboard
EARLIEST = dt.date(2000, 1, 1)
#: who may lead a matter or help in it
AUTHORITIES = (Organisation.Kind.BUREAU, Organisation.Kind.INDUSTRY_AUTHORITY, Organisation.Kind.TOWN)
_TITLE, _WHY = 200, 200


def open_matter(
    *,
    procedure: str,
    title: str,
    region: Region,
    lead: Organisation,
    by: User,
    on: dt.date,
    now: dt.datetime,
    law: Law,
    industry: str = "",
    supporting: Sequence[Organisation] = (),
    project: Project | None = None,
    employer: Employer | None = None,
    handler: User | None = None,
    counterpart: str = "",
    at: dt.datetime | None = None,
    events: Mapping[str, dt.date] | None = None,
) -> Matter:
    """Open a matter in the first state of its procedure and start the clocks of that day.

    ``industry`` is the project's where one is given. ``at`` is the moment, for limits in hours; ``events``
    the days that clocks count from where the law names another one. Raises :class:`Refused`.
    """
    table = _procedure(law, procedure)
    _refuse_outsiders([lead], "lead")
    _refuse_outsiders(supporting, "supporting")
    _check_opening(title.strip(), on, timezone.localdate(now))
    check_days(table, events or {}, timezone.localdate(now))
    matter = Matter(
        procedure=procedure,
        state=table.initial.key,
        title=title.strip(),
        region=region,
        counterpart=counterpart,
        industry=project.industry if project else industry,
        lead=lead,
        project=project,
        employer=employer,
        handler=handler,
        opened_on=on,
        opened_by=by,
        stepped_on=on,
        recorded_at=now,
    )
    if not acts_on(by, HANDLE, matter):
        raise Refused(f"您没有以{lead}名义在{region}开始“{table.name}”的权限，请联系有权限的同事。")
    _check_handler(handler, matter)
    with transaction.atomic():
        matter.number = next_number(
            region_code=region.code, year=on.year, procedure=procedure, name=table.name
        )
        matter.save(force_insert=True)
        matter.supporting.set([body for body in supporting if body.pk != lead.pk])
        _first_step(matter, table, by, on, now, law, Words(at=at, events=events or {}))
        tell_assigned(matter, by=by, now=now)
    return matter


def assign(matter: Matter, *, to: User | None, by: User, now: dt.datetime) -> Matter:
    """Say who works on it; ``None`` gives it back to the lead body as a whole. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _held(matter, by)
        _check_handler(to, held)
        before, held.handler = held.handler, to
        held.save(update_fields=["handler"])
        tasking.reassign(held)
        _note(
            held, "matter.assigned", f"交由{to or held.lead}承办", by, now,
            {"handler": before.pk if before else None}, {"handler": to.pk if to else None},
        )  # fmt: skip
        tell_assigned(held, by=by, now=now)
    return held


def set_supporting(matter: Matter, bodies: Sequence[Organisation], *, by: User, now: dt.datetime) -> Matter:
    """Say which bodies help; they see the matter, the lead body acts. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _held(matter, by)
        _refuse_outsiders(bodies, "supporting")
        if any(body.pk == held.lead_id for body in bodies):
            raise Refused(f"{held.lead}是本件的牵头单位，不能同时列为协办单位。", field="supporting")
        _refuse_leaving_work(held, bodies)
        before = sorted(held.supporting.values_list("code", flat=True))
        held.supporting.set(bodies)
        after = sorted(body.code for body in bodies)
        names = "、".join(body.name for body in bodies) or "无"
        _note(held, "matter.supporting", f"协办单位：{names}", by, now, {"supporting": before},
              {"supporting": after})  # fmt: skip
    return held


def attach(
    matter: Matter,
    *,
    kind: str,
    data: bytes,
    filename: str,
    by: User,
    now: dt.datetime,
    law: Law,
    number: str = "",
    dated: dt.date | None = None,
) -> Document:
    """Add a paper of the catalogue, its file looked at. Raises :class:`Refused`."""
    file = doors.taken(data, filename, PAPERS)
    return attach_taken(matter, file, kind=kind, by=by, now=now, law=law, number=number, dated=dated)


def attach_taken(
    matter: Matter,
    file: doors.Taken,
    *,
    kind: str,
    by: User,
    now: dt.datetime,
    law: Law,
    number: str = "",
    dated: dt.date | None = None,
) -> Document:
    """Add a paper whose file was looked at before, through ``PAPERS``. Raises :class:`Refused`."""
    with transaction.atomic():
        held = _held(matter, by, given=True)
        return _attach(held, file, kind=kind, by=by, now=now, law=law, number=number, dated=dated)


def attach_own(
    matter: Matter,
    *,
    kind: str,
    data: bytes,
    filename: str,
    by: User,
    now: dt.datetime,
    law: Law,
    number: str = "",
    dated: dt.date | None = None,
) -> Document:
    """Add a paper that the office itself made. Who may make it was asked by the package that does: the keeper of a
    seal works on no matter. Raises :class:`Refused`."""
    file = doors.taken(data, filename, PAPERS)
    with transaction.atomic():
        return _attach(
            locked(matter.pk), file, kind=kind, by=by, now=now, law=law, number=number, dated=dated
        )


def _attach(
    held: Matter,
    file: doors.Taken,
    *,
    kind: str,
    by: User,
    now: dt.datetime,
    law: Law,
    number: str,
    dated: dt.date | None,
) -> Document:
    """The paper of a matter that is locked."""
    if not kind:
        raise Refused("请选择附上的是什么文书。", field="kind")
    try:
        paper = law.document(kind)
    except UnknownKey as error:
        raise Refused(str(error), field="kind") from None
    if dated is not None and dated > timezone.localdate(now):
        raise Refused(f"文书日期{dated}在将来，请核对。", field="dated")
    document = Document.objects.create(
        matter=held,
        kind=kind,
        file=doors.store(file, now=now),
        filename=file.name,
        number=number.strip()[:80],
        dated=dated,
        attached_by=by,
        attached_at=now,
    )
    tasking.paper_arrived(document, timezone.localdate(now))
    after = {
        "document": document.pk,
        "kind": kind,
        "file": document.file.sha256,
        "number": document.number,
    }
    _note(held, "matter.document", f"附上《{paper.name}》{file.inside_words}", by, now, None, after)
    return document


def withdraw_document(document: Document, *, why: str, by: User, now: dt.datetime) -> Document:
    """Take back a paper attached by mistake; not one that a step rests on. Raises :class:`Refused`."""
    if not why.strip():
        raise Refused("请写明撤下这份文书的原因。", field="why")
    with transaction.atomic():
        held = _held(document.matter, by)
        document.refresh_from_db()
        if document.withdrawn_at is not None:
            raise Refused("这份文书已经撤下，无须重复操作。")
        if document.steps.exists():
            raise Refused("已有步骤以这份文书为依据，不能撤下；如有错误，请另附更正后的文书。")
        document.withdrawn_at, document.withdrawn_why = now, why.strip()[:_WHY]
        document.save(update_fields=["withdrawn_at", "withdrawn_why"])
        after = {"document": document.pk, "kind": document.kind, "why": document.withdrawn_why}
        _note(held, "matter.document_withdrawn", f"撤下文书“{document.filename}”", by, now, None, after)
    return document


def set_event(
    matter: Matter, name: str, day: dt.date, *, by: User, now: dt.datetime, law: Law, expected_version: int
) -> Step:
    """Give or change the day of an event that clocks count from (a hearing). Raises :class:`Refused`."""
    with transaction.atomic():
        held = _held(matter, by)
        check_version(held, expected_version)
        found = situation(held, law)
        known = {clock.counts_back_from or clock.counts_from for clock in found.procedure.clocks} - {""}
        if name not in known:
            raise Refused(
                f"本程序没有名为“{name}”的日期，可登记的有：{'、'.join(sorted(known)) or '无'}。",
                field="event",
            )
        check_days(found.procedure, {name: day}, timezone.localdate(now))
        on = max(timezone.localdate(now), held.stepped_on)
        clockwork = Clockwork(found, on, Words(events={name: day}))
        clockwork.events_given()
        check_no_time_gained(clockwork, decides=acts_on(by, DECIDE, held))
        step = _step(found, Step.Kind.EVENT, f"{name}：{day}", on, now, by)
        return keep(found, step, clockwork, author=Author.of(by), now=now, action="matter.event")


def transfer(
    matter: Matter,
    to: Organisation,
    *,
    on: dt.date,
    reason: str,
    by: User,
    now: dt.datetime,
    law: Law,
    expected_version: int,
    region: Region | None = None,
) -> Matter:
    """Hand the matter to another lead body; its number and history stay.

    Clocks that the table restarts on a transfer (``transferred`` in ``restarted_by``) count anew from that
    day. The place moves with ``region``, or to the receiving body's where that one lies elsewhere; clocks
    already running keep the rules of the place they began in, unless they restart. Raises :class:`Refused`.
    """
    if not reason.strip():
        raise Refused("请写明移送的原因。", field="reason")
    with transaction.atomic():
        held = _held(matter, by)
        check_version(held, expected_version)
        _refuse_outsiders([to], "to")
        _check_transfer(held, to, on, now)
        found = situation(held, law)
        before = {"lead": held.lead.code, "region": held.region_id, "handler": held.handler_id}
        was = held.lead
        held.lead, held.handler = to, None
        held.region = region or _new_place(held, to)
        held.supporting.remove(to)
        tasking.no_more_support(held, to, on)
        clockwork = Clockwork(found, on, Words(note=reason))
        for clock in found.procedure.clocks:
            run = found.running(clock.key)
            if TRANSFERRED in clock.restarted_by and run is not None:
                run.deadline.region_code = held.region_id
                clockwork.restart(clock, f"移送{to.name}")
        step = _step(found, Step.Kind.TRANSFERRED, f"由{was}移送{to}"[:120], on, now, by, reason.strip())
        keep(found, step, clockwork, author=Author.of(by), now=now, action="matter.transferred",
             moved=(before, {"lead": to.code, "region": held.region_id, "handler": None}))  # fmt: skip
        tell_assigned(held, by=by, now=now)
    return held


def opening_events(law: Law, procedure: str, region: str) -> tuple[tuple[str, bool], ...]:
    """Names of the events whose day the opening asks, and whether it must be given."""
    table = _procedure(law, procedure)
    matter = Matter(procedure=procedure, region_id=region, state=table.initial.key)
    found = Situation(matter, table, law, {}, {})
    return tuple((need.name, need.required) for need in event_needs(found, OPEN))


def _first_step(
    matter: Matter, table: Procedure, by: User, on: dt.date, now: dt.datetime, law: Law, words: Words
) -> Step:
    found = Situation(matter, table, law, {}, {})
    check_events(words.events, event_needs(found, OPEN))
    clockwork = Clockwork(found, on, words)
    clockwork.start(OPEN)
    step = _step(found, Step.Kind.OPENED, f"开始“{table.name}”", on, now, by)
    step.transition = OPEN
    step.articles = [law.cite_reference(reference) for reference in table.references]
    return keep(found, step, clockwork, author=Author.of(by), now=now, action="matter.opened")


def _step(
    found: Situation, kind: str, name: str, on: dt.date, now: dt.datetime, by: User, note: str = ""
) -> Step:
    who = actor(by)
    state = found.matter.state
    return Step(
        matter=found.matter, kind=kind, name=name[:120], from_state=state, to_state=state, on=on, at=now,
        actor=who.key, actor_name=who.name, note=note[:1000],
    )  # fmt: skip


def _procedure(law: Law, key: str) -> Procedure:
    try:
        return law.procedure(key)
    except UnknownKey as error:
        raise Refused(str(error), field="procedure") from None


def _held(matter: Matter, by: User, *, given: bool = False) -> Matter:
    """The matter, locked, where this person may act for its lead body; ``given``: or where it was given to them."""
    held = locked(matter.pk)
    works = works_on(by, held) if given else acts_on(by, HANDLE, held)
    if not (works or acts_on(by, DECIDE, held)):
        raise Refused(f"本件由{held.lead}牵头办理，您没有办理权限，请联系{held.lead}。")
    return held


def _refuse_leaving_work(matter: Matter, bodies: Sequence[Organisation]) -> None:
    """A body that has something given to it stays until that is done or taken back."""
    kept = [body.pk for body in (*bodies, matter.lead)]
    busy = matter.tasks.filter(kind=Task.Kind.DECISION, state=Task.State.OPEN).exclude(
        for_organisation__in=kept
    )
    if (task := busy.select_related("for_organisation").first()) is not None:
        raise Refused(
            f"{task.for_organisation}还有交办任务没有完成，完成或者收回后才能不再列为协办单位。",
            field="supporting",
        )


def check_version(matter: Matter, expected: int) -> None:
    """Raises :class:`Refused` where somebody else was faster than whoever saw ``expected``."""
    if matter.version != expected:
        raise Refused("本件刚刚被其他人员办理过，页面已过时，请刷新后再办理。", field="version")


def _check_handler(handler: User | None, matter: Matter) -> None:
    if handler is not None and not acts_on(handler, HANDLE, matter):
        raise Refused(f"{handler}对本件没有办理权限，请另选一位同事。", field="handler")


def _check_opening(title: str, on: dt.date, today: dt.date) -> None:
    if not title:
        raise Refused("请填写事项名称。", field="title")
    if len(title) > _TITLE:
        raise Refused(f"事项名称不能超过{_TITLE}字，现在是{len(title)}字。", field="title")
    if on > today:
        raise Refused(f"开始日期{on}在将来，请填写今天或以前的日期。", field="on")
    if on < EARLIEST:
        raise Refused(f"开始日期{on}太早，只登记{EARLIEST.year}年以后的事项，请核对年份。", field="on")


def _refuse_outsiders(bodies: Sequence[Organisation], field: str) -> None:
    """Matters are handled by authorities; banks, insurers and guarantors take part as parties."""
    for body in bodies:
        if body.kind not in AUTHORITIES:
            raise Refused(
                f"{body}是{body.get_kind_display()}，不能牵头或协办，请选择办案的单位。", field=field
            )


def _check_transfer(matter: Matter, to: Organisation, on: dt.date, now: dt.datetime) -> None:
    if to.pk == matter.lead_id:
        raise Refused(f"本件已由{to}牵头办理，无须移送。", field="to")
    if matter.closed_on is not None:
        raise Refused("本件已经办结，不能移送。")
    if on < matter.stepped_on or on > timezone.localdate(now):
        raise Refused(f"移送日期{on}应在上一步（{matter.stepped_on}）和今天之间，请核对。", field="on")


def _new_place(matter: Matter, to: Organisation) -> Region:
    """The receiving body's region where the matter does not lie in it."""
    if to.region is None or matter.region_id.startswith(to.region.code):
        return matter.region
    return to.region


def _note(
    matter: Matter,
    action: str,
    said: str,
    by: User,
    now: dt.datetime,
    before: dict[str, object] | None,
    after: dict[str, object] | None,
) -> None:
    journal.record(
        actor=actor(by), action=action, object_type="matter", object_id=matter.pk,
        summary=f"{matter.number}：{said}", now=now, before=before, after=after,
    )  # fmt: skip
