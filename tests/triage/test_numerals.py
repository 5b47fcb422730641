"""Numbers as people write them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from anxin.triage.numerals import numbers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十几人", 10),
        ("二三十万", 200_000),
        ("七八个", 7),
        ("十来个", 10),
        ("几十号人", 20),
        ("上百人", 100),
        ("一百多农民工", 100),
        ("80多名", 80),
        ("10几个", 10),
        ("贰拾叁萬玖仟圆", 239_000),
        ("1万5", 15_000),
        ("2万3千元", 23_000),
        ("8万8千6百元", 88_600),
        ("三万五", 35_000),
        ("四十六万八一直不付", 468_000),
        ("两千三百元", 2_300),
        ("九千零五十元", 9_050),
        ("20余万", 200_000),
        ("七十余万", 700_000),
        ("二十几万", 200_000),
        ("5、6万", 50_000),
        ("3.7万", 37_000),
        ("1,234,567.50元", Decimal("1234567.50")),
        ("一百二十三万四千", 1_234_000),
        ("廿三个人", 23),
        ("卅二万", 320_000),
        ("廿几个人", 20),
        ("卅多万", 300_000),
        ("廿来个", 20),
        ("一百廿人", 120),
        ("卅五万六", 356_000),
        ("廿四、五万", 240_000),
        ("二十四、五万", 240_000),
        ("廿人", 20),
        ("五、六个人", 5),
        ("二、三十万", 200_000),
        ("三到五万", 30_000),
    ],
)
def test_value_is_the_lower_bound(text, value):
    assert [one.value for one in numbers(text)] == [value]


@pytest.mark.parametrize(
    "text", ["十分感谢", "万分感谢", "千万要管", "一直没给", "我们一起去", "百姓", "二〇一四年"]
)
def test_words_that_count_nothing_are_no_sums(text):
    assert not [one for one in numbers(text) if one.value > 10]


def test_figures_that_follow_one_another_stay_two():
    assert [one.value for one in numbers("一号楼三、六号楼")] == [1, 3, 6]
    assert [one.value for one in numbers("工钱三万，四个人")] == [30_000, 4]


def test_places_are_those_of_the_text():
    text = "我们四人六万多点工资"
    assert [text[one.start : one.end] for one in numbers(text)] == ["四", "六万多"]
