"""Templates and the law's data hold together."""

from __future__ import annotations

import pytest

from anxin.law.loading import load
from anxin.typesetting.letters import ISSUED
from anxin.typesetting.templates import cited, templates
from tests.support.letters import cite, example

#: starred in the catalogue of instruments: what the law itself asks each of them to state
STARRED = {
    "rectification_order": {"arrears", "pay_within", "pay_by"},
    "mediation_application": {"worker", "claims", "facts"},
    "mediation_agreement": {"worker", "employer", "claims", "plan"},
    "arbitration_application": {
        "worker", "worker_gender", "worker_born", "worker_id", "worker_address", "worker_mail", "worker_phone", "employer",
        "employer_address", "employer_mail", "employer_phone", "employer_head", "claims", "facts", "evidence", "witnesses",
    },
    "arbitration_award": {"claims", "facts", "reasons", "part", "items", "court", "higher_court", "issued_on"},
    "admin_decision": {"employer", "employer_address", "found", "evidence", "manner", "pay_within", "reconsideration_body", "court", "issued_on"},
    "penalty_prior_notice": {"found", "evidence", "violated", "basis", "penalty", "reply_within", "hearing"},
    "penalty_decision": {
        "employer", "employer_address", "found", "evidence", "basis", "fine", "other_penalty", "manner", "reconsideration_body",
        "court", "issuer", "issued_on",
    },
    "arbitration_mediation": {"claims", "plan", "other"},
    "demand_letter": {"duty", "unpaid", "manner"},
    "advance_enforcement_award": {"claims", "facts", "reasons", "items", "court", "issued_on"},
    # twelve of the wage regulation's article 34, and what is said of the deposit
    "notice_board_check": {
        "board_owner", "board_contractor", "board_subcontractor", "board_industry", "board_officer", "board_minimum", "board_payday",
        "board_industry_phone", "board_inspection_phone", "board_arbitration", "board_aid", "board_hotline", "board_deposit",
    },
}  # fmt: skip


@pytest.mark.parametrize("key", sorted(templates()))
def test_a_template_is_an_instrument_of_the_law_and_has_its_name(key):
    assert load().document(key).name == templates()[key].name


@pytest.mark.parametrize("key", sorted(templates()))
def test_every_provision_resolves(key):
    for one in cited(templates()[key]):
        for article, sub, paragraph in one.places:
            assert cite(one.statute, article, paragraph, sub).startswith("《")


@pytest.mark.parametrize("key", sorted(templates()))
def test_the_statute_that_an_instrument_rests_on_is_quoted(key):
    references = {one.statute for one in load().document(key).references}
    if templates()[key].style in ISSUED and references:
        assert {one.statute for one in cited(templates()[key])} & references


@pytest.mark.parametrize("key", sorted(templates()))
def test_issued_papers_have_a_register_and_others_none(key):
    one = templates()[key]
    assert bool(one.register) == (one.style in ISSUED)


def test_registers_of_different_instruments_differ():
    words = [one.register for one in templates().values() if one.register]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("key", sorted(STARRED))
def test_what_the_law_asks_to_be_stated_has_its_field(key):
    assert STARRED[key] <= set(templates()[key].fields)


@pytest.mark.parametrize("key", sorted(templates()))
def test_every_template_fills_from_its_example(key):
    letter = example(key)
    assert letter.blocks
    assert letter.template_digest == templates()[key].digest
    assert "{" not in repr(letter.blocks)
