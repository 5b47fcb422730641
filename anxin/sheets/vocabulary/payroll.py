"""Payroll (工资表): what was promised to each person for a month."""

from __future__ import annotations

from anxin.sheets.spec import FieldSpec, KindSpec, ValueType
from anxin.sheets.vocabulary.common import ACCOUNT, PERSON, REMARK

# Word lists read better in lines than one word a line.
# fmt: off

_CUMULATIVE = r"累计|累积|本年|全年|年度|上月|上期|去年|基数|标准|比例|费率|起征|专项附加"
_NOT_PERSONAL = r"单位|公司|企业|基数|比例|累计|累积|编号|合计数"
_SUM = r"(?:小计|合计|总计|总额|合计金额|金额合计|共计)$"

DAYS_WORKED = FieldSpec(
    "days_worked",
    "出勤天数",
    ValueType.DAYS,
    words=(
        "出勤天数", "实际出勤天数", "实出勤天数", "本月出勤天数", "出勤日数", "考勤天数", "出勤工日", "出工天数", "工日", "工日数",
        "总工日", "上班天数", "工作天数", "计薪天数", "实际出勤", "实出勤", "本月出勤", "出勤", "工天", "工数", "总工数", "考勤工日",
        "出工", "出勤数", "天数", "考勤", "实际工日", "出勤工", "记工天数", "合计工日", "总天数", "合计工数", "用工天数",
        "实际工作天数", "DAYSWORKED", "WORKDAYS", "WORKINGDAYS", "ATTENDANCE", "ATTENDANCEDAYS", "DAYS", "DAYSPRESENT", "出勤(天)",
        "实际上班天数", "实际出工", "实勤", "实勤天数", "在岗天数", "总出勤", "总出勤天数", "核算天数", "工作日数", "日数", "出勤合计",
        "出勤总天数", "出勤总工日", "本月工日", "本月工数", "累计工日", "出工数", "出工日数", "记工", "工时(天)", "在职天数",
    ),
    patterns=(r"实?(?:际)?(?:出勤|出工|上班|工作|计薪|考勤).{0,4}(?:天|日|工)数?", r"^(?:出勤|出工)"),
    avoid=r"应出勤|应勤|缺勤|请假|加班|旷工|单价|工资|公休|迟到|年休|小时|休息|满勤|制度|标准|法定|率|奖|应上班|额定|补|费",
    avoid_above=r"缺勤|加班|请假|扣",
    clear=r"^(?:实际|实)?出勤[天日]数$",
)
WAGE_RATE = FieldSpec(
    "wage",
    "工资标准",
    ValueType.MONEY,
    words=(
        "日工资", "单价", "日薪", "工日单价", "日工资标准", "工价", "工资标准", "月工资标准", "日工价", "小时工资", "工资单价",
        "日单价", "约定工资", "约定日工资", "标准工资", "月薪标准", "日工资额", "计酬标准", "每日工资", "时薪", "月薪", "DAILYRATE",
        "RATE", "HOURLYRATE", "DAILYWAGE", "日薪标准", "日均工资", "薪资标准", "工资/天", "标准", "发放标准", "劳务标准", "劳务费标准", "元/天", "每工单价", "点工单价",
    ),
    patterns=(r"单价", r"(?:日|小时|月)工资标准", r"(?:工资|薪资|计薪|计酬|结算)标准", r"日(?:工资|薪)"),
    avoid=r"合计|总|管理",
)
GROSS = FieldSpec(
    "gross",
    "应发工资",
    ValueType.MONEY,
    weight=3.0,
    words=(
        "应发工资合计", "应发合计", "应发工资", "应发总额", "应发金额", "应发总计", "应付工资", "应付工资合计", "工资应发合计", "应发工资总额",
        "应发小计", "应付合计", "应付金额", "应发", "应付", "应发数", "应发薪资", "应发薪酬", "应得工资", "应得合计", "应得金额",
        "应领工资", "应领金额", "应支付工资", "应结算工资", "税前应发", "应发工资小计", "应发工资额", "应发额", "应得", "应结工资",
        "本月应发", "本月应发工资", "工资总额", "工资总计", "合计工资", "工资合计", "总工资", "薪资合计", "工资小计", "工资总和",
        "收入合计", "税前工资", "税前合计", "税前收入", "应税工资", "总额", "总计", "合计", "合计金额", "总金额", "小计", "工资金额",
        "金额", "本月工资", "工资", "GROSSPAY", "GROSSSALARY", "GROSSWAGES", "GROSS", "TOTALEARNINGS", "GROSSEARNINGS",
        "GROSSAMOUNT", "TOTALGROSS", "TOTALPAY", "税前工资总额", "应发收入", "应发薪金", "应计工资", "应发工资总计", "计税前工资",
        "月工资总额", "工资性收入合计", "应发放工资", "应发放金额", "应支工资", "应结算金额", "结算合计", "产值工资", "总产值", "本期收入", "本月收入", "收入", "收入额", "劳务费", "劳务报酬", "发生额",
    ),
    patterns=(
        r"^本?月?应(?:发|付|得|领|支付)(?:工资|金额|薪)?.{0,4}$",
        r"应(?:发|付|得|领).*" + _SUM,
        r"(?:收入|增项|加项|工资(?:构成|项目|组成|明细)|计发).*" + _SUM,
        r"^应发",
    ),
    avoid=_CUMULATIVE + r"|余额|余款|结余|实发|实付|补发|其他应|其它应|扣|应实发|日期|天|工时|出勤|人数|个税|社保|单位|差额",
    avoid_above=r"扣|缴|社会保险|社保|实发|出勤|考勤|加班|工日|天数|工时|实付",
    clear=r"^(?:本?月)?应[发付得领]",
    never_above=r"其他应|其它应|单位|累计|本年",
)
DEDUCTION = FieldSpec(
    "deduction",
    "扣款合计",
    ValueType.MONEY,
    weight=2.0,
    words=(
        "扣款合计", "应扣合计", "代扣合计", "扣除合计", "应扣款合计", "代扣款合计", "应扣工资合计", "扣款总额", "扣款总计", "扣项合计",
        "扣发合计", "代扣代缴合计", "扣减合计", "减项合计", "扣款小计", "应扣小计", "代扣小计", "应扣总额", "扣除小计", "代扣款项小计",
        "应扣金额", "扣款金额", "扣除金额", "代扣金额", "应扣款", "代扣款", "代扣款项", "应扣工资", "代扣代缴", "扣款", "代扣", "应扣",
        "扣除", "扣发", "合计扣款", "实扣", "DEDUCTIONS", "DEDUCTION", "TOTALDEDUCTIONS", "TOTALDEDUCTION",
        "应减合计", "应扣总计", "代缴合计", "扣缴合计", "扣款合计数", "扣减总额", "支出合计", "减发合计", "扣发小计",
    ),
    patterns=(
        r"(?:扣|代缴|减项).*" + _SUM,
        r"(?:应扣|扣款|扣除|扣减|减项|扣项|扣发|缴).*" + _SUM,
        r"扣.*" + _SUM,
    ),
    avoid=_CUMULATIVE
    + r"|缺勤|事假|病假|迟到|其他|其它|旷工|个税|社保|公积金|保险|原因|说明|备注|实发|日期|账|单位|水电|伙食|罚",
    avoid_above=r"缺勤|事假|病假|迟到|旷工|社会保险|社保|五险",
    clear=r"^应?扣款?(?:合计|小计|总额)$",
    never_above=r"其他应扣|其它应扣|其他扣|单位(?:部分|承担|缴纳)$|累计",
)
NET = FieldSpec(
    "net",
    "实发工资",
    ValueType.MONEY,
    weight=3.0,
    words=(
        "实发工资", "实发金额", "实发合计", "实发工资合计", "工资实发合计", "实发总额", "实发", "本月实发", "本月实发工资", "实发数",
        "实付工资", "本月实付工资", "实付金额", "实付", "实付合计", "实领工资", "实领金额", "实领", "实得工资", "实得金额", "实得",
        "实际发放金额", "实际发放工资", "实际发放", "实际支付金额", "实际支付工资", "实际支付", "本次实发", "净发工资", "净发", "实收工资",
        "应实发", "到手工资", "实发薪资", "发放金额", "本次发放金额", "本月发放金额", "代发金额", "支付金额", "打卡金额", "发放工资",
        "本月发放工资", "本次发放工资", "发放工资金额", "税后工资", "税后实发", "税后", "税后收入", "剩余工资", "剩余金额", "结余", "结算余额", "余款", "本月工资", "工资", "工资额",
        "工资金额", "金额", "NETPAY", "NETSALARY", "NETWAGES", "NET", "TAKEHOMEPAY", "TAKEHOME", "NETAMOUNT", "NETPAYMENT",
        "AMOUNTPAID", "到手", "到手金额", "到手薪资", "净工资", "净收入", "净额", "实发薪金", "实支", "实支金额", "实支工资", "打卡工资",
        "银行代发", "银行代发金额", "代发工资", "转账金额", "转账工资", "转卡金额", "汇款金额", "付款金额", "发放数", "发放额", "发放合计",
        "本月应付", "结算工资", "结算金额", "应结余额", "未付工资", "未付金额", "应付余额", "本次支付", "本次支付金额", "本次应付",
        "本月支付", "本月支付金额", "SALARY", "WAGES", "PAY", "AMOUNT",
        "应发余额", "剩余应发", "应付余款", "实发净额", "未付", "尚欠", "余额", "剩余", "结余工资", "剩余应付", "下欠", "下欠工资",
    ),
    patterns=(
        r"实(?:发|付|领|得|支)(?!.*(?:日期|时间|天|差))",
        r"(?:实际|本次|本月)(?:发放|支付|应?到账|领取|付款).{0,4}$",
        r"^实际应?[付发]",
        r"税后|到手",
        r"^(?:银行)?(?:代发|发放|打卡)(?:工资|金额)",
    ),
    avoid=_CUMULATIVE + r"|未发|欠|已发|前期|日期|时间|签|方式|人数|状态|比例|个税|情况|是否|出勤|工日",
    avoid_above=r"扣|社保",
    clear=r"^(?:本?月)?实[发付领得]|到手|税后",
    never_above=r"累计|单位|本年",
)
BASE_PAY = FieldSpec(
    "base_pay",
    "基本工资",
    ValueType.MONEY,
    multiple=True,
    sign=1,
    words=(
        "基本工资", "底薪", "基础工资", "固定工资", "计时工资", "保底工资", "出勤工资", "计件工资", "点工工资", "包工工资", "岗位工资",
        "职务工资", "基薪", "BASICSALARY", "BASICPAY", "BASESALARY", "BASEPAY", "BASIC", "本薪",
        "薪级工资", "岗薪", "级别工资", "工龄工资", "正班工资", "白班工资", "平时工资", "工时工资",
    ),
    patterns=(
        r"(?:基本|基础|岗位|职务|级别|固定|计时|计件|保底|技能|工龄|学历|试用期?|管理约定|包干)(?:工资|薪资?)",
        r"^(?:底薪|试用期)",
    ),
    avoid=_CUMULATIVE + r"|实发|应发|应付|扣|合计|小计",
)
OVERTIME = FieldSpec(
    "overtime",
    "加班工资",
    ValueType.MONEY,
    multiple=True,
    sign=1,
    words=("加班费", "加班工资", "加班补贴", "加班金额", "加班", "OVERTIME", "OVERTIMEPAY", "OTPAY"),
    patterns=(r"加班(?:费|工资|补贴|补助|薪|金额|奖)?$", r"加班.*(?:费|工资|金额|小计|合计)$"),
    avoid=_CUMULATIVE + r"|天|小时|时数|工时|次|时间|工日|单价",
)
BONUS = FieldSpec(
    "bonus",
    "奖金",
    ValueType.MONEY,
    multiple=True,
    sign=1,
    words=("奖金", "绩效", "绩效工资", "绩效奖金", "全勤奖", "提成", "奖励", "BONUS", "COMMISSION"),
    patterns=(r"奖金?$|奖励|绩效|提成|分红",),
    avoid=_CUMULATIVE + r"|扣|系数|得分|比例|等级|惩|罚",
)
ALLOWANCE = FieldSpec(
    "allowance",
    "津贴补贴",
    ValueType.MONEY,
    multiple=True,
    sign=1,
    words=(
        "津贴", "补贴", "补助", "福利", "餐补", "车补", "房补", "高温费", "过节费", "话补", "交通费", "住房补贴", "降温费",
        "取暖费", "ALLOWANCE", "ALLOWANCES", "津补贴", "加给", "职务加给",
    ),
    patterns=(
        r"津贴|补贴|补助|[餐车房话饭油]补|福利|高温|过节费|慰问|防暑",
        r"^(?:交通|通讯|话费|住宿|差旅)费?",
    ),
    avoid=_CUMULATIVE + r"|扣|加班|代缴|补缴",
)
OTHER_EARNING = FieldSpec(
    "other_earning",
    "其他应发",
    ValueType.MONEY,
    multiple=True,
    sign=1,
    words=(
        "其他应发", "其他", "其它", "其他收入", "其他工资", "补发", "补发工资", "补偿金", "其他应发小计", "补款", "其他补发",
        "上月补发",
    ),
    patterns=(r"^其[他它](?:应发|收入|工资|加项|增项|补|应付)", r"补发", r"经济补偿"),
    avoid=_CUMULATIVE.replace("|上月|上期", "") + r"|扣|说明|备注|缴",
    avoid_above=r"扣|缴|减项|保险",
)
SOCIAL_INSURANCE = FieldSpec(
    "social_insurance",
    "社会保险（个人）",
    ValueType.MONEY,
    multiple=True,
    sign=-1,
    words=(
        "社保", "社会保险", "代扣社保", "社保个人", "个人社保", "保险", "五险", "社保费", "养老保险", "医疗保险", "失业保险",
        "代扣保险", "三险", "SOCIALINSURANCE", "SOCIALSECURITY", "INSURANCE", "劳保费", "健保费", "劳保", "健保",
    ),
    patterns=(r"社保|社会保险|养老|医疗保?险?|失业|医保|大病|三险|五险|保险",),
    avoid=_NOT_PERSONAL + r"|补助|补贴|报销|卡|意外|税|账|帐",
    avoid_above=r"(?:单位|公司|企业)(?:部分|承担|缴纳|缴)?$",
)
HOUSING_FUND = FieldSpec(
    "housing_fund",
    "住房公积金（个人）",
    ValueType.MONEY,
    multiple=True,
    sign=-1,
    words=("公积金", "HOUSINGFUND", "PROVIDENTFUND", "住房公积金", "代扣公积金", "公积金个人", "个人公积金"),
    patterns=(r"公积金",),
    avoid=_NOT_PERSONAL + r"|账号|补贴|账|帐",
    avoid_above=r"(?:单位|公司|企业)(?:部分|承担|缴纳|缴)?$",
)
TAX = FieldSpec(
    "tax",
    "个人所得税",
    ValueType.MONEY,
    multiple=True,
    sign=-1,
    words=(
        "个税", "个人所得税", "所得税", "代扣个税", "本月个税", "当月个税", "代扣税", "扣税", "个调税", "应扣个税", "代扣个人所得税",
        "税金", "税", "INCOMETAX", "TAX", "扣缴税额", "代扣代缴个税", "代缴个税", "代扣代缴个人所得税", "应缴个税",
    ),
    patterns=(r"个税|所得税|个调税|扣税",),
    avoid=_CUMULATIVE + r"|应税|应纳税|税前|税后|税率|速算|计税|免税|减免|已缴|已预缴|企业|计入",
)
ADVANCE = FieldSpec(
    "advance",
    "借支",
    ValueType.MONEY,
    multiple=True,
    sign=-1,
    words=(
        "借支", "预支", "借款", "预借", "已支", "预付", "生活费", "已发生活费", "借资", "支款", "预领", "预支工资", "已借支",
        "借支金额", "借支生活费", "预支生活费", "已付", "已支付", "前期已付", "已领", "已领生活费", "已预支", "已发工资", "已付工资",
        "已发", "已预付", "ADVANCE", "LOAN",
    ),
    patterns=(r"借支|预支|借款|预借|预领|预付|支款|生活费|已[支付领发]",),
    avoid=r"累计|补|日期|余额|状态|是否|情况",
)
OTHER_DEDUCTION = FieldSpec(
    "other_deduction",
    "其他扣款",
    ValueType.MONEY,
    multiple=True,
    sign=-1,
    words=(
        "其他扣款", "其他扣除", "其他应扣", "扣除其他", "其它扣款", "水电费", "罚款", "伙食费", "房租", "餐费", "考勤扣款", "病事假",
        "缺勤扣款", "请假扣款", "迟到扣款", "质保金", "押金", "工具费", "伙食", "水电", "饭费",
    ),
    patterns=(
        r"扣(?!.*(?:天|次|日期|说明|原因))",
        r"罚款|水电|伙食|餐费|饭费|房租|押金|住宿费|工装|劳保|饭卡",
        r"病事假|事假|病假|旷工|缺勤",
    ),
    avoid=_CUMULATIVE + r"|天|小时|次|补贴|补助|时数|个税|社保|公积金|保险|所得税|率|分钟",
    avoid_above=r"补贴|累计|单位|出勤|考勤",
)
PAID_ON = FieldSpec(
    "paid_on",
    "发放日期",
    ValueType.DATE,
    words=(
        "发放日期", "发薪日期", "支付日期", "发放时间", "付款日期", "支付时间", "发放日", "发工资日期", "领取日期", "领款日期",
        "实际发放日期", "到账日期",
    ),
    patterns=(r"(?:发放|发薪|支付|付款|到账|领款)(?:日期|时间)",),
    avoid=r"应发|约定|计划",
)
TAXABLE = FieldSpec(
    "taxable",
    "应税工资",
    ValueType.MONEY,
    weight=0.3,
    words=("应税工资", "TAXABLEINCOME", "计税工资", "应纳税所得额", "应税收入", "应税所得", "计税基数"),
    patterns=(r"应税|计税|纳税所得",),
    avoid=r"累计",
)

