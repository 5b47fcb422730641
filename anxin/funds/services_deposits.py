"""The life of a wage deposit: issued, renewed, called on, paid out, topped up, announced, released.

Each call may come from a bank's interface or a person's form, once or twice: the same event again changes
nothing and gives back the one that stands.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from anxin.evidence.journal import Actor, record
from anxin.evidence.models import ImportBatch
from anxin.funds.deposit_state import DepositState, Happened, state_of
from anxin.funds.models import DepositEvent, PaymentGuarantee, WageDeposit
from anxin.funds.recording import RECORDED, end, in_order, save
from anxin.funds.services_register import record_deposit
from anxin.kernel.money import sentence_yuan, yuan_string
from anxin.kernel.refusal import Refused
from anxin.law import LawError
from anxin.local_law.queries import current
from anxin.registry.models import Organisation, Project

Kind = DepositEvent.Kind
_NOTICE_DAYS = "wage_deposit.refund_publicity_days"


@dataclass(frozen=True)
class Happening:
    """An event that somebody reports; what does not belong to its kind stays empty."""

    kind: str
    on: dt.date
    amount_fen: int | None = None
    valid_until: dt.date | None = None
    number: str = ""
    people: int | None = None
    note: str = ""
    batch: ImportBatch | None = field(default=None, compare=False)


def issue_deposit(
    project: Project,
    *,
    kind: str,
    amount_fen: int,
    valid_from: dt.date,
    institution: Organisation | None,
    number: str,
    actor: Actor,
    now: dt.datetime,
    valid_until: dt.date | None = None,
) -> WageDeposit:
    """Record a deposit paid in or a letter issued; the same letter again gives back the one that stands.

    The same institution and number with another amount or form is refused: that is a correction, or a
    renewal, and not a second letter.
    """
    text = number.strip()
    with transaction.atomic():
        Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
        standing = (
            WageDeposit.objects.filter(
                project=project, institution=institution, number=text, superseded_at__isnull=True
            ).first()
            if text
            else None
        )
        if standing is not None:
            if (standing.kind, standing.amount_fen) != (kind, amount_fen):
                raise Refused(
                    f"编号{text}的保证金已经登记，金额为{sentence_yuan(standing.amount_fen)}；"
                    "内容不同的请作更正，延期、补足请分别登记。",
                    field="number",
                )
            return standing
        deposit = record_deposit(
            project, kind=kind, amount_fen=amount_fen, valid_from=valid_from, valid_until=valid_until,
            institution=institution, number=text, actor=actor, now=now,
        )  # fmt: skip
        _add(deposit, Happening(Kind.ISSUED, valid_from, amount_fen, valid_until, text), now)
    return deposit


def renew_deposit(
    deposit: WageDeposit,
    *,
    valid_until: dt.date,
    on: dt.date,
    actor: Actor,
    now: dt.datetime,
    number: str = "",
) -> WageDeposit:
    """Extend a letter or policy to a later last day."""
    if deposit.kind == WageDeposit.Kind.CASH:
        raise Refused("现金保证金没有有效期，不需要延期。", field="valid_until")
    happening = Happening(Kind.RENEWED, on, valid_until=valid_until, number=number.strip())
    with transaction.atomic():
        found = _locked(deposit)
        if _known(found, happening):
            return found
        _not_released(found)
        _not_ahead(on, now)
        if found.valid_until is None or valid_until <= found.valid_until:
            raise Refused(
                f"延期后的截止日{valid_until}应晚于现在的{found.valid_until}，请核对。", field="valid_until"
            )
        new = _next(found, now, valid_until=valid_until)
        _keep(new, happening, f"延期至{valid_until}", actor, now)
    return new


def order_use(
    deposit: WageDeposit,
    *,
    amount_fen: int,
    on: dt.date,
    number: str,
    actor: Actor,
    now: dt.datetime,
    people: int | None = None,
) -> DepositEvent:
    """Record that the bank received the notice to pay workers from the deposit (claim on it).

    ``number`` is the number of the notice; ``on`` the day it was received, from which the bank's days run.
    """
    if not number.strip():
        raise Refused("请填写支付通知书的文号。", field="number")
    happening = Happening(Kind.USE_ORDERED, on, amount_fen, number=number.strip(), people=people)
    with transaction.atomic():
        found = _locked(deposit)
        if known := _known(found, happening):
            return known
        _not_released(found)
        _not_ahead(on, now)
        _positive(amount_fen, "支付金额")
        if found.valid_until is not None and on > found.valid_until:
            raise Refused(f"这份保函已于{found.valid_until}到期，到期后不能再要求支付。", field="on")
        state = deposit_state(found)
        free = state.held_fen - state.ordered_fen
        if amount_fen > free:
            raise Refused(
                f"这笔保证金现在可动用{sentence_yuan(free)}，不够支付{sentence_yuan(amount_fen)}，请核对金额。",
                field="amount_fen",
            )
        return _keep(found, happening, f"发出支付通知{sentence_yuan(amount_fen)}", actor, now)


def record_use(
    deposit: WageDeposit,
    *,
    amount_fen: int,
    on: dt.date,
    actor: Actor,
    now: dt.datetime,
    number: str = "",
    people: int | None = None,
) -> DepositEvent:
    """Record that the bank or guarantor paid workers; never more than was ordered and not yet paid."""
    happening = Happening(Kind.USED, on, amount_fen, number=number.strip(), people=people)
    with transaction.atomic():
        found = _locked(deposit)
        if known := _known(found, happening):
            return known
        _not_ahead(on, now)
        _positive(amount_fen, "支付金额")
        ordered = deposit_state(found).ordered_fen
        if amount_fen > ordered:
            raise Refused(
                f"已通知支付而尚未支付的是{sentence_yuan(ordered)}，请先登记支付通知书，或核对支付金额。",
                field="amount_fen",
            )
        return _keep(found, happening, f"支付给农民工{sentence_yuan(amount_fen)}", actor, now)


def top_up(
    deposit: WageDeposit,
    *,
    amount_fen: int,
    on: dt.date,
    actor: Actor,
    now: dt.datetime,
    number: str = "",
) -> DepositEvent:
    """Record that a used deposit was made good, in cash or by a new letter over the sum."""
    happening = Happening(Kind.TOPPED_UP, on, amount_fen, number=number.strip())
    with transaction.atomic():
        found = _locked(deposit)
        if known := _known(found, happening):
            return known
        _not_released(found)
        _not_ahead(on, now)
        _positive(amount_fen, "补足金额")
        missing = deposit_state(found).open_fen
        if amount_fen > missing:
            raise Refused(
                f"动用后尚未补足的是{sentence_yuan(missing)}，补足金额不能超过它；另外存储的请登记为新的保证金。",
                field="amount_fen",
            )
        return _keep(found, happening, f"补足{sentence_yuan(amount_fen)}", actor, now)


def announce_release(
    deposit: WageDeposit, *, on: dt.date, actor: Actor, now: dt.datetime, note: str = ""
) -> DepositEvent:
    """Record the first day of the public notice before release (《工程建设领域农民工工资保证金规定》第二十二条)."""
    happening = Happening(Kind.NOTICE, on, note=note.strip())
    with transaction.atomic():
        found = _locked(deposit)
        if known := _known(found, happening):
            return known
        _not_released(found)
        _not_ahead(on, now)
        _nothing_open(found)
        return _keep(found, happening, f"自{on}起公示返还", actor, now)


def release_deposit(
    deposit: WageDeposit, *, on: dt.date, actor: Actor, now: dt.datetime, number: str = ""
) -> WageDeposit:
    """Release a deposit after its public notice has run; ``number`` is the confirmation's."""
    happening = Happening(Kind.RELEASED, on, number=number.strip())
    with transaction.atomic():
        found = _locked(deposit)
        if _known(found, happening):
            return found
        _not_released(found)
        _not_ahead(on, now)
        _nothing_open(found)
        _notice_has_run(found, on)
        new = _next(found, now, released_on=on)
        _keep(new, happening, f"于{on}返还", actor, now)
    return new


