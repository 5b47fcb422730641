"""Who sits: the roster of a commission, the tribunal of a case, and withdrawal (回避) with who follows.

Labour arbitration law, articles 31 (three, or one where simple) and 33 (withdrawal); case rules, article 11 (who
decides on a challenge, within three working days).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.arbitration.access import keeps, require_handles
from anxin.arbitration.booking import rebook
from anxin.arbitration.journalling import held, note
from anxin.arbitration.models import ArbitrationCase, Arbitrator, Seat, Tribunal
from anxin.evidence.journal import record
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law
from anxin.mediation.sealed import plain
from anxin.registry.models import Organisation, Region

CHALLENGE = "mediation_arbitration.arb_challenge_decision_days"
#: by procedure: the forms that it allows; a simple case by one, ten or more people by three (article 31)
_FORMS = {
    "arbitration": (Tribunal.Form.THREE, Tribunal.Form.SOLE),
    "arbitration_simple": (Tribunal.Form.SOLE,),
    "arbitration_collective": (Tribunal.Form.THREE,),
}
_Part = Seat.Part


@dataclass(frozen=True)
class NewArbitrator:
    """An entry of the roster as it is typed."""

    code: str
    name: str
    kind: str
    body: Organisation
    region: Region
    full_time: bool = True
    works_for: str = ""
    phone: str = ""
    user: User | None = None


def register(new: NewArbitrator, *, by: User, now: dt.datetime) -> Arbitrator:
    """Add somebody to the roster. Raises :class:`Refused`: not one's place, a number that is taken, no name."""
    code, name, phone = new.code.strip(), new.name.strip(), "".join(new.phone.split())
    if not keeps(by, new.region.pk):
        raise Refused(f"{new.region}的仲裁员名册不由您维护。", field="region")
    if not code or len(code) > 30:
        raise Refused("请填写编号，不超过30个字。", field="code")
    if len(name) < 2 or len(name) > 40:
        raise Refused("请填写姓名。", field="name")
    if new.kind not in Arbitrator.Kind.values:
        raise Refused("请选择是仲裁员还是书记员。", field="kind")
    if phone and not (phone.isdigit() and len(phone) == 11):
        raise Refused("手机号应为11位数字；没有的可以不填，到庭用平板签。", field="phone")
    if len(new.works_for.strip()) not in (0, 18):
        raise Refused("所在单位的统一社会信用代码应为18位；专职的不用填。", field="works_for")
    try:
        with transaction.atomic():
            made = Arbitrator.objects.create(
                code=code, name=name, kind=new.kind, body=new.body, region=new.region, full_time=new.full_time,
                works_for=new.works_for.strip().upper(), phone=Sealed.of(phone) if phone else None, user=new.user,
                recorded_at=now,
            )  # fmt: skip
            _note_roster(made, f"登记{made.get_kind_display()}{made}", by, now)
    except IntegrityError:
        raise Refused(f"编号{code}（或者这个账号）已经登记过，请核对。", field="code") from None
    return made


def leave(one: Arbitrator, *, by: User, now: dt.datetime) -> None:
    """Strike somebody from the roster; who still sits on a tribunal is replaced there first."""
    if not keeps(by, one.region_id):
        raise Refused(f"{one.region}的仲裁员名册不由您维护。")
    with transaction.atomic():
        held = Arbitrator.objects.select_for_update().get(pk=one.pk)
        if held.left_on is not None:
            raise Refused(f"{held}已经登记离任，请刷新页面。")
        if open_number := loads([held.pk]).get(held.pk, 0):
            raise Refused(f"{held}还有{open_number}件在办，请先在案件里换人，再登记离任。")
        held.left_on = timezone.localdate(now)
        held.save(update_fields=["left_on"])
        _note_roster(held, f"{held}离任", by, now)


def loads(pks: Collection[int]) -> dict[int, int]:
    """Arbitrator → open cases on whose tribunal they sit; one query."""
    rows = Seat.objects.filter(
        arbitrator__in=pks, left_on__isnull=True, tribunal__case__matter__closed_on__isnull=True
    ).order_by()
    return dict(rows.values_list("arbitrator").annotate(number=Count("pk")))


