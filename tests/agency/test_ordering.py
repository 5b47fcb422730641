"""Orders to the bank: what goes in, what is looked at first, what comes out again."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from anxin.agency import services
from anxin.agency.models import PayOrder, PayOrderLine
from anxin.agency.ordering import ready
from anxin.connections import layouts
from anxin.evidence import files
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.formats import registry
from anxin.formats.messages import Outcome
from anxin.kernel.refusal import Refused
from anxin.payroll.models import PayrollLine
from anxin.payroll.promising import lines_by_reference
from anxin.registry.models import Organisation
from tests.agency.factories import (
    CHECKER,
    DRAFTER,
    NOW,
    approved,
    card,
    lines,
    ordered,
    results,
    sent,
    site,
    submitted,
    take,
)

pytestmark = pytest.mark.django_db


def make(run, **options):
    return services.make_order(run, format="wage_file", actor=CHECKER, now=NOW, **options)


def test_the_file_holds_each_payable_line_once_and_the_total(home):
    order = ordered(approved(site()))
    message = registry.read(files.read(order.file)).message
    assert [line.amount_fen for line in message.lines] == [600_000] * 3
    assert (message.total_fen, order.total_fen, order.lines_count) == (1_800_000, 1_800_000, 3)
    assert message.payer_account == "9900110022003300"
    assert [line.reference for line in message.lines] == [f"{order.reference}{n:05d}" for n in (1, 2, 3)]


def test_a_reference_leads_to_the_line_that_it_pays(home):
    run = approved(site(1))
    reference = ordered(run).lines.get().reference
    assert lines_by_reference([reference, "AX00000000000100001"]) == {
        reference: lines(run)[0].payroll_line_id
    }


def test_a_run_that_is_not_approved_gives_no_order(home):
    with pytest.raises(Refused, match="待总包审核"):
        make(submitted(site(1)))


def test_a_site_without_account_gives_no_order(home):
    place = site(1)
    place.project.special_accounts.all().delete()
    with pytest.raises(Refused, match="没有登记在用的农民工工资专用账户"):
        make(approved(place), accept_warnings=True)


@pytest.mark.parametrize("balance, sentence", [(100_000, "还差5,000.00元"), (None, "不知道专用账户余额")])
def test_too_little_on_the_account_is_a_warning_to_be_seen(home, balance, sentence):
    run = approved(site(1, balance_fen=balance))
    assert [sentence in check.sentence for check in ready(run).warnings] == [True]
    with pytest.raises(Refused, match="报送前检查发现1处"):
        make(run)
    assert make(run, accept_warnings=True).lines_count == 1


def set_card(line, number):
    line.bank_card, line.card_hash = (
        (Sealed.of(number), finding_hash("card", number)) if number else (None, "")
    )
    line.save()


@pytest.mark.parametrize("number, sentence", [("", "没有银行卡号"), ("990000000000019", "末位校验不对")])
def test_a_line_the_bank_would_refuse_is_left_out_and_named(home, number, sentence):
    run = approved(site(2))
    set_card(lines(run)[0], number)
    found = ready(run)
    assert [sentence in check.sentence for check in found.errors] == [True]
    assert make(run, accept_warnings=True).lines.get().run_line_id == lines(run)[1].pk


def test_a_name_that_is_not_the_workers_is_left_out(home):
    run = approved(site(2))
    line = lines(run)[0]
    line.name = "别人的名字"
    line.save()
    assert ["不一致，工资只能发给本人" in check.sentence for check in ready(run).errors] == [True]


def test_a_card_of_several_people_is_flagged_on_each(home):
    run = approved(site(3))
    one, two, _ = lines(run)
    set_card(two, card(1))
    flagged = [check.line_id for check in ready(run).warnings if "由他人代领" in check.sentence]
    assert flagged == [one.pk, two.pk]


def test_a_line_without_net_wage_is_not_sent(home):
    place = site(1)
    from decimal import Decimal

    from anxin.agency.services import LineEdit
    from anxin.agency.wages import Deduction
    from tests.agency.factories import DRAFTER, drafted

    run = drafted(place)
    all_of_it = LineEdit(
        lines(run)[0].pk, "day", 30_000, Decimal(20), deductions=(Deduction("advance", 600_000),)
    )
    services.edit_lines(run, [all_of_it], actor=DRAFTER, now=NOW)
    services.open_to_workers(run, actor=DRAFTER, now=NOW)
    services.submit_run(run, unanswered_note="本人已当面知悉", actor=DRAFTER, now=NOW)
    assert services.approve_run(run, employer=place.general, actor=CHECKER, now=NOW).state == "settled"


def test_while_an_order_waits_no_second_one_is_made(home):
    run = approved(site(1))
    ordered(run)
    with pytest.raises(Refused, match="已有一份还没有报送"):
        ordered(run)


def test_a_given_up_order_frees_its_lines(home):
    run = approved(site(1))
    services.cancel_order(ordered(run), actor=CHECKER, now=NOW)
    assert ordered(run).number == 2


def test_what_was_sent_is_not_given_up(home):
    with pytest.raises(Refused, match="银行办理中"):
        services.cancel_order(sent(site(1)), actor=CHECKER, now=NOW)


def test_after_sending_nothing_is_left_to_send(home):
    order = sent(site(2))
    with pytest.raises(Refused, match="没有可以报送的行"):
        ordered(order.run)


@pytest.mark.parametrize("state", ["open", "paid"])
def test_the_database_refuses_a_line_in_two_living_orders(home, state):
    order = sent(site(1))
    order.lines.update(state=state)
    row = order.lines.get()
    twin = PayOrder.objects.create(
        run=order.run, number=9, reference="AX99", payer_name="x", total_fen=1, lines_count=1, made_at=NOW
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        PayOrderLine.objects.create(
            order=twin,
            run_line=row.run_line,
            sequence=1,
            reference="AX99-1",
            payee_name="x",
            bank_card=Sealed.of("1"),
            card_hash="x",
            amount_fen=1,
        )


def test_a_return_is_mended_and_only_what_came_back_goes_again(home):
    order = sent(site(3))
    take(order, results(order, {2: (Outcome.RETURNED, "wrong_card")}))
    run = order.run
    back = lines(run)[1]
    with pytest.raises(Refused, match="收款信息还没有更正"):
        ordered(run)
    services.mend_line(back, bank_card=card(77), actor=CHECKER, now=NOW)
    again = ordered(run)
    assert [(row.run_line_id, row.bank_card.open()) for row in again.lines.all()] == [(back.pk, card(77))]


def test_a_mended_card_corrects_the_promise_so_that_the_receipt_fits(home):
    order = sent(site(1))
    take(order, results(order, {1: (Outcome.RETURNED, "closed")}))
    services.mend_line(lines(order.run)[0], bank_card=card(77), actor=CHECKER, now=NOW)
    promised = PayrollLine.objects.get(superseded_at__isnull=True)
    assert promised.bank_card.open() == card(77)
    assert lines(order.run)[0].payroll_line_id == promised.pk


def test_a_limit_goes_again_without_mending(home):
    order = sent(site(1))
    take(order, results(order, {1: (Outcome.RETURNED, "limit")}))
    assert ordered(order.run).lines_count == 1


def test_money_goes_to_the_worker_and_nobody_else(home):
    order = sent(site(1))
    take(order, results(order, {1: (Outcome.RETURNED, "wrong_name")}))
    with pytest.raises(Refused, match="收款人只能是本人"):
        services.mend_line(lines(order.run)[0], payee_name="班组长", actor=CHECKER, now=NOW)


def test_a_wrong_card_number_is_refused_beside_its_field(home):
    order = sent(site(1))
    take(order, results(order, {1: (Outcome.RETURNED, "wrong_card")}))
    with pytest.raises(Refused) as refused:
        services.mend_line(lines(order.run)[0], bank_card="123", actor=CHECKER, now=NOW)
    assert refused.value.field == "bank_card"


def test_a_line_with_the_bank_is_not_mended(home):
    order = sent(site(1))
    with pytest.raises(Refused, match="正在办理"):
        services.mend_line(lines(order.run)[0], bank_card=card(77), actor=CHECKER, now=NOW)


def test_file_is_written_as_agreed_with_the_bank_of_the_account(home):
    place = site(1)
    account = place.project.special_accounts.get()
    if account.bank is None:
        account.bank = Organisation.objects.create(code="SLYH", name="示例银行", kind="bank")
        account.save()
    layout = layouts.draft_order_layout(
        organisation=account.bank,
        name="代发",
        format_key="ntagcapy",
        options={"login": "GONGXIN"},
        actor=DRAFTER,
        now=NOW,
    )
    tried, _ = layouts.pass_trial(layout, actor=DRAFTER, now=NOW)
    run = approved(place)
    before = services.make_order(run, format="ntagcapy", accept_warnings=True, actor=CHECKER, now=NOW)
    assert b"<LGNNAM>ANXIN<" in files.read(before.file)
    services.cancel_order(before, actor=CHECKER, now=NOW)
    layouts.go_live(tried, actor=CHECKER, now=NOW)
    order = services.make_order(run, format="ntagcapy", accept_warnings=True, actor=CHECKER, now=NOW)
    assert b"<LGNNAM>GONGXIN<" in files.read(order.file)