def record_payment_guarantee(
    project: Project,
    *,
    kind: str,
    amount_fen: int,
    valid_from: dt.date,
    valid_until: dt.date,
    actor: Actor,
    now: dt.datetime,
    institution: Organisation | None = None,
    number: str = "",
    released_on: dt.date | None = None,
    replaces: PaymentGuarantee | None = None,
) -> PaymentGuarantee:
    """Record the owner's guarantee for project money (《保障农民工工资支付条例》第二十四条)."""
    if kind not in PaymentGuarantee.Kind.values:
        raise Refused(f"担保形式“{kind}”不在可选范围内，请重新选择。", field="kind")
    _positive(amount_fen, "担保金额")
    in_order(valid_from, valid_until, "有效期截止日", "生效日期", "valid_until")
    in_order(valid_from, released_on, "解除日期", "生效日期", "released_on")
    guarantee = PaymentGuarantee(
        project=project, kind=kind, institution=institution, number=number.strip(), amount_fen=amount_fen,
        valid_from=valid_from, valid_until=valid_until, released_on=released_on, recorded_at=now,
    )  # fmt: skip
    title = PaymentGuarantee.Kind(kind).label
    summary = f"登记工程款支付担保（{title}）{sentence_yuan(amount_fen)}"
    return save(guarantee, replaces, project, summary, actor, now)


