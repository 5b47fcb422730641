"""The people, days and wages of a package as the files that the import doors take, one per project (and month)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils import timezone

from anxin.exchange.standard import catalogue
from anxin.exchange.standard.unpacking import Package, Problem, Row

#: header of our sheet → (field of the sheet, the standard's field)
ROSTER = {
    "姓名": ("name", "workerName"),
    "身份证号": ("id_number", "idCardNumber"),
    "手机号": ("phone", "cellPhone"),
    "用人单位": ("employer", "x_employerName"),
    "班组": ("team", "teamSysNo"),
    "工种": ("trade", "x_trade"),
    "工号": ("employee_number", "x_employeeNumber"),
    "进场日期": ("entry", "entryTime"),
    "退场日期": ("exit", "exitTime"),
    "约定工资": ("wage", "x_agreedWage"),
    "是否签订劳动合同": ("contract", "hasContract"),
    "银行卡号": ("bank_card", "payRollBankCardNumber"),
}
ATTENDANCE = {
    "姓名": ("name", "workerName"),
    "身份证号": ("id_number", "idCardNumber"),
    "日期": ("date", "date"),
    "出勤工日": ("days_worked", "x_share"),
    "工时": ("hours", "x_hours"),
    "加班时数": ("overtime", "x_overtimeHours"),
}
#: both columns hold the whole moment: the day is read from the one, the time of day from the other
PUNCHES = {
    "姓名": ("name", "workerName"),
    "身份证号": ("id_number", "idCardNumber"),
    "日期": ("date", "date"),
    "打卡时间": ("first_punch", "date"),
    "方向": ("direction", "direction"),
}
MONTHS = {
    "姓名": ("name", "workerName"),
    "身份证号": ("id_number", "idCardNumber"),
    "出勤天数": ("days_worked", "days"),
}
PAYROLL = {
    "姓名": ("name", "x_workerName"),
    "身份证号": ("id_number", "idCardNumber"),
    "工号": ("employee_number", "x_employeeNumber"),
    "班组": ("team", "teamSysNo"),
    "出勤天数": ("days_worked", "days"),
    "应发工资": ("gross", "payAmount"),
    "扣款合计": ("deduction", "x_deduction"),
    "实发工资": ("net", "actualAmount"),
    "银行卡号": ("bank_card", "payRollBankCardNumber"),
}
_DATE = len("2026-11-21")
_SIGNED = {"1": "是", "0": "否"}
Columns = Mapping[str, tuple[str, str]]


@dataclass
class Sheet:
    """One file for one door. ``origin``: row of the sheet → (object, row of the package)."""

    kind: str
    object: str
    project: str
    month: str
    columns: Columns
    lines: list[list[str]] = field(default_factory=list)
    origin: dict[int, int] = field(default_factory=dict)

    def add(self, number: int, values: Mapping[str, str | None]) -> None:
        self.lines.append([values.get(code) or "" for _, code in self.columns.values()])
        self.origin[len(self.lines) + 1] = number  # the header is the first row

    @property
    def mapping(self) -> dict[str, dict[str, str]]:
        """Nothing is guessed: each column is named."""
        return {"columns": {name: title for title, (name, _) in self.columns.items()}}

    @property
    def filename(self) -> str:
        parts = [self.object, self.project, self.month]
        return "-".join(part for part in parts if part) + ".csv"

    def data(self) -> bytes:
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(self.columns)
        writer.writerows(self.lines)
        return out.getvalue().encode("utf-8-sig")

    def field_of(self, header: str) -> str:
        """The standard's field of one of our headers."""
        return self.columns[header][1] if header in self.columns else ""


