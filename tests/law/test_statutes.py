"""The catalogue of statutes: how places in them are cited, and what is refused."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from anxin.law import load
from anxin.law.errors import DataError
from anxin.law.statutes import LEVELS, Reference, cite, parse_reference, parse_statutes

LAW = load()

ENTRY = {
    "title": "保障农民工工资支付条例",
    "short": "支付条例",
    "number": "国务院令第724号",
    "issuer": "国务院",
    "level": "行政法规",
    "effective_from": dt.date(2020, 5, 1),
    "status": "现行",
    "source": "全文",
}


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        (Reference("wage_regulation", 14, 2), "《保障农民工工资支付条例》第十四条第二款"),
        (Reference("criminal_law", 276, 1, sub=1), "《中华人民共和国刑法》第二百七十六条之一第一款"),
        (
            Reference("inspection_regulation", 26, item=1),
            "《劳动保障监察条例》第二十六条第一项",
        ),
        (
            Reference("crime_link_notice_2014", 1, item=2),
            "《关于加强涉嫌拒不支付劳动报酬犯罪案件查处衔接工作的通知》第一部分第（二）项",
        ),
        (Reference("credit_repair_measures_2026"), "《信用修复管理办法》"),
    ],
)
def test_place_is_cited_as_statutes_are_cited(reference, words):
    assert cite(LAW.statute(reference.statute), reference) == words


@pytest.mark.parametrize(
    "item",
    [
        {"statute": "wage_regulation", "article": 0},
        {"statute": "wage_regulation", "article": "14"},
        {"statute": "wage_regulation", "article": True},
        {"statute": "wage_regulation", "paragraph": 1},
        {"statute": "wage_regulation", "article": 14, "clause": 1},
        {"article": 14},
        "wage_regulation 14",
    ],
)
def test_crooked_reference_is_refused_with_its_place(item):
    with pytest.raises(DataError, match="甲表"):
        parse_reference(item, "甲表")


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"level": "部门文件"}, "部门文件"),
        ({"numbering": "chapters"}, "chapters"),
        ({"effective_until": dt.date(2019, 1, 1)}, "失效日"),
        ({"remark": "x"}, "remark"),
    ],
)
def test_crooked_statute_is_refused(change, word):
    with pytest.raises(DataError, match=word):
        parse_statutes({"a": {**ENTRY, **change}}, "statutes.yaml")


@pytest.mark.parametrize("name", sorted(ENTRY))
def test_statute_without_a_field_is_refused(name):
    with pytest.raises(DataError, match=name):
        parse_statutes({"a": {key: value for key, value in ENTRY.items() if key != name}}, "statutes.yaml")


def test_versions_of_one_statute_follow_each_other_without_gap_or_overlap():
    by_title: dict[str, list] = {}
    for statute in LAW.statutes():
        assert statute.level in LEVELS
        by_title.setdefault(statute.title, []).append(statute)
    for versions in by_title.values():
        versions.sort(key=lambda statute: statute.effective_from)
        for earlier, later in pairwise(versions):
            assert earlier.effective_until == later.effective_from - dt.timedelta(days=1), later.key
