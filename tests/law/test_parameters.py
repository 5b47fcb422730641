"""Looking up the law: by date, by place, and the sentences where it cannot answer."""

from __future__ import annotations

import datetime as dt
import textwrap
from itertools import pairwise

import pytest

from anxin.kernel.numerals import chinese_number
from anxin.law import DataError, LawError, NotYetInForce, NoValue, Repealed, Unconfirmed, UnknownKey, load

LAW = load()
KEYS = LAW.keys()
MONTHLY = "wage_payment.min_wage_monthly"


@pytest.fixture
def extra(tmp_path):
    """Writes a bureau's own file and loads the law with it."""

    def write(text: str, name: str = "local.yaml"):
        (tmp_path / name).write_text(textwrap.dedent(text), encoding="utf-8")
        return load([tmp_path])

    return write


@pytest.mark.parametrize(
    ("day", "yuan"),
    [("2025-02-28", 1900), ("2025-03-01", 2080), ("2025-03-02", 2080), ("2021-11-30", 1720)],
)
def test_minimum_wage_of_zhuhai_day_before_day_and_day_after(day, yuan):
    assert LAW.value(MONTHLY, on=dt.date.fromisoformat(day), region="440402").value == yuan


@pytest.mark.parametrize(
    ("region", "yuan"),
    [("510121", 2200), ("510104", 2330), ("510104001", 2330), ("620502", 2080), ("321181", 2660)],
)
def test_the_nearest_place_wins(region, yuan):
    assert LAW.value(MONTHLY, on=dt.date(2026, 9, 1), region=region).value == yuan


def test_an_answer_explains_itself():
    value = LAW.value("wage_deposit.ratio_percent", on=dt.date(2026, 9, 1), region="620502")
    assert (value.value, value.unit, value.kind, value.region) == (2, "%", "policy", "62")
    assert value.confidence == "verified_secondary"
    nation = LAW.value("wage_deposit.ratio_percent", on=dt.date(2026, 9, 1), region="440402")
    assert (nation.value, nation.kind, nation.level) == ({"min": 1, "max": 3}, "statutory", "部门规范性文件")
    assert nation.reference == "《工程建设领域农民工工资保证金规定》第十一条"


def test_unknown_key_names_its_neighbours():
    with pytest.raises(UnknownKey, match=r"没有名为“wage_deposit\.rate”.*wage_deposit\.ratio_percent"):
        LAW.value("wage_deposit.rate", on=dt.date(2026, 1, 1))


def test_before_the_first_value_is_refused_with_its_date():
    with pytest.raises(NotYetInForce, match="自2020-05-01起才有规定，不能用于2020-04-30"):
        LAW.value("period_counting.pay_date_on_holiday", on=dt.date(2020, 4, 30))
    assert LAW.value("period_counting.pay_date_on_holiday", on=dt.date(2020, 5, 1)).value


def test_a_value_left_to_localities_and_not_recorded_is_refused():
    with pytest.raises(NoValue, match="地区代码990101在2026-01-01没有收录数值"):
        LAW.value(MONTHLY, on=dt.date(2026, 1, 1), region="990101")


def test_before_a_places_first_value_there_is_none_rather_than_a_guess():
    with pytest.raises(NoValue):
        LAW.value(MONTHLY, on=dt.date(2018, 6, 30), region="440402")


def test_all_errors_are_sentences_of_one_family():
    for error in (UnknownKey, NotYetInForce, Repealed, NoValue, Unconfirmed, DataError):
        assert issubclass(error, LawError)


def test_citation_in_chinese_numerals():
    assert LAW.cite("wage_regulation", 14) == "《保障农民工工资支付条例》第十四条"
    assert LAW.cite("wage_regulation", 24, 2).endswith("第二十四条第二款")
    with pytest.raises(UnknownKey, match="没有收录代号为“nothing”的法规"):
        LAW.cite("nothing", 1)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (14, "十四"),
        (20, "二十"),
        (24, "二十四"),
        (100, "一百"),
        (101, "一百零一"),
        (110, "一百一十"),
        (119, "一百一十九"),
        (276, "二百七十六"),
        (1000, "一千"),
        (1005, "一千零五"),
        (1050, "一千零五十"),
    ],
)
def test_chinese_numbers(number, text):
    assert chinese_number(number) == text


