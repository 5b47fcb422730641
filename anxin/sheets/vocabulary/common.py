"""Fields that every kind of sheet may have: who the person is and where the money goes."""

from __future__ import annotations

from anxin.sheets.spec import FieldSpec, ValueType

# Word lists read better in lines than one word a line.
# fmt: off

SERIAL_WORDS = frozenset({"序号", "序", "NO", "NO.", "行号", "编号", "顺序号", "序列", "序列号", "#", "项次", "S/N", "SN", "SERIALNO", "SERIALNO.",
     "SERIALNUMBER", "序数", "次序", "ROW"})

NAME = FieldSpec(
    "name",
    "姓名",
    ValueType.TEXT,
    weight=3.0,
    words=(
        "姓名", "员工姓名", "工人姓名", "农民工姓名", "民工姓名", "职工姓名", "人员姓名", "务工人员姓名", "劳动者姓名", "员工名称",
        "人员名称", "名字", "领款人姓名", "收款人姓名", "领款人", "收款人", "收款户名", "户名", "账户名", "账户名称", "开户名", "工人",
        "员工", "人员", "劳动者", "NAME", "EMPLOYEENAME", "FULLNAME", "STAFFNAME", "WORKERNAME", "EMPLOYEE", "STAFF", "EMPNAME",
    ),
    patterns=(r"^姓名", r"姓名$"),
    avoid=r"班组长|负责人|父|母|配偶|紧急|联系人|担保|班长|项目|付款|付方|审核|队长|介绍人|曾用|拼音|英文|签",
)
ID_NUMBER = FieldSpec(
    "id_number",
    "身份证号",
    ValueType.ID_NUMBER,
    weight=2.0,
    words=(
        "身份证号", "身份证号码", "公民身份号码", "身份证", "证件号码", "证件号", "居民身份证号", "居民身份证号码", "身份证件号码", "身份号码",
        "有效证件号码", "身份证编号", "身分证", "身分证号", "身分证字号", "身分证号码", "IDCARD", "IDNUMBER", "IDNO", "IDNO.",
        "IDCARDNO", "IDCARDNUMBER", "NATIONALID", "CITIZENID", "IDENTITYNO", "IDENTITYNUMBER",
    ),
    patterns=(r"身份证", r"证[件照]号", r"公民身份"),
    avoid=r"地址|住址|复印|有效期|类型|种类|发证|签发|日期|照片|正反|核验|失业|归属|所在|出生|班组长|负责人|代收|代领|授权|受托",
)
PHONE = FieldSpec(
    "phone",
    "手机号",
    ValueType.PHONE,
    words=("手机号", "手机号码", "联系电话", "电话", "电话号码", "手机", "联系方式", "移动电话", "本人电话", "联系手机", "PHONE",
        "MOBILE", "PHONENUMBER", "MOBILEPHONE", "TEL", "TELEPHONE", "CONTACT", "PHONENO", "PHONENO.", "联络电话", "行动电话", "MOBILENO"),
    patterns=(r"手机号", r"电话"),
    avoid=r"紧急|单位|班组长|负责人|家庭|亲属|话费|补|费",
)
EMPLOYEE_NUMBER = FieldSpec(
    "employee_number",
    "工号",
    ValueType.CODE,
    words=(
        "工号", "员工编号", "员工工号", "职工编号", "人员编号", "员工号", "工人编号", "职工号", "考勤号码", "考勤号", "考勤编号",
        "登记号码", "人员工号", "工牌号", "安全帽编号", "员工代码", "人员代码", "员工ID", "人员ID", "用户ID", "USERID", "职号",
        "EMPLOYEEID", "EMPLOYEENO", "EMPLOYEENO.", "EMPLOYEENUMBER", "EMPID", "EMPNO", "EMPNO.", "STAFFID", "STAFFNO", "BADGE",
        "EMPLOYEECODE", "EMPCODE", "WORKERID", "BADGENUMBER", "人事编号", "教职工号", "职工代码", "档案号",
    ),
    patterns=(r"工号", r"(?:员工|职工|人员|工人)(?:编|代)[号码]"),
    avoid=r"银行|保险|项目|合同|单位|工号长",
)
TEAM = FieldSpec(
    "team",
    "班组",
    ValueType.TEXT,
    words=(
        "班组", "班组名称", "所属班组", "所在班组", "施工班组", "作业班组", "劳务班组", "班组/部门", "队组", "作业队", "施工队",
        "部门", "所属部门", "部门名称", "所在部门", "科室", "车间", "部门/班组", "考勤组", "处室", "股室", "DEPARTMENT", "DEPT",
        "DEPT.", "TEAM", "GROUP", "车间/班组", "部门/车间", "班别", "组别", "小组", "工段",
    ),
    patterns=(r"班组", r"^(?:一级|二级|三级)?部门"),
    avoid=r"长|负责人|类型|编号|费|奖|工资|主管|代码|签|路径",
)
TRADE = FieldSpec(
    "trade",
    "工种",
    ValueType.TEXT,
    words=(
        "工种", "工种名称", "工种岗位", "工种/岗位", "工种(岗位)", "岗位(工种)", "岗位/工种", "岗位工种", "作业工种", "所属工种",
        "从事工种", "岗位", "岗位名称", "工作岗位", "职务", "职位", "职务/岗位", "工作内容",
        "岗位/职务", "职称", "POSITION", "JOBTITLE", "TITLE", "JOB", "TRADE", "ROLE", "DESIGNATION", "工作类别", "职务名称", "从事岗位",
    ),
    patterns=(r"工种", r"^岗位"),
    avoid=r"工资|薪|补|津贴|级|费|奖|证|编号|代码|绩效",
)
EMPLOYER = FieldSpec(
    "employer",
    "用人单位",
    ValueType.TEXT,
    words=(
        "用人单位", "用工单位", "劳务公司", "劳务单位", "劳务企业", "分包单位", "劳务分包单位", "单位名称", "所属单位", "所在单位",
        "工作单位", "公司名称", "所属公司", "所属企业", "参建单位", "企业名称", "用人单位名称", "公司", "单位", "分包单位名称", "COMPANY", "EMPLOYER",
        "劳务公司名称", "劳务分包企业", "所属劳务公司", "所属分包单位", "所属分包", "所属队伍", "参建单位名称", "劳务队伍", "用工企业",
    ),
    patterns=(r"(?:用人|用工|劳务|分包|参建|所属|所在)(?:单位|公司|企业)(?:名称)?$",),
    avoid=r"付款|收款|开户|代码|电话|负责人|缴|承担|部分",
)
BANK_CARD = FieldSpec(
    "bank_card",
    "银行卡号",
    ValueType.CARD,
    words=(
        "银行卡号", "工资卡号", "银行账号", "银行帐号", "卡号", "工资卡账号", "工资卡帐号", "银行卡账号", "收款账号", "收款帐号",
        "收款人账号", "收款人帐号", "收款卡号", "账号", "帐号", "个人银行账号", "代发账号", "银行卡号码", "工资账号", "银行卡", "工资卡",
        "个人账号", "账户", "账号/卡号", "卡号/账号", "卡/账号", "银行卡卡号", "开户账号", "开户银行账号", "收款账户",
        "卡号(账号)", "工资发放账号", "发放账号", "工资银行卡号", "BANKACCOUNT", "ACCOUNTNUMBER", "ACCOUNTNO", "ACCOUNTNO.",
        "BANKACCOUNTNO", "BANKACCOUNTNUMBER", "CARDNUMBER", "BANKCARD", "BANKCARDNO", "存折账号", "存折号", "社保卡号", "社会保障卡号",
        "社会保障卡银行账号", "工资存折",
    ),
    patterns=(r"(?:银行|工资|收款|代发|储蓄|借记|社保).{0,6}(?:卡|账|帐)号", r"^[卡账帐]号", r"[卡账帐]号$"),
    avoid=r"付款|付方|行名|行号|名称|公积金|专户|户名|登录|用户|企业微信|钉钉|转出|扣款账|合同|考勤",
)
BANK_NAME = FieldSpec(
    "bank_name",
    "开户行",
    ValueType.TEXT,
    words=(
        "开户行", "开户银行", "开户行名称", "开户银行名称", "银行名称", "收款银行", "收款行", "收款行名称", "发卡银行", "所属银行",
        "开户网点", "开户支行", "银行", "工资卡开户行", "收款人开户行", "开户行全称", "收款方开户行", "对方开户行", "BANK", "BANKNAME", "开户银行网点", "银行及网点", "开户机构",
    ),
    patterns=(r"开户.{0,3}行(?!号)", r"收款.{0,4}银?行(?:名称?)?$"),
    avoid=r"行号|联行|付款|付方|[账帐卡]号$|账户$|代发|扣|工资$|发放|地区|所在",
)
REMARK = FieldSpec(
    "remark",
    "备注",
    ValueType.TEXT,
    weight=0.5,
    words=("备注", "备注说明", "说明", "附注", "备 注", "备注信息", "其他说明", "REMARK", "REMARKS", "NOTE", "NOTES", "COMMENT", "COMMENTS"),
    patterns=(r"^备注",),
)

PERSON = (NAME, ID_NUMBER, PHONE, EMPLOYEE_NUMBER, TEAM, TRADE, EMPLOYER)
ACCOUNT = (BANK_CARD, BANK_NAME)
