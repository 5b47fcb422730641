"""What both sides agree to: a plan of payment for each worker to the fen; signed and sealed (``stamping``), then in force."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from anxin.accounts.models import User
from anxin.clues.masking import masked_words
from anxin.evidence.sealing import Sealed
from anxin.kernel.identifiers import id_number_problem
from anxin.kernel.money import MoneyError, parse_yuan, sentence_yuan
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law
from anxin.mediation import papers
from anxin.mediation.access import require_works
from anxin.mediation.applying import end_stage, locked, step
from anxin.mediation.models import Agreement, Instalment, MediationCase, Party, Session, Share, Stage
from anxin.mediation.sealed import own_hash, plain
from anxin.mediation.telling import must_tell, note

#: instalments of one worker
MOST = 36
_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_LATEST_YEARS = 5
_MOST_WORDS = {"employer_code": 18, "employer_address": 200, "employer_head": 60, "employer_phone": 40}


@dataclass(frozen=True)
class Due:
    """One instalment as planned."""

    due_on: dt.date
    amount_fen: int


def in_parts(total_fen: int, days: Sequence[dt.date]) -> list[Due]:
    """A sum in equal parts, the fen that do not divide with the last one. Raises :class:`Refused`."""
    if not days:
        raise Refused("请填写付款日期，一期一个。", field="days")
    if total_fen < len(days):
        raise Refused("金额太小，分不成这么多期。", field="days")
    part, rest = divmod(total_fen, len(days))
    amounts = [part] * (len(days) - 1) + [part + rest]
    return [Due(day, fen) for day, fen in zip(sorted(days), amounts, strict=True)]


def days_of(text: str) -> list[dt.date]:
    """The days of a line, as 2026-12-15. Raises :class:`Refused` naming what is no day."""
    try:
        return [dt.date.fromisoformat(word) for word in re.split(r"[\s,，;；、]+", text.strip()) if word]
    except ValueError:
        raise Refused("付款日期请按 2026-12-15 的样子填写，几期用空格隔开。", field="days") from None


def plan_of(text: str) -> list[Due]:
    """A worker's own plan: ``2026-12-15 3000；2027-01-15 4500.50``. Raises :class:`Refused`."""
    found = []
    for piece in re.split(r"[;；\n]+", text.strip()):
        words = piece.replace("，", " ").split()
        if not words:
            continue
        if len(words) != 2 or not _DAY.fullmatch(words[0]):
            raise Refused(
                f"付款计划里的“{piece.strip()}”看不懂，请写成“2026-12-15 3000”，几期用分号隔开。",
                field="plan",
            )
        try:
            fen = parse_yuan(words[1])
            day = dt.date.fromisoformat(words[0])
        except (MoneyError, ValueError):
            raise Refused(f"付款计划里的“{piece.strip()}”日期或者金额不对，请核对。", field="plan") from None
        if not fen or fen <= 0:
            raise Refused("每一期的金额要大于零。", field="plan")
        found.append(Due(day, fen))
    return sorted(found, key=lambda one: one.due_on)


def describe_party(
    party: Party, *, id_number: str, phone: str, address: str, by: User, now: dt.datetime
) -> None:
    """Say more of a worker: what an agreement has to name. Empty leaves what is known. Raises :class:`Refused`."""
    id_number, phone, address = id_number.strip().upper(), phone.strip(), address.strip()
    if id_number and (wrong := id_number_problem(id_number)):
        raise Refused(wrong, field="id_number")
    if len(address) > 200 or len(phone) > 40:
        raise Refused("住所不超过200字，电话不超过40个字符。", field="address")
    with transaction.atomic():
        held = locked(party.case)
        require_works(by, held)
        found = Party.objects.get(pk=party.pk)
        changed = {
            name: Sealed.of(text)
            for name, text in (("id_number", id_number), ("phone", phone), ("address", address))
            if text and text != plain(getattr(found, name))
        }
        if not changed:
            return
        known = {"id_hash": own_hash(id_number)} if "id_number" in changed else {}
        Party.objects.filter(pk=found.pk).update(**changed, **known)
        note(
            held,
            "party_described",
            f"补充{found}当事人的信息",
            by=by,
            now=now,
            after={"fields": sorted(changed)},
        )


