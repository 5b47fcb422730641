"""What a person reads of a value: every name has a word, numbers keep their units, no code reaches a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from anxin.law import DataError, load
from anxin.law import words as wording
from anxin.law.words import BOUNDS, brief_words, path_words, value_parts, value_words, word, words

LAW = load()
#: two small letters side by side, or an underscore: a name of the program, not Chinese
CODE = re.compile(r"[a-z]{2,}|_")


def _values() -> Iterator[tuple[str, Any, str]]:
    for key in LAW.keys():  # noqa: SIM118
        for value in LAW.timeline(key):
            yield key, value.value, value.unit


def _codes(content: Any) -> Iterator[str]:
    """The names of parts and the texts without any Chinese, at any depth."""
    if isinstance(content, dict):
        for name, part in content.items():
            yield str(name)
            yield from _codes(part)
    elif isinstance(content, list):
        for part in content:
            yield from _codes(part)
    elif isinstance(content, str) and content.isascii():
        yield content


USED = {code for _, content, _ in _values() for code in _codes(content)}


def test_every_name_inside_a_value_has_a_word():
    assert {code for code in USED if code not in words() and not re.fullmatch(r"\d\d-\d\d", code)} == set()


def test_no_word_is_left_over():
    assert set(words()) - USED - BOUNDS == set()


def test_words_and_labels_are_chinese():
    said = [text for one in words().values() for text in (one.name, one.says, one.denied) if text]
    assert [text for text in said if not re.search(r"[一-鿿]", text) and text != "{}"] == []
    assert [text for text in said if CODE.search(text)] == []


def test_no_code_is_left_in_any_value_as_it_is_read():
    found = {key: said for key, content, unit in _values() if CODE.search(said := value_words(content, unit))}
    assert found == {}
    assert not any(CODE.search(part) for _, content, unit in _values() for part in value_parts(content, unit))


def test_no_note_source_or_start_speaks_in_codes():
    strange = []
    for key in LAW.keys():  # noqa: SIM118
        parameter = LAW.parameter(key)
        texts = [parameter.name, *(text for one in parameter.remarks for text in (one.text, one.source))]
        for value in LAW.timeline(key):
            texts += [value.note, value.reference, value.only_for]
            texts += [value.counting.starts_on, value.counting.starts_on_alt] if value.counting else []
        strange += [(key, text) for text in texts if CODE.search(text)]
    assert strange == []


def test_notes_are_sentences():
    notes = [value.note for key in LAW.keys() for value in LAW.timeline(key) if value.note]  # noqa: SIM118
    assert [note for note in notes if not note.endswith("。") or "。。" in note or "对象：" in note] == []


@pytest.mark.parametrize(
    ("content", "unit", "said"),
    [
        (None, "元/月", "由地方规定"),
        (True, "布尔", "是"),
        (False, "布尔", "否"),
        (5, "工作日", "5个工作日"),
        (2100, "元/月", "2,100元/月"),
        (18.7, "元/小时", "18.7元/小时"),
        (0.5, "%", "0.5%"),
        ({"min": 1, "max": 3}, "%", "1%—3%"),
        ({"min": 50_000, "max": 100_000, "stop_work": True}, "元", "50,000元—100,000元，可责令停工"),
        ({"months": 3, "min": 5000, "max": 20_000}, "元", "拒付满3个月，5,000元—20,000元"),
        ({"below": 50}, "%", "低于50%"),
        ({"from": 2023, "to": 2027}, "年", "自2023年度起，至2027年度止"),
        ([2, 3, 5, 7], "日", "2、3、5、7日"),
        (["劳动合同", "职工名册"], "材料", "共2项：劳动合同；职工名册"),
        (["A", "B", "C"], "等级", "共3项：A级；B级；C级"),
        ("irrevocable_on_demand", "规则", "不可撤销、见索即付"),
        ("{总包单位名称}农民工工资专用账户", "模板", "〔总包单位名称〕农民工工资专用账户"),
        ({"finish_by": "04-末日"}, "月-日", "考核4月末日前完成"),
        ({"finish_by": "04-05"}, "月-日", "考核4月5日前完成"),
        (
            {"general": 20, "permit_or_penalty": 7},
            "工作日",
            "一般执法决定20个工作日，许可和处罚决定7个工作日",
        ),
        ({"cap_amount": None}, "%、元", "单个工程上限由地方规定"),
        ({"includes_personal_housing_fund": False}, "项", "标准不含个人缴纳的住房公积金"),
        ({"before": [5, 3, 1]}, "工作日", "到期前5、3、1个工作日提醒"),
        (
            [{"level": "red", "words": "逾期超过60日", "when": {"days": {"min": 61}}}],
            "日",
            "共1项：红色：逾期超过60日〔天数不低于61〕",
        ),
        ({"red": [{"what": "到场处置", "natural_days": 1}]}, "按级别", "红色：到场处置（1日内）"),
        (
            {"building": {"of_contract": 19, "or_of_progress": 23}},
            "%",
            "房屋建筑（合同总造价的19%，或者工程进度款的23%）",
        ),
    ],
)
def test_a_value_in_one_line(content, unit, said):
    assert value_words(content, unit) == said


def test_a_long_value_is_shown_in_parts_and_a_short_one_in_one_line():
    rows = LAW.value("warning.w03", LAW.calendar.published_through)
    assert len(value_parts(rows.value, rows.unit)) == 5
    assert value_parts({"min": 1, "max": 3}, "%") == []
    assert value_parts(5, "工作日") == []


def test_a_list_of_values_shows_a_long_one_briefly():
    items = ["工程款计量周期", "进度结算办法", "人工费用拨付周期", "人工费用数额或占比", "违约责任与争议解决"]
    assert brief_words(items, "条款") == "工程款计量周期等5项"
    assert brief_words({"min": 1, "max": 3}, "%") == "1%—3%"
    table = LAW.value("wage_deposit.differentiation", LAW.calendar.published_through)
    assert brief_words(table.value, table.unit) == f"分{len(table.value)}种情形"


def test_a_label_names_the_row_the_part_and_its_unit():
    assert path_words("2.when.paid_percent.below") == "第3项 · 条件 · 到账比例（%） · 低于"


def test_a_name_that_is_chinese_already_stays():
    assert word("须具备资质") == "须具备资质"


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({"name": "比例", "units": "%"}, "不认识的字段：units"),
        ({"unit": "%"}, "缺少 name"),
        ({"name": "比例", "says": "不低于"}, "须有一处 {}"),
    ],
)
def test_a_malformed_word_is_refused_with_its_name(entry, sentence, tmp_path, monkeypatch):
    path = tmp_path / "words.yaml"
    path.write_text(f"words: {{share: {entry!r}}}", encoding="utf-8")
    monkeypatch.setattr(wording, "WORDS", path)
    words.cache_clear()
    try:
        with pytest.raises(DataError, match=f"share.*{re.escape(sentence)}"):
            words()
    finally:
        words.cache_clear()
