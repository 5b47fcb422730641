"""Who owes and which site: every message read with weights that had not seen it, and the grammar of names by itself."""

from __future__ import annotations

import json

import pytest

from anxin.triage import candidates, fitting, parties, ranking, sites
from anxin.triage.organisations import only_of_a_place, organisations, root_of
from anxin.triage.people import people
from tests.triage.labelled import FILES, Labelled, cases_of, invented, real

#: of those named, so many must be found, and of those not named, so many left empty: by weights fitted on other messages
FLOORS = {"debtor": (0.87, None), "project": (0.76, 0.95)}


@pytest.fixture(scope="module")
def messages():
    return [one for name in FILES for one in invented(name)]


@pytest.mark.parametrize("what", sorted(FLOORS))
def test_ten_folds_find_most_and_invent_little(messages, what):
    cases = cases_of(messages, what)
    found = fitting.try_out(cases, what)
    named = [_right(one, what, party) for one, party in zip(messages, found, strict=True) if one.names(what)]
    empty = [party is None for one, party in zip(messages, found, strict=True) if not one.names(what)]
    least, least_empty = FLOORS[what]
    assert sum(named) / len(named) >= least
    if least_empty:
        assert sum(empty) / len(empty) >= least_empty


def test_real_messages_are_read_by_weights_fitted_on_invented_ones_alone(messages):
    known = real()
    if not known:
        pytest.skip("the shared messages are not at hand (set ANXIN_SHARED_DATA)")
    weights = fitting.fit(cases_of(messages, "debtor"), "debtor")
    right = [
        _right(one, "debtor", weights.best(candidates.parties(one.title, one.body)))
        for one in known
        if one.debtor
    ]
    assert sum(right) / len(right) >= 0.85


def _right(one: Labelled, what: str, party: ranking.Party | None) -> bool:
    return party is not None and any(fitting.same(party.name.words, name) for name in one.names(what))


@pytest.mark.parametrize("what", sorted(FLOORS))
def test_shipped_weights_weigh_nothing_but_what_texts_have(messages, what):
    shipped = set(json.loads(ranking.SHIPPED.read_text(encoding="utf-8"))[what]["features"])
    find = candidates.parties if what == "debtor" else sites.sites
    seen = {feature for one in messages for party in find(one.title, one.body) for feature in party.features}
    assert shipped <= seen | set(fitting.GUESSES[what][1])


def test_weights_choose_the_heaviest_the_first_among_equals_and_nobody_below_the_least():
    one, two = (
        candidates.Party(candidates.Name(words, start, start + 2), frozenset({"owes"}))
        for words, start in (("甲店", 9), ("乙店", 3))
    )
    assert ranking.Weights(0.5, {"owes": 1.0}).best([one, two]) is two
    assert ranking.Weights(1.5, {"owes": 1.0}).best([one, two]) is None
    assert ranking.Weights(0.5, {"owes": 1.0}).best([]) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我们被川南宏拓建筑劳务有限公司拖了三个月", "川南宏拓建筑劳务有限公司"),
        ("本人在A3区红岩纸业上班", "A3区红岩纸业"),
        ("钱早就拨给了博聘人力", "博聘人力"),
        ("食堂由膳和餐饮管理公司承包", "膳和餐饮管理公司"),
        ("我在省建六公司打工", "省建六公司"),
        ("他是迅通快递城南站点的站长", "迅通快递城南站点"),
        ("A市第二人民医院欠我们", "A市第二人民医院"),
        ("找了好几次，溪口镇职业中专不给", "溪口镇职业中专"),
    ],
)
def test_a_name_is_cut_out_of_its_sentence(text, name):
    assert name in {one.words for one in organisations(text)}


@pytest.mark.parametrize(
    "words", ["装修公司", "一家家政公司", "劳务公司", "为公司", "包工头和项目部", "工资拖欠公司", "某某酒店"]
)
def test_a_trade_or_half_a_sentence_is_nobodys_name(words):
    assert words not in {one.words for one in organisations(words + "不给钱")}


