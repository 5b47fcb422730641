"""Papers made with a party, until they are signed: made from a matter, filled in, their signers named, closed into a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from anxin.accounts.access import HANDLE, VIEW, actor
from anxin.accounts.models import User
from anxin.casework.access import acts_on, visible_matters
from anxin.casework.models import Matter
from anxin.evidence import files, journal
from anxin.evidence.journal import Actor
from anxin.evidence.sealing import Sealed, plain
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law
from anxin.letters import content, party_facts, sums, turn_files
from anxin.letters.models import PartyPaper, PartySigner
from anxin.letters.party_kinds import CONFIRMATION, PartyKind, kinds
from anxin.local_law import queries as local_law
from anxin.signing.parties import Person
from anxin.typesetting.agreements import MOST_SIGNERS, agreement_pdf
from anxin.typesetting.errors import Problem
from anxin.typesetting.filling import checked

_State, _Side = PartyPaper.State, PartySigner.Side
_SHOWN = 12


def kind_of(paper: PartyPaper) -> PartyKind:
    return kinds()[paper.kind]


def visible_papers(user: User, permission: str = VIEW) -> QuerySet[PartyPaper]:
    """The papers of the matters that this person sees, or works on with another right; with what pages show."""
    matters = visible_matters(user, permission).order_by().values("pk")
    return PartyPaper.objects.filter(matter__in=matters).select_related(
        "matter__lead", "matter__project", "matter__employer", "file", "unsigned", "document", "made_by"
    )


def make(matter: Matter, *, kind: str, by: User, now: dt.datetime) -> PartyPaper:
    """Begin a paper with what is known of the matter and the officer as a signer. Raises :class:`Refused`."""
    if not acts_on(by, HANDLE, matter):
        raise Refused(f"您没有办理本件的权限，请联系{matter.lead}的承办人。")
    if kind not in kinds():
        raise Refused("请选择要制作的文书。", field="kind")
    if matter.closed_on is not None:
        raise Refused("本件已经办结，不能再制作文书。")
    today = timezone.localdate(now)
    values = party_facts.begun(matter, kind, by=by, on=today)
    begun = content.suited(kinds()[kind].fields, values)
    with transaction.atomic():
        made = PartyPaper.objects.create(
            matter=matter, kind=kind, made_by=by, made_at=now,
            fields=content.sealed_values(begun),
        )  # fmt: skip
        PartySigner.objects.create(paper=made, number=1, side=_Side.OFFICER, name=Sealed.of(str(by)))
        note(made, "made", "开始制作", who=actor(by), now=now)
    return made


def edit(
    paper: PartyPaper, values: Mapping[str, Any], *, by: User, now: dt.datetime, expected_version: int
) -> PartyPaper:
    """Keep the fields as they are typed, finished or not. The same again changes nothing. Raises :class:`Refused`."""
    names = {one.name for one in kind_of(paper).fields}
    if strange := sorted(set(values) - names):
        raise Refused(f"这种文书没有“{strange[0]}”这个字段，请刷新页面。", field=strange[0])
    with transaction.atomic():
        held = _draft(paper, by, expected_version)
        kept = content.sealed_values({name: value for name, value in values.items() if value not in ("", [])})
        if kept.open() == content.opened(held.fields):
            return held
        held.fields = kept
        _save(held)
        note(held, "edited", "修改", who=actor(by), now=now)
    return held


def add_signer(
    paper: PartyPaper,
    *,
    side: str,
    name: str,
    phone: str,
    id_number: str,
    by: User,
    now: dt.datetime,
    again: PartySigner | None = None,
) -> PartySigner:
    """Somebody who will sign, or (``again``) the same one with what is now known of them. Raises :class:`Refused`."""
    name, phone, number = name.strip(), "".join(phone.split()), "".join(id_number.split()).upper()
    if side not in kind_of(paper).roles:
        raise Refused("请选择是哪一方的人。", field="side")
    if not 2 <= len(name) <= 40:
        raise Refused("请填写签名人的姓名。", field="name")
    if phone and not (phone.isdigit() and len(phone) == 11):
        raise Refused("手机号应为11位数字。", field="phone")
    if number and len(number) != 18:
        raise Refused("身份证号应为18位，请照证件填写。", field="id_number")
    with transaction.atomic():
        held = _draft(paper, by, None)
        numbers = list(held.signers.values_list("number", flat=True))
        if again is None and len(numbers) >= MOST_SIGNERS:
            raise Refused(f"一份文书最多{MOST_SIGNERS}人签名。")
        who = again or PartySigner(paper=held, number=max(numbers, default=0) + 1)
        who.side, who.name = side, Sealed.of(name)
        # what is left empty stays as it is known: a page shows only a part of it
        who.phone = Sealed.of(phone) if phone else who.phone
        who.id_number = Sealed.of(number) if number else who.id_number
        who.save()
        note(held, "signer", f"登记签名人：{who}", who=actor(by), now=now, after={"signer": who.pk})
    return who


def drop_signer(signer: PartySigner, *, by: User, now: dt.datetime) -> None:
    """Somebody does not sign after all. Raises :class:`Refused` once the paper is closed."""
    with transaction.atomic():
        held = _draft(signer.paper, by, None)
        if PartySigner.objects.filter(pk=signer.pk).delete()[0]:
            note(held, "signer_dropped", f"去掉签名人：{signer}", who=actor(by), now=now)


def problems(paper: PartyPaper, values: Mapping[str, Any], on: dt.date) -> list[Problem]:
    """Every field that is missing or wrong, in the order of the template; then days that cannot be."""
    kind = kind_of(paper)
    read, found = checked(kind.template, values)
    told = list(found)
    dated = read.get("issued_on")
    if isinstance(dated, dt.date):
        if dated > on:
            told.append(Problem("issued_on", f"日期{dated}在将来，请填写今天或以前的日期。"))
        if not found:
            where = kind.promises.get("table") or kind.promises.get("due", "")
            told += [
                Problem(where, f"承诺完成日期{due}早于文书日期{dated}，请核对。")
                for _, due in kind.promised(read)
                if due < dated
            ]
    if not found:
        told += sums.problems(paper.kind, read, local_law.current(), on)
    if paper.kind == CONFIRMATION and values.get("electronic") == "agrees" and not values.get("address"):
        told.append(Problem("address", "同意电子送达的，请填写接收文书的手机号码或者电子邮箱。"))
    return told


def preview(paper: PartyPaper, *, law: Law) -> bytes:
    """The file with nobody's place to sign yet. Raises :class:`Refused` with everything that is missing."""
    letter = turn_files.filled(paper.kind, content.values_of(paper), law)
    return agreement_pdf(letter)


