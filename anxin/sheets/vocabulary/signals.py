"""What other bodies report about employers and sites, with the headings that are agreed with them."""

from __future__ import annotations

from anxin.sheets.registers import ColumnType, RegisterColumn, RegisterSpec
from anxin.sheets.vocabulary.arbitration import APPLICANTS
from anxin.sheets.vocabulary.claim_payments import CLAIM_PAYMENTS
from anxin.sheets.vocabulary.claimants import CLAIMANTS
from anxin.sheets.vocabulary.hotline import HOTLINE
from anxin.sheets.vocabulary.mediation import AID_DUTIES, BODIES, MEDIATORS

_USCC = RegisterColumn("uscc", "统一社会信用代码", ColumnType.USCC, required=True)
_PROJECT = RegisterColumn("project", "项目编码", ColumnType.CODE, required=True)
_MONTH = RegisterColumn("month", "月份", ColumnType.MONTH, required=True)
_REGION = RegisterColumn("region", "区划代码", ColumnType.CODE, required=True)
_NUMBER = RegisterColumn("number", "编号", ColumnType.CODE, required=True)
_PERSON = RegisterColumn("id_number", "身份证号", ColumnType.ID_NUMBER)
_OPTIONAL_PROJECT = RegisterColumn("project", "项目编码", ColumnType.CODE)
_OPTIONAL_USCC = RegisterColumn("uscc", "单位代码", ColumnType.USCC, also=("统一社会信用代码",))
_PEOPLE = RegisterColumn("people", "人数", ColumnType.COUNT)
_AMOUNT = RegisterColumn("amount_fen", "金额", ColumnType.MONEY)


def _day(name: str, title: str, *, required: bool = False) -> RegisterColumn:
    return RegisterColumn(name, title, ColumnType.DATE, required=required)


def _count(name: str, title: str) -> RegisterColumn:
    return RegisterColumn(name, title, ColumnType.COUNT)


def _money(name: str, title: str) -> RegisterColumn:
    return RegisterColumn(name, title, ColumnType.MONEY)


def _number(name: str, title: str) -> RegisterColumn:
    return RegisterColumn(name, title, ColumnType.NUMBER)


def _words(name: str, title: str, words: dict[str, str], *, required: bool = True) -> RegisterColumn:
    return RegisterColumn(name, title, ColumnType.WORD, required=required, words=words)


STATUSES = {
    "存续": "normal",
    "在业": "normal",
    "开业": "normal",
    "正常": "normal",
    "经营异常": "abnormal",
    "异常": "abnormal",
    "吊销": "revoked",
    "注销": "deregistered",
}
EVENTS = {
    "仲裁": "arbitration",
    "监察": "inspection",
    "被执行": "enforcement",
    "经营异常": "abnormal_registration",
    "失信": "dishonesty",
    "欠税": "tax_arrears",
}
SITE_SOURCES = {"施工许可": "permit", "中标公示": "bid", "巡查": "inspection"}

