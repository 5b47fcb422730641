"""Real-name roster (实名制花名册): who works on the site, since when, for what wage."""

from __future__ import annotations

from anxin.sheets.spec import FieldSpec, KindSpec, ValueType
from anxin.sheets.vocabulary.common import ACCOUNT, PERSON, REMARK

# Word lists read better in lines than one word a line.
# fmt: off

ENTRY = FieldSpec(
    "entry",
    "进场日期",
    ValueType.DATE,
    weight=1.5,
    words=(
        "进场日期", "进场时间", "入场日期", "入场时间", "入职日期", "入职时间", "到岗日期", "上岗日期", "进场", "入场", "入职",
        "用工日期", "用工起始日期", "进场年月日", "参加工作时间", "进入工地时间", "上岗时间", "登记日期", "合同开始日期", "合同起始日期", "HIREDATE",
        "STARTDATE", "ENTRYDATE", "DATEOFJOINING", "JOINDATE", "JOININGDATE", "DATEHIRED", "到职日", "到职日期", "实际进场日期", "进工地日期", "来场日期", "开工日期",
    ),
    patterns=(r"(?:进场|入场|入职|到岗|上岗|进入)(?:日期|时间|日)?",),
    avoid=r"教育|培训|考核|体检|照|证|状态|单位|确认|签",
)
EXIT = FieldSpec(
    "exit",
    "退场日期",
    ValueType.DATE,
    words=("退场日期", "退场时间", "离场日期", "离场时间", "离职日期", "离职时间", "退场", "离场", "离职", "出场日期", "出场时间",
           "LEAVEDATE", "ENDDATE", "EXITDATE", "TERMINATIONDATE", "离职日", "实际退场日期", "退工日期"),
    patterns=(r"(?:退场|离场|离职|出场|离岗)(?:日期|时间|日)?",),
    avoid=r"原因|证明|状态|确认|是否|承诺|签",
)
# Text, because clerks write the unit into the cell: 330元/天, 9000元/月.
WAGE = FieldSpec(
    "wage",
    "约定工资",
    ValueType.TEXT,
    words=(
        "约定工资", "日工资", "工资标准", "约定工资标准", "日工资标准", "月工资", "月工资标准", "工资", "日薪", "月薪", "工价", "单价",
        "SALARY", "DAILYWAGE", "WAGE", "DAILYRATE", "RATE", "约定日工资", "合同工资", "工日单价", "计酬标准",
    ),
    patterns=(r"(?:约定|合同|日|月|计时)工资", r"(?:工资|计酬|薪资)标准", r"[日月]薪"),
    avoid=r"卡|账|方式|发放|形式|开户|银行|支付日|累计|结算",
)
CONTRACT = FieldSpec(
    "contract",
    "劳动合同",
    ValueType.TEXT,
    words=(
        "是否签订劳动合同", "是否签合同", "劳动合同", "合同签订情况", "劳动合同签订情况", "签订合同", "是否签订合同", "用工合同",
        "签订劳动合同",
    ),
    patterns=(r"(?:劳动|用工|劳务)合同", r"签.{0,3}合同", r"合同签订"),
    avoid=r"日期|时间|开始|结束|起始|终止|到期|截止|期限|工资|单位|编号",
)
CONTRACT_NUMBER = FieldSpec(
    "contract_number", "合同编号", ValueType.TEXT, weight=0.5,
    words=("合同编号", "劳动合同编号", "用工合同编号", "合同号"), patterns=(r"合同编?号",), avoid=r"承包|分包|施工|日期|是否",
)
# The entry field knows some of these words, too: a file without an entry column means the entry by them.
CONTRACT_FROM = FieldSpec(
    "contract_from", "合同起始", ValueType.DATE, weight=0.5,
    words=("合同起始日期", "合同开始日期", "合同起始日", "合同生效日期", "劳动合同起始日期", "劳动合同开始日期", "合同签订日期", "合同签订时间", "劳动合同签订日期"),
    patterns=(r"合同.{0,3}(?:起始|开始|生效|签订)(?:日期|时间|日)",), avoid=r"承包|分包|施工",
)
CONTRACT_UNTIL = FieldSpec(
    "contract_until", "合同终止", ValueType.DATE, weight=0.5,
    words=("合同终止日期", "合同结束日期", "合同到期日期", "合同到期日", "合同截止日期", "劳动合同终止日期", "劳动合同到期日期"),
    patterns=(r"合同.{0,3}(?:终止|结束|到期|截止)(?:日期|时间|日)",), avoid=r"承包|分包|施工",
)
PAY_DAY = FieldSpec(
    "pay_day", "约定发薪日", ValueType.TEXT, weight=0.5,
    words=("约定发薪日", "发薪日", "每月发薪日", "约定支付日", "工资支付日", "约定工资支付日"), patterns=(r"(?:发薪|工资支付)日期?$",),
)
TRAINING = FieldSpec(
    "training",
    "安全教育",
    ValueType.TEXT,
    words=("安全教育", "三级教育", "三级安全教育", "是否培训", "培训情况", "安全培训", "入场教育", "进场教育", "是否三级教育", "安全教育情况"),
    patterns=(r"(?:安全|三级|进场|入场).{0,4}(?:教育|培训)", r"是否.{0,4}(?:培训|教育)"),
)
CARD_OPENED = FieldSpec(
    "card_opened", "开卡日期", ValueType.DATE, weight=0.3,
    words=("开卡日期", "工资卡开卡日期", "银行卡开卡日期", "开卡时间", "办卡日期"), patterns=(r"(?:开|办)卡(?:日期|时间|日)$",),
)
PAYEE = FieldSpec(
    "payee", "代收授权人身份证号", ValueType.CODE, weight=0.3,
    words=("代收授权人身份证号", "代收授权人身份证号码", "代收人身份证号", "代收人身份证号码", "代领人身份证号", "代领人身份证号码", "被授权人身份证号"),
    patterns=(r"(?:代收|代领|被授权|受托)人?.{0,4}(?:身份证|证件)号码?$",),
)
GENDER = FieldSpec("gender", "性别", ValueType.TEXT, weight=0.5, words=("性别", "GENDER", "SEX"))
AGE = FieldSpec("age", "年龄", ValueType.CODE, weight=0.3, words=("年龄", "周岁", "AGE"))
BIRTH = FieldSpec(
    "birth", "出生日期", ValueType.TEXT, weight=0.3, words=("出生日期", "出生年月", "出生年月日", "生日", "DATEOFBIRTH", "BIRTHDAY", "DOB")
)
ADDRESS = FieldSpec(
    "address",
    "住址",
    ValueType.TEXT,
    weight=0.5,
    words=("家庭住址", "住址", "地址", "户籍地址", "籍贯", "家庭地址", "身份证地址", "身份证住址", "户口所在地", "户籍地", "详细地址"),
    patterns=(r"住址|地址",),
    avoid=r"单位|公司|项目|银行|开户",
)

ROSTER = KindSpec(
    "roster",
    "花名册",
    fields=(*PERSON, *ACCOUNT, ENTRY, EXIT, WAGE, PAY_DAY, CONTRACT, CONTRACT_NUMBER, CONTRACT_FROM, CONTRACT_UNTIL, CARD_OPENED, PAYEE, TRAINING, GENDER, AGE, BIRTH, ADDRESS, REMARK),
    required=(
        ("name",),
        ("id_number", "phone", "employee_number", "entry", "trade", "team", "gender", "bank_card"),
    ),
    identity=("name", "id_number", "employee_number", "phone"),
    substance=("id_number", "phone", "entry", "bank_card"),
)
