"""The paper of an award: one for all its applicants with their figures as an annex, or one for each.

劳动争议调解仲裁法第四十三条、第四十七条; 劳动人事争议仲裁办案规则第四十九条 (先行裁决), 第五十三条, 第六十六条 (集体争议).
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction

from anxin.accounts.models import User
from anxin.arbitration.access import require_handles
from anxin.arbitration.journalling import held, note
from anxin.arbitration.models import Applicant, Award, Claim, Finding
from anxin.arbitration.papers import AWARD, COLLECTIVE, PARTIAL, asked_row, claimed, name_of, worker
from anxin.kernel.days import day_words
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused
from anxin.letters import content, drafting
from anxin.letters.life import State
from anxin.letters.models import Letter
from anxin.mediation.sealed import plain

#: papers begun with one press; whoever is left is begun with the next
AT_ONCE = 50
#: people whose claims are told one by one; of more the sums by item
_TOLD = 50
_GENDER = {"male": "男", "female": "女"}


def people_of(award: Award) -> list[Applicant]:
    """Whose claims the award decides, also those of whom it rejects everything; one query."""
    rows = Applicant.objects.filter(claims__finding__award=award)
    return list(rows.distinct().order_by("number"))


def draft(award: Award, applicant: Applicant, *, by: User, now: dt.datetime) -> Letter:
    """Begin the paper of one applicant with exactly the award's rows; the one that stands is given back. Raises :class:`Refused`."""
    require_handles(by, award.case)
    if applicant.pk not in {one.pk for one in people_of(award)}:
        raise Refused(f"这份裁决没有{applicant}申请人的请求，请核对是给哪一位。")
    with transaction.atomic():
        held(award.case, by)
        kind, values = _kind_of_one(award), of_one(award, applicant)
        standing = _standing(award, kind).get(_key(values))
        return standing or _begin(award, kind, values, f"给{applicant}申请人的", by=by, now=now)


def draft_each(award: Award, *, by: User, now: dt.datetime) -> tuple[int, int]:
    """Begin the paper of each applicant who has none yet; ``(begun, still without)``. Raises :class:`Refused`."""
    require_handles(by, award.case)
    with transaction.atomic():
        held(award.case, by)
        kind = _kind_of_one(award)
        standing = _standing(award, kind)
        waiting = [(one, of_one(award, one)) for one in people_of(award)]
        waiting = [(one, values) for one, values in waiting if _key(values) not in standing]
        for one, values in waiting[:AT_ONCE]:
            _begin(award, kind, values, f"给{one}申请人的", by=by, now=now)
    return len(waiting[:AT_ONCE]), len(waiting[AT_ONCE:])


def draft_for_all(award: Award, *, by: User, now: dt.datetime) -> Letter:
    """Begin one paper for all applicants of the award; the one that stands is given back. Raises :class:`Refused`."""
    require_handles(by, award.case)
    with transaction.atomic():
        held(award.case, by)
        kind, values = PARTIAL if award.part else COLLECTIVE, of_all(award, people_of(award))
        standing = _standing(award, kind).get(_key(values))
        return standing or _begin(award, kind, values, "给全部申请人的", by=by, now=now)


def of_one(award: Award, applicant: Applicant) -> dict[str, Any]:
    """The fields of an award's paper that are the award's own, for one applicant; one query."""
    if award.part:
        return of_all(award, [applicant])
    findings = _findings(award, [applicant])
    return {
        **worker(applicant),
        **_common(award),
        "claims": claimed([one.claim for one in findings]),
        "items": [_row(one) for one in findings if one.owed_fen],
        "rejected": "\n".join(_rejected(one) for one in findings if one.support != Finding.Support.WHOLE),
    }


def of_all(award: Award, people: Sequence[Applicant]) -> dict[str, Any]:
    """The fields of one paper for these applicants: who they are, what each is paid, every item; one query."""
    names = {one.pk: plain(one.name) for one in people}
    findings = _findings(award, people)
    paid = [one for one in findings if one.owed_fen]
    sums: dict[int, int] = defaultdict(int)
    for one in paid:
        sums[one.claim.applicant_id] += one.owed_fen
    return {
        **_common(award),
        "applicants": [_party(one) for one in people],
        "representatives": "、".join(names[one.pk] for one in people if one.represents),
        "claims": _claims_of(findings, names),
        "awarded": [{"name": names[one.pk], "owed": sums[one.pk]} for one in people if one.pk in sums],
        "items": [{"name": names[one.claim.applicant_id], **_row(one)} for one in paid],
        "rejected": "\n".join(
            _rejected(one, names[one.claim.applicant_id])
            for one in findings
            if one.support != Finding.Support.WHOLE
        ),
    }