def describe_employer(
    case: MediationCase, *, code: str, address: str, head: str, phone: str, by: User, now: dt.datetime
) -> None:
    """Say more of the employer; what is left empty stays as it is."""
    with transaction.atomic():
        held = locked(case)
        require_works(by, held)
        given = {
            "employer_code": code,
            "employer_address": address,
            "employer_head": head,
            "employer_phone": phone,
        }
        changed = {
            name: text.strip()
            for name, text in given.items()
            if text.strip() and text.strip() != getattr(held, name)
        }
        if not changed:
            return
        for name, text in changed.items():
            if len(text) > _MOST_WORDS[name]:
                raise Refused(f"这一项不能超过{_MOST_WORDS[name]}字，请删减。", field=name)
            setattr(held, name, text)
        held.save(update_fields=list(changed))
        note(
            held,
            "employer_described",
            "补充用人单位的信息",
            by=by,
            now=now,
            after={"fields": sorted(changed)},
        )


def draft(
    case: MediationCase,
    plans: Mapping[int, Sequence[Due]],
    *,
    facts: str,
    other: str = "",
    manner: str,
    by: User,
    now: dt.datetime,
    today: dt.date,
    law: Law,
    agreed: Mapping[int, int] | None = None,
) -> Agreement:
    """Write down what was agreed: the plan of every worker by party key. Raises :class:`Refused`.

    ``agreed``: the sum of each, where it was said beside the plan; the instalments must come to it, to the fen.

    The instrument is filled at once, so that whatever it lacks is named before anybody signs.
    """
    facts = worded(masked_words(facts), "请写明争议的事实", field="facts", most=1000)
    manner = worded(manner, "请写明付款方式", field="manner", more="，例如“汇入劳动者本人银行卡”", most=60)
    if len(other) > 500:
        raise Refused("其他约定不能超过500字。", field="other")
    with transaction.atomic():
        held = locked(case)
        require_works(by, held)
        if held.matter.state != "mediating":
            raise Refused("本件现在不在调解中，不能拟定调解协议。")
        if held.agreements.filter(withdrawn_at__isnull=True).exists():
            raise Refused("已有一份拟好的协议，要改请先撤回。")
        parties = list(held.parties.order_by("number"))
        for party in parties:
            _check_plan(party, plans.get(party.pk, ()), today)
            _check_sum(party, plans[party.pk], (agreed or {}).get(party.pk))
        agreement = Agreement.objects.create(
            case=held, drafted_on=today, by_name=str(by), facts=facts, other=other.strip(), manner=manner
        )
        shares = Share.objects.bulk_create(
            Share(agreement=agreement, party=one, total_fen=sum(due.amount_fen for due in plans[one.pk]))
            for one in parties
        )
        Instalment.objects.bulk_create(
            Instalment(share=share, number=number, due_on=due.due_on, amount_fen=due.amount_fen)
            for share in shares
            for number, due in enumerate(plans[share.party_id], start=1)
        )
        for share in shares:
            try:
                papers.check("mediation_agreement", paper_data(share, today), law)
            except Refused as refusal:
                raise Refused(f"{share.party}当事人的{refusal}", field="paper") from None
        total = sum(share.total_fen for share in shares)
        note(held, "drafted", f"拟定调解协议，{len(shares)}人共{sentence_yuan(total)}", by=by, now=now,
             after={"agreement": agreement.pk, "people": len(shares), "fen": total})  # fmt: skip
    return agreement


def withdraw(agreement: Agreement, *, why: str, by: User, now: dt.datetime) -> None:
    """Take a draft back before it holds. Raises :class:`Refused`."""
    why = worded(why, "请写明为什么撤回协议", field="why")
    with transaction.atomic():
        held, found = standing(agreement, by)
        found.withdrawn_at, found.withdrawn_why = now, why
        found.save(update_fields=["withdrawn_at", "withdrawn_why"])
        note(
            held,
            "agreement_withdrawn",
            f"撤回拟好的协议：{why}",
            by=by,
            now=now,
            after={"agreement": found.pk},
        )


def paper_data(share: Share, day: dt.date) -> dict[str, object]:
    """What the instrument of one worker holds."""
    agreement, party = share.agreement, share.party
    case = agreement.case
    plan = [
        {"pay_by": one.due_on, "amount": one.amount_fen, "account": agreement.manner}
        for one in share.instalments.order_by("number")
    ]
    return {
        **worker_data(party),
        **employer_data(case),
        "organisation": case.body.name if case.body else case.matter.lead.name,
        "mediator": case.mediator.name if case.mediator else agreement.by_name,
        "claims": case.claims,
        "facts": agreement.facts,
        "agreed": share.total_fen,
        "plan": plan,
        "other": agreement.other or None,
        "issued_on": day,
    }


def worker_data(party: Party) -> dict[str, object]:
    """The worker as instruments name them; sex and birthday stand in the ID number."""
    number = plain(party.id_number)
    known = bool(number) and id_number_problem(number) is None
    return {
        "worker": plain(party.name),
        "worker_id": number or None,
        "worker_gender": ("male" if int(number[16]) % 2 else "female") if known else None,
        "worker_born": dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14])) if known else None,
        "worker_address": plain(party.address) or None,
        "worker_mail": plain(party.address) or None,
        "worker_phone": plain(party.phone) or None,
    }