@dataclass(frozen=True)
class Named:
    """Who is to sit: ``members`` in order, the first presides; one alone decides alone."""

    members: Sequence[Arbitrator]
    secretary: Arbitrator
    proposed_by: str


def form(case: ArbitrationCase, named: Named, *, by: User, now: dt.datetime) -> Tribunal:
    """Form the tribunal of a case, once. Raises :class:`Refused` with what the law asks for."""
    proposed = worded(named.proposed_by, "请写明由谁提出组成人员", field="proposed_by", most=60)
    with transaction.atomic():
        found = held(case, by)
        require_handles(by, found)
        if found.matter.closed_on is not None:
            raise Refused("本件已经办结，不再组成仲裁庭。")
        require_accepted(found)
        if Tribunal.objects.filter(case=found).exists():
            raise Refused("本件已经组成仲裁庭；换人请用“回避和更换”。")
        form_ = _form_of(found, named.members)
        people = [*named.members, named.secretary]
        if len({one.pk for one in people}) != len(people):
            raise Refused("同一个人在一个仲裁庭里只能担任一项，请换人。", field="members")
        for one in named.members:
            require_may_sit(found, one, Arbitrator.Kind.ARBITRATOR)
        require_may_sit(found, named.secretary, Arbitrator.Kind.SECRETARY)
        today = timezone.localdate(now)
        made = Tribunal.objects.create(
            case=found,
            form=form_,
            proposed_by=proposed,
            formed_on=today,
            formed_by_name=str(by),
            recorded_at=now,
        )
        parts = [_Part.SOLE] if form_ == Tribunal.Form.SOLE else [_Part.PRESIDING, _Part.MEMBER, _Part.MEMBER]
        Seat.objects.bulk_create(
            Seat(tribunal=made, arbitrator=one, part=part, from_on=today)
            for one, part in zip(people, [*parts, _Part.SECRETARY], strict=True)
        )
        names = "、".join(one.name for one in people)
        note(
            found,
            "tribunal",
            f"{made}：{names}",
            by=by,
            now=now,
            after={"people": [one.pk for one in people]},
        )
    return made


def _form_of(case: ArbitrationCase, members: Sequence[Arbitrator]) -> Tribunal.Form:
    found = {3: Tribunal.Form.THREE, 1: Tribunal.Form.SOLE}.get(len(members))
    if found is None:
        raise Refused(
            f"仲裁庭由三名仲裁员组成，或者由一名仲裁员独任，现在选了{len(members)}名。", field="members"
        )
    if found not in _FORMS[case.matter.procedure]:
        why = (
            "简易处理的案件由一名仲裁员独任"
            if case.matter.procedure == "arbitration_simple"
            else "集体劳动争议由三名仲裁员组成仲裁庭"
        )
        raise Refused(f"{why}，不能选{len(members)}名。", field="members")
    return found


def require_may_sit(case: ArbitrationCase, one: Arbitrator, kind: str) -> None:
    """Refuse who is not of the roster for this part, is a party or works for one, or left the case before."""
    if one.left_on is not None:
        raise Refused(f"{one}已经离任，请换人。", field="members")
    if one.kind != kind:
        raise Refused(
            f"{one}登记的是{one.get_kind_display()}，不能担任{Arbitrator.Kind(kind).label}，请换人。",
            field="members",
        )
    if one.body_id != case.matter.lead_id:
        raise Refused(f"{one}不在{case.matter.lead}的名册上，请换人。", field="members")
    if one.works_for and one.works_for == case.employer_code:
        raise Refused(f"{one}在被申请人单位工作，与本案有利害关系，应当回避，请换人。", field="members")
    applicants = {plain(value) for value in case.applicants.values_list("name", flat=True)}
    if one.name in applicants | {case.employer_head}:
        raise Refused(
            f"{one}与本案当事人或者单位负责人同名，可能是当事人本人，应当回避，请换人。", field="members"
        )
    left = Seat.objects.filter(tribunal__case=case, arbitrator=one, left_on__isnull=False).first()
    if left is not None:
        raise Refused(
            f"{one}已于{left.left_on}因{left.get_left_kind_display()}退出本案，不能再参加。", field="members"
        )


