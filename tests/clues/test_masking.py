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


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("老板座机8765432，没人接", "老板座机*******，没人接"),
        ("联系电话：87654321。", "联系电话：********。"),
        ("公司电话8765-4321转人事", "公司电话****-****转人事"),
        ("电话876 5432、8765433", "电话*** ****、*******"),
        ("打(0731)8765432", "打(0731)*******"),
        ("请致电老板娘２３４５６７８", "请致电老板娘*******"),
    ],
)
def test_a_landline_is_masked_where_the_words_say_that_it_is_one(said, shown):
    assert masked_words(said) == shown


@pytest.mark.parametrize(
    "said",
    [
        "一共欠3456789元",
        "电话里说欠我们3456789元，一直没给",
        "电话里说只给2345.67元",
        "来电时间20261119，工期2025-2026年",
        "联系时间2026-11-19，20261119说的",
        "住2栋3201-3202室，电话没有",
        "工单号码23456789",
        "合同号：ZX23456789，收据号码34567890",
        "认筹费6000-8000元",
        "规划(2016-2020)",
        "打12345、12333都打过",
        "工资23456789",
    ],
)
def test_amounts_days_rooms_and_numbers_of_papers_stay(said):
    assert masked_words(said) == said


@pytest.mark.parametrize(
    ("said", "name", "shown"),
    [
        ("我叫王建国，老板是王建设", "王建国", "我叫王**，老板是王建设"),
        ("王建国反映：王建国等12人没有工资", "王建国", "王**反映：王**等12人没有工资"),
        ("市民来电，工人没有工资", "市民", "市民来电，工人没有工资"),
        ("王老板欠钱", "王", "王老板欠钱"),
        ("王**反映欠薪", "王**", "王**反映欠薪"),
        ("没有写名字", "", "没有写名字"),
    ],
)
def test_the_writers_own_name_is_masked_and_no_one_elses(said, name, shown):
    assert masked_words(said, name=name) == shown
