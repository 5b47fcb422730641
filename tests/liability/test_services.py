"""Recording a fact: what is kept, refused, replaced and taken back."""

import datetime as dt

import pytest

from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.liability import services
from anxin.liability.models import LiabilityFact

DISPUTE = (("900000", "乙建"), ("1000000", "甲公司"))


def test_a_fact_is_kept_with_its_paper_and_journalled(site):
    fact = site.record("means", "逃匿", subject="丙劳务", document="询问笔录第3号")
    assert (fact.claims, fact.document) == ([{"value": "逃匿", "by": ""}], "询问笔录第3号")
    entry = JournalEntry.objects.get(action=services.RECORDED)
    assert "丙劳务付款能力：逃匿（已查明）" in entry.summary
    assert entry.after["project_ids"] == [site.project.pk]


@pytest.mark.parametrize(
    ("kind", "claims", "fields", "field", "says"),
    [
        ("colour", ["红"], {}, "kind", "没有这种事项"),
        ("lawful", ["是"], {"subject": "甲公司"}, "subject", "整个项目的事项"),
        ("means", ["0"], {"subject": ""}, "subject", "哪个单位或者个人"),
        ("means", ["0"], {"status": "maybe"}, "status", "请选择"),
        ("means", ["很多"], {}, "value_1", "不是金额"),
        ("form", ["公司"], {}, "value_1", "应为单位、合伙个体"),
        ("paid", ["1", "2"], {"status": "known"}, "value_1", "只填一个值"),
        ("paid", ["1"], {"status": "disputed"}, "value_2", "两种以上"),
        ("paid", ["100", "100.00"], {"status": "unknown"}, "value_2", "其实一样"),
        ("paid", [("100", "乙建"), "200"], {"status": "disputed"}, "by_2", "谁主张"),
        ("above", [("乙建", ""), ("甲公司", "")], {"status": "unknown"}, "status", "只能登记已查明"),
        ("above", ["丙劳务"], {}, "value_1", "不能是它自己"),
        ("people", ["几个"], {}, "value_1", "正整数"),
        ("means", ["0"], {"document": " "}, "document", "写明凭据"),
        ("means", ["0"], {"since": dt.date(2026, 11, 21)}, "since", "不能晚于今天"),
        ("means", ["0"], {"document": "长" * 201}, "document", "凭据太长"),
        ("above", ["长" * 201], {}, "value_1", "太长"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_at_its_field(site, kind, claims, fields, field, says):
    with pytest.raises(Refused, match=says) as refusal:
        site.record(kind, *claims, **{"subject": "丙劳务", **fields})
    assert refusal.value.field == field
    assert not LiabilityFact.objects.exists()
    assert not JournalEntry.objects.exists()


def test_the_same_fact_from_the_same_day_is_replaced_and_stays_readable(site, now):
    site.record("means", "0", subject="丙劳务")
    later = now + dt.timedelta(hours=1)
    site.record("means", "能付", subject="丙劳务", now=later)
    old, new = LiabilityFact.objects.order_by("id")
    assert (old.superseded_at, new.superseded_at) == (later, None)
    assert site.plan(known_at=now).plan.case.party("丙劳务").means.alternatives[0].value == 0
    assert site.plan(known_at=later).plan.case.party("丙劳务").means.alternatives[0].value is None


def test_a_withdrawn_fact_counts_no_more_and_cannot_be_withdrawn_twice(site, now, actor):
    fact = site.record("means", "0", subject="丙劳务")
    later = now + dt.timedelta(hours=1)
    services.withdraw_fact(fact, actor=actor, now=later)
    assert site.plan(known_at=later).facts == []
    with pytest.raises(Refused, match="已经被更正或者撤回"):
        services.withdraw_fact(fact, actor=actor, now=later)
    assert JournalEntry.objects.filter(action=services.WITHDRAWN).count() == 1
