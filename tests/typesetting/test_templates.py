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
    "arbitration_award": {"claims", "facts", "reasons", "items", "court", "higher_court", "issued_on"},
    "collective_award": {"applicants", "claims", "facts", "reasons", "awarded", "items", "court", "higher_court", "issued_on"},
    "partial_award": {"applicants", "claims", "facts", "reasons", "awarded", "items", "court", "higher_court", "issued_on"},
    "admin_decision": {"employer", "employer_address", "found", "evidence", "manner", "pay_within", "reconsideration_body", "court", "issued_on"},
    "penalty_prior_notice": {"found", "evidence", "violated", "basis", "penalty", "reply_within", "hearing"},
    "penalty_decision": {
        "employer", "employer_address", "found", "evidence", "basis", "fine", "other_penalty", "manner", "reconsideration_body",
        "court", "issuer", "issued_on",
    },
    "arbitration_mediation": {"claims", "plan", "other"},
    "demand_letter": {"duty", "unpaid", "manner"},
    "listing_notice": {"found", "ground", "objection_within"},
    "listing_decision": {"found", "ground", "listed_from", "listed_until", "reconsideration_body", "court"},
    "violation_publication": {"employer", "employer_code", "employer_address", "employer_head", "facts", "handling"},
    "breach_notice": {"kinds", "cause", "harm", "measures", "advice", "contact_phone"},
    "privacy_notice": {"purpose", "manner", "kinds", "rights", "contact_phone"},
    "complaint_form": {
        "complainant", "gender", "age", "occupation", "workplace", "address", "phone", "employer", "employer_address", "employer_head",
        "facts", "claims",
    },
    "summary_penalty_decision": {
        "employer", "found", "basis", "fine", "warned", "hour", "place", "reconsideration_body", "court", "issuer", "issued_on",
    },
    "enforcement_application": {"decision", "grounds", "answer", "demand_number", "subject"},
    "evidence_preservation": {"approver", "approved_on", "due_on", "goods"},
    "crime_transfer_receipt": {"materials", "competence"},
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


@pytest.mark.parametrize(
    ("key", "articles"),
    [
        ("listing_decision", {6: False, 7: False, 8: True, 10: True, 12: True, 14: True}),
        ("listing_notice", {6: True, 7: True}),
        ("early_removal_revocation", {15: True}),
        ("listing_revocation", {16: True}),
    ],
)
def test_papers_of_the_list_quote_the_articles_that_they_must_tell_of(key, articles):
    quoted = {
        one[0]
        for part in cited(templates()[key])
        if part.statute == "blacklist_measures"
        for one in part.places
    }
    assert {article: article in quoted for article in articles} == articles
