"""The references of our orders name payroll lines, so that receipts find them first."""

from __future__ import annotations

import pytest

from anxin.funds.models import ReceiptMatch
from anxin.funds.ordered import lines_meant
from tests.agency.factories import results, sent, site, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]


def test_reference_names_line_payee_and_card_as_the_order_told_them():
    line = sent(site(2)).lines.first()
    meant = lines_meant([line.reference, "AX00000000000000000"])
    assert list(meant) == [line.reference]
    named = meant[line.reference]
    assert (named.line_id, named.card_hash) == (line.run_line.payroll_line_id, line.card_hash)


def test_receipts_of_an_order_are_matched_by_its_references():
    order = sent(site(2))
    take(order, results(order))
    reasons = set(ReceiptMatch.objects.filter(ended_at=None).values_list("state", "reason"))
    assert reasons == {("exact", "代发单流水号一致")}