def _kind_of_one(award: Award) -> str:
    return PARTIAL if award.part else AWARD


def _common(award: Award) -> dict[str, Any]:
    return {
        "facts": award.case.facts,
        "pay_within": award.pay_within,
        "finality": award.finality,
        "minimum_wage": award.minimum_fen,
        "ceiling": award.ceiling_fen,
    }


def _findings(award: Award, people: Iterable[Applicant]) -> list[Finding]:
    rows = Finding.objects.filter(award=award, claim__applicant__in=[one.pk for one in people])
    rows = rows.select_related("claim")
    return list(rows.order_by("claim__applicant__number", "claim__item", "claim__month", "pk"))


def _party(applicant: Applicant) -> dict[str, str]:
    """A line of the parties: what is not known is left to a person."""
    return party_row(worker(applicant))


def party_row(said: Mapping[str, Any]) -> dict[str, str]:
    """Somebody named by :func:`~anxin.arbitration.papers.person`, as a line of the parties."""
    born, address, phone = said["worker_born"], said["worker_address"], said["worker_phone"]
    about = [
        _GENDER.get(said["worker_gender"] or "", ""),
        f"{day_words(born)}出生" if born else "",
        f"住{address}" if address else "",
        f"电话{phone}" if phone else "",
    ]
    return {
        "name": said["worker"],
        "id_number": said["worker_id"],
        "about": "，".join(one for one in about if one),
    }


def _claims_of(findings: Sequence[Finding], names: Mapping[int, str]) -> str:
    """What each asked for, a line each; of many people the sum of each item."""
    by_person: dict[int, list[Claim]] = defaultdict(list)
    for one in findings:
        by_person[one.claim.applicant_id].append(one.claim)
    if len(by_person) <= _TOLD:
        return "\n".join(claimed(claims, f"申请人{names[pk]}") for pk, claims in by_person.items())
    sums: dict[str, int] = defaultdict(int)
    for one in findings:
        sums[one.claim.get_item_display()] += one.claim.owed_fen
    said = "、".join(f"{item}{sentence_yuan(fen)}" for item, fen in sums.items())
    return f"{len(by_person)}名申请人请求被申请人支付{said}，共计{sentence_yuan(sum(sums.values()))}。"


def _row(found: Finding) -> dict[str, Any]:
    """A line of the award's table; days and rate only where the finding is theirs."""
    row = asked_row(found.claim)
    if found.due_fen != found.claim.due_fen:
        row = {name: value for name, value in row.items() if name not in ("days", "rate")}
    return row | {"due": found.due_fen, "paid": found.paid_fen, "owed": found.owed_fen}


def _rejected(found: Finding, name: str = "") -> str:
    rest = found.claim.owed_fen - found.owed_fen
    said = f"对申请人{name}关于{name_of(found.claim)}的请求中的{sentence_yuan(rest)}不予支持"
    return f"{said}：{found.reason.rstrip('。')}。"


def _begin(
    award: Award, kind: str, values: Mapping[str, Any], whose: str, *, by: User, now: dt.datetime
) -> Letter:
    told = {name: value for name, value in values.items() if value}
    made = drafting.draft(award.case.matter, kind=kind, by=by, now=now, values=told)
    note(
        award.case,
        "award_drafted",
        f"起草{award}{whose}裁决书",
        by=by,
        now=now,
        after={"letter": made.pk, "kind": kind},
    )
    return made


def _standing(award: Award, kind: str) -> dict[str, Letter]:
    """Papers of the kind that were begun and stand, by what they say of whom: the same again begins no second one."""
    rows = Letter.objects.filter(matter=award.case.matter_id, kind=kind)
    rows = rows.exclude(state__in=(State.DROPPED, State.REPLACED)).order_by("-pk")
    return {_key(content.values_of(one)): one for one in rows}


def _key(values: Mapping[str, Any]) -> str:
    names = ("worker", "worker_id", "applicants", "finality", "items", "rejected")
    return json.dumps([values.get(one) or None for one in names], ensure_ascii=False, sort_keys=True)