@pytest.mark.parametrize("number", [0, -1, 2000])
def test_numbers_beyond_articles_are_refused(number):
    with pytest.raises(ValueError, match="不在条文序号的范围"):
        chinese_number(number)


def test_spans_cover_time_without_gap_or_overlap():
    spans = LAW.spans(MONTHLY, "620502")
    assert [span.value.value for span in spans] == [1520, 1720, 1910, 2080]
    for earlier, later in pairwise(spans):
        assert earlier.until + dt.timedelta(days=1) == later.from_
    assert spans[-1].until is None


@pytest.mark.parametrize("key", [key for key in KEYS if not key.startswith("warning.")])
@pytest.mark.parametrize("region", ["440402", "510121", "620502", "990101", "350100"])
def test_spans_say_what_value_says_on_every_day_of_change(key, region):
    for span in LAW.spans(key, region):
        for day in (span.from_, span.until):
            if day:
                assert LAW.value(key, on=day, region=region) == span.value


def test_timeline_shows_all_recorded_values():
    line = LAW.timeline(MONTHLY)
    assert line[0].value is None
    assert {value.region for value in line} >= {"4404", "5101", "6205", "3211"}


def test_every_parameter_is_fit_to_show():
    for key in KEYS:
        parameter = LAW.parameter(key)
        assert parameter.name
        assert parameter.checked_on <= dt.date.today()
        for value in LAW.timeline(key):
            assert value.value is None or value.reference or value.region, key


def test_grading_tables_are_policy_to_be_confirmed_and_never_statutory():
    for key in KEYS:
        if key.startswith("warning."):
            parameter = LAW.parameter(key)
            assert (parameter.kind, parameter.confidence) in {
                ("policy", "derived"),
                ("policy", "verified_secondary"),
            }


def test_a_bureau_adds_its_own_value_without_touching_shipped_files(extra):
    law = extra(
        """
        local_values:
          - key: wage_payment.min_wage_monthly
            region: "9901"
            name: 安城市
            from: 2025-01-01
            value: 2000
            source: 安政发〔2024〕8号
        """
    )
    value = law.value(MONTHLY, on=dt.date(2026, 1, 1), region="990102")
    assert (value.value, value.region_name, value.reference) == (2000, "安城市", "安政发〔2024〕8号")
    assert law.digest() != LAW.digest()


def test_a_bureaus_value_for_the_same_place_and_day_replaces_the_shipped_one(extra):
    law = extra(
        """
        local_values:
          - {key: wage_payment.min_wage_monthly, region: "4404", from: 2025-03-01, value: 2090, source: 更正}
        """
    )
    assert law.value(MONTHLY, on=dt.date(2025, 3, 1), region="440402").value == 2090
    assert law.value(MONTHLY, on=dt.date(2025, 2, 28), region="440402").value == 1900


def test_an_expired_local_value_gives_way_to_the_wider_region(extra):
    law = extra(
        """
        local_values:
          - {key: wage_deposit.deposit_days, region: "9901", from: 2025-01-01, until: 2025-12-31, value: 15, source: 试行}
        """
    )
    key = "wage_deposit.deposit_days"
    assert law.value(key, on=dt.date(2025, 12, 31), region="990101").value == 15
    assert law.value(key, on=dt.date(2026, 1, 1), region="990101").value == 20
    assert [span.value.value for span in law.spans(key, "990101")] == [20, 15, 20]


NEW = """
parameters:
  local.{name}:
    name: 试验
    kind: {kind}
    type: amount
    unit: 元
    confidence: {confidence}
    checked_on: 2026-01-01
    values:
      - {value}
"""


def test_a_repealed_value_is_refused_after_its_end(extra):
    law = extra(
        NEW.format(
            name="a",
            kind="operational",
            confidence="verified",
            value="{from: 2020-01-01, until: 2024-12-31, value: 1}",
        )
    )
    assert law.value("local.a", on=dt.date(2024, 12, 31)).value == 1
    with pytest.raises(Repealed, match="已于2024-12-31失效"):
        law.value("local.a", on=dt.date(2025, 1, 1))
    assert [(span.from_, span.until) for span in law.spans("local.a")] == [
        (dt.date(2020, 1, 1), dt.date(2024, 12, 31))
    ]


