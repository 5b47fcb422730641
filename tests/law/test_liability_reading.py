"""What a facts file may say, and the sentence for what it may not."""

import copy

import pytest

from anxin.law import LawError
from anxin.law.liability import plan, plan_sentence, read_case

GOOD = {
    "建设单位": "甲公司",
    "手续齐备": "是",
    "单位": {
        "乙建": {"发包人": "甲公司", "工程款": "已付清", "保证金": 0},
        "丙劳务": {"发包人": "乙建", "付款能力": "逃匿"},
    },
    "拖欠": [{"用人": "丙劳务", "人数": 12, "金额": 300000}],
}


def _set(path, value):
    document = copy.deepcopy(GOOD)
    place = document
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        (["建设单位"], "", "请写明建设单位的名称"),
        (["手续齐备"], "大概", "应填“是”或“否”"),
        (["单位"], ["乙建"], "单位应写成"),
        (["单位", "乙建", "发包方"], "甲公司", "不认识的栏目“发包方”"),
        (["单位", "丙劳务", "发包人"], "丁", "发包人“丁”没有列在“单位”里"),
        (["单位", "丙劳务", "发包人"], "丙劳务", "绕成了圈"),
        (["单位", "丙劳务", "付款能力"], "-5", "不小于零的金额"),
        (["单位", "丙劳务", "付款能力"], {"争议": {"能付": "丙劳务"}}, "至少两种不同的可能"),
        (["单位", "丙劳务", "付款能力"], {"争议": ["能付", 0]}, "说法: 谁主张"),
        (["单位", "丙劳务", "付款能力"], {"争议": {"能付": "丙", "0": "乙"}, "未知": [1]}, "二者之一"),
        (["单位", "丙劳务", "性质"], "公司", "应为单位、合伙个体、无资格单位、个人之一"),
        (["单位", "丙劳务", "保证金"], 5, "不是由建设单位直接发包的"),
        (["单位", "乙建", "工程款"], {"应付": 5}, "应写“应付”和“已付”"),
        (["拖欠"], [], "谁拖欠了多少人"),
        (["拖欠"], "三十万", "“拖欠”应写成一列"),
        (["拖欠", 0, "人数"], 0, "人数应为正整数"),
        (["拖欠", 0, "人数"], True, "人数应为正整数"),
        (["拖欠", 0, "金额"], "未知", "请写出至少两种不同的可能"),
        (["拖欠", 0, "金额"], [1], "“丙劳务：拖欠金额”"),
        (["拖欠", 0, "月份"], ["9月"], "应形如 2026-09"),
        (["拖欠", 0, "用人"], "丁", "没有列在“单位”里"),
        (["应急周转金"], {"每人上限": 5}, "应写明“可用”"),
    ],
)
def test_wrong_entry_is_refused_with_a_sentence_that_names_it(path, value, says):
    with pytest.raises(LawError, match=says):
        read_case(_set(path, value))


@pytest.mark.parametrize("document", [None, [], "text", {}, {"建设单位": "甲"}])
def test_what_is_no_facts_file_is_refused(document):
    with pytest.raises(LawError):
        read_case(document)


def test_two_entries_of_one_employer_without_months_are_refused():
    with pytest.raises(LawError, match="写了两条"):
        read_case(_set(["拖欠"], GOOD["拖欠"] * 2))


def test_project_money_and_deposit_not_told_are_unknown_not_nothing():
    document = copy.deepcopy(GOOD)
    document["单位"]["乙建"] = {"发包人": "甲公司"}
    labels = {item.fact.label for item in plan(read_case(document)).undecided}
    assert labels == {"乙建：应付工程款", "乙建：可动用的工资保证金"}


def test_sentence_says_who_owes_how_many_people_and_who_pays_first():
    said = plan_sentence(plan(read_case(GOOD)))
    assert said == "丙劳务拖欠12人工资300,000.00元，首先由乙建先行清偿300,000.00元，可以全部清偿。"


def test_sentence_with_a_dispute_names_the_fact_that_decides():
    said = plan_sentence(plan(read_case(_set(["手续齐备"], "未知"))))
    assert "谁先付要看“规划、施工等手续齐备”，共2种情形" in said
