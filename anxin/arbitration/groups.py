"""Ten or more with a common claim elect three to five to speak; some things these do only with everybody's consent.

劳动争议调解仲裁法第七条, 劳动人事争议仲裁办案规则第六十二条、第六十三条.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from anxin.accounts.models import User
from anxin.arbitration.journalling import held, note
from anxin.arbitration.models import Applicant, ArbitrationCase, Consent, ConsentAnswer
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law

PEOPLE = "mediation_arbitration.collective_people"
REPRESENTATIVES = "mediation_arbitration.collective_reps"


@dataclass(frozen=True)
class Standing:
    """Whether the applicants may be represented, and how it stands; ``says`` is the sentence for the page."""

    people: int
    elected: int
    least_people: int
    least: int
    most: int

    @property
    def collective(self) -> bool:
        return self.people >= self.least_people

    @property
    def says(self) -> str:
        if not self.collective:
            return f"本件{self.people}名申请人，不到{self.least_people}人，不需要推举代表。"
        if self.elected:
            return f"{self.people}名申请人推举了{self.elected}名代表，符合{self.least}至{self.most}名的规定。"
        return f"{self.people}名申请人有共同请求的，可以推举{self.least}至{self.most}名代表参加仲裁。"


def standing(case: ArbitrationCase, law: Law, applicants: Sequence[Applicant] | None = None) -> Standing:
    """The rule of the day of the application held against the applicants."""
    rows = list(case.applicants.all()) if applicants is None else applicants
    limits = law.value(REPRESENTATIVES, case.applied_on, case.region_id).value
    people = law.value(PEOPLE, case.applied_on, case.region_id).value
    return Standing(
        len(rows), sum(one.represents for one in rows), int(people), int(limits["min"]), int(limits["max"])
    )


def elect(case: ArbitrationCase, chosen: Sequence[int], *, by: User, now: dt.datetime, law: Law) -> int:
    """Mark who was elected, instead of who was before; nobody chosen ends it. Returns how many. Raises :class:`Refused`."""
    with transaction.atomic():
        found = held(case, by)
        rows = list(found.applicants.all())
        wanted = {one.pk for one in rows} & set(chosen)
        rule = standing(found, law, rows)
        if wanted and not rule.collective:
            raise Refused(
                f"申请人须在{rule.least_people}人以上才推举代表，本件是{rule.people}人。", field="rep"
            )
        if wanted and not rule.least <= len(wanted) <= rule.most:
            raise Refused(
                f"代表须是{rule.least}至{rule.most}名，现在选了{len(wanted)}名，请重新选择。", field="rep"
            )
        if wanted == {one.pk for one in rows if one.represents}:
            return len(wanted)
        for one in rows:
            one.represents = one.pk in wanted
        Applicant.objects.bulk_update(rows, ["represents"])
        note(
            found, "elected", f"推举代表{len(wanted)}名", by=by, now=now, after={"applicants": sorted(wanted)}
        )
    return len(wanted)


def ask(case: ArbitrationCase, what: str, words: str, *, on: dt.date, by: User, now: dt.datetime) -> Consent:
    """Ask those who are represented whether they agree. Raises :class:`Refused`."""
    if what not in Consent.What.values:
        raise Refused("请选择要征求同意的事项。", field="what")
    words = worded(words, "请写明要他们同意什么", field="words", most=500)
    with transaction.atomic():
        found = held(case, by)
        if not found.applicants.filter(represents=True).exists():
            raise Refused("本件还没有推举代表；没有代表的，由各人自己决定。")
        standing_one = found.consents.filter(what=what, words=words).first()
        if standing_one is not None:
            return standing_one
        made = Consent.objects.create(
            case=found, what=what, words=words, asked_on=on, by_name=str(by), recorded_at=now
        )
        note(found, "consent_asked", f"征求被代表的劳动者同意：{made.get_what_display()}", by=by, now=now)
    return made


def answer(
    consent: Consent,
    applicants: Sequence[int],
    *,
    agrees: bool,
    how: str,
    on: dt.date,
    by: User,
    now: dt.datetime,
) -> int:
    """Write down what represented people say; who has answered is left as it is. Returns how many are new."""
    how = worded(how, "请写明他们怎样表示的", field="how", more="，例如“当面签名”")
    with transaction.atomic():
        case = held(consent.case, by)
        said = set(consent.answers.values_list("applicant", flat=True))
        fresh = [one for one in represented(case) if one.pk in set(applicants) - said]
        if not fresh:
            raise Refused("请选择还没有表示意见的人。", field="applicant")
        ConsentAnswer.objects.bulk_create(
            ConsentAnswer(consent=consent, applicant=one, agrees=agrees, on=on, how=how, by_name=str(by))
            for one in fresh
        )
        note(case, "consent_answered", f"{len(fresh)}人{'同意' if agrees else '不同意'}{consent.get_what_display()}",
             by=by, now=now, after={"consent": consent.pk, "applicants": [one.pk for one in fresh]})  # fmt: skip
    return len(fresh)


def represented(case: ArbitrationCase) -> list[Applicant]:
    """Whom the representatives speak for."""
    return list(case.applicants.filter(represents=False).order_by("number"))


def require_consent(applicant: Applicant) -> None:
    """A claim of somebody who is represented is changed or given up only with their consent. Raises :class:`Refused`."""
    if applicant.represents or not Applicant.objects.filter(case=applicant.case_id, represents=True).exists():
        return
    kinds = (Consent.What.CHANGE, Consent.What.GIVE_UP)
    agreed = ConsentAnswer.objects.filter(
        consent__case=applicant.case_id, consent__what__in=kinds, applicant=applicant, agrees=True
    )
    if not agreed.exists():
        raise Refused(
            f"{applicant}申请人由代表参加仲裁，变更或放弃请求须经本人同意，请先在“推举代表”里征求并登记同意。"
        )
