"""Which messages are one dispute: near names, different people, other sites."""

from __future__ import annotations

from anxin.triage import clusters, likeness, pairs, read_messages
from anxin.triage.disputes import compared
from tools.pair_weights import AGAINST, FOR

#: invented, with right check digits
ONE_ID, OTHER_ID = "990101199001010019", "990101199001010035"

FIRST = ("a", "宏拓劳务公司拖欠木工工资", "我们在云栖雅苑做木工，宏拓劳务公司欠我们十二个人工资二十六万元。")
MISSPELT = ("b", "要工钱", "我在云栖雅苑支模板做木工，宏托劳务公司拖欠工资一万四千六百元没给。")
OTHER_SITE = ("c", "瓦工工资", "我们八个瓦工在江湾一号砌墙，青石建筑公司拖欠工资九万元。")
ELSEWHERE = ("d", "江湾一号夜间施工扰民", "江湾一号工地半夜打桩，请管一管。")


def leads(*rows):
    messages = read_messages(rows)
    return [messages[lead].key for lead in clusters(messages)]


def test_a_misspelt_firm_on_the_same_site_is_one_dispute():
    assert leads(FIRST, MISSPELT, OTHER_SITE) == ["a", "a", "c"]


def test_a_title_in_the_first_line_of_the_text_weighs_as_in_a_field_of_its_own():
    """Lists come with the title in a column, or put in front of the text."""
    rows = [FIRST, MISSPELT, OTHER_SITE]
    apart, together = (
        read_messages(rows),
        read_messages((key, "", f"{title}\n{text}") for key, title, text in rows),
    )
    assert pairs(together) == pairs(apart)
    assert [each.signs for each in compared(together)] == [each.signs for each in compared(apart)]


def test_the_reasons_say_what_speaks_for_it():
    (pair,) = pairs(read_messages([FIRST, MISSPELT]))
    assert any("只差个别字" in reason or "都说" in reason for reason in pair.reasons)


def test_noise_of_a_site_is_not_the_dispute_of_its_workers():
    assert leads(OTHER_SITE, ELSEWHERE) == ["c", "d"]


def test_the_same_text_sent_twice_is_one():
    assert leads(FIRST, ("e", FIRST[1], FIRST[2])) == ["a", "a"]


def test_texts_with_different_identity_numbers_are_never_one():
    mine = ("a", FIRST[1], FIRST[2] + f"身份证{ONE_ID}")
    theirs = ("b", FIRST[1], FIRST[2] + f"身份证{OTHER_ID}")
    assert leads(mine, theirs) == ["a", "b"]


def test_a_text_without_number_does_not_bring_two_people_together():
    mine = ("a", FIRST[1], FIRST[2] + f"身份证{ONE_ID}")
    theirs = ("c", FIRST[1], FIRST[2] + f"身份证{OTHER_ID}")
    found = leads(mine, ("b", FIRST[1], FIRST[2]), theirs)
    assert found[0] != found[2]


def test_no_message_and_one_message_have_no_pair():
    assert leads() == []
    assert leads(FIRST) == ["a"]


def test_another_part_of_a_site_and_another_firm_there_are_two_disputes():
    there = (
        "f",
        "抹灰的钱",
        "我们四个人在江湾一号二期抹灰，跟砌墙的不是一帮人，叫我们来的是恒垣工程队，还差四万六没给。",
    )
    assert leads(OTHER_SITE, there) == ["c", "f"]


def test_wages_and_goods_of_one_firm_are_two_matters():
    goods = ("g", "宏拓劳务公司欠砂石款", "我给云栖雅苑工地供砂石，宏拓劳务公司欠我货款十四万，一直不付。")
    assert leads(FIRST, goods) == ["a", "g"]


def test_a_firm_called_by_its_first_two_letters_is_the_same_firm():
    whole = ("h", "裕彩制衣厂不发工资", "裕彩制衣厂欠我们缝纫车间四十八个人三个月工资，鲁老板说单子被退了。")
    short = ("i", "问问我妈的工资", "我妈在裕彩做羽绒服，鲁老板三个月没给她发工资，车间里四十八个人都一样。")
    (pair,) = pairs(read_messages([whole, short]))
    assert any("裕彩" in reason for reason in pair.reasons)


def test_the_weights_know_every_sign_and_none_speaks_against_its_meaning():
    (each,) = compared(read_messages([FIRST, MISSPELT]))
    assert each.signs is not None
    assert set(each.signs.strengths) == {*FOR, *AGAINST}
    weights = likeness.shipped().signs
    assert all(weights.get(name, 0.0) >= 0 for name in FOR)
    assert all(weights.get(name, 0.0) <= 0 for name in AGAINST)
