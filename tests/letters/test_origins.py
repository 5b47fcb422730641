"""Every instrument of the catalogue has a template or a stated reason to have none, and no key stands in both."""

from __future__ import annotations

import pytest
import yaml
from django.urls import get_resolver

from anxin.law.loading import load
from anxin.letters import origins
from anxin.letters.party_kinds import kinds
from anxin.typesetting.templates import templates

LAW = load()
CATALOGUE = {one.key for one in LAW.documents()}


def routes() -> set[str]:
    """Names of all addresses, those of portals with their prefix."""
    found: set[str] = set()
    for space, (_, inner) in get_resolver().namespace_dict.items():
        found |= {f"{space}:{name}" for name in inner.reverse_dict if isinstance(name, str)}
    return found | {name for name in get_resolver().reverse_dict if isinstance(name, str)}


def test_every_instrument_has_a_template_or_a_reason():
    assert sorted(CATALOGUE - set(templates()) - set(origins.without())) == []


def test_every_template_is_in_the_catalogue_and_has_no_reason_to_be_missing():
    assert set(templates()) <= CATALOGUE
    assert sorted(set(templates()) & set(origins.without())) == []


def test_every_reason_is_of_an_instrument_and_stands_once():
    assert set(origins.without()) <= CATALOGUE
    said = yaml.safe_load(origins._FILE.read_text(encoding="utf-8"))
    keys = [key for entries in said.values() for key in entries]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(
    "key", [key for key, one in origins.without().items() if one.reason in ("outside", "party")]
)
def test_what_others_make_is_made_by_nobody_of_the_office(key):
    sides = {LAW.body(body).side for body in LAW.document(key).issued_by}
    assert not sides & {"bureau", "system"}


@pytest.mark.parametrize(
    ("key", "one"), [(key, one) for key, one in origins.without().items() if one.reason == "kept"]
)
def test_a_page_that_holds_a_paper_is_there(key, one):
    assert one.page in routes() and one.words


@pytest.mark.parametrize(
    ("key", "one"), [(key, one) for key, one in origins.without().items() if one.reason == "is"]
)
def test_a_paper_of_another_name_has_templates(key, one):
    assert one.others and set(one.others) <= set(templates())


def test_the_words_say_where_a_paper_comes_from():
    assert origins.origin("police_filing_notice", LAW) == "由外单位出具，收到后上传"
    assert origins.origin("worker_statement", LAW) == "即《调查（询问）笔录》"
    assert origins.origin("payroll_sheet", LAW) == "系统里已有：项目的工资页，可以导出"
    assert origins.origin("listing_decision", LAW) == "在事项的文书页拟稿，签发用印"
    assert "arbitration_application" in kinds()
    assert origins.origin("arbitration_application", LAW) == "在事项的文书页制作，各方签名"