def test_an_unconfirmed_value_is_refused(extra):
    law = extra(
        NEW.format(name="b", kind="operational", confidence="unknown", value="{from: 2020-01-01, value: 1}")
    )
    with pytest.raises(Unconfirmed, match="尚未查证"):
        law.value("local.b", on=dt.date(2025, 1, 1))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (
            NEW.format(
                name="c", kind="statutory", confidence="verified", value="{from: 2020-01-01, value: 1}"
            ),
            "须写明 references",
        ),
        (
            NEW.format(
                name="d",
                kind="statutory",
                confidence="verified",
                value="{from: 2021-01-01, value: 1, references: [{statute: nothing, article: 1}]}",
            ),
            "没有收录的法规“nothing”",
        ),
        (
            NEW.format(
                name="e",
                kind="statutory",
                confidence="verified",
                value="{from: 2019-01-01, value: 1, references: [{statute: wage_regulation, article: 1}]}",
            ),
            "当时不在施行",
        ),
        (
            NEW.format(name="f", kind="ours", confidence="verified", value="{from: 2019-01-01, value: 1}"),
            "kind 应为",
        ),
        (
            NEW.format(name="g", kind="policy", confidence="sure", value="{from: 2019-01-01, value: 1}"),
            "confidence 应为",
        ),
        (
            NEW.format(name="h", kind="policy", confidence="verified", value="{from: 2019-01-01, valeu: 1}"),
            "不认识的字段",
        ),
        (
            NEW.format(
                name="i",
                kind="policy",
                confidence="verified",
                value="{from: 2019-01-01, until: 2018-01-01, value: 1}",
            ),
            "早于生效日",
        ),
        (
            NEW.format(
                name="j",
                kind="policy",
                confidence="verified",
                value="{from: 2019-01-01, value: 1}\n      - {from: 2019-01-01, value: 2}",
            ),
            "由早到晚且不重复",
        ),
        (
            NEW.format(
                name="k",
                kind="policy",
                confidence="verified",
                value="{from: 2021-01-01, value: 1, references: [{statute: wage_regulation, article: 十四}]}",
            ),
            "应为正整数",
        ),
        ("parameters:\n  wage_payment.min_wage_monthly: {}\n", "不能重复"),
        (
            "local_values:\n  - {key: no.such, region: '44', from: 2020-01-01, value: 1, source: x}\n",
            "不存在",
        ),
        (
            "local_values:\n  - {key: wage_deposit.deposit_days, region: 44, from: 2020-01-01, value: 1, source: x}\n",
            "不是区划代码",
        ),
        (
            "local_values:\n  - {key: wage_deposit.deposit_days, region: '44', from: 2020-01-01, value: 1}\n",
            "没有写明依据",
        ),
        ("values: []\n", "不认识的段落"),
        ("a: [\n", "无法读取"),
        ("", "没有内容"),
    ],
)
def test_a_malformed_file_is_refused_with_its_name_and_the_reason(extra, content, complaint):
    with pytest.raises(DataError, match=complaint):
        extra(content)


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="不存在，请检查设置"):
        load([tmp_path / "nowhere"])


def test_loading_again_gives_the_same_object_and_digest():
    assert load() is load()
    assert len(LAW.digest()) == 64


@pytest.mark.parametrize(
    ("key", "region"),
    [
        ("inspection.js_employer_report_days", "440402"),
        ("inspection.gd_public_notice_days", "320102"),
        ("construction.nm_interview_rectify_days", "440402"),
        ("inspection.key_supervision_release_months", "110101"),
    ],
)
def test_rule_of_one_province_does_not_answer_elsewhere(key, region):
    with pytest.raises(NoValue, match="的规定，不能用于"):
        LAW.value(key, dt.date(2026, 11, 22), region)


def test_rule_of_two_provinces_begins_in_each_with_its_own_text():
    key = "inspection.key_supervision_release_months"
    assert LAW.value(key, dt.date(2025, 1, 1), "440402").value == 6
    assert LAW.value(key, dt.date(2026, 5, 27), "321102").value == 6
    with pytest.raises(NoValue):
        LAW.value(key, dt.date(2026, 5, 26), "321102")


def test_refusal_of_an_early_day_names_the_first_day_of_that_place():
    with pytest.raises(NotYetInForce, match="自2018-09-01起"):
        LAW.value("channels.hotline_ordinary_days", dt.date(2018, 8, 31), "370102")
