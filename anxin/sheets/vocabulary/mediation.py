"""Who mediates, and who is on duty for legal aid, as centres keep their lists."""

from __future__ import annotations

from anxin.sheets.registers import ColumnType, RegisterColumn, RegisterSpec

_REGION = RegisterColumn("region", "区划代码", ColumnType.CODE, required=True, also=("地区代码",))

BODIES = RegisterSpec(
    "mediation_bodies",
    "调解组织名册",
    (
        RegisterColumn("code", "组织编号", ColumnType.CODE, required=True, also=("编号", "调解组织编号")),
        RegisterColumn("name", "调解组织", required=True, also=("组织名称", "调解组织名称", "名称")),
        RegisterColumn(
            "level", "层级", ColumnType.WORD, required=True,
            words={
                "企业": "enterprise", "村": "village", "社区": "village", "村（社区）": "village", "村(社区)": "village",
                "镇": "town", "街道": "town", "乡": "town", "镇（街道）": "town", "镇(街道)": "town", "区": "county", "县": "county",
                "区（县）": "county", "区(县)": "county",
            },
        ),
        _REGION,
        RegisterColumn("place", "村社区名称", also=("村（社区）名称", "村(社区)名称")),
        RegisterColumn("uscc", "统一社会信用代码", ColumnType.USCC, also=("单位代码",)),
        RegisterColumn("brand", "品牌工作室"),
        RegisterColumn("address", "地址"),
        RegisterColumn("phone", "电话", ColumnType.CODE, also=("联系电话",)),
        RegisterColumn("closed_on", "停止接案日期", ColumnType.DATE),
    ),
    ("code",),
)  # fmt: skip

MEDIATORS = RegisterSpec(
    "mediators",
    "调解员名册",
    (
        RegisterColumn("code", "调解员编号", ColumnType.CODE, required=True, also=("编号",)),
        RegisterColumn("name", "姓名", required=True, also=("调解员姓名", "调解员")),
        RegisterColumn("body", "组织编号", ColumnType.CODE, required=True, also=("调解组织编号",)),
        RegisterColumn("full_time", "专职", ColumnType.YES_NO, also=("是否专职",)),
        RegisterColumn("skills", "擅长", also=("专长", "擅长领域")),
        RegisterColumn("languages", "语言和方言", also=("语言", "方言", "会说的语言")),
        RegisterColumn("account", "账号", ColumnType.CODE, also=("登录账号", "用户名")),
        RegisterColumn("left_on", "离任日期", ColumnType.DATE),
    ),
    ("code",),
)  # fmt: skip

AID_DUTIES = RegisterSpec(
    "aid_duties",
    "法律援助值班表",
    (
        RegisterColumn("on", "日期", ColumnType.DATE, required=True, also=("值班日期",)),
        _REGION,
        RegisterColumn("place", "地点", required=True, also=("值班地点",)),
        RegisterColumn("hours", "时间", also=("值班时间",)),
        RegisterColumn("lawyer", "值班律师", required=True, also=("律师",)),
        RegisterColumn("firm", "律师事务所", also=("律所",)),
        RegisterColumn("officer", "值班干部", required=True, also=("干部", "值班人员")),
        RegisterColumn("phone", "电话", ColumnType.CODE, also=("联系电话",)),
    ),
    ("region", "on", "place"),
)
