"""A bureau's own records over the shipped law: they answer here, change nothing elsewhere, and are told apart."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.law import DataError, DayKind, NoValue, Overlay, load

LAW = load()
DAY = dt.date(2026, 11, 22)
WAGE = "wage_payment.min_wage_monthly"
OWN = {
    "key": WAGE,
    "region": "9901",
    "name": "安城市",
    "from": dt.date(2026, 7, 1),
    "value": 2100,
    "source": "安政发〔2026〕3号",
}
CHECK = {
    "key": "warning.w03",
    "region": "",
    "from": dt.date(2020, 5, 1),
    "document": "关于预警分级的通知（安治欠发〔2026〕1号）",
    "by": "某甲、某乙",
    "on": dt.date(2026, 11, 20),
}
YEAR = {
    2027: {
        "notice": "国办发明电〔2026〕99号",
        "days": [
            (dt.date(2027, 1, 1), "off", "元旦"),
            (dt.date(2027, 1, 3), "work", "元旦"),
            (dt.date(2027, 2, 8), "off", "春节"),
        ],
    }
}


def with_values(*items: dict[str, object]):
    return load(overlay=Overlay(local_values=items))


def test_an_own_value_answers_in_its_place_from_its_day_with_its_paper():
    law = with_values(OWN)
    value = law.value(WAGE, DAY, "990101")
    assert (value.value, value.region, value.region_name) == (2100, "9901", "安城市")
    assert value.reference == "安政发〔2026〕3号"
    assert value.kind == "policy"
    with pytest.raises(NoValue):
        law.value(WAGE, dt.date(2026, 6, 30), "990101")


def test_an_own_value_changes_nothing_elsewhere_and_nothing_that_is_shipped():
    law = with_values(OWN)
    assert law.value(WAGE, DAY, "440402") == LAW.value(WAGE, DAY, "440402")
    with pytest.raises(NoValue):
        law.value(WAGE, DAY, "9902")
    with pytest.raises(NoValue):
        LAW.value(WAGE, DAY, "990101")


def test_a_nearer_place_goes_before_a_farther_one():
    law = with_values(OWN, OWN | {"region": "990101", "name": "虚构区", "value": 2050})
    assert law.value(WAGE, DAY, "990101").value == 2050
    assert law.value(WAGE, DAY, "990102").value == 2100


def test_the_same_place_and_day_replaces_what_was_shipped():
    shipped = LAW.value(WAGE, DAY, "4404")
    law = with_values(OWN | {"region": "4404", "name": "珠海", "from": shipped.from_, "value": 9999})
    assert law.value(WAGE, DAY, "4404").value == 9999
    assert len(law.timeline(WAGE)) == len(LAW.timeline(WAGE))


def test_a_value_for_one_case_leaves_the_general_one():
    item = {
        "key": "inspection.investigation_days",
        "region": "9901",
        "name": "安城市",
        "from": dt.date(2026, 7, 1),
        "value": 40,
        "only_for": "工资类举报",
        "source": "安政发〔2026〕4号",
    }
    law = with_values(item)
    assert law.value("inspection.investigation_days", DAY, "9901").value == 60
    special = law.value("inspection.investigation_days", DAY, "9901", only_for="工资类举报")
    assert (special.value, special.only_for) == (40, "工资类举报")
    assert special.counting == LAW.value("inspection.investigation_days", DAY).counting


def test_a_confirmation_lifts_the_mark_and_leaves_its_trace():
    law = load(overlay=Overlay(confirmations=(CHECK,)))
    before, after = LAW.value("warning.w03", DAY), law.value("warning.w03", DAY)
    assert (before.confidence, after.confidence) == ("derived", "confirmed")
    assert after.value == before.value
    assert after.checked_on == dt.date(2026, 11, 20)
    assert "某甲、某乙" in after.reference and "安治欠发〔2026〕1号" in after.reference


def test_a_confirmed_recalled_value_may_carry_a_claim():
    recalled = next(
        value
        for key in LAW.keys()  # noqa: SIM118
        for value in LAW.timeline(key)
        if value.confidence == "recalled" and value.kind == "statutory" and value.value is not None
    )
    check = CHECK | {"key": recalled.key, "region": recalled.region, "from": recalled.from_}
    if recalled.only_for:
        check["only_for"] = recalled.only_for
    law = load(overlay=Overlay(confirmations=(check,)))
    confirmed = next(
        value
        for value in law.timeline(recalled.key)
        if (value.region, value.from_, value.only_for) == (recalled.region, recalled.from_, recalled.only_for)
    )
    assert recalled.needs_check and not recalled.carries_claim
    assert confirmed.carries_claim


def test_a_year_of_the_calendar_makes_its_days_known():
    law = load(overlay=Overlay(calendars=YEAR))
    assert LAW.calendar.kind(dt.date(2027, 1, 1)) is DayKind.UNKNOWN
    assert law.calendar.kind(dt.date(2027, 1, 1)) is DayKind.HOLIDAY
    assert law.calendar.kind(dt.date(2027, 1, 3)) is DayKind.MAKE_UP
    assert law.calendar.notice(2027) == "国办发明电〔2026〕99号"
    assert law.calendar.published_through == dt.date(2027, 12, 31)


def test_a_provisional_due_date_becomes_final_with_the_year():
    start = dt.date(2026, 12, 25)
    before = LAW.deadline("inspection.complaint_decision_days", start)
    after = load(overlay=Overlay(calendars=YEAR)).deadline("inspection.complaint_decision_days", start)
    assert before.provisional and not after.provisional
    # the invented year has a make-up day on the 3rd, a Sunday
    assert (before.due, after.due) == (dt.date(2027, 1, 4), dt.date(2027, 1, 3))


def test_the_same_records_give_the_same_law_and_others_another_digest():
    one, same = with_values(OWN), with_values(dict(OWN))
    other = with_values(OWN | {"value": 2101})
    assert one is same
    assert len({LAW.digest(), one.digest(), other.digest()}) == 3
    assert not Overlay()
    assert load(overlay=Overlay()).digest() == LAW.digest()


@pytest.mark.parametrize(
    ("overlay", "sentence"),
    [
        (Overlay(local_values=(OWN | {"key": "no.such"},)), "参数“no.such”不存在"),
        (Overlay(local_values=(OWN | {"region": "99x"},)), "不是区划代码"),
        (Overlay(local_values=(OWN | {"source": ""},)), "没有写明依据"),
        (Overlay(local_values=(OWN | {"until": dt.date(2026, 6, 1)},)), "早于生效日"),
        (Overlay(local_values=(OWN | {"colour": "red"},)), "不认识的字段：colour"),
        (Overlay(confirmations=(CHECK | {"key": "no.such"},)), "请撤回该记录"),
        (Overlay(confirmations=(CHECK | {"from": dt.date(2020, 5, 2)},)), "自2020-05-02起的数值不存在"),
        (Overlay(confirmations=(CHECK | {"region": "9901"},)), "地区9901"),
    ],
    ids=["key", "region", "no paper", "dates", "field", "check key", "check day", "check place"],
)
def test_a_record_that_does_not_fit_the_law_is_refused_in_a_sentence(overlay, sentence):
    with pytest.raises(DataError, match=sentence):
        load(overlay=overlay)
