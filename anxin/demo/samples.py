"""Sample files for a newcomer to try in the console, with the right answers beside them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from anxin.demo import sheets
from anxin.demo.world import Line, Payment, Site, World, paid_in_full
from anxin.kernel.money import sentence_yuan

PRACTICE = "17"
#: the share the second person on the payroll got, in percent
_PART = 60


@dataclass(frozen=True)
class Answer:
    """What the console must show after each step, worked out from the story and not by the rules."""

    people: int
    net_fen: int
    left_out: str
    ghost: str
    unpaid: Line
    part_paid: Line
    part_fen: int
    paid_on: dt.date

    @property
    def received_fen(self) -> int:
        """What the bank reports as paid."""
        return self.net_fen - self.unpaid.net_fen - self.part_paid.net_fen + self.part_fen


def answer(world: World) -> Answer:
    """The right answer for the practice project."""
    month = world.site(PRACTICE).latest
    listed = {line.person.id_number for line in month.lines}
    attended = {person.id_number for person, _ in month.attendance}
    first, second = month.lines[0], month.lines[1]
    return Answer(
        people=len(month.lines),
        net_fen=sum(line.net_fen for line in month.lines),
        left_out=next(person.name for person, _ in month.attendance if person.id_number not in listed),
        ghost=next(line.person.name for line in month.lines if line.person.id_number not in attended),
        unpaid=first,
        part_paid=second,
        part_fen=second.net_fen * _PART // 100,
        paid_on=world.today - dt.timedelta(days=1),
    )


def write(world: World, folder: Path) -> list[Path]:
    """Write roster, attendance, payroll, receipts and the explanation; returns the paths, in that order."""
    site, right = world.site(PRACTICE), answer(world)
    month = site.latest
    deliveries = [
        sheets.roster(site, month.month.last_day),
        sheets.attendance(site, month),
        sheets.payroll(site, month),
        sheets.receipts(site, month, _payments(site, right)),
    ]
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, (delivery, name) in enumerate(
        zip(deliveries, ("花名册", "考勤表", "工资表", "银行发放结果"), strict=True), 1
    ):
        path = folder / f"{number}-{name}.xlsx"
        path.write_bytes(delivery.data)
        paths.append(path)
    explanation = folder / "说明.md"
    explanation.write_text(_explanation(site, right), encoding="utf-8")
    return [*paths, explanation]


def _payments(site: Site, right: Answer) -> list[Payment]:
    """Nobody paid the first, the second got a part, all others everything."""
    payments = paid_in_full(site.latest, right.paid_on)[1:]
    part = payments[0]
    return [Payment(part.name, part.card, right.part_fen, part.paid_on, part.reference), *payments[1:]]


def _explanation(site: Site, right: Answer) -> str:
    month = site.latest
    return f"""# 练习文件（演示数据）

四个文件都属于演示项目“{site.story.name}（演示）”，项目编码 {site.code}，工资所属月份 {month.month}。
文件中的人员、单位、号码全部是虚构的。

## 怎么练

用录入员 zheng 登录，在“导入”页按顺序送入四个文件，每次选择上面的项目和月份，核对后接收。
也可以用命令：`anxin import roster 1-花名册.xlsx --project {site.code}`，其余三类依次为
attendance、payroll、receipts，并加上 `--month {month.month}`。每次接收后系统自动扫描该项目。

## 正确答案

该月工资应于{month.due}前发放（约定次月{site.pay_day}日，遇休息日提前）。

前三个文件接收后：

- 工资表共{right.people}人，实发合计{sentence_yuan(right.net_fen)}；没有银行发放结果，
  所以“逾期未发工资”（W03）涉及{right.people}人、{sentence_yuan(right.net_fen)}。
- “有考勤无工资记录”（W04）1人：{right.left_out}，有考勤，工资表上没有。
- “有工资无考勤”（P02）1人：{right.ghost}，工资表上有，花名册和考勤上都没有。

第四个文件接收后（到账合计{sentence_yuan(right.received_fen)}）：

- W03 只剩1人：{right.unpaid.person.name}，{sentence_yuan(right.unpaid.net_fen)}，银行结果中没有此人。
- “工资未足额发放”（P01）1人：{right.part_paid.person.name}，应到账{sentence_yuan(right.part_paid.net_fen)}，
  实际到账{sentence_yuan(right.part_fen)}，还差{sentence_yuan(right.part_paid.net_fen - right.part_fen)}。
- W04、P02 不变：补交工资表或考勤后才会消除。

同一个文件再送一次，不会有任何变化。
"""