_SPECS = (
    RegisterSpec(
        "employers",
        "用人单位登记",
        (
            _USCC,
            RegisterColumn("employer_name", "单位名称", required=True),
            _REGION,
            RegisterColumn("industry", "行业"),
            _day("founded_on", "成立日期"),
            _words("status", "登记状态", STATUSES, required=False),
            _day("status_on", "状态日期"),
        ),
        ("uscc",),
    ),
    RegisterSpec(
        "links",
        "单位关联关系",
        (
            _USCC,
            RegisterColumn("other", "关联单位代码", ColumnType.USCC, required=True),
            RegisterColumn("relation", "关系", required=True),
            _day("since", "起"),
            _day("until", "止"),
        ),
        ("uscc", "other", "relation"),
    ),
    RegisterSpec(
        "officers",
        "单位人员（法定代表人、股东、监事）",
        (
            _USCC,
            RegisterColumn("id_number", "身份证号", ColumnType.ID_NUMBER, required=True),
            RegisterColumn("name", "姓名"),
            RegisterColumn("office", "职务", required=True),
        ),
        ("uscc", "id_number", "office"),
    ),
    RegisterSpec(
        "known_sites",
        "施工许可、中标和巡查工地",
        (
            _words("source", "来源", SITE_SOURCES),
            _NUMBER,
            RegisterColumn("site_name", "项目名称", required=True),
            _REGION,
            _day("on", "日期", required=True),
            RegisterColumn("owner", "建设单位"),
            RegisterColumn("contractor", "总包单位"),
            _money("contract_fen", "合同价款"),
        ),
        ("source", "number"),
    ),
    RegisterSpec(
        "social",
        "社会保险月报",
        (
            _USCC,
            _MONTH,
            _count("insured", "参保人数"),
            _count("hires", "新增"),
            _count("leavers", "减少"),
            _money("insurance_due_fen", "应缴金额"),
            _count("insurance_arrears_months", "欠缴月数"),
            _money("insurance_arrears_fen", "欠缴金额"),
            _count("unemployment_claims", "失业金申领人数"),
        ),
        ("uscc", "month"),
    ),
    RegisterSpec(
        "utilities",
        "用水用电月报",
        (_USCC, _MONTH, _number("water_m3", "用水量"), _number("power_kwh", "用电量")),
        ("uscc", "month"),
    ),
    RegisterSpec(
        "events",
        "仲裁、执行、异常、失信、欠税",
        (
            _NUMBER,
            _USCC,
            _words("event", "种类", EVENTS),
            _day("on", "日期", required=True),
            _day("until", "止"),
            _PEOPLE,
            _AMOUNT,
        ),
        ("number",),
    ),
    RegisterSpec(
        "card_flows",
        "工资卡转出明细",
        (
            RegisterColumn("card", "卡号", ColumnType.CARD, required=True, also=("工资卡号", "转出卡号")),
            RegisterColumn("at", "时间", ColumnType.MOMENT, required=True, also=("交易时间", "转出时间")),
            RegisterColumn(
                "amount_fen", "金额", ColumnType.MONEY, required=True, also=("交易金额", "转出金额")
            ),
            RegisterColumn(
                "to_account", "转入账号", ColumnType.CARD, required=True, also=("对方账号", "收款账号")
            ),
        ),
        ("card", "at", "amount_fen", "to_account"),
    ),
    RegisterSpec(
        "boards",
        "维权信息告示牌检查",
        (
            _PROJECT,
            _day("checked_on", "检查日期", required=True),
            RegisterColumn("standing", "是否设立", ColumnType.YES_NO, required=True),
            _count("missing_items", "缺项数"),
            _day("fix_by", "限改日期"),
            _day("fixed_on", "改正日期"),
        ),
        ("project", "checked_on"),
    ),
    RegisterSpec(
        "standstills",
        "停工记录",
        (
            _PROJECT,
            _day("from_day", "起", required=True),
            _day("until_day", "止"),
            RegisterColumn("cause", "原因", required=True),
        ),
        ("project", "from_day"),
    ),
    RegisterSpec(
        "site_power",
        "工地用电",
        (_PROJECT, _day("day", "日期", required=True), _number("power_kwh", "用电量")),
        ("project", "day"),
    ),
    RegisterSpec(
        "weather",
        "降雨量",
        (_REGION, _day("day", "日期", required=True), _number("rain_mm", "降雨量")),
        ("region", "day"),
    ),
    RegisterSpec(
        "leavers",
        "离场结清",
        (
            _PROJECT,
            RegisterColumn("id_number", "身份证号", ColumnType.ID_NUMBER, required=True),
            _day("left_on", "退场日期", required=True),
            _day("confirmed_on", "确认结清日期"),
            _day("contested_on", "异议日期"),
            RegisterColumn("handling", "异议办理中", ColumnType.YES_NO),
        ),
        ("project", "id_number"),
    ),
    RegisterSpec(
        "clues",
        "欠薪线索清单",
        (
            _NUMBER,
            RegisterColumn("channel", "渠道", required=True),
            _day("received_on", "接收日期", required=True),
            _OPTIONAL_PROJECT,
            _OPTIONAL_USCC,
            _REGION,
            _PERSON,
            _PEOPLE,
            _AMOUNT,
            _number("months", "月数"),
            RegisterColumn("extreme", "极端", ColumnType.YES_NO),
            _day("closed_on", "办结日期"),
            RegisterColumn("founded", "属实", ColumnType.YES_NO),
        ),
        ("number",),
    ),
    RegisterSpec(
        "orders",
        "责令支付文书",
        (
            RegisterColumn("number", "文书号", required=True),
            _OPTIONAL_PROJECT,
            _OPTIONAL_USCC,
            _REGION,
            _day("served_on", "送达日期", required=True),
            _day("due_on", "期满日期", required=True),
            _PEOPLE,
            _AMOUNT,
            _number("months", "最长月数"),
            _day("paid_on", "付清日期"),
        ),
        ("number",),
    ),
)

#: kind → its columns
SIGNALS: dict[str, RegisterSpec] = {
    spec.name: spec
    for spec in (*_SPECS, HOTLINE, BODIES, MEDIATORS, AID_DUTIES, CLAIMANTS, CLAIM_PAYMENTS, APPLICANTS)
}
