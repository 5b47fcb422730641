"""What people wrote, on a screen: numbers masked however they are set, Chinese signs left alone."""

from __future__ import annotations

import pytest

from anxin.clues.masking import masked_words
from anxin.triage.reading import plain


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("老板电话：１３９１２３４５６７８；欠了３个月？", "老板电话：139****5678；欠了3个月？"),
        ("身份证 990101 19850312 001X", "身份证 9901**********001X"),
        ("卡号6222 0212 3456 7890 123", "卡号6222***********0123"),
        ("欠我12345678.90元，2026-11-20说的", "欠我12345678.90元，2026-11-20说的"),
        ("　　木工　共１２人\n　工资２万", "木工 共12人\n 工资2万"),
    ],
)
def test_long_numbers_are_masked_and_the_rest_stands_as_it_was_written(said, shown):
    assert masked_words(said) == shown


def test_each_sign_stands_where_the_reading_saw_it():
    text = masked_words("王五（木工）：１０月、１１月没有发；电话 139-1234-5678，ＱＱ同号！")
    assert len(plain(text)) == len(text)