class Sheets:
    """Builds all sheets of a package; rows that lead nowhere come back."""

    def __init__(self, package: Package, projects: Iterable[str], employers: Mapping[str, str]) -> None:
        self.problems: list[Problem] = []
        self._package = package
        self._projects = set(projects)
        #: USCC → registered name
        self._employers = employers
        self._people = {row["idCardNumber"]: row for _, row in package.of("WorkerMaster")}
        self._teams = {
            (row["projectCode"], row["teamSysNo"]): row["teamName"] for _, row in package.of("TeamMaster")
        }
        self._sheets: dict[tuple[str, ...], Sheet] = {}

    def build(self) -> Sequence[Sheet]:
        """In the order in which they must be taken: people, days, wages."""
        self._roster()
        self._attendance()
        self._months()
        self._payroll()
        return list(self._sheets.values())

    def _sheet(self, kind: str, name: str, project: str, month: str, columns: Columns) -> Sheet:
        key = (name, project, month, *columns)
        if key not in self._sheets:
            self._sheets[key] = Sheet(kind, name, project, month, columns)
        return self._sheets[key]

    def _roster(self) -> None:
        for number, row in self._package.of("ProjectWorker"):
            if self._leads_somewhere("ProjectWorker", number, row):
                person = self._people[row["idCardNumber"]]
                uscc = row.get("organizationCode", "")
                values = {
                    **row,
                    "workerName": person["workerName"],
                    "cellPhone": row.get("cellPhone") or person.get("cellPhone"),
                    "x_employerName": row.get("x_employerName") or self._employers.get(uscc),
                    "teamSysNo": self._team(row),
                    "x_trade": row.get("x_trade") or _trade(row.get("workTypeCode")),
                    "hasContract": _SIGNED.get(row.get("hasContract", "")),
                }
                sheet = self._sheet("roster", "ProjectWorker", row["projectCode"], "", ROSTER)
                sheet.add(number, values)

    def _attendance(self) -> None:
        """Our packages tell days; those of other makers tell punches, which become days by the rule of all punches."""
        name = "WorkerAttendance"
        for number, row in self._package.of(name):
            if not self._leads_somewhere(name, number, row):
                continue
            values = {**row, "workerName": self._people[row["idCardNumber"]]["workerName"]}
            if "x_share" in row or "x_hours" in row:
                values["date"] = _local(row["date"])[:_DATE]
                self._sheet("attendance", name, row["projectCode"], "", ATTENDANCE).add(number, values)
            elif len(row["date"]) > _DATE:
                values["date"] = _local(row["date"])
                values["direction"] = catalogue.codes("punch_direction").get(row.get("direction", ""), "")
                self._sheet("attendance", name, row["projectCode"], "", PUNCHES).add(number, values)
            else:
                reason = "只有日期，没有刷卡的时刻，也没有出勤工日，折算不出出勤，此行未收；请让对方导出带时刻的刷卡时间。"
                self.problems.append(Problem(name, number, "date", reason))

    def _months(self) -> None:
        for number, row in self._package.of("x_AttendanceMonth"):
            if self._leads_somewhere("x_AttendanceMonth", number, row):
                values = {**row, "workerName": self._people[row["idCardNumber"]]["workerName"]}
                key = ("attendance", "x_AttendanceMonth", row["projectCode"], row["month"], MONTHS)
                self._sheet(*key).add(number, values)

    def _payroll(self) -> None:
        heads = {row["payRollCode"]: row for _, row in self._package.of("PayRoll")}
        lines: dict[tuple[str, str], list[tuple[int, Row, Row]]] = defaultdict(list)
        for number, row in self._package.of("PayRollDetail"):
            head = heads.get(row["payRollCode"])
            if head is None:
                reason = "工资单不在本包里或已退回，此行未收。"
                self.problems.append(Problem("PayRollDetail", number, "payRollCode", reason))
            elif self._project_known("PayRollDetail", number, head):
                lines[head["projectCode"], head["payMonth"]].append((number, row, head))
        for (project, month), rows in lines.items():
            sheet = self._sheet("payroll", "PayRollDetail", project, month, PAYROLL)
            for number, row, head in rows:
                person = self._people.get(row.get("idCardNumber", ""), {})
                values = {
                    **row,
                    "x_workerName": row.get("x_workerName") or person.get("workerName"),
                    "teamSysNo": self._team(head),
                }
                sheet.add(number, values)

    def _leads_somewhere(self, name: str, number: int, row: Row) -> bool:
        if not self._project_known(name, number, row):
            return False
        if row["idCardNumber"] not in self._people:
            reason = "工人实名基础信息不在本包里或已退回，此行未收。"
            self.problems.append(Problem(name, number, "idCardNumber", reason))
            return False
        return True

    def _project_known(self, name: str, number: int, row: Row) -> bool:
        known = row["projectCode"] in self._projects
        if not known:
            reason = "项目未能登记或不在本包里，此行未收。"
            self.problems.append(Problem(name, number, "projectCode", reason))
        return known

    def _team(self, row: Row) -> str:
        return self._teams.get((row["projectCode"], row.get("teamSysNo", "")), "")


def _local(moment: str) -> str:
    """A moment in the bureau's time, as sheets write it; a day alone stays a day."""
    if len(moment) <= _DATE:
        return moment
    at = dt.datetime.fromisoformat(moment)
    if at.tzinfo is not None:
        at = at.astimezone(timezone.get_default_timezone())
    return f"{at:%Y-%m-%d %H:%M:%S}"


def _trade(code: str | None) -> str | None:
    return catalogue.codes("trade").get(code, code) if code else None