MONTH = FieldSpec(
    "month",
    "所属月份",
    ValueType.TEXT,
    weight=0.5,
    words=("所属月份", "工资月份", "月份", "年月", "工资所属月份", "薪资月份", "所属期", "发薪月份", "工资所属期", "计薪月份", "薪资年月", "核算月份"),
    patterns=(r"^(?:工资|薪资|薪酬|发薪|计薪|所属|核算|考勤)(?:所属)?(?:月份?|期间?|年月|月度|周期|账期)$",),
)

PAYROLL = KindSpec(
    "payroll",
    "工资表",
    fields=(
        *PERSON,
        *ACCOUNT,
        DAYS_WORKED,
        WAGE_RATE,
        GROSS,
        DEDUCTION,
        NET,
        BASE_PAY,
        OVERTIME,
        BONUS,
        ALLOWANCE,
        OTHER_EARNING,
        SOCIAL_INSURANCE,
        HOUSING_FUND,
        TAX,
        ADVANCE,
        OTHER_DEDUCTION,
        TAXABLE,
        PAID_ON,
        MONTH,
        REMARK,
    ),
    required=(("name", "id_number", "employee_number"), ("net", "gross")),
    identity=("name", "id_number", "employee_number", "bank_card"),
    substance=("net", "gross"),
)