def deposit_state(deposit: WageDeposit) -> DepositState:
    """What the deposit holds now, after all events that stand."""
    rows = DepositEvent.objects.filter(
        deposit_id=deposit.line_id, superseded_at__isnull=True, amount_fen__isnull=False
    ).values_list("pk", "kind", "on", "amount_fen")
    return state_of(deposit.amount_fen, [Happened(pk, kind, on, fen or 0) for pk, kind, on, fen in rows])


def _notice_has_run(deposit: WageDeposit, on: dt.date) -> None:
    notice = (
        DepositEvent.objects.filter(
            deposit_id=deposit.line_id, kind=Kind.NOTICE, superseded_at__isnull=True, on__lte=on
        )
        .order_by("-on")
        .first()
    )
    if notice is None:
        raise Refused("还没有登记返还公示，公示期满才可以返还。", field="on")
    try:
        answer = current().deadline(_NOTICE_DAYS, notice.on, deposit.project.region_id)
    except LawError as problem:
        raise Refused(str(problem), field="on") from None
    if answer.act_from is not None and on < answer.act_from:
        raise Refused(
            f"返还公示自{notice.on}起{answer.length}{answer.unit}，{answer.act_from}起才可以返还。",
            field="on",
        )


def _nothing_open(deposit: WageDeposit) -> None:
    state = deposit_state(deposit)
    if state.ordered_fen:
        raise Refused(f"还有{sentence_yuan(state.ordered_fen)}已通知支付而尚未支付，支付完毕后再办理返还。")


def _locked(deposit: WageDeposit) -> WageDeposit:
    """The deposit as it stands now, its line locked so that two events wait for each other."""
    WageDeposit.objects.select_for_update(of=("self",)).get(pk=deposit.line_id)
    found = WageDeposit.objects.select_related("project").filter(
        pk=deposit.pk, superseded_at__isnull=True
    ).first() or WageDeposit.objects.select_related("project").filter(
        original_id=deposit.line_id, superseded_at__isnull=True
    ).first()  # fmt: skip
    if found is None:
        raise Refused("这笔保证金的登记已被更正，请刷新页面后重试。")
    return found


def _next(deposit: WageDeposit, now: dt.datetime, **changes: dt.date) -> WageDeposit:
    """The deposit's next row: as it was, but for ``changes``."""
    end(deposit, now, deposit.project)
    values = {
        name: getattr(deposit, name)
        for name in ("project", "kind", "institution", "number", "amount_fen", "valid_from", "valid_until",
                     "released_on")
    }  # fmt: skip
    return WageDeposit.objects.create(**{**values, **changes}, original_id=deposit.line_id, recorded_at=now)


def _key(happening: Happening) -> str:
    parts = (
        happening.kind,
        happening.on.isoformat(),
        str(happening.amount_fen or ""),
        str(happening.valid_until or ""),
        happening.number,
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _known(deposit: WageDeposit, happening: Happening) -> DepositEvent | None:
    return DepositEvent.objects.filter(
        deposit_id=deposit.line_id, natural_key=_key(happening), superseded_at__isnull=True
    ).first()


def _add(deposit: WageDeposit, happening: Happening, now: dt.datetime) -> DepositEvent:
    return DepositEvent.objects.create(
        deposit_id=deposit.line_id, kind=happening.kind, on=happening.on, amount_fen=happening.amount_fen,
        valid_until=happening.valid_until, number=happening.number, people=happening.people,
        note=happening.note, batch=happening.batch, natural_key=_key(happening), recorded_at=now,
    )  # fmt: skip


def _keep(
    deposit: WageDeposit, happening: Happening, what: str, actor: Actor, now: dt.datetime
) -> DepositEvent:
    event = _add(deposit, happening, now)
    project = deposit.project
    record(
        actor=actor,
        action=RECORDED,
        object_type="wagedeposit",
        object_id=deposit.line_id,
        summary=f"项目“{project.name}”工资保证金（{deposit.get_kind_display()}）{what}",
        now=now,
        after={
            "event": happening.kind,
            "on": happening.on.isoformat(),
            "amount": None if happening.amount_fen is None else yuan_string(happening.amount_fen),
            "number": happening.number,
            "project_ids": [project.pk],
        },
    )
    return event


def _not_released(deposit: WageDeposit) -> None:
    if deposit.released_on is not None:
        raise Refused(f"这笔保证金已于{deposit.released_on}返还，不能再登记。")


def _not_ahead(on: dt.date, now: dt.datetime) -> None:
    if on > timezone.localdate(now):
        raise Refused(f"日期{on}还没有到，请在发生后登记。", field="on")


def _positive(amount_fen: int, what: str) -> None:
    if amount_fen <= 0:
        raise Refused(f"{what}应大于0，请核对。", field="amount_fen")
