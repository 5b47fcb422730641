"""Money that is proved in the matters of a clue already: offered once, counted with its own proof, never twice."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.casework.succession import go_on
from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.clues.models import Claimant
from anxin.evidence import files
from anxin.kernel.refusal import Refused
from anxin.letters import content
from anxin.letters.models import PartyPaper
from anxin.referral import services
from anxin.referral.concluding import recovered_fen
from anxin.referral.counting import Span, figures
from anxin.referral.models import Closing, Recovered, Referral
from anxin.referral.offers import offers
from anxin.referral.proofs import papers_of
from tests.monitoring import factories as make
from tests.monitoring.factories import id_number
from tests.referral.clues import a_clue, paper, step, to_the_end
from tests.referral.conftest import NOW

DAY = NOW.date()


@pytest.fixture
def clue(city):
    found = a_clue(city)
    services.refer(found, by=city.desk, now=NOW, law=city.law)
    return found


def person(city, clue, name, worker=600_000, *, serial=0):
    said = Said(name, id_number(serial) if serial else "", amounts={"worker": worker})
    add_claimant(clue, said, by=city.desk, now=NOW)
    return Claimant.objects.latest("pk")


def receipt(city, serial=1, fen=600_000, month="2026-10"):
    return make.pay(make.line(city.site, month, make.worker(serial), net_fen=fen), paid_on="2026-11-20")


def signed_for(city, matter, rows, *, by_hand=True):
    """劳动者签收单 as it stands once it was signed and kept."""
    document = paper(matter, "worker_receipt", by=city.housing)
    values = {
        "employer": "众力劳务有限公司", "origin": "限期改正指令书", "paid_on": DAY.isoformat(), "channel": "cash", "settled": "all",
        "received": [{"name": name, "period": "2026年10月", "amount": fen} for name, fen in rows],
        "issued_on": DAY.isoformat(),
    }  # fmt: skip
    file = files.store(b"%PDF-1.4 signed", name="签收单.pdf", now=NOW)
    return PartyPaper.objects.create(
        matter=matter, kind="worker_receipt", state=PartyPaper.State.DONE, fields=content.sealed_values(values),
        made_by=city.housing, made_at=NOW, by_hand=by_hand, document=document, file=file, unsigned=file,
    )  # fmt: skip


def adopt(city, clue, key, *, by=None, now=NOW):
    return services.adopt(clue, key, by=by or city.desk, now=now)


def test_a_receipt_of_a_payroll_is_offered_to_the_person_with_its_id_number(city, clue):
    one = person(city, clue, "甲工人1", 400_000, serial=1)
    person(city, clue, "甲工人2", serial=2)
    found = receipt(city)
    receipt(city, serial=3)
    (offer,) = offers(clue)
    assert (offer.claimant, offer.amount_fen, offer.paid_on) == (one, 400_000, DAY), (
        "no more than they are owed"
    )
    assert offer.about == ("project", city.site.pk) and found.reference in offer.source
    row = adopt(city, clue, offer.key)
    assert (row.receipt, row.claimant, row.amount_fen) == (found, one, 400_000)
    assert offers(clue) == []
    with pytest.raises(Refused, match="已经采用"):
        adopt(city, clue, offer.key)
    assert recovered_fen(clue) == 400_000


def test_who_does_not_record_money_of_the_clue_takes_up_nothing(city, clue):
    person(city, clue, "甲工人1", serial=1)
    receipt(city)
    with pytest.raises(Refused, match="您没有处理这条线索的权限"):
        adopt(city, clue, offers(clue)[0].key, by=city.outsider)
    assert not Recovered.objects.exists()


def test_what_workers_signed_for_is_offered_person_by_person(city, clue):
    one, two = person(city, clue, "赵某某"), person(city, clue, "钱某某")
    matter = Referral.objects.get().matter
    kept = signed_for(city, matter, [("赵某某", 100_000), ("赵某某", 50_000), ("钱某某", 20_001)])
    found = offers(clue)
    assert [(each.claimant, each.amount_fen) for each in found] == [(one, 150_000), (two, 20_001)]
    assert found[0].about == ("paper", kept.pk)
    row = adopt(city, clue, found[0].key)
    assert (row.proof, row.document, row.amount_fen) == ("document", kept.document, 150_000)
    adopt(city, clue, found[1].key)
    with pytest.raises(Refused, match="只剩"):
        services.add_recovered(
            clue, proof="document", document=kept.document, claimant=person(city, clue, "孙某某"), amount_fen=1,
            paid_on=DAY, by=city.desk, now=NOW,
        )  # fmt: skip


def test_who_did_not_sign_is_offered_nothing(city, clue):
    person(city, clue, "赵某某")
    signed_for(city, Referral.objects.get().matter, [("赵某某", 100_000)], by_hand=False)
    assert offers(clue) == []


def test_what_was_typed_before_is_not_offered_again(city, clue):
    one = person(city, clue, "甲工人1", serial=1)
    receipt(city)
    services.add_recovered(
        clue, proof="word", said="11月20日电话，本人说已到账", claimant=one, amount_fen=600_000, paid_on=DAY,
        by=city.desk, now=NOW,
    )  # fmt: skip
    assert offers(clue) == []


def test_papers_of_every_matter_prove_and_a_file_that_went_along_proves_once(city, clue):
    referral = Referral.objects.get()
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    step(referral.matter, "contact", by=city.housing)
    proof = paper(referral.matter, "payment_proof", by=city.housing)
    begun = go_on(
        referral.matter, "mediation", by=_both(city), now=NOW, law=city.law, title="木工班工资", region=city.here,
        lead=city.bodies["QRS"], on=DAY,
    )  # fmt: skip
    same = begun.documents.filter(kind="payment_proof").first() or paper(begun, "payment_proof", by=city.desk)
    assert same.file_id == proof.file_id
    assert papers_of(Referral.objects.get()).count(proof) == 1 and same not in papers_of(
        Referral.objects.get()
    )
    told = {"proof": "document", "amount_fen": 100_000, "paid_on": DAY, "by": city.desk, "now": NOW}
    services.add_recovered(clue, document=same, person="赵某某", **told)
    with pytest.raises(Refused, match="只剩"):
        services.add_recovered(clue, document=proof, person="钱某某", **told)


def _both(city):
    from anxin.accounts.models import Grant, Role, User

    user = User.objects.create_user("both", display_name="某both")
    Grant.objects.create(user=user, role=Role.INSPECTOR, region="9901")
    return user


def test_money_after_closing_is_counted_without_opening_and_earlier_numbers_stay(city, clue):
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    matter = Referral.objects.get().matter
    proof = paper(matter, "payment_proof", by=city.housing)
    first = services.add_recovered(
        clue, proof="document", document=proof, person="赵某某", amount_fen=1_860_000, paid_on=DAY,
        by=city.housing, now=NOW, paper_fen=2_000_000,
    )  # fmt: skip
    services.conclude(
        clue, "属实，已付清", words="逐人核对了银行回单。", people=4, amount_fen=1_860_000, by=city.housing, now=NOW,
        law=city.law,
    )  # fmt: skip
    to_the_end(matter, by=city.housing)
    services.strike(clue, by=city.housing, now=NOW, law=city.law)
    after = NOW + dt.timedelta(days=40)
    late = services.add_recovered(
        clue, proof="document", document=proof, person="钱某某", amount_fen=100_000, paid_on=after.date(),
        by=city.housing, now=after,
    )  # fmt: skip
    clue.refresh_from_db()
    assert clue.state == "closed" and Closing.objects.get().reopened_at is None
    with pytest.raises(Refused, match="您没有处理这条线索的权限"):
        services.add_recovered(
            clue, proof="word", said="电话里本人说已到账", person="孙某某", amount_fen=1, paid_on=DAY, by=city.outsider, now=after
        )  # fmt: skip
    assert _money(city, 30) == 1_860_000 and _money(city, 40) == 1_960_000
    with pytest.raises(Refused, match="销号以前登记的"):
        services.withdraw_recovered(first, why="登记错了人", by=city.housing, now=after)
    services.withdraw_recovered(late, why="登记错了人", by=city.housing, now=after + dt.timedelta(days=2))
    assert _money(city, 41) == 1_960_000 and _money(city, 42) == 1_860_000, "as it stood on each day"


def _money(city, days):
    told = figures(city.leader, Span(DAY, DAY, DAY + dt.timedelta(days=days)))
    return told["money"].part