@dataclass(frozen=True)
class Withdrawal:
    """Why somebody leaves the tribunal; ``asked_on`` is the day of a party's challenge."""

    kind: str
    why: str
    decided_by: str
    asked_on: dt.date | None = None


def replace(
    seat: Seat, said: Withdrawal, *, follower: Arbitrator, by: User, now: dt.datetime, law: Law
) -> str:
    """Somebody leaves the tribunal and somebody follows; the old seat stays on record. Returns what to tell.

    The follower takes over the hearings that are set, and is refused where another one keeps them busy.
    """
    why = worded(said.why, "请写明回避或者更换的理由", field="why", most=500)
    if said.kind not in Seat.Left.values:
        raise Refused("请选择是自行回避、当事人申请回避还是不能履职。", field="kind")
    if len(said.decided_by.strip()) < 2:
        raise Refused("请写明由谁决定（仲裁委员会主任或者其委托的人）。", field="decided_by")
    today = timezone.localdate(now)
    late = _challenge_words(seat, said, today, law)
    with transaction.atomic():
        case = held(seat.tribunal.case, by)
        require_handles(by, case)
        left = Seat.objects.select_related("arbitrator", "tribunal").get(pk=seat.pk)
        if left.left_on is not None:
            raise Refused(f"{left.arbitrator}已经退出本案，请刷新页面。")
        kind = Arbitrator.Kind.SECRETARY if left.part == _Part.SECRETARY else Arbitrator.Kind.ARBITRATOR
        require_may_sit(case, follower, kind)
        if left.tribunal.seats.filter(arbitrator=follower).exists():
            raise Refused(f"{follower}已经在这个仲裁庭里，请换人。", field="follower")
        left.left_on, left.left_kind, left.left_why = today, said.kind, why
        left.asked_on, left.decided_by = said.asked_on, said.decided_by.strip()[:60]
        left.save()
        Seat.objects.create(tribunal=left.tribunal, arbitrator=follower, part=left.part, from_on=today)
        rebook(case, gone=left.arbitrator, follower=follower, now=now)
        note(
            case, "withdrawal", f"{left.arbitrator}{left.get_left_kind_display()}，由{follower}接替：{why}", by=by, now=now,
            after={"left": left.arbitrator_id, "follower": follower.pk, "decided_by": left.decided_by},
        )  # fmt: skip
    return f"{left.arbitrator}已退出，由{follower}接替，请书面通知当事人。{late}"


def _challenge_words(seat: Seat, said: Withdrawal, today: dt.date, law: Law) -> str:
    """Whether a challenge was decided in time (case rules, article 11); a late decision holds and is said aloud."""
    if said.kind != Seat.Left.CHALLENGED:
        return ""
    if said.asked_on is None or said.asked_on > today:
        raise Refused("请填写当事人提出回避申请的日期，不能晚于今天。", field="asked_on")
    due = law.deadline(CHALLENGE, said.asked_on, seat.tribunal.case.region_id).due_day
    return f"回避决定最迟应在{due}作出，已经晚了。" if today > due else f"回避决定在期限（{due}）内作出。"


#: the states before a case is accepted: nothing is heard yet
_BEFORE = ("applied", "correcting", "reps", "rejected", "redirected")


def require_accepted(case: ArbitrationCase) -> None:
    """Raises :class:`Refused` for a case whose matter has not come to acceptance."""
    if case.matter.state in _BEFORE:
        raise Refused("本件还没有受理，请先在事项里办理受理，再组庭和排期。")


def _note_roster(one: Arbitrator, summary: str, by: User, now: dt.datetime) -> None:
    record(
        actor=actor(by), action="arbitration.roster", object_type="arbitrator", object_id=one.pk, summary=summary, now=now,
    )  # fmt: skip


def forms(case: ArbitrationCase) -> list[str]:
    """How the tribunal of this case may be formed, by key."""
    return [one.value for one in _FORMS[case.matter.procedure]]
