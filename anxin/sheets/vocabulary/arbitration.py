"""Lists of those who apply for arbitration together, with what each asks for: one row a person, or one a claim."""

from __future__ import annotations

from anxin.sheets.registers import ColumnType, RegisterColumn, RegisterSpec
from anxin.sheets.vocabulary.claimants import CLAIMANTS

#: what the cell says → the item of the claim
ITEMS = {
    "工资": "wage",
    "拖欠工资": "wage",
    "加班工资": "overtime",
    "加班费": "overtime",
    "工伤医疗费": "injury",
    "经济补偿": "severance",
    "经济补偿金": "severance",
    "赔偿金": "damages",
    "未签书面合同的第二倍工资": "double",
    "二倍工资": "double",
    "工时、休息休假、社会保险": "standards",
    "其他请求": "other",
    "其他": "other",
}
_SAME = CLAIMANTS.by_name

APPLICANTS = RegisterSpec(
    "applicants",
    "仲裁申请人名单（一件仲裁的人员和请求）",
    (
        RegisterColumn("name", "姓名", required=True, also=("申请人", "申请人姓名", *_SAME["name"].also)),
        RegisterColumn("id_number", "身份证号", ColumnType.ID_NUMBER, also=_SAME["id_number"].also),
        RegisterColumn("phone", "电话", ColumnType.CODE, also=_SAME["phone"].also),
        RegisterColumn("address", "住所", also=("住址", "地址", "户籍地址", "通讯地址")),
        RegisterColumn("item", "请求项目", ColumnType.WORD, words=ITEMS, also=("项目", "请求")),
        RegisterColumn("month", "月份", ColumnType.MONTH, also=("所属月份", "工资月份")),
        RegisterColumn("days", "天数", ColumnType.NUMBER, also=("出勤天数", "工日", "工天")),
        RegisterColumn("rate", "日工资", ColumnType.MONEY, also=("日工资（元）", "日薪", "工价")),
        RegisterColumn("due", "应付", ColumnType.MONEY, also=("应付（元）", "应发", "应付工资", "应发工资")),
        RegisterColumn("paid", "已付", ColumnType.MONEY, also=("已付（元）", "已发", "已付工资", "已发工资")),
        RegisterColumn("source", "数字来源", also=("依据", "证据", "备注")),
    ),
    ("name", "id_number", "item", "month"),
)