def close(paper: PartyPaper, *, by: User, now: dt.datetime, law: Law, expected_version: int) -> PartyPaper:
    """Set the words as a file with a place for everybody's signature. Raises :class:`Refused` with what is missing."""
    with transaction.atomic():
        held = _draft(paper, by, expected_version)
        values = content.values_of(held)
        if found := problems(held, values, timezone.localdate(now)):
            shown = "".join(one.sentence for one in found[:_SHOWN])
            more = f"（共{len(found)}处）" if len(found) > _SHOWN else ""
            raise Refused(f"这份文书还没有填完{more}：{shown}", field=found[0].field)
        signers = list(held.signers.order_by("number"))
        sides = {one.side for one in signers}
        kind = kind_of(held)
        for side in kind.needs:
            if side not in sides:
                raise Refused(f"签名人里还没有{kind.role(side)}，请先加上。", field="side")
        letter = turn_files.filled(held.kind, values, law)
        data = turn_files.prepared(letter, [(one, kind.role(one.side), person_of(one)) for one in signers])
        held.unsigned = held.file = files.store(data, name=f"{kind.name}{held.pk}.pdf", now=now)
        held.shown = turn_files.sealed_blocks(letter)
        held.state, held.closed_at, held.closed_by_name = _State.SIGNING, now, str(by)[:80]
        _save(held)
        note(
            held,
            "closed",
            f"定稿，{len(signers)}人待签名",
            who=actor(by),
            now=now,
            after={"file": held.file.sha256},
        )
    return held


def reopen(paper: PartyPaper, *, by: User, now: dt.datetime) -> PartyPaper:
    """Back to filling in, as long as nobody has signed. Raises :class:`Refused`."""
    with transaction.atomic():
        held = locked(paper, by)
        if held.state != _State.SIGNING:
            raise Refused("只有已定稿、待签名的文书可以退回修改。")
        if held.signers.filter(signed_at__isnull=False).exists():
            raise Refused("已经有人签名，文书不能再改；要改的，作废后另做一份。")
        held.state, held.file, held.unsigned, held.shown = _State.DRAFT, None, None, None
        _save(held)
        held.signers.update(read_at=None, refused_at=None, refused_why="", refused_by_name="")
        note(held, "reopened", "退回修改", who=actor(by), now=now)
    return held


def drop(paper: PartyPaper, *, why: str, by: User, now: dt.datetime) -> PartyPaper:
    """Give it up before it was kept: what was signed stays with it, but it counts for nothing. Raises :class:`Refused`."""
    why = worded(why, "请写明作废的原因", field="why")
    with transaction.atomic():
        held = locked(paper, by)
        if held.state not in (_State.DRAFT, _State.SIGNING):
            raise Refused(f"这份文书{held.get_state_display()}，不能作废。")
        held.state, held.dropped_why = _State.DROPPED, why
        _save(held)
        note(held, "dropped", f"作废：{why}", who=actor(by), now=now)
    return held


def person_of(signer: PartySigner) -> Person:
    """As the certificate names them: the name, and a number of the paper's own, never an identity card's."""
    return Person(plain(signer.name), f"paper-{signer.paper_id}-{signer.number}")


def locked(paper: PartyPaper, by: User | None) -> PartyPaper:
    """The paper, held until the transaction ends, for who handles the matter (``None``: a signer on a telephone)."""
    rows = PartyPaper.objects.select_for_update(of=("self",)).select_related(
        "matter__lead", "file", "unsigned"
    )
    held = rows.get(pk=paper.pk)
    if by is not None and not acts_on(by, HANDLE, held.matter):
        raise Refused(f"您没有办理本件的权限，请联系{held.matter.lead}的承办人。")
    return held


def note(
    paper: PartyPaper,
    action: str,
    said: str,
    *,
    who: Actor,
    now: dt.datetime,
    after: Mapping[str, Any] | None = None,
) -> None:
    """One entry of the matter's journal; nothing of the fields and no name of a party goes into it."""
    journal.record(
        actor=who, action=f"paper.{action}", object_type="matter", object_id=paper.matter_id,
        summary=f"{paper.matter.number}：《{kind_of(paper).name}》{said}", now=now, after={"paper": paper.pk, **(after or {})},
    )  # fmt: skip


def _draft(paper: PartyPaper, by: User, expected_version: int | None) -> PartyPaper:
    held = locked(paper, by)
    if held.state != _State.DRAFT:
        raise Refused(f"这份文书{held.get_state_display()}，不能再改。")
    if expected_version is not None and held.version != expected_version:
        raise Refused("这份文书刚刚被其他人员改过，页面已过时，请刷新后再办理。", field="version")
    return held


def _save(held: PartyPaper) -> None:
    held.version += 1
    held.save()
