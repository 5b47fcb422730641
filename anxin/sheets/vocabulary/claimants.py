"""Lists of a group's people, as workers, foremen and reception desks write them: who is owed, and how much each side says."""

from __future__ import annotations

from anxin.sheets.registers import ColumnType, RegisterColumn, RegisterSpec

CLAIMANTS = RegisterSpec(
    "claimants",
    "群体名单（一条线索的人员）",
    (
        RegisterColumn(
            "name", "姓名", required=True, also=("工人姓名", "人员姓名", "反映人姓名", "农民工姓名", "名字", "姓 名")
        ),
        RegisterColumn(
            "id_number", "身份证号", ColumnType.ID_NUMBER,
            also=("身份证号码", "身份证", "公民身份号码", "证件号码", "证件号", "身份证件号码"),
        ),
        RegisterColumn("phone", "电话", ColumnType.CODE, also=("联系电话", "手机", "手机号", "手机号码", "联系方式", "电话号码")),
        RegisterColumn("trade", "工种", also=("班组", "工种/班组", "班组/工种", "岗位")),
        RegisterColumn(
            "worker", "工人自述", ColumnType.MONEY,
            also=(
                "欠薪金额", "拖欠金额", "被欠金额", "被欠工资", "欠发工资", "拖欠工资", "工人主张", "主张金额", "工人自述（元）",
                "欠薪金额（元）", "拖欠金额（元）", "金额", "金额（元）", "工资", "未付工资", "剩余工资",
            ),
        ),
        RegisterColumn(
            "subcontractor", "分包单位认可", ColumnType.MONEY,
            also=("分包认可", "分包认可金额", "分包单位说", "劳务公司认可", "班组认可", "分包单位认可（元）"),
        ),
        RegisterColumn(
            "contractor", "总包单位认可", ColumnType.MONEY,
            also=("总包认可", "总包认可金额", "总包单位说", "施工单位认可", "总包单位认可（元）"),
        ),
        RegisterColumn(
            "inspector", "监察员核实", ColumnType.MONEY,
            also=("核实金额", "监察核实", "核定金额", "查实金额", "监察员核实（元）"),
        ),
    ),
    ("name", "id_number"),
)  # fmt: skip
