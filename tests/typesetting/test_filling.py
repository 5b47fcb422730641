"""Data into letters: what is missing is told all at once, what is wrong is named, what is said is right."""

from __future__ import annotations

import pytest

from anxin.typesetting.errors import NotFilled, TemplateFault, UnknownTemplate
from anxin.typesetting.filling import fill
from anxin.typesetting.grammar import parse
from anxin.typesetting.letters import Heading, Paragraph, Table
from anxin.typesetting.templates import template, templates
from tests.support.letters import cite, example


def problems(key, data):
    with pytest.raises(NotFilled) as refused:
        fill(template(key), data, cite=cite)
    return {one.field: one.sentence for one in refused.value.problems}


@pytest.mark.parametrize("key", sorted(templates()))
def test_an_empty_matter_is_refused_with_every_required_field(key):
    one = template(key)
    required = {name for name, field in one.fields.items() if field.required or field.unless}
    found = problems(key, {})
    assert set(found) == required
    assert all(
        sentence.endswith("。") and one.fields[name].label in sentence for name, sentence in found.items()
    )


@pytest.mark.parametrize("key", sorted(templates()))
def test_each_required_field_alone_is_missed(key):
    one = template(key)
    for name, field in one.fields.items():
        if field.required:
            assert set(problems(key, one.example() | {name: "" if not field.columns else []})) == {name}


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"finish_by": "2026-02-30"}, "finish_by", "须是日期"),
        ({"amount": 12.5}, "amount", "以分为单位"),
        ({"amount": -1}, "amount", "不小于0"),
        ({"people": True}, "people", "数字"),
        ({"employer": "云州\n公司"}, "employer", "换行"),
        ({"employer": "云" * 201}, "employer", "不能超过200个字，现在是201个字"),
        ({"employer": 5}, "employer", "须是文字"),
        ({"stranger": "x"}, "stranger", "没有“stranger”这个字段"),
    ],
)
def test_a_wrong_value_is_named(changes, field, words):
    found = problems("risk_notice", template("risk_notice").example() | changes)
    assert set(found) == {field}
    assert words in found[field]


def test_a_wrong_row_is_named_by_its_number_and_column():
    rows = [dict(row) for row in template("rectification_order").example()["arrears"]]
    rows[1]["owed"] += 1
    rows[2]["due"] = None
    found = problems("rectification_order", template("rectification_order").example() | {"arrears": rows})
    assert set(found) == {"arrears.2.owed", "arrears.3.due"}
    assert "第2行：拖欠不等于应付减已付" in found["arrears.2.owed"]


def test_a_choice_outside_its_list_is_refused_with_the_list():
    found = problems("service_return", template("service_return").example() | {"manner": "pigeon"})
    assert "直接送达、留置送达" in found["manner"]


def test_twelve_months_of_the_minimum_wage_must_be_twelve():
    found = problems("arbitration_award", template("arbitration_award").example() | {"ceiling": 2510000})
    assert "12倍" in found["ceiling"]


def test_an_award_pays_or_rejects_and_one_of_both_is_said():
    full = template("arbitration_award").example()
    found = problems("arbitration_award", full | {"items": [], "rejected": None})
    assert "至少要填一项" in found["items"]
    letter = example(
        "arbitration_award", items=None, rejected="对申请人关于工资的请求不予支持：没有用工的事实。"
    )
    said = "".join(one.text for one in letter.blocks if isinstance(one, Paragraph))
    assert "驳回申请人的仲裁请求" in said and "没有用工的事实" in said
    assert "日内支付申请人" not in said
    assert not [one for one in letter.blocks if isinstance(one, Table)]
    assert "日内支付申请人" in "".join(
        one.text for one in example("arbitration_award").blocks if isinstance(one, Paragraph)
    )


def told(letter):
    return "\n".join(one.text for one in letter.blocks if isinstance(one, Paragraph))


def test_an_award_in_part_says_so_with_its_article_and_that_the_rest_follows():
    part, whole = (told(example(kind)) for kind in ("partial_award", "arbitration_award"))
    assert "先行裁决" in part and "《中华人民共和国劳动争议调解仲裁法》第四十三条第二款" in part
    assert "其余仲裁请求由仲裁庭继续审理，另行裁决" in part and "审理终结" not in part
    assert "先行裁决" not in whole and "第四十三条" not in whole and "审理终结" in whole


def test_a_fine_or_another_penalty_must_be_said_and_only_a_fine_has_days_to_pay():
    full = template("penalty_decision").example()
    assert "至少要填一项" in problems("penalty_decision", full | {"fine": None})["fine"]
    other = told(example("penalty_decision", fine=None, other_penalty="警告。"))
    assert "警告。" in other and "加处罚款" not in other and "罚款人民币" not in other
    fined = told(example("penalty_decision"))
    assert "罚款人民币30,000.00元（大写：叁万元整）" in fined and "十五日内缴纳" in fined


