"""Lists of payments to a group's people, as contractors and banks hand them in: who got how much on which day."""

from __future__ import annotations

from anxin.sheets.registers import ColumnType, RegisterColumn, RegisterSpec

CLAIM_PAYMENTS = RegisterSpec(
    "claim_payments",
    "付款清单（一条线索的人员）",
    (
        RegisterColumn(
            "name", "姓名", required=True,
            also=("收款人", "收款人姓名", "收款户名", "户名", "工人姓名", "人员姓名", "农民工姓名", "领款人", "名字", "姓 名"),
        ),
        RegisterColumn(
            "id_number", "身份证号", ColumnType.ID_NUMBER,
            also=("身份证号码", "身份证", "公民身份号码", "证件号码", "证件号", "身份证件号码"),
        ),
        RegisterColumn(
            "amount", "金额", ColumnType.MONEY, required=True,
            also=(
                "付款金额", "支付金额", "发放金额", "实发金额", "到账金额", "转账金额", "交易金额", "金额（元）", "付款金额（元）",
                "支付金额（元）", "发放金额（元）", "实发金额（元）", "到账金额（元）",
            ),
        ),
        RegisterColumn(
            "paid_on", "付款日期", ColumnType.DATE, required=True,
            also=("日期", "支付日期", "发放日期", "到账日期", "转账日期", "交易日期", "付款时间", "支付时间", "交易时间"),
        ),
        RegisterColumn(
            "reference", "流水号", ColumnType.CODE,
            also=("交易流水号", "银行流水号", "回单号", "回单编号", "凭证号", "凭证编号", "参考号", "交易号", "备注编号"),
        ),
    ),
    ("name", "id_number", "amount", "paid_on", "reference"),
)  # fmt: skip
