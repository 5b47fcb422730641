"""What lies in the folder: ``manifest.json``, and the kinds of files with the columns that are read."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from anxin.kernel.refusal import Refused

#: kind → columns that are read; other columns may stand beside them
COLUMNS: dict[str, tuple[str, ...]] = {
    "registry/employers": ("统一社会信用代码", "区划代码", "行业", "成立日期", "登记状态", "状态日期"),
    "registry/links": ("统一社会信用代码", "关联单位代码", "关系", "起", "止"),
    "registry/persons": ("统一社会信用代码", "身份证号", "职务"),
    "registry/projects": (
        "项目编码",
        "项目名称",
        "区划代码",
        "行业主管",
        "建设单位代码",
        "总包单位代码",
        "合同价款",
        "施工合同签订日期",
        "施工许可日期",
        "开工日期",
        "计划竣工日期",
        "竣工日期",
        "项目状态",
        "发薪日",
        "发薪月",
        "人工费周期(月)",
        "人工费拨付日",
        "每期人工费",
        "政府投资",
    ),
    "registry/sites": ("来源", "编号", "项目名称", "区划代码", "日期", "合同价款"),
    "roster": (
        "项目编码",
        "身份证号",
        "手机",
        "用工单位代码",
        "班组",
        "工种",
        "进场日期",
        "退场日期",
        "合同签订日期",
        "银行卡号",
        "开户行网点",
        "开卡日期",
        "代收授权人身份证号",
    ),
    "gates": (
        "设备编号",
        "项目编码",
        "身份证号",
        "日期",
        "首次打卡",
        "末次打卡",
        "打卡次数",
        "人脸特征",
        "补传",
    ),
    "attendance": ("项目编码", "工资月份", "身份证号", "出勤天数"),
    "payroll": (
        "项目编码",
        "工资月份",
        "序号",
        "身份证号",
        "姓名",
        "工种",
        "出勤天数",
        "应发",
        "扣款",
        "实发",
        "收款账号",
    ),
    "bank/receipts": ("项目编码", "工资月份", "流水号", "收款账号", "户名", "金额", "到账时间", "结果"),
    "bank/accounts": ("项目编码", "开户日期", "备案日期", "撤户日期", "撤户公示日期"),
    "bank/entries": (
        "项目编码",
        "流水号",
        "记账日期",
        "方向",
        "金额",
        "对方户名",
        "对方账号",
        "用途",
        "所属期",
        "余额",
    ),
    "bank/cards": ("卡号", "时间", "金额", "转入账号"),
    "deposits": (
        "项目编码",
        "编号",
        "形式",
        "金额",
        "生效日期",
        "到期日期",
        "返还日期",
        "动用日期",
        "动用金额",
        "补足日期",
    ),
    "site/boards": ("项目编码", "检查日期", "是否设立", "缺项数", "限改日期", "改正日期"),
    "site/standstills": ("项目编码", "起", "止", "原因"),
    "site/power": ("项目编码", "日期", "用电量"),
    "site/weather": ("区划代码", "日期", "降雨量"),
    "leavers": ("项目编码", "身份证号", "退场日期", "确认结清日期", "异议日期", "异议办理中"),
    "clues": (
        "编号",
        "渠道",
        "接收日期",
        "项目编码",
        "单位代码",
        "区划代码",
        "身份证号",
        "人数",
        "金额",
        "月数",
        "极端",
        "办结日期",
        "属实",
    ),
    "orders": (
        "文书号",
        "项目编码",
        "单位代码",
        "区划代码",
        "送达日期",
        "期满日期",
        "人数",
        "金额",
        "最长月数",
        "付清日期",
    ),
    "social": (
        "统一社会信用代码",
        "月份",
        "参保人数",
        "新增",
        "减少",
        "应缴金额",
        "欠缴月数",
        "欠缴金额",
        "失业金申领人数",
    ),
    "utilities": ("统一社会信用代码", "月份", "用水量", "用电量"),
    "events": ("编号", "统一社会信用代码", "种类", "日期", "止", "人数", "金额"),
}


@dataclass(frozen=True)
class Delivery:
    """One file: one delivery by one sender."""

    path: Path
    kind: str
    delivered_on: dt.date
    #: the columns in the order in which they stand in the file
    header: tuple[str, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """The files of a folder by kind, and the span of days they are about."""

    first_day: dt.date
    last_day: dt.date
    deliveries: Mapping[str, list[Delivery]]

    def of(self, kind: str) -> list[Delivery]:
        return self.deliveries.get(kind, [])


def read_manifest(folder: Path) -> Manifest:
    """What the folder holds. Every file named must be there, with the columns of its kind.

    Raises :class:`~anxin.kernel.refusal.Refused` with what is wrong, where, and what to do.
    """
    path = folder / "manifest.json"
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        files = [
            Delivery(folder / entry["path"], entry["kind"], dt.date.fromisoformat(entry["delivered_on"]))
            for entry in document["files"]
        ]
        first, last = (dt.date.fromisoformat(document[name]) for name in ("first_day", "last_day"))
    except FileNotFoundError:
        raise Refused(f"“{folder}”里没有 manifest.json，请用 anxin simulate 写出的文件夹。") from None
    except (ValueError, KeyError, TypeError) as problem:
        raise Refused(f"“{path}”读不懂：{problem}。请重新写出这个文件夹。") from problem
    by_kind: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in sorted(files, key=lambda one: (one.delivered_on, str(one.path))):
        if delivery.kind in COLUMNS:
            by_kind[delivery.kind].append(replace(delivery, header=_header(delivery)))
    return Manifest(first, last, by_kind)


def _header(delivery: Delivery) -> tuple[str, ...]:
    if not delivery.path.is_file():
        raise Refused(f"清单中的文件“{delivery.path}”不在了，请补回或重新写出。")
    opener = gzip.open if delivery.path.suffix == ".gz" else open
    with opener(delivery.path, "rt", encoding="utf-8-sig") as lines:
        header = tuple(lines.readline().rstrip("\r\n").split(","))
    absent = [name for name in COLUMNS[delivery.kind] if name not in header]
    if absent:
        raise Refused(f"文件“{delivery.path}”缺少列：{'、'.join(absent)}。")
    return header
