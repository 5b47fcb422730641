"""An agreement, its instalments to the last fen, what happens when one is missed, and the ways on."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anxin.casework.models import Matter
from anxin.casework.services import open_matter
from anxin.casework.succession import chain, join
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.letters import content, party, sources
from anxin.mediation import agreeing, climbing, daily, following, paying, stamping
from anxin.mediation.agreeing import Due
from anxin.mediation.models import Handoff, Instalment, Payment
from anxin.mediation.results import by_level
from anxin.notices.models import Notice
from anxin.referral import services
from anxin.referral.counting import Span, figures
from anxin.referral.models import Recovered
from anxin.referral.offers import offers
from tests.mediation.conftest import ADDRESS, TODAY, again, assigned, at, in_force, prepared, scan
from tests.referral.clues import a_clue

DAY = dt.timedelta(days=1)
FIRST, SECOND = TODAY + 10 * DAY, TODAY + 40 * DAY


@given(st.integers(1, 10**9), st.integers(1, 36))
def test_parts_of_a_sum_make_the_sum(total, number):
    days = [TODAY + index * DAY for index in range(number)]
    if total < number:
        with pytest.raises(Refused):
            agreeing.in_parts(total, days)
        return
    found = agreeing.in_parts(total, days)
    assert sum(one.amount_fen for one in found) == total
    assert all(one.amount_fen > 0 for one in found) and [one.due_on for one in found] == days


def test_a_plan_is_read_as_it_is_typed():
    assert agreeing.plan_of("2026-05-01 3000；2026-04-15 4500.50") == [
        Due(dt.date(2026, 4, 15), 450_050),
        Due(dt.date(2026, 5, 1), 300_000),
    ]
    for wrong in ("明天 3000", "2026-02-30 100", "2026-05-01", "2026-05-01 0"):
        with pytest.raises(Refused):
            agreeing.plan_of(wrong)


def drafted(centre, plans=None, *, described=True):
    case = assigned(centre)
    if described:
        for party in case.parties.all():
            agreeing.describe_party(
                party, id_number="", phone="", address=ADDRESS, by=centre.shi, now=at(TODAY, 12)
            )
    plans = plans or {
        one.pk: agreeing.in_parts(one.claimed_fen, [FIRST, SECOND]) for one in case.parties.all()
    }
    return case, agreeing.draft(
        case, plans, facts="双方对拖欠的月份和金额没有争议", manner="汇入劳动者本人银行卡", by=centre.shi, now=at(TODAY, 13),
        today=TODAY, law=centre.law,
    )  # fmt: skip


def test_an_agreement_names_what_is_still_missing_before_anybody_signs(centre):
    with pytest.raises(Refused, match=r"1号当事人的.*住所"):
        drafted(centre, described=False)


def test_instalments_of_another_sum_than_was_agreed_are_refused(centre):
    case = assigned(centre)
    for one in case.parties.all():
        agreeing.describe_party(
            one, id_number="", phone="", address=ADDRESS, by=centre.shi, now=at(TODAY, 12)
        )
    plans = {one.pk: [Due(FIRST, 100), Due(SECOND, 200)] for one in case.parties.all()}
    say = {
        "facts": "双方对拖欠的月份和金额没有争议", "manner": "汇入劳动者本人银行卡", "by": centre.shi, "now": at(TODAY, 13),
        "today": TODAY, "law": centre.law,
    }  # fmt: skip
    with pytest.raises(Refused, match=r"各期合计3\.00元，比约定金额3\.01元少0\.01元"):
        agreeing.draft(case, plans, agreed=dict.fromkeys(plans, 301), **say)
    assert agreeing.draft(case, plans, agreed=dict.fromkeys(plans, 300), **say).shares.count() == len(plans)


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ([], "没有付款计划"),
        ([Due(TODAY - DAY, 100)], "已经过去"),
        ([Due(FIRST, 100), Due(FIRST, 100)], "同一天"),
        ([Due(FIRST, 10**9)], "多于请求"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(centre, plan, words):
    case = assigned(centre)
    with pytest.raises(Refused, match=words):
        agreeing.draft(
            case, {one.pk: plan for one in case.parties.all()}, facts="双方没有争议", manner="银行转账", by=centre.shi,
            now=at(TODAY), today=TODAY, law=centre.law,
        )  # fmt: skip


def test_it_holds_once_everybody_has_signed_and_it_is_sealed_and_not_before(centre):
    case, made = drafted(centre)
    sealing = {"by": centre.shi, "now": at(TODAY, 14), "law": centre.law}
    with pytest.raises(Refused, match="还没有准备签名文件"):
        stamping.seal_agreement(made, **sealing)
    first, second = prepared(centre, made, now=at(TODAY, 14))
    people = list(second.signers.order_by("number").values_list("pk", flat=True))
    hand = {"data": scan(), "name": "扫描件.pdf", "now": at(TODAY, 14)}
    stamping.attach_scan(first, signed=first.signers.values_list("pk", flat=True), by=centre.shi, **hand)
    stamping.attach_scan(second, signed=people[:1], by=centre.shi, **hand)
    with pytest.raises(Refused, match="用人单位还有1份没有签名；调解员还有1份没有签名"):
        stamping.seal_agreement(made, **sealing)
    assert again(case).matter.state == "mediating"
    with pytest.raises(Refused, match="不由您办理"):
        stamping.attach_scan(second, signed=people, by=centre.other, **hand)
    with pytest.raises(Refused, match="有谁的签名"):
        stamping.attach_scan(second, signed=[*people, first.signers.get(number=1).pk], by=centre.shi, **hand)
    with pytest.raises(Refused, match="PDF，或者JPG"):
        stamping.attach_scan(
            second, signed=people, by=centre.shi, **{**hand, "data": b"GIF89a", "name": "a.gif"}
        )
    stamping.attach_scan(second, signed=people, by=centre.shi, **hand)
    one = paying.instalments_of(case).first()
    with pytest.raises(Refused, match="还没有生效"):
        word(centre, one, 100_000)
    with pytest.raises(Refused, match="不由您办理"):
        stamping.seal_agreement(made, **{**sealing, "by": centre.other})
    stamping.seal_agreement(made, **sealing)
    case = again(case)
    assert case.matter.state == "performing" and case.stage_due_on is None
    kept = case.matter.documents.filter(kind="mediation_agreement").order_by("pk")
    assert [one.number[-12:] for one in kept] == ["组织调协〔2026〕1号", "组织调协〔2026〕2号"]
    share = made.shares.get(party__number=2)
    assert (share.confirmed_on, share.confirmed_how) == (TODAY, "纸质签名，附扫描件")
    with pytest.raises(Refused, match="已经生效"):
        agreeing.withdraw(made, why="想改金额了", by=centre.shi, now=at(TODAY))
    with pytest.raises(Refused, match="已经生效"):
        stamping.seal_agreement(made, **sealing)
    with pytest.raises(Refused, match="已经盖章"):
        stamping.attach_scan(second, signed=people, by=centre.shi, **hand)


def test_a_draft_keeps_its_level_and_may_be_taken_back(centre):
    case, made = drafted(centre)
    day = case.stage_due_on + DAY
    assert climbing.climb_due(day, at(day), centre.law) == 0
    agreeing.withdraw(made, why="单位要求改期", by=centre.shi, now=at(TODAY))
    assert climbing.climb_due(day, at(day), centre.law) == 1


def word(centre, instalment, fen, day=FIRST, **more):
    values = {"proof": "word", "said": "电话里本人说已到账", "amount_fen": fen, "paid_on": day, **more}
    return paying.pay(instalment, by=more.pop("by", centre.shi), now=at(day), law=centre.law, **{
        key: value for key, value in values.items() if key != "by"
    })  # fmt: skip


def test_money_comes_in_parts_with_proof_and_never_twice(centre):
    case = in_force(centre, days=(FIRST, SECOND))
    one = paying.instalments_of(case).filter(share__party__number=1).first()
    assert one.amount_fen == 600_000
    with pytest.raises(Refused, match="怎样确认"):
        word(centre, one, 100_000, said="")
    with pytest.raises(Refused, match="凭什么证明"):
        word(centre, one, 100_000, proof="")
    with pytest.raises(Refused, match="还欠6,000"):
        word(centre, one, 600_001)
    with pytest.raises(Refused):
        word(centre, one, 100_000, by=centre.other)
    first = word(centre, one, 100_000)
    with pytest.raises(Refused, match="没有重复登记"):
        word(centre, one, 100_000)
    one.refresh_from_db()
    assert (one.paid_fen, one.paid_on) == (100_000, None)
    paying.take_back(first, why="听错了人", by=centre.shi, now=at(FIRST))
    one.refresh_from_db()
    assert one.paid_fen == 0 and Payment.objects.count() == 1


def test_an_instalment_is_offered_to_the_clue_of_the_chain_and_counted_there_once(centre):
    told = SimpleNamespace(site=None, firm=centre.firm)
    clue = a_clue(told, now=at(TODAY, 9), amount_fen=None)
    referral = services.refer(clue, by=centre.inspector, now=at(TODAY, 9), law=centre.law)
    case = in_force(centre, days=(FIRST, SECOND))
    Matter.objects.filter(pk=case.matter_id).update(follows=referral.matter, root=referral.matter)
    one = paying.instalments_of(case).filter(share__party__number=1).first()
    paid = word(centre, one, 100_000)
    assert paid.recovered is None, "a mediator works no clue"
    (offer,) = offers(clue)
    assert (offer.amount_fen, offer.paid_on, offer.about) == (100_000, paid.paid_on, ("mediation", case.pk))
    with pytest.raises(Refused, match="您没有处理这条线索的权限"):
        services.adopt(clue, offer.key, by=centre.outsider, now=at(FIRST))
    row = services.adopt(clue, offer.key, by=centre.inspector, now=at(FIRST))
    paid.refresh_from_db()
    assert paid.recovered == row and row.said.open() and offers(clue) == []
    paying.take_back(paid, why="听错了人", by=centre.inspector, now=at(FIRST))
    assert Recovered.objects.get().withdrawn_at is not None and offers(clue) == []


def test_one_payment_seen_by_clue_mediation_and_execution_counts_once(centre):
    told = SimpleNamespace(site=None, firm=centre.firm)
    clue = a_clue(told, now=at(TODAY, 9), amount_fen=None, region="990101")
    referral = services.refer(clue, by=centre.inspector, now=at(TODAY, 9), law=centre.law)
    case = in_force(centre, days=(FIRST, SECOND), clue=clue)
    Matter.objects.filter(pk=case.matter_id).update(follows=referral.matter, root=referral.matter)
    after = open_matter(
        procedure="post_award", title="裁决以后", region=centre.region, lead=centre.bureau, by=centre.inspector, on=TODAY,
        now=at(TODAY), law=centre.law,
    )  # fmt: skip
    join(after, case.matter)
    one = paying.instalments_of(case).filter(share__party__number=1).first()
    paid = word(centre, one, 100_001, by=centre.inspector)
    seen = {
        "proof": "word",
        "said": "电话里本人说已到账",
        "amount_fen": 100_001,
        "paid_on": FIRST,
        "by": centre.inspector,
    }
    again_ = services.record_payment(after, person="赵某某", now=at(FIRST), **seen)
    with pytest.raises(Refused, match="已经登记过"):
        services.add_recovered(clue, person="赵某某", now=at(FIRST), **seen)
    assert paid.recovered is not None and again_.recovered is None and offers(clue) == []
    told_ = figures(centre.leader, Span(TODAY, TODAY, FIRST))
    assert told_["money"].part == 100_001
    other = services.record_payment(after, person="赵某某", now=at(FIRST), **seen | {"amount_fen": 5})
    assert other.recovered is not None
    assert figures(centre.leader, Span(TODAY, TODAY, FIRST))["money"].part == 100_006


def test_the_last_instalment_fulfils_the_agreement(centre):
    case = in_force(centre, days=(FIRST,))
    for one in paying.instalments_of(case):
        word(centre, one, one.amount_fen)
    case = again(case)
    assert case.matter.state == "fulfilled"
    assert case.matter.documents.filter(kind="payment_proof").exists()
    town = next(one for one in by_level(centre.leader) if one.key == "town")
    assert (town.ended, town.agreed, town.performed, town.mean_days) == (1, 1, 1, 0.0)
    with pytest.raises(Refused, match="不能撤下"):
        paying.take_back(Payment.objects.first(), why="登记错了", by=centre.shi, now=at(FIRST))


def test_an_instalment_is_called_to_mind_before_its_day_and_seen_after_once(centre):
    case = in_force(centre, days=(FIRST,))
    early = FIRST - 4 * DAY
    assert daily.remind_of_instalments(early, at(early)) == 0
    soon = FIRST - 3 * DAY
    assert daily.remind_of_instalments(soon, at(soon)) == 2
    assert daily.remind_of_instalments(soon, at(soon)) == 0
    assert list(case.tellings.filter(occasion__startswith="due:").values_list("side", flat=True)) == [
        "employer"
    ]
    assert daily.see_overdue(FIRST, at(FIRST)) == 0
    late = FIRST + DAY
    assert daily.see_overdue(late, at(late)) == 2
    assert daily.see_overdue(late, at(late)) == 0
    assert JournalEntry.objects.filter(action="mediation.instalment_overdue").count() == 1


def test_who_can_hand_a_default_on_is_told_and_led_to_the_ways(centre):
    case = in_force(centre, days=(FIRST,))
    late = FIRST + DAY

    def told(user):
        rows = Notice.objects.filter(to=user, link__endswith=f"/cases/{case.pk}#ways")
        return list(rows.values_list("title", flat=True))

    assert (told(centre.inspector), told(centre.shi)) == ([], [])
    for _ in range(2):
        daily.see_overdue(late, at(late))
    (handler,), (mediator,) = told(centre.inspector), told(centre.shi)
    assert "或者在“没有履行，往哪里走”转" in handler
    assert "转司法确认、支付令、仲裁由某区人社局" in mediator
    assert told(centre.outsider) == [] == told(centre.other)


def routes(case, day, law):
    return {one.route: one for one in following.ways(again(case), day, law)}


def test_before_anything_is_overdue_only_confirmation_is_open(centre):
    case = in_force(centre, days=(FIRST,))
    found = routes(case, FIRST, centre.law)
    assert {key for key, one in found.items() if one.open} == {"confirmation"}
    assert "第二百零五条" in found["confirmation"].articles[0]
    with pytest.raises(Refused, match="还没有到期未付"):
        following.hand_on(
            case, "payment_order", by=centre.inspector, now=at(FIRST), today=FIRST, law=centre.law
        )


def test_confirmation_closes_the_day_after_the_thirtieth(centre):
    case = in_force(centre, days=(FIRST,))
    last = routes(case, FIRST, centre.law)["confirmation"].until
    assert routes(case, last, centre.law)["confirmation"].open
    after = routes(case, last + DAY, centre.law)["confirmation"]
    assert not after.open and "已经过去1天" in after.why
    with pytest.raises(Refused, match="期限到"):
        following.hand_on(
            case, "confirmation", by=centre.inspector, now=at(last + DAY), today=last + DAY, law=centre.law
        )


def test_confirmation_is_opened_with_everything_carried_over_once(centre):
    case, late = in_force(centre, days=(FIRST, SECOND)), FIRST + DAY
    one = paying.instalments_of(case).filter(share__party__number=2).first()
    word(centre, one, one.amount_fen)
    with pytest.raises(Refused):
        following.hand_on(case, "confirmation", by=centre.shi, now=at(late), today=late, law=centre.law)
    made = following.hand_on(
        case, "confirmation", by=centre.inspector, now=at(late), today=late, law=centre.law
    )
    again_ = following.hand_on(
        case, "confirmation", by=centre.inspector, now=at(late), today=late, law=centre.law
    )
    assert made == again_ and Handoff.objects.count() == 1
    assert made.owed == {"1": 1_200_000, "2": 720_050 - one.amount_fen}
    matter = made.matter
    assert (matter.procedure, matter.state, matter.opened_on) == ("mediation_force", "effective", TODAY)
    kinds = list(matter.documents.values_list("kind", flat=True))
    assert kinds.count("judicial_confirmation_application") == 2 and kinds.count("mediation_agreement") == 2
    assert chain(centre.inspector, matter, centre.law).before == case.matter
    assert again(case).matter.state == "performing"


def test_a_payment_order_shares_the_matter_and_arbitration_has_its_own(centre):
    case, late = in_force(centre, days=(FIRST,)), FIRST + DAY
    give = {"by": centre.inspector, "now": at(late), "today": late, "law": centre.law}
    first = following.hand_on(case, "confirmation", **give)
    order = following.hand_on(case, "payment_order", **give)
    assert order.matter == first.matter and again(case).matter.state == "breached"
    assert order.matter.documents.filter(kind="payment_order_application").count() == 2
    arbitration = following.hand_on(case, "arbitration", **give)
    assert arbitration.matter.procedure == "arbitration"
    assert arbitration.matter.documents.filter(kind="arbitration_application").count() == 2
    signed = set(case.signed_papers.values_list("file__sha256", flat=True))
    assert len(signed) == 2
    for way in (order, arbitration):
        brought = way.matter.documents.filter(kind="mediation_agreement")
        assert {one.file.sha256 for one in brought} == signed and brought.count() == 2
        assert {one.number[-2:] for one in brought} == {"1号", "2号"}
    # money that comes later is still recorded against its instalment
    one = Instalment.objects.first()
    word(centre, one, one.amount_fen, day=late)
    assert sum(paying.owed_by_party(case).values()) < case.claimed_fen


def test_money_of_a_clue_is_counted_for_the_clue_once(centre):
    from anxin.clues.models import Clue
    from anxin.referral.models import Recovered

    clue = Clue.objects.create(
        number="990101001〔2026〕线索00001号", channel="visit", region=centre.region, received_at=at(TODAY), recorded_at=at(TODAY),
        title="木工班讨要工资",
    )  # fmt: skip
    case = in_force(centre, days=(FIRST,), clue=clue)
    one, other = paying.instalments_of(case)
    paid = word(centre, one, one.amount_fen, by=centre.inspector)
    assert paid.recovered is not None and Recovered.objects.get().amount_fen == one.amount_fen
    assert word(centre, other, 100, by=centre.shi).recovered is None
    paying.take_back(paid, why="登记错了人", by=centre.inspector, now=at(FIRST))
    assert Recovered.objects.get().withdrawn_at is not None


def test_papers_that_give_an_agreement_its_force_begin_with_it(centre):
    case = in_force(centre, days=(FIRST,))
    made = following.hand_on(
        case, "confirmation", by=centre.inspector, now=at(TODAY), today=TODAY, law=centre.law
    )
    paper = party.make(made.matter, kind="arb_review_application", by=centre.inspector, now=at(TODAY, 15))
    said = content.values_of(paper)
    assert (said["agreed_on"], said["employer"]) == (TODAY.isoformat(), case.employer_name)
    assert said["ask_by"] == made.matter.deadlines.get(clock="apply_arb_review").due_on.isoformat()
    assert not {"worker", "amount", "agreement_number"} & set(said)  # two workers: each applies alone
    known = sources.known(made.matter, None)
    assert known["applicants"].endswith(f"、{case.employer_name}") and known["applicants"].count("、") == 2
    assert "applicants" not in sources.known(case.matter, None)