def test_a_firm_without_a_name_of_its_own_is_told_from_a_district_s_office():
    assert only_of_a_place("L2县木材厂") and only_of_a_place("A5区装修公司")
    assert not only_of_a_place("L2县教育局") and not only_of_a_place("L2县广源木业")


@pytest.mark.parametrize(
    ("words", "root"),
    [
        ("云州宏拓建筑劳务有限公司", "云州宏拓"),
        ("A3区红岩纸业", "红岩"),
        ("I市通联公司", "通联"),
        ("林场", "林场"),
    ],
)
def test_the_root_of_a_name_is_what_it_is_called_in_short(words, root):
    assert root_of(words) == root


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("跟着一个叫彭建新的老板做外墙", "彭建新"),
        ("包工头陈大发欠我们三万", "陈大发"),
        ("老板姓柴，叫柴某某", "柴某某"),
        ("是老周喊我去的", "老周"),
        ("肖总说没有钱", "肖总"),
        ("矿主外号“老鼠强”", "老鼠强"),
        ("欧阳志华不给钱", "欧阳志华"),
    ],
)
def test_people_are_found_by_name_surname_and_nickname(text, name):
    assert name in {one.words for _, one in people(text)}


@pytest.mark.parametrize(
    "text", ["马上过年了", "向领导反映", "老板不在", "一万五没给", "高速公路上干活", "方便的话请回复"]
)
def test_words_that_begin_like_a_surname_are_no_people(text):
    assert {one.words for _, one in people(text)} == set()


@pytest.mark.parametrize(
    ("title", "body", "debtor"),
    [
        # the labour contractor, not the firm that has paid it nor the owner
        ("讨要工钱", "我们在望江城做水电，总包天成建设每月把钱打给华川劳务，华川劳务却一分没发给我们。", "华川劳务"),
        # not the office that was asked
        ("求助", "我在禾丰米业上班，米业三个月没发工资，去C2县人社局两次都说再等等。", "禾丰米业"),
        # the boss by name, where the site alone is named beside him
        ("工钱", "在碧水湾小区贴砖，老板李德福不给钱，九个人十二万。", "李德福"),
        # called in full once, in short everywhere else
        ("金谷不发工资", "金谷停发工资半年了。我们和西地省金谷文旅发展有限公司签了合同，金谷一直拖。", "西地省金谷文旅发展有限公司"),
        # an office may owe itself
        ("J5县教育局拖欠代课教师工资", "J5县教育局拖欠我们代课教师工资一年。", "J5县教育局"),
    ],
)  # fmt: skip
def test_the_one_who_owes_is_told_from_those_beside(title, body, debtor):
    found = parties.debtor(title, body)
    assert found and found.words == debtor


@pytest.mark.parametrize(
    "body",
    [
        "老板不给工资，找了劳动局也没用。",
        "在工地做了三个月，包工头一分钱没给，打电话不接。",
        "我姓孟，工资三个月没发了，请领导帮忙。",
    ],
)
def test_where_nobody_is_named_nobody_is_accused(body):
    assert parties.debtor("", body) is None


@pytest.mark.parametrize(
    ("title", "body", "site"),
    [
        ("", "我们在云栖雅苑二期做木工，工资没发。", "云栖雅苑二期"),
        ("", "去年到松岭镇至龙背村公路改扩建工程浇路面，民工工资没结。", "松岭镇至龙背村公路改扩建工程"),
        ("", "C5市康养中心的农民工还是拿不到钱，工地停了。", "C5市康养中心"),
    ],
)
def test_the_site_is_found(title, body, site):
    found = parties.project(title, body)
    assert found and found.words == site


@pytest.mark.parametrize(
    "body", ["老板在工地上欠我们工资。", "我在红岩纸业上班，厂里不发工资。", "政府工程也拖欠工资吗？"]
)
def test_a_site_without_a_name_is_no_site(body):
    assert parties.project("", body) is None


def test_a_very_long_text_is_read_as_one_of_many_letters_is():
    text = "张三丰公司拖欠王五工资，" * 1500
    assert len(text) > 15_000 and parties.debtor("", text) is not None