def test_the_right_to_a_hearing_is_said_with_its_days_only_where_there_is_one():
    entitled, none = (told(example("penalty_prior_notice", hearing=kind)) for kind in ("entitled", "none"))
    assert "五个工作日内" in entitled and "不属于听证范围" not in entitled
    assert "不属于听证范围" in none and "要求听证的，应当" not in none


@pytest.mark.parametrize(
    ("ground", "said"),
    [("withdrawn", "第三十五条"), ("absent", "第三十九条"), ("wrong", "第三十二条")],
)
def test_a_case_is_dismissed_by_the_article_of_its_ground_alone(ground, said):
    text = told(example("arbitration_dismissal", ground=ground))
    others = {"第三十五条", "第三十九条", "第三十二条"} - {said}
    assert said in text and not [one for one in others if one in text]


def test_a_mediation_paper_has_its_plan_to_the_fen_or_what_else_was_agreed():
    full = template("arbitration_mediation").example()
    assert "至少要填一项" in problems("arbitration_mediation", full | {"plan": [], "other": None})["plan"]
    ended = told(example("arbitration_mediation", plan=None, other="双方终止劳动关系。"))
    assert "双方终止劳动关系。" in ended and "被申请人支付申请人" not in ended
    assert "支付申请人人民币12,000.00元（大写：壹万贰仟元整），分2期" in told(
        example("arbitration_mediation")
    )
    assert "其他请求由仲裁庭继续审理" in told(example("arbitration_mediation", ground="part"))


def test_a_guarantee_is_replaced_and_money_is_paid_in():
    cash, paper = (
        told(example("deposit_replenishment_notice", deposit=kind)) for kind in ("cash", "guarantee")
    )
    assert "存入工资保证金账户" in cash and "新保函" not in cash.split("请将存款凭证")[0]
    assert "新保函开立后，原保函即行失效" in paper and "存入工资保证金账户" not in paper


def test_sums_counts_and_capitals_come_from_the_rows():
    letter = example("rectification_order")
    said = "\n".join(one.text for one in letter.blocks if isinstance(one, Paragraph))
    assert "共3人，应付43,200.50元，已付12,000.00元，拖欠31,200.50元。" in said
    assert "共计人民币31,200.50元（大写：叁万壹仟贰佰元伍角整）" in said
    table = next(one for one in letter.blocks if isinstance(one, Table))
    assert table.foot == ("合计", "", "", "43,200.50", "12,000.00", "31,200.50")
    assert table.rows[1] == ("2", "钱镕", "2025年12月", "7,200.50", "0.00", "7,200.50")


def test_headings_are_numbered_by_level():
    letter = example("rectification_order")
    numbers = [one.number for one in letter.blocks if isinstance(one, Heading)]
    assert numbers == ["一、", "二、", "三、", "四、", "（一）", "（二）", "（三）", "五、"]


def test_the_award_says_the_rights_that_follow_from_its_kind():
    final, open_ = (example("arbitration_award", finality=kind) for kind in ("final", "open"))
    texts = [
        "".join(one.text for one in letter.blocks if isinstance(one, Paragraph)) for letter in (final, open_)
    ]
    assert "申请撤销" in texts[0]
    assert "期满不起诉的" not in texts[0]
    assert "期满不起诉的" in texts[1]
    assert "申请撤销" not in texts[1]


def test_what_is_not_filled_is_not_said():
    said = "".join(
        one.text for one in example("risk_notice", people=None, amount=None).blocks if hasattr(one, "text")
    )
    assert "涉及的人数和金额尚待核实" in said
    assert "大写" not in said


def test_an_unknown_template_is_refused():
    with pytest.raises(UnknownTemplate, match="没有“love_letter”的模板"):
        template("love_letter")


@pytest.mark.parametrize(
    "body",
    ["{a", "a]", "{a b}", "@if x\n文字", "@end", "@wrong x", "{law:x y}", "@if", "@if x\n@else\n@else\n@end"],
)
def test_a_body_that_contradicts_itself_is_a_fault(body):
    with pytest.raises(TemplateFault):
        parse(body, "模板")


HEAD = "key: {key}\nname: 试\nstyle: record\nfields:\n  issued_on: {{label: 日期, type: date}}\n  a: {{label: 甲}}\nbody: |\n  {body}\n"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("没有占位", "没有用到：a"),
        ("{a}{b}", "没有定义的字段“b”"),
        ("{a:capital}", "没有写法“capital”"),
        ("{a.b}", "没有栏目“b”"),
        ("{a}\n  @use nothing", "共用段落“nothing”没有"),
    ],
)
def test_a_template_whose_placeholders_and_fields_differ_is_refused(body, words, tmp_path):
    (tmp_path / "_shared.yaml").write_text("fields: {}\npassages: {}\n", "utf-8")
    (tmp_path / "try.yaml").write_text(HEAD.format(key="try", body=body), "utf-8")
    with pytest.raises(TemplateFault, match=words):
        templates(tmp_path)