def employer_data(case: MediationCase) -> dict[str, object]:
    """The employer as instruments name it."""
    return {
        "employer": case.employer_name,
        "employer_code": case.employer_code or None,
        "employer_address": case.employer_address or None,
        "employer_head": case.employer_head or None,
        "employer_phone": case.employer_phone or None,
    }


def take_effect(
    case: MediationCase,
    agreement: Agreement,
    shares: Sequence[Share],
    *,
    by: User,
    now: dt.datetime,
    today: dt.date,
    law: Law,
) -> None:
    """The copies are signed and sealed (``document`` of each share): the record of their service joins the papers, the
    matter takes its two steps, and the plan of payment is followed from today. In the caller's transaction."""
    agreement.case = case
    Share.objects.bulk_update(shares, ["document", "confirmed_on", "confirmed_how"])
    step(case.matter, "agree", on=today, by=by, now=now, law=law)
    servings = [
        {"receiver": plain(one.party.name), "served_on": one.confirmed_on, "how": one.confirmed_how}
        for one in shares
    ]
    servings.append(
        {
            "receiver": case.employer_name,
            "served_on": agreement.employer_confirmed_on,
            "how": agreement.employer_confirmed_how,
        }
    )
    data = {
        "office": case.body.name if case.body else case.matter.lead.name,
        "paper": "调解协议书",
        "servings": servings,
        "issued_on": today,
    }
    papers.keep(case.matter, "service_record", data, by=by, now=now, law=law)
    step(case.matter, "take_effect", on=today, by=by, now=now, law=law)
    agreement.effective_on = today
    agreement.save(update_fields=["effective_on", "employer_confirmed_on", "employer_confirmed_how"])
    running = case.stages.filter(ended_on__isnull=True).first()
    if running is not None:
        end_stage(running, Stage.Outcome.AGREED, today)
    case.sessions.filter(state=Session.State.APPOINTED).update(
        state=Session.State.CANCELLED, result="已经达成协议。"
    )
    case.stage_due_on = None
    case.save(update_fields=["stage_due_on"])
    text = f"{case}：调解协议自{today}生效，请按付款计划履行；三十日内双方可以共同申请司法确认。"
    must_tell(case, f"effective:{agreement.pk}", text, now=now)


def standing(agreement: Agreement, by: User) -> tuple[MediationCase, Agreement]:
    """The agreement that is not in force yet, with its case held. Raises :class:`Refused` for others, and once it holds."""
    held = locked(agreement.case)
    require_works(by, held)
    found = Agreement.objects.get(pk=agreement.pk)
    if found.withdrawn_at is not None:
        raise Refused("这份协议已经撤回，请刷新页面。")
    if found.effective_on is not None:
        raise Refused("这份协议已经生效，不能再改。")
    found.case = held
    return held, found


def _check_plan(party: Party, plan: Sequence[Due], today: dt.date) -> None:
    if not plan:
        raise Refused(f"{party}当事人没有付款计划，请填写每一期的日期和金额。", field="plan")
    if len(plan) > MOST:
        raise Refused(f"{party}当事人分了{len(plan)}期，最多{MOST}期。", field="plan")
    if any(one.due_on < today for one in plan):
        raise Refused(f"{party}当事人的付款日期有已经过去的，请填写今天或以后的日期。", field="plan")
    if any(one.due_on.year > today.year + _LATEST_YEARS for one in plan):
        raise Refused(f"{party}当事人的付款日期太晚，请核对年份。", field="plan")
    days = [one.due_on for one in plan]
    if len(set(days)) != len(days):
        raise Refused(f"{party}当事人有两期在同一天，请合成一期。", field="plan")
    if (total := sum(one.amount_fen for one in plan)) > party.claimed_fen:
        raise Refused(
            f"{party}当事人的计划共{sentence_yuan(total)}，多于请求的{sentence_yuan(party.claimed_fen)}，请核对。",
            field="plan",
        )


def _check_sum(party: Party, plan: Sequence[Due], agreed: int | None) -> None:
    """Raises :class:`Refused` where the instalments are not the sum that was agreed."""
    total = sum(one.amount_fen for one in plan)
    if agreed is not None and total != agreed:
        off = f"{'多' if total > agreed else '少'}{sentence_yuan(abs(total - agreed))}"
        raise Refused(
            f"{party}当事人的各期合计{sentence_yuan(total)}，比约定金额{sentence_yuan(agreed)}{off}，请改各期金额或者约定金额。",
            field="plan",
        )
