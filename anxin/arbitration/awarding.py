"""What the tribunal finds of each claim, and awards made of it: in part, final or not, on one paper or two.

劳动争议调解仲裁法第四十三条第二款 (先行裁决), 第四十七条; 劳动人事争议仲裁办案规则第五十条, 第五十四条 (补正).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from anxin.accounts.models import User
from anxin.arbitration import finality
from anxin.arbitration.journalling import held, note
from anxin.arbitration.models import ArbitrationCase, Award, Claim, Correction, Finding
from anxin.clues.masking import masked_words
from anxin.kernel.money import sentence_yuan
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law, LawError
from anxin.registry.models import Region

MINIMUM_WAGE = "wage_payment.min_wage_monthly"
AMOUNT_RULE = "mediation_arbitration.final_award_amount_rule"
#: states of the matter in which it was heard and may be decided
HEARD = ("heard", "awarded", "closed")
_MOST_DAYS = 365


@dataclass(frozen=True)
class Line:
    """The amount up to which an item is final, and where both of its parts come from."""

    minimum_fen: int
    times: int
    source: str
    article: str

    @property
    def ceiling_fen(self) -> int:
        return self.minimum_fen * self.times

    @property
    def says(self) -> str:
        """The computation in a sentence."""
        return f"当地月最低工资标准{sentence_yuan(self.minimum_fen)} × {self.times}个月 = {sentence_yuan(self.ceiling_fen)}"


def line(region: Region, on: dt.date, law: Law) -> Line:
    """The ceiling of a place and day. Raises :class:`Refused` where the place has no minimum wage on record."""
    try:
        rule = law.value(AMOUNT_RULE, on, region.code)
        wage = law.claim(MINIMUM_WAGE, on, region.code)
    except LawError as problem:
        raise Refused(
            f"还不能判断是不是终局裁决：{problem}请先在“法规与期限—本地数值”登记{region}的月最低工资标准。",
            field="minimum",
        ) from None
    fen = round(float(wage.value) * 100)
    where = f"{wage.region_name or '全国'}：{wage.reference}，{wage.from_}起"
    return Line(fen, int(rule.value["multiplier"]), where[:300], law.cite("labour_arbitration_law", 47))


def find(claim: Claim, *, due_fen: int, paid_fen: int, reason: str, by: User, now: dt.datetime) -> Finding:
    """Write what the tribunal finds of a claim; changed until an award is made of it. Raises :class:`Refused`."""
    if not 0 <= due_fen < 10**10 or not 0 <= paid_fen < 10**10:
        raise Refused("认定的应付和已付须是不小于0的金额。", field="due")
    owed = max(0, due_fen - paid_fen)
    if owed > claim.owed_fen:
        raise Refused(
            f"裁决支付{sentence_yuan(owed)}超过了请求的{sentence_yuan(claim.owed_fen)}，请核对；申请人增加请求的，先改请求。",
            field="due",
        )
    kinds = Finding.Support
    support = kinds.WHOLE if owed == claim.owed_fen else kinds.PART if owed else kinds.NONE
    if support != kinds.WHOLE:
        reason = worded(reason, "没有全部支持的，请写明理由", field="reason", most=500)
    reason = masked_words(reason.strip())[:500]
    with transaction.atomic():
        case = held(claim.applicant.case, by)
        standing = Finding.objects.select_for_update().filter(claim=claim).first()
        if standing is not None and standing.award_id is not None:
            raise Refused("这一项已经裁决，不能再改；裁决书有笔误的，请用补正。")
        said = {
            "due_fen": due_fen,
            "paid_fen": paid_fen,
            "owed_fen": owed,
            "support": support,
            "reason": reason,
        }
        if standing is not None and all(getattr(standing, name) == value for name, value in said.items()):
            return standing
        found, _ = Finding.objects.update_or_create(
            claim=claim, defaults={**said, "by_name": str(by), "recorded_at": now}
        )
        note(case, "found", f"认定{claim.applicant}申请人的“{claim.get_item_display()}”：{found.get_support_display()}",
             by=by, now=now, after={"claim": claim.pk, "owed": owed, "support": support})  # fmt: skip
    return found


def find_rest(case: ArbitrationCase, *, by: User, now: dt.datetime) -> int:
    """Every claim of which nothing was found yet is supported as claimed; returns how many."""
    with transaction.atomic():
        found = held(case, by)
        rows = Claim.objects.filter(applicant__case=found, finding__isnull=True)
        made = Finding.objects.bulk_create(
            Finding(
                claim=one,
                due_fen=one.due_fen,
                paid_fen=one.paid_fen,
                owed_fen=one.owed_fen,
                support=Finding.Support.WHOLE,
                by_name=str(by),
                recorded_at=now,
            )
            for one in rows
        )
        if made:
            note(
                found,
                "found_rest",
                f"其余{len(made)}项请求全部支持",
                by=by,
                now=now,
                after={"claims": len(made)},
            )
    return len(made)


def judged(
    case: ArbitrationCase, findings: Iterable[Finding], at: Line, decided: Iterable[Finding] | None = None
) -> list[finality.Judged]:
    """The judgement by applicant and kind of item, earlier awards of the same item counted in.

    ``decided`` are the findings that awards were made of, where the caller has read them with their claims.
    """
    if decided is None:
        rows = Finding.objects.filter(claim__applicant__case=case, award__isnull=False)
        decided = rows.select_related("claim__applicant")
    sums, earlier = _sums(findings), _sums(decided)
    return finality.judge(sums, earlier, at.ceiling_fen, at.times)


def _sums(findings: Iterable[Finding]) -> dict[tuple[int, str], int]:
    """Fen by ``(number of the applicant, item)``."""
    sums: dict[tuple[int, str], int] = defaultdict(int)
    for one in findings:
        sums[one.claim.applicant.number, one.claim.item] += one.owed_fen
    return sums


def open_findings(case: ArbitrationCase) -> list[Finding]:
    """What was found and no award was made of yet; one query."""
    rows = Finding.objects.filter(claim__applicant__case=case, award__isnull=True)
    return list(
        rows.select_related("claim__applicant").order_by("claim__applicant__number", "claim__item", "pk")
    )


def decide(
    case: ArbitrationCase,
    chosen: Sequence[int],
    *,
    on: dt.date,
    pay_within: int,
    by: User,
    now: dt.datetime,
    law: Law,
) -> list[Award]:
    """Make the award of the chosen claims: one paper, or two where final and other items stand together.

    Something that is left makes it an award in part, unless it is the last one. Raises :class:`Refused`.
    """
    if not 1 <= pay_within <= _MOST_DAYS:
        raise Refused(f"履行期限请填1到{_MOST_DAYS}天。", field="pay_within")
    with transaction.atomic():
        found = held(case, by)
        matter = found.matter
        if matter.state not in HEARD:
            now_is = law.procedure(matter.procedure).state(matter.state).name
            raise Refused(f"本件现在是“{now_is}”，开庭审理以后才能裁决；请先在事项里办理开庭。")
        if not found.applied_on <= on <= now.date():
            raise Refused(f"裁决日期须在申请之日{found.applied_on}和今天之间。", field="on")
        rows = [one for one in open_findings(found) if one.claim_id in set(chosen)]
        if not rows:
            raise Refused("请选择要裁决的请求；请求要先写明认定。", field="claim")
        at = line(found.region, on, law)
        judgements = judged(found, rows, at)
        left = Claim.objects.filter(applicant__case=found).exclude(finding__award__isnull=False)
        part = left.exclude(pk__in=[one.claim_id for one in rows]).exists()
        number = found.awards.aggregate(last=Max("number"))["last"] or 0
        made = []
        for final in (True, False):
            items = finality.keys(judgements, final=final)
            own = [one for one in rows if (one.claim.applicant.number, one.claim.item) in items]
            if not own:
                continue
            number += 1
            award = Award.objects.create(
                case=found,
                number=number,
                finality=Award.Finality.FINAL if final else Award.Finality.OPEN,
                part=part,
                decided_on=on,
                pay_within=pay_within,
                minimum_fen=at.minimum_fen,
                ceiling_fen=at.ceiling_fen,
                minimum_source=at.source,
                working=[one.as_json() for one in judgements if one.final is final],
                by_name=str(by),
                recorded_at=now,
            )
            Finding.objects.filter(pk__in=[one.pk for one in own]).update(award=award)
            made.append(award)
            total = sum(one.owed_fen for one in own)
            note(found, "decided", f"{award}：{award.get_finality_display()}{'（先行裁决）' if part else ''}，{sentence_yuan(total)}",
                 by=by, now=now, after={"award": award.pk, "claims": [one.claim_id for one in own], "total": total})  # fmt: skip
    return made


def correct(
    award: Award, *, place: str, before: str, after: str, on: dt.date, by: User, now: dt.datetime
) -> Correction:
    """Write down a clerical error of an award beside it; the award stays as it is. Raises :class:`Refused`."""
    place, before, after = place.strip()[:60], before.strip(), after.strip()
    if not place or not before or not after:
        raise Refused("请写明位置、原文和补正后的文字。", field="place")
    if before == after:
        raise Refused("补正后的文字与原文一样，请核对。", field="after")
    if len(before) > 300 or len(after) > 300:
        raise Refused("原文和补正后的文字各不超过300个字。", field="before")
    if not award.decided_on <= on <= now.date():
        raise Refused(f"补正日期须在裁决之日{award.decided_on}和今天之间。", field="on")
    with transaction.atomic():
        case = held(award.case, by)
        made, fresh = Correction.objects.get_or_create(
            award=award, place=place, before=masked_words(before),
            defaults={"after": masked_words(after), "on": on, "by_name": str(by), "recorded_at": now},
        )  # fmt: skip
        if not fresh and made.after != masked_words(after):
            raise Refused("这一处已经补正过，不能再改成别的文字。", field="after")
        if fresh:
            note(case, "corrected", f"补正{award}：{place}", by=by, now=now, after={"correction": made.pk})
    return made
