"""A package of an invented site's month, for anyone to try: its people, firms and numbers exist nowhere."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from collections.abc import Mapping
from typing import Any

import segno

from anxin.proof import canonical
from anxin.proof.contents import ABOUT, JOURNAL, PEOPLE, Contents, Document, Table

TITLE = "云水家园二期工程2026年9月工资支付证据包（示例）"
OFFICE, BANK = "云州市人力资源和社会保障局（示例）", "云州银行城东支行（示例）"
_MONTH = "2026-09"
#: name, trade, team, days worked, daily wage and what the bank paid, both in fen
_WORKERS = [
    ("阿依古丽·买买提", "钢筋工", "钢筋一班", 26, 38_000, 988_000),
    ("周小满", "木工", "木工一班", 24, 36_000, 864_000),
    ("吴堃", "木工", "木工一班", 25, 36_000, 400_000),
    ("郑喆", "混凝土工", "混凝土班", 22, 34_000, 0),
    ("孙大年", "普工", "混凝土班", 27, 26_000, 702_000),
    ("何春妮", "普工", "后勤", 26, 22_000, 572_000),
]
_ACTIONS = [
    ("2026-10-09T08:12:05.000000+00:00", "示例监察员甲", "warning.acknowledged", "warning", "W1", "接收预警，联系总包核实"),
    ("2026-10-10T01:30:00.000000+00:00", "示例监察员甲", "matter.step", "matter", "M1", "询问劳资专管员，制作笔录"),
    ("2026-10-12T02:05:41.000000+00:00", "示例监察员乙", "matter.paper", "matter", "M1", "收到银行回单，登记在案"),
]  # fmt: skip


def contents(made_at: dt.datetime, product: str) -> Contents:
    """What the sample holds; ``made_at`` with a zone, ``product`` names the version."""
    return Contents(
        title=TITLE,
        subject={"工程项目": "云水家园二期工程（示例）", "工资月份": "2026年9月", "说明": "人名、单位和数字都是虚构的"},
        as_of=dt.date(2026, 10, 12),
        made_at=made_at,
        made_by=OFFICE,
        product=product,
        tables=[_people(), _payroll(), _receipts(), _warnings(), _law(), _actions(), _journal()],
        documents=_documents(),
    )  # fmt: skip


def _person(number: int) -> str:
    return f"P{number}"


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def _people() -> Table:
    rows = [
        {ABOUT: [_person(number)], "name": name, "trade": trade, "team": team}
        for number, (name, trade, team, *_) in enumerate(_WORKERS, start=1)
    ]
    return Table(PEOPLE, "人员", {"name": "姓名", "trade": "工种", "team": "班组"}, rows)


def _payroll() -> Table:
    rows = [
        {ABOUT: [_person(number)], "name": name, "month": _MONTH, "days": days, "daily": _yuan(daily),
         "due": _yuan(days * daily)}
        for number, (name, _, _, days, daily, _) in enumerate(_WORKERS, start=1)
    ]  # fmt: skip
    columns = {
        "name": "姓名",
        "month": "月份",
        "days": "出勤天数",
        "daily": "日工资（元）",
        "due": "应发（元）",
    }
    return Table("payroll", "工资支付表", columns, rows)


def _receipts() -> Table:
    rows = [
        {ABOUT: [_person(number)], "name": name, "paid_on": "2026-10-08", "paid": _yuan(paid), "reference": f"示例{number:04d}"}
        for number, (name, *_, paid) in enumerate(_WORKERS, start=1)
        if paid
    ]  # fmt: skip
    columns = {"name": "收款人", "paid_on": "到账日", "paid": "金额（元）", "reference": "流水号"}
    return Table("receipts", "银行回单", columns, rows)


def _warnings() -> Table:
    owed = sum(days * daily - paid for *_, days, daily, paid in _WORKERS)
    people = sum(days * daily > paid for *_, days, daily, paid in _WORKERS)
    row = {
        "number": "W1",
        "rule": "月工资未足额支付",
        "rule_version": "示例版本1",
        "sentence": f"2026年9月工资应于10月8日前发放，{people}人少发共{_yuan(owed)}元。",
        "article": "《保障农民工工资支付条例》第十一条",
    }
    columns = {
        "number": "编号",
        "rule": "规则",
        "rule_version": "版本",
        "sentence": "预警",
        "article": "依据",
    }
    return Table("warnings", "预警", columns, [row])


def _law() -> Table:
    rows = [
        {"key": "inspection.accept_days", "name": "投诉受理", "value": "5个工作日", "reference": "《关于实施〈劳动保障监察条例〉若干规定》第十八条"},
        {"key": "inspection.investigate_days", "name": "调查处理", "value": "60个工作日", "reference": "《劳动保障监察条例》第十七条"},
    ]  # fmt: skip
    return Table(
        "law", "法定参数", {"key": "代号", "name": "名称", "value": "取值", "reference": "依据"}, rows
    )


def _actions() -> Table:
    rows = [{"at": at, "officer": officer, "action": said} for at, officer, _, _, _, said in _ACTIONS]
    return Table("actions", "经办人与动作", {"at": "时间", "officer": "经办人", "action": "做了什么"}, rows)


def _journal() -> Table:
    rows: list[Mapping[str, Any]] = []
    before = "0" * 64
    for sequence, (at, officer, action, kind, key, said) in enumerate(_ACTIONS, start=1):
        entry = {
            "sequence": sequence, "at": at, "actor": f"user:{sequence}", "actor_name": officer, "action": action,
            "object_type": kind, "object_id": key, "summary": said, "before": None, "after": None, "basis": "",
        }  # fmt: skip
        own = hashlib.sha256(f"{before}\n".encode() + canonical.dump(entry)).hexdigest()
        rows.append(entry | {"previous_hash": before, "hash": own})
        before = own
    columns = {"sequence": "序号", "at": "时间", "actor_name": "谁", "summary": "做了什么", "hash": "哈希"}
    return Table(JOURNAL, "操作日志", columns, rows)


def _documents() -> list[Document]:
    record = (
        "调查询问笔录（示例）\n\n问：九月份的工资为什么没有发足？\n答：建设单位的人工费迟到了五天，木工班和混凝土班有两人没有发足。\n"
        "问：什么时候补发？\n答：十月二十日前补发到本人银行卡。\n\n（人名、单位和数字都是虚构的）\n"
    )
    sheet = "收款人,到账日,金额（元）\r\n" + "".join(
        f"{name},2026-10-08,{_yuan(paid)}\r\n" for name, *_, paid in _WORKERS if paid
    )
    note = "本人郑喆，九月份出勤22天，工资7480元没有收到。（示例）\n"
    return [
        Document("调查询问笔录.txt", "询问劳资专管员的笔录", "text/plain", record.encode()),
        Document(
            "银行回单.csv",
            "银行交来的回单",
            "text/csv",
            b"\xef\xbb\xbf" + sheet.encode(),
            [_person(each) for each in range(1, len(_WORKERS) + 1)],
        ),
        Document("工人反映.txt", "工人的书面反映", "text/plain", note.encode(), [_person(4)]),
        Document("告示牌二维码.png", "工地告示牌上的二维码", "image/png", _code()),
    ]


def _code() -> bytes:
    picture = io.BytesIO()
    segno.make("https://example.invalid/s/sample", error="m").save(picture, kind="png", scale=4)
    return picture.getvalue()
