"""Attendance (考勤): a grid of days, a list of punches, or only the number of days."""

from __future__ import annotations

from anxin.sheets.spec import FieldSpec, KindSpec, ValueType
from anxin.sheets.vocabulary.common import PERSON, REMARK
from anxin.sheets.vocabulary.payroll import DAYS_WORKED

# Word lists read better in lines than one word a line.
# fmt: off

DATE = FieldSpec(
    "date",
    "日期",
    ValueType.DATE,
    weight=1.5,
    words=(
        "日期", "考勤日期", "打卡日期", "刷卡日期", "出勤日期", "工作日期", "上班日期", "WORKDATE", "签到日期", "DATE",
        "进场日期", "时间", "打卡时间", "刷卡时间", "考勤时间", "签到时间", "进出时间", "通行时间", "刷脸时间", "识别时间", "日期时间",
        "出勤时间", "ATTENDANCEDATE", "CHECKDATE", "PUNCHDATE", "年月日", "打卡日", "日期/时间", "DATETIME", "DATE/TIME", "TIMESTAMP",
    ),
    patterns=(r"(?:考勤|打卡|刷卡|出勤|签到|通行).{0,2}日期", r"^日期"),
    avoid=r"姓名|入职|离职|生成|统计|制表|首次|末次|最早|最晚|上班\d|下班\d|申请",
)
FIRST_PUNCH = FieldSpec(
    "first_punch",
    "首次打卡",
    ValueType.TIME,
    words=(
        "首次打卡时间", "首次打卡", "最早打卡时间", "最早打卡", "上班打卡时间", "上班打卡", "上班时间", "签到时间", "签到", "上班1打卡时间",
        "进场时间", "入场时间", "最早", "首打卡", "第一次打卡", "上班刷卡", "上班签到", "上班", "进场", "进门时间", "首次刷卡",
        "首次识别时间", "最早时间", "首次进场", "最早刷卡", "CLOCKIN", "CHECKIN", "TIMEIN", "PUNCHIN", "IN", "STARTTIME", "CLOCK-IN",
        "CHECK-IN", "CLOCKINTIME", "CHECKINTIME", "入场", "上班卡", "入场打卡", "签入", "签入时间", "进场打卡", "上午上班", "早上上班",
        "打卡记录", "刷卡记录", "打卡时间", "刷卡时间", "考勤记录", "打卡时刻", "考勤时间", "识别时间", "签到签退",
    ),
    patterns=(r"(?:首次|最早|第一次|上班1?)(?:打卡|刷卡|签到|识别|进场|考勤)", r"^(?:签到|进场|上班)时间"),
    avoid=r"结果|状态|地点|方式|地址|备注|缺",
)
LAST_PUNCH = FieldSpec(
    "last_punch",
    "末次打卡",
    ValueType.TIME,
    words=(
        "末次打卡时间", "末次打卡", "最晚打卡时间", "最晚打卡", "下班打卡时间", "下班打卡", "下班时间", "签退时间", "签退", "下班1打卡时间",
        "出场时间", "离场时间", "最晚", "末打卡", "最后一次打卡", "下班刷卡", "下班签退", "下班", "出场", "出门时间", "最后打卡时间",
        "末次刷卡", "末次识别时间", "最晚时间", "末次出场", "最晚刷卡", "退场时间", "CLOCKOUT", "CHECKOUT", "TIMEOUT", "PUNCHOUT", "OUT",
        "ENDTIME", "CLOCK-OUT", "CHECK-OUT", "CLOCKOUTTIME", "CHECKOUTTIME", "离场", "下班卡", "签出", "签出时间", "出场打卡", "下午下班",
        "晚上下班",
    ),
    patterns=(
        r"(?:末次|最晚|最后|最后一次|下班1?)(?:打卡|刷卡|签退|识别|出场|考勤)",
        r"^(?:签退|出场|离场|下班)时间",
    ),
    avoid=r"结果|状态|地点|方式|地址|备注|缺",
)
HOURS = FieldSpec(
    "hours",
    "工时",
    ValueType.HOURS,
    words=(
        "实际工作时长", "工作时长", "工时", "出勤工时", "实际工时", "工作小时", "出勤小时", "出勤时长", "工作时间", "总工时", "在岗时长",
        "时长", "小时数", "工作小时数", "总工作时长", "HOURS", "HOURSWORKED", "WORKHOURS", "WORKINGHOURS", "TOTALHOURS", "工时数", "工时小计",
    ),
    patterns=(r"(?:工作|出勤|实际|在岗|在场).{0,3}(?:时长|工时|小时)",),
    avoid=r"加班|标准|应|迟到|早退|请假|制度",
)
OVERTIME = FieldSpec(
    "overtime",
    "加班时数",
    ValueType.HOURS,
    words=("加班时数", "OVERTIME", "OVERTIMEHOURS", "OTHOURS", "OT", "加班小时", "加班", "加班工时", "加班时长", "加班小时数", "加班合计", "加班总时长"),
    patterns=(r"加班.{0,3}(?:时|工时|小时)",),
    avoid=r"费|工资|天|补|次|单|原因",
)
STATUS = FieldSpec(
    "status",
    "考勤结果",
    ValueType.TEXT,
    words=("考勤结果", "ATTENDANCESTATUS", "STATUS", "出勤情况", "考勤状态", "出勤状态", "打卡状态", "状态", "出勤结果", "是否出勤", "考勤情况", "上班1打卡结果"),
    patterns=(r"(?:考勤|出勤|打卡)(?:结果|情况|状态)",),
)
DIRECTION = FieldSpec(
    "direction",
    "进出方向",
    ValueType.TEXT,
    weight=0.5,
    words=("方向", "进出方向", "通行方向", "进出", "出入", "进出类型", "出入类型", "进出标志", "进出状态", "出入方向", "进/出", "DIRECTION", "INOUT", "IN/OUT"),
)
SESSION = FieldSpec(
    "session",
    "时段",
    ValueType.TEXT,
    weight=0.5,
    words=("时段", "时间段", "上下午", "班次", "午别", "类别", "项目", "类型", "考勤项目"),
    patterns=(r"^时间$",),
)

ATTENDANCE = KindSpec(
    "attendance",
    "考勤表",
    fields=(*PERSON, DATE, FIRST_PUNCH, LAST_PUNCH, HOURS, OVERTIME, DAYS_WORKED, STATUS, DIRECTION, SESSION, REMARK),
    required=(("name", "id_number", "employee_number"),),
    identity=("name", "id_number", "employee_number"),
    substance=("date", "days_worked", "days"),
)
