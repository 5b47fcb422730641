"""Bank receipts (银行代发回执): what was sent to whom and whether it arrived."""

from __future__ import annotations

from dataclasses import replace

from anxin.sheets.spec import FieldSpec, KindSpec, ValueType
from anxin.sheets.vocabulary.common import (
    BANK_CARD,
    BANK_NAME,
    EMPLOYEE_NUMBER,
    ID_NUMBER,
    NAME,
    PHONE,
    REMARK,
    TEAM,
)
from anxin.sheets.vocabulary.payroll import MONTH

# Word lists read better in lines than one word a line.
# fmt: off

_PAYER = r"付款|(?<!收/)付方|转出|汇款人|本方|我方|代发单位|委托单位|企业"

PAYEE = replace(
    NAME,
    title="收款人",
    words=(
        "收款人姓名", "收款账号名称", "收款帐号名称", "入账账户名称", "收款人名称", "收款人户名", "收款户名", "收款人", "收款方户名", "收款方名称", "收款方", "收方户名", "收方名称",
        "收款账户名称", "收款单位", "对方户名", "对方名称", "对方账户名称", "姓名", "户名", "账户名称", "账户名", "客户姓名", "客户名称",
        "员工姓名", "PAYEE", "PAYEENAME", "BENEFICIARY", "BENEFICIARYNAME", "NAME", "ACCOUNTNAME", "持卡人姓名", "持卡人", "收款账户名", "交易对手名称", "交易对方户名", "收款人全称", "工人姓名", "农民工姓名", "开户名",
    ),
    patterns=(r"(?:收款|收方|收/付方|对方|入账|转入).{0,4}(?:名|姓名|人)(?:称)?$", r"姓名$|^户名|户名$"),
    avoid=_PAYER + r"|行|审核|经办|类型|证件|备注|签",
)
CARD = replace(
    BANK_CARD,
    weight=2.0,
    words=(
        "收款账号", "收款帐号", "收款人账号", "收款人帐号", "收款卡号", "收款人卡号", "收方账号", "收方帐号", "收款方账号", "收款账户",
        "对方账号", "对方帐号", "对方账户", "银行卡号", "卡号", "账号", "帐号", "银行账号", "银行帐号", "工资卡号", "入账账号",
        "转入账号", "客户账号", "交易对手账号", "对方卡号/账号", "账/卡号", "账号/卡号", "卡号/账号", "收款人账号/卡号", "账户", "银行卡",
        "代发账号", "收款账号/卡号", "ACCOUNT", "ACCOUNTNO", "ACCOUNTNO.", "ACCOUNTNUMBER", "CARDNUMBER", "PAYEEACCOUNT",
        "BENEFICIARYACCOUNT", "BANKACCOUNT", "入账卡号", "收款人卡(账)号", "客户卡号",
    ),
    patterns=(
        r"(?:收款|收方|对方|入账|转入|代发|客户).{0,5}(?:卡|账|帐)(?:号|户)",
        r"^[卡账帐]号",
        r"[卡账帐]号$",
    ),
    avoid=_PAYER + r"|名称|户名|行号|行名|名$|登录|扣款",
)
AMOUNT = FieldSpec(
    "amount",
    "金额",
    ValueType.MONEY,
    weight=3.0,
    words=(
        "成功金额", "实际发放金额", "实发金额", "实付金额", "实际支付金额", "实际到账金额", "实际入账金额", "实际金额", "实收金额", "交易金额", "发放金额", "代发金额", "转账金额", "付款金额", "支付金额", "汇款金额",
        "入账金额", "金额", "发生额", "借方发生额", "借方金额", "支出金额", "支出", "实发工资", "工资金额", "收款金额", "代付金额",
        "AMOUNT", "应发金额", "交易额", "申请金额", "本次发放金额", "到账金额", "借方", "工资",
    ),
    patterns=(r"金额$", r"发生额", r"^金额"),
    avoid=r"贷方|收入|手续费|余额|总金额|失败|退|限额|大写|笔数",
)
#: what should have arrived, where a bank prints it beside what did
AMOUNT_DUE = FieldSpec(
    "amount_due",
    "应发金额",
    ValueType.MONEY,
    weight=0.3,
    words=("失败金额",),
    patterns=(r"^应[发付转](?:金额|工资)$", r"^(?:申请|委托|计划|原|提交|上送|代发)金额$"),
)
PAID_ON = FieldSpec(
    "paid_on",
    "到账日期",
    ValueType.DATE,
    weight=1.5,
    words=(
        "到账日期", "到账时间", "交易日期", "交易时间", "发放日期", "发放时间", "入账日期", "入账时间", "支付日期", "支付时间", "付款日期",
        "付款时间", "转账日期", "转账时间", "记账日期", "记账日", "处理日期", "处理时间", "交易日", "代发日期", "日期", "完成时间",
        "DATE", "PAYMENTDATE", "TRANSACTIONDATE", "VALUEDATE", "记账时间", "会计日期", "业务日期", "起息日",
    ),
    patterns=(r"(?:交易|到账|入账|记账|支付|付款|发放|转账|处理|代发|完成).{0,3}(?:日期|时间|日)",),
    avoid=r"申请|提交|开户|制单|经办|预约|指定|期望|打印",
)
STATUS = FieldSpec(
    "status",
    "发放状态",
    ValueType.STATUS,
    weight=1.5,
    words=(
        "STATUS", "RESULT", "交易状态", "发放状态", "处理状态", "状态", "处理结果", "交易结果", "发放结果", "代发结果", "结果", "支付状态", "入账状态",
        "转账状态", "成功标志", "是否成功", "代发状态", "明细状态", "付款状态", "支付结果", "执行结果", "处理标志", "入账结果", "发放情况",
        "到账状态", "付款结果",
    ),
    patterns=(r"状态$", r"(?:处理|交易|发放|代发|支付|入账|付款)结果", r"(?:成功|入账|处理|交易|扣款|代发|发放).{0,3}标[志识]|是否成功"),
    avoid=r"审核|复核|批次|账户|卡状态|授权|打印",
)
REASON = FieldSpec(
    "reason",
    "失败原因",
    ValueType.TEXT,
    words=(
        "REASON", "失败原因", "退票原因", "错误原因", "原因", "错误信息", "返回信息", "失败信息", "拒绝原因", "处理信息", "错误描述", "结果说明",
        "退汇原因", "银行返回信息", "失败说明", "反馈信息", "状态说明",
    ),
    patterns=(r"(?:失败|错误|退[票汇回]|拒绝|异常).{0,3}(?:原因|信息|描述|说明)", r"返回信息|处理说明"),
)
REFERENCE = FieldSpec(
    "reference",
    "流水号",
    ValueType.CODE,
    words=(
        "REFERENCE", "REFERENCENO", "TRANSACTIONID", "REF", "流水号", "交易流水号", "交易号", "交易流水", "业务流水号", "银行流水号", "回单编号", "回单号", "凭证号", "交易序号", "明细流水号",
        "核心流水号", "电子回单号", "参考号", "交易编号", "业务参考号", "业务编号", "指令流水号", "平台流水号", "柜员流水号", "凭证号码",
        "明细序号", "日志号", "明细编号", "订单号",
    ),
    patterns=(r"流水", r"回单.{0,2}号", r"凭证.{0,2}号", r"(?:交易|业务|参考|指令).{0,2}(?:编?号|序号)$"),
    avoid=r"批次|种类|类型",
)
MEMO = replace(
    REMARK,
    words=("备注", "附言", "摘要", "用途", "交易摘要", "交易附言", "备注/附言", "说明", "款项用途", "转账附言"),
    patterns=(r"^备注|附言|摘要|用途",),
)

RECEIPTS = KindSpec(
    "receipts",
    "银行回执",
    fields=(
        PAYEE,
        ID_NUMBER,
        PHONE,
        EMPLOYEE_NUMBER,
        TEAM,
        CARD,
        replace(BANK_NAME, avoid=BANK_NAME.avoid + "|" + _PAYER),
        AMOUNT,
        AMOUNT_DUE,
        PAID_ON,
        STATUS,
        REASON,
        REFERENCE,
        replace(MONTH, words=tuple(word for word in MONTH.words if word not in ("月份", "年月"))),
        MEMO,
    ),
    required=(("name", "bank_card"), ("amount",)),
    identity=("name", "id_number", "bank_card"),
    substance=("amount",),
)
