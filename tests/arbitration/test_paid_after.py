"""Money paid after an award: whom it gives how much, what each got, counted for the clue once."""

from __future__ import annotations

import pytest

from anxin.arbitration import aftermath
from anxin.casework.models import Matter
from anxin.kernel.refusal import Refused
from anxin.referral import services
from anxin.referral.models import MatterPayment
from anxin.referral.payees import payees
from tests.arbitration.conftest import NOW, TODAY, a_case, claimed, decided, due, found, with_paper


def executed(bench, case):
    """The matter of the remedies of the one award of the case."""
    with_paper(bench, case)
    (award,) = decided(bench, case)
    begun = aftermath.begin(award, by=bench.inspector, now=NOW, law=bench.law)
    return Matter.objects.select_related("lead", "root").get(pk=begun.pk)


def test_an_award_gives_each_applicant_the_sum_that_was_found_and_nothing_to_the_others(bench):
    case = a_case(bench)
    found(bench, claimed(bench, case))
    found(bench, due(bench, case, "overtime", 30_001))
    found(bench, due(bench, case, "wage", 50_000, number=2), 0, "没有证据证明用工")
    matter = executed(bench, case)
    (one,) = payees(matter, None)
    assert (one.number, one.owed_fen, one.name.open()) == (1, 450_001, "赵某某")
    told = {"proof": "word", "said": "4月2日电话，本人说已到账", "by": bench.inspector, "now": NOW}
    row = services.record_payment(matter, payee=one.key, amount_fen=450_001, paid_on=TODAY, **told)
    assert (row.person.open(), row.person_key) == ("赵某某", one.key)
    with pytest.raises(Refused, match="请从本件的人员里选择"):
        services.record_payment(matter, person="钱某某", amount_fen=1, paid_on=TODAY, **told)
    with pytest.raises(Refused, match="没有办理权限"):
        services.record_payment(
            matter, payee=one.key, amount_fen=1, paid_on=TODAY, **told | {"by": bench.outsider}
        )
    assert MatterPayment.objects.count() == 1


def test_an_arbitration_itself_has_no_payments(bench):
    case = a_case(bench)
    with pytest.raises(Refused, match="这类事项不登记付款"):
        services.record_payment(
            case.matter, proof="word", said="电话里本人说已到账", person="赵某某", amount_fen=1, paid_on=TODAY,
            by=bench.inspector, now=NOW,
        )  # fmt: skip
