"""Bank result files in the manner of several banks, and rosters."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.sheets import SheetRefused
from tests.sheets.makers import card, id_number, phone, read, read_rows, reasons, text_table, values, warned


def test_batch_pay_result_with_states_and_reasons():
    rows = [
        ["代发工资明细结果", "", "批次号：20261008001"],
        ["付款账号：1234567890123", "", "总笔数：3", "总金额：15000.00"],
        ["序号", "收款账号", "收款人姓名", "金额", "处理状态", "失败原因", "交易日期", "流水号"],
        [1, card(1), "张三", "5,000.00", "交易成功", "", "2026-10-08", "A001"],
        [2, card(2), "李四", "4,000.00", "失败", "户名不符", "2026-10-08", "A002"],
        [3, card(3), "王五", "6,000.00", "处理中", "", "2026-10-08", "A003"],
        ["合计", "", "", "15,000.00"],
    ]
    r = read_rows(rows, "receipts")
    assert r.header_rows == [3]
    assert values(r, "status") == ["success", "failed", "pending"]
    assert values(r, "reason") == [None, "户名不符", None]
    assert values(r, "paid_on") == [dt.date(2026, 10, 8)] * 3
    assert values(r, "bank_card") == [card(1), card(2), card(3)]
    assert r.totals == {"gross": None, "net": 500000}
    assert not r.rejected and not r.warnings


def test_gb18030_export_with_text_formulas_and_tabs():
    rows = [
        [
            "交易日期",
            "交易时间",
            "对方户名",
            "对方账号",
            "对方开户行",
            "借方发生额",
            "贷方发生额",
            "余额",
            "摘要",
            "交易流水号",
        ],
        [
            "20261008",
            "10:11:12",
            "张三",
            f'="{card(1)}"',
            "某银行",
            "5000.00",
            "",
            "1.00",
            "工资",
            "\t000123",
        ],
        ["20261008", "10:11:13", "李四", f"{card(2)}\t", "某银行", "4000.00", "", "1.00", "工资", "\t000124"],
    ]
    r = read(text_table(rows, "gb18030"), "receipts", "明细.csv")
    assert r.columns["name"] == "对方户名"
    assert r.columns["amount"] == "借方发生额"
    assert values(r, "bank_card") == [card(1), card(2)]
    assert values(r, "reference") == ["000123", "000124"]
    assert r.totals["net"] == 900000


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-8-sig", ","), ("utf-8", "\t"), ("utf-16", "\t"), ("gb18030", ";"), ("utf-16-le", ",")],
)
def test_text_tables_in_every_encoding(encoding, delimiter):
    rows = [
        ["户名", "账号", "金额", "状态"],
        ["张三", card(1), "5000", "成功"],
        ["李四", card(2), "1", "成功"],
    ]
    r = read(text_table(rows, encoding, delimiter), "receipts", "回执.txt")
    assert r.totals["net"] == 500100


def test_payer_columns_are_not_the_payee():
    rows = [
        ["付款账号", "付款户名", "收款账号", "收款户名", "收款行名", "交易金额", "交易结果", "用途"],
        ["1111222233334444", "某某公司专户", card(1), "张三", "某银行", 5000, "成功", "工资"],
    ]
    r = read_rows(rows, "receipts")
    assert (r.columns["name"], r.columns["bank_card"], r.columns["bank_name"]) == (
        "收款户名",
        "收款账号",
        "收款行名",
    )


def test_same_transfer_twice_is_rejected_by_its_reference():
    head = ["户名", "账号", "金额", "流水号"]
    r = read_rows(
        [head, ["张三", card(1), 5, "A1"], ["张三", card(1), 5, "A1"], ["李四", card(2), 5, "A1"]], "receipts"
    )
    assert [p.row for p in r.rejected] == [3]
    assert r.rows_accepted == 2


def test_zero_negative_and_missing_amounts_are_rejected():
    head = ["户名", "账号", "金额"]
    rows = [head, ["张三", card(1), 0], ["李四", card(2), -5], ["王五", card(3), ""], ["赵六", card(4), 5]]
    r = read_rows(rows, "receipts")
    assert [p.row for p in r.rejected] == [2, 3, 4]
    assert "退款" in reasons(r)


def test_words_of_success_and_failure():
    words = ["成功", "已到账", "未到账", "退票", "交易失败", "不成功", "待处理", "什么"]
    rows = [
        ["户名", "账号", "金额", "状态"],
        *(["张" + "甲乙丙丁戊己庚辛"[i], card(i), 5, w] for i, w in enumerate(words)),
    ]
    r = read_rows(rows, "receipts")
    assert values(r, "status") == [
        "success",
        "success",
        "failed",
        "failed",
        "failed",
        "failed",
        "pending",
        None,
    ]
    assert "什么" in warned(r)


def test_pay_without_payee_is_refused_as_receipts():
    with pytest.raises(SheetRefused, match="银行回执"):
        read_rows([["日期", "摘要"], ["2026-10-08", "工资"]], "receipts")


def test_roster_of_a_site():
    rows = [
        ["某某项目农民工实名制花名册"],
        ["项目名称：某某项目", "", "", "填报单位：某某劳务公司"],
        ["序号", "姓名", "性别", "身份证号码", "联系电话", "班组", "工种", "进场时间", "退场时间", "是否签订劳动合同", "银行卡号", "工资标准（元/天）", "家庭住址"],
        [1, "张三", "男", id_number(1), phone(1), "木工班", "木工", "2026.3.1", "至今", "是", card(1), 320, "某省某市"],
        [2, "李四", "男", id_number(2), float(phone(2)), "木工班", "木工", dt.date(2026, 3, 2), dt.date(2026, 8, 1), "是", card(2), 300, ""],
        [3, "王五", "男", id_number(1), phone(3), "木工班", "木工", "3月5日", "", "否", card(3), "面议", ""],
    ]  # fmt: skip
    r = read_rows(rows, "roster")
    assert r.header_rows == [3]
    assert values(r, "entry") == [dt.date(2026, 3, 1), dt.date(2026, 3, 2)]
    assert values(r, "exit") == [None, dt.date(2026, 8, 1)]
    assert values(r, "phone") == [phone(1), phone(2)]
    assert values(r, "wage") == ["320", "300"]
    assert "同一个人" in reasons(r)
    assert "没有写年份" in warned(r)


def test_roster_phone_that_is_none_warns():
    r = read_rows([["姓名", "身份证号", "手机"], ["张三", id_number(1), "1390000"]], "roster")
    assert r.rows_accepted == 1
    assert "手机号应为11位" in warned(r)
    assert "1390000" not in str(r.as_json()["warnings"])


def test_roster_empty_form_with_footer():
    rows = [
        ["人员花名册"],
        ["序号", "姓名", "身份证号", "电话号码"],
        *([n] for n in range(1, 10)),
        ["本表一式三份，经办机构二份。"],
        ["负责人：", "", "填表人：", "联系电话："],
        ["", "", "", "申请时间：    年    月    日"],
    ]
    r = read_rows(rows, "roster")
    assert r.rows_read == 0 and not r.rejected
    assert "空白模板" in r.note
    assert len(r.skipped) == 12


def test_roster_footer_with_names_beside_the_labels_is_no_person():
    rows = [
        ["姓名", "身份证号", "联系电话"],
        ["张三", id_number(1), phone(1)],
        ["填表人：", "王五", "审核人：赵六"],
    ]
    r = read_rows(rows, "roster")
    assert (r.rows_accepted, r.rejected) == (1, [])


def test_roster_row_without_id_number_stands():
    r = read_rows([["姓名", "身份证号", "班组", "备注"], ["张三", "", "木工", "进场时间：3月"]], "roster")
    assert r.rows_accepted == 1


def test_payee_account_name_column():
    head = [
        "日期",
        "付款账号",
        "付款账号名称",
        "收款账号开户行",
        "收款账号",
        "收款账号名称",
        "金额",
        "指令状态",
    ]
    r = read_rows(
        [["代发明细"], head, ["20261008", "1", "某公司", "某银行", card(1), "张三", "5", "处理成功"]],
        "receipts",
    )
    assert (r.columns["name"], r.columns["bank_card"]) == ("收款账号名称", "收款账号")
    assert r.columns["bank_name"] == "收款账号开户行"
