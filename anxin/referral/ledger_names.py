"""Which field of ours a bureau's heading means: by its words, with the unit it names. A person confirms. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from anxin.referral.ledger_fields import FIELDS, LEFT

#: what a heading says besides what it is about: units, marks, examples
_REST = re.compile(r"[（(\[【].*?[)）\]】]|[\s　:：*、/／.．。]|万元|（?元）?$")
_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "order": ("顺序号", "No"),
    "number": ("编号", "线索编号", "案件编号", "受理编号", "登记编号", "台账编号"),
    "sender_number": ("工单号", "工单编号", "来件编号", "来文号", "转办编号"),
    "channel": ("线索来源", "来源", "来源渠道", "案件来源", "反映渠道", "信访渠道"),
    "kind": ("类别", "类型", "投诉举报类型", "线索类别"),
    "received": ("受理时间", "受理日期", "接收时间", "接收日期", "来件日期", "收件日期", "登记时间", "登记日期", "反映时间", "收到时间"),
    "region": ("属地", "地区", "区县", "县区", "县市区", "所属区县", "辖区", "所属辖区"),
    "what": ("反映内容", "诉求", "诉求内容", "主要诉求", "基本情况", "欠薪情况", "事由", "案由", "问题描述", "反映问题", "主要问题"),
    "urgency": ("紧急程度",),
    "construction": ("是否工程建设领域", "是否工程领域"),
    "employer": ("欠薪单位", "欠薪主体", "被投诉单位", "被反映单位", "企业名称", "单位名称", "用工单位", "用人单位名称", "涉事单位", "涉及单位", "施工单位", "欠薪企业"),
    "project": ("项目名称", "工程名称", "工程项目", "工程项目名称", "涉及项目", "所在项目", "欠薪项目"),
    "people": ("涉及人数", "欠薪人数", "拖欠人数", "人次", "涉及农民工人数", "涉及劳动者人数"),
    "months": ("拖欠时长", "欠薪月数", "拖欠时间"),
    "claimed": ("金额", "涉及金额", "拖欠金额", "欠薪数额", "欠薪金额", "涉案金额", "拖欠工资金额", "欠薪总额"),
    "lead": ("责任单位", "承办单位", "办理单位", "主办单位", "牵头部门", "牵头责任单位", "主责单位", "责任部门"),
    "matter": ("案号", "事项编号", "文号"),
    "referred": ("交办时间", "交办日期", "转办日期", "转办时间", "派单时间", "派单日期", "派出时间"),
    "state": ("办理状态", "办理进度", "进展情况", "办理情况", "工作进展", "状态"),
    "conclusion": ("处理结果", "办理结果", "核查结果", "办结情况", "处置结果", "化解情况"),
    "concluded": ("办结时间", "办结日期", "化解时间", "结论时间"),
    "told_on": ("告知时间", "反馈时间", "反馈日期", "答复时间", "答复日期", "回复时间"),
    "told_how": ("告知情况", "反馈方式", "答复方式"),
    "told_tries": ("未联系上次数",),
    "late": ("是否逾期", "是否超期"),
    "paid": ("已支付金额", "追回金额", "已追回", "已发放金额", "已解决金额", "已付金额", "追发金额", "清欠金额", "支付金额", "到账金额"),
    "rest": ("未支付金额", "剩余金额", "尚欠金额", "余额", "未解决金额", "尚未支付"),
    "struck": ("是否销号", "销号情况", "销号", "是否办结", "是否化解"),
    "strike_number": ("销号编号",),
    "strike_day": ("销号时间", "销号日期"),
    "strike_by": ("销号人", "销号责任人"),
    "strike_how": ("销号依据", "销号理由", "销号原因"),
    "struck_before": ("此前销号",),
}  # fmt: skip


def plain(heading: str) -> str:
    """A heading without units, brackets and blanks."""
    return _REST.sub("", heading)


_BY_NAME = {plain(name): key for key, names in _OTHER_NAMES.items() for name in names} | {
    plain(field.title): key for key, field in FIELDS.items() if not key.endswith("_wan") and key != LEFT
}


def meant(heading: str, group: str = "") -> str:
    """The key of the field that a heading most likely means, in the unit it or its group names; empty: nobody knows."""
    key = _BY_NAME.get(plain(heading), "") if plain(heading) else ""
    in_wan = "万元" in heading or ("万元" in group and "元" not in heading)
    return f"{key}_wan" if in_wan and f"{key}_wan" in FIELDS else key
