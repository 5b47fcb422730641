"""The bank operator's portal: what one's own institution sees and does, beside what does not exist for another."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from openpyxl import load_workbook

from anxin.accounts.models import Grant, Role, User
from anxin.agency.models import LineResult, PayOrderLine
from anxin.evidence.models import JournalEntry
from anxin.funds.models import AccountQuery, BankReceipt, SpecialAccount
from tests.agency import factories as make
from tests.agency.test_results import table

pytestmark = pytest.mark.django_db


def operator(name: str, institution: str) -> Client:
    user = User.objects.create(username=name, display_name=name, office="虚构银行营业部")
    Grant.objects.create(user=user, role=Role.BANK_OPERATOR, institution=institution)
    client = Client()
    client.force_login(user, backend="anxin.accounts.backends.PeopleBackend")
    return client


@pytest.fixture
def place(home):
    return make.site(3)


@pytest.fixture
def order(place):
    return make.sent(place)


@pytest.fixture
def own(place):
    return operator("本行", "BANK1")


@pytest.fixture
def other(place):
    make.factories.organisation("BANK2", name="虚构外行", kind="bank")
    return operator("外行", "BANK2")


@pytest.fixture
def query(place):
    return AccountQuery.objects.create(
        account=SpecialAccount.objects.get(),
        state="approved",
        purpose="核实工资支付",
        case_number="虚构案1号",
        first_day=dt.date(2026, 9, 1),
        last_day=dt.date(2026, 10, 31),
        asked_by="user:1",
        asked_by_name="某监察员",
        asked_at=make.NOW,
        decided_by_name="某局长",
        decided_at=make.NOW,
    )


def go(client, name, *args, status=200):
    answer = client.get(reverse(f"bank:{name}", args=args))
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer


def upload(client, order, data, name="结果.xlsx", status=302):
    file = SimpleUploadedFile(name, data)
    answer = client.post(reverse("bank:order-results", args=[order.pk]), {"file": file})
    assert answer.status_code == status
    return answer


def states(order):
    return list(order.lines.order_by("sequence").values_list("state", flat=True))


def cells(answer):
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return {cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None}


def test_home_names_what_waits_for_the_own_bank_and_nothing_for_another(own, other, order, query):
    page = go(own, "home").content.decode()
    assert order.reference in page
    assert "虚构案1号" in page
    page = go(other, "home").content.decode()
    assert order.reference not in page
    assert "虚构案1号" not in page


def test_batches_accounts_and_their_exports_hold_the_own_banks_alone(own, other, order, place):
    assert order.reference in go(own, "orders").content.decode()
    assert order.reference not in go(other, "orders").content.decode()
    assert order.reference in cells(go(own, "orders-export"))
    assert order.reference not in cells(go(other, "orders-export"))
    assert place.project.name in go(own, "accounts").content.decode()
    assert place.project.name not in go(other, "accounts").content.decode()
    assert place.project.name in cells(go(own, "accounts-export"))
    assert place.project.name not in cells(go(other, "accounts-export"))


@pytest.mark.parametrize("name", ["order", "order-file", "order-export"])
def test_another_banks_batch_does_not_exist(name, own, other, order):
    go(own, name, order.pk)
    go(other, name, order.pk, status=404)


def test_batch_that_is_only_being_prepared_does_not_exist_for_the_bank(own, place):
    go(own, "order", make.ordered(make.approved(place)).pk, status=404)


def test_download_is_journalled(own, order):
    assert order.lines.first().reference.encode() in go(own, "order-file", order.pk).content
    entry = JournalEntry.objects.filter(action="agency.file_downloaded").get()
    assert (entry.object_id, order.reference in entry.summary) == (str(order.pk), True)


def test_results_with_a_return_are_taken_once(own, order):
    data = table(order, ["paid", "failed", "paid"])
    upload(own, order, data)
    assert states(order) == ["paid", "returned", "paid"]
    page = go(own, "order", order.pk).content.decode()
    assert "账户已销户" in page
    assert "closed" not in strip_tags(page)
    assert "closed" not in cells(go(own, "order-export", order.pk))
    before = (LineResult.objects.count(), BankReceipt.objects.count())
    upload(own, order, data)
    assert "没有新的结果" in go(own, "order", order.pk).content.decode()
    assert (LineResult.objects.count(), BankReceipt.objects.count()) == before


def test_another_bank_cannot_give_results(other, order):
    upload(other, order, table(order, ["paid"] * 3), status=404)
    assert set(states(order)) == {PayOrderLine.State.OPEN}


def test_file_that_is_no_result_is_refused_with_a_sentence(own, order):
    upload(own, order, b"nothing", name="x.bin")
    assert set(states(order)) == {PayOrderLine.State.OPEN}
    assert "alert-danger" in go(own, "order", order.pk).content.decode()


def test_cards_are_masked_on_the_page_and_in_the_export(own, order):
    number = order.lines.first().bank_card.open()
    assert number not in go(own, "order", order.pk).content.decode()
    assert number not in cells(go(own, "order-export", order.pk))


def test_approved_query_is_answered_once_by_the_bank_that_keeps_the_account(own, other, query):
    address = reverse("bank:query", args=[query.pk])
    assert other.get(address).status_code == 404
    assert other.post(address, {"answer": "x"}).status_code == 404
    own.post(address, {"answer": "期间发生三笔", "balance": "1234.56"})
    query.refresh_from_db()
    assert (query.state, query.answer, query.answer_balance_fen) == ("answered", "期间发生三笔", 123456)
    own.post(address, {"answer": "另一个说法"})
    query.refresh_from_db()
    assert query.answer == "期间发生三笔"


def test_balance_that_is_no_amount_is_refused(own, query):
    own.post(reverse("bank:query", args=[query.pk]), {"answer": "见附件", "balance": "很多"})
    query.refresh_from_db()
    assert query.state == "approved"


def test_query_that_nobody_approved_does_not_exist_for_the_bank(own, query):
    AccountQuery.objects.update(state="asked")
    go(own, "query", query.pk, status=404)


def test_clerks_of_employers_have_no_door_to_it(place, order):
    user = User.objects.create(username="clerk")
    Grant.objects.create(user=user, role=Role.PAYROLL_CLERK, employer=make.GENERAL_USCC)
    client = Client()
    client.force_login(user, backend="anxin.accounts.backends.PeopleBackend")
    go(client, "order", order.pk, status=403)


def test_the_list_of_queries_and_its_export_hold_the_own_banks_alone(own, other, query):
    found = AccountQuery.objects.get(pk=query.pk)
    for address in (reverse("bank:queries"), reverse("bank:queries-export")):
        assert own.get(address).status_code == 200
    assert found.case_number in own.get(reverse("bank:queries")).content.decode()
    assert found.case_number not in other.get(reverse("bank:queries")).content.decode()
    assert found.case_number in str(cells(own.get(reverse("bank:queries-export"))))
    assert found.case_number not in str(cells(other.get(reverse("bank:queries-export"))))
