"""Orders of a hotline (12345) and lists of other channels: the headings that offices give the same columns."""

from __future__ import annotations

from anxin.sheets.registers import ColumnType, RegisterColumn, RegisterSpec

HOTLINE = RegisterSpec(
    "hotline",
    "热线工单（12345等）",
    (
        RegisterColumn(
            "number", "工单编号", ColumnType.CODE, required=True, also=("工单号", "编号", "受理编号", "来件编号", "线索编号", "诉求编号", "流水号", "线索号", "反映编号", "警情编号", "警情号", "警情单号", "接警编号", "接警单号", "报警编号", "接处警编号", "警单编号")
        ),
        RegisterColumn(
            "received_at", "来电时间", ColumnType.DAY_OR_MOMENT, required=True,
            also=("受理时间", "登记时间", "反映时间", "接收时间", "来件时间", "诉求时间", "创建时间", "来电日期", "受理日期", "提交时间", "线索时间", "反映日期", "上报时间", "报警时间", "接警时间", "报警日期", "警情时间"),
        ),
        RegisterColumn(
            "text", "内容", required=True,
            also=("诉求内容", "工单内容", "问题描述", "反映内容", "来电内容", "诉求描述", "线索内容", "主要内容", "线索描述", "欠薪情况", "欠薪事实", "情况说明", "反映问题", "报警内容", "警情内容", "简要警情", "警情描述", "警情简要情况", "接警内容", "报警情况"),
        ),
        RegisterColumn("channel", "来源渠道", also=("渠道", "来源", "工单来源", "诉求来源", "受理渠道")),
        RegisterColumn("title", "标题", also=("工单标题", "诉求标题", "主题", "事由")),
        RegisterColumn("name", "诉求人", also=("姓名", "来电人", "反映人", "联系人", "投诉人", "市民姓名", "反映人姓名", "举报人", "线索提供人", "报警人", "报警人姓名")),
        RegisterColumn(
            "phone", "电话", ColumnType.CODE,
            also=("联系电话", "来电号码", "手机", "手机号", "联系方式", "电话(脱敏)", "电话（脱敏）", "诉求人电话", "反映人电话", "手机号码", "报警电话", "报警人电话", "报警人联系电话", "报警号码", "报警人联系方式"),
        ),
        RegisterColumn("category", "诉求类型", also=("诉求分类", "工单类型", "事项分类", "三级分类码", "分类", "诉求类别", "警情类别", "警情类型", "警情性质", "报警类别")),
        RegisterColumn("region", "区县", also=("所属区县", "事发区县", "区划代码", "所属地区", "行政区划", "属地", "欠薪属地", "所属区域", "单位所在地", "承办地区", "警情属地", "管辖区县")),
        RegisterColumn("place", "事发地址", also=("地址", "事发地点", "详细地址", "发生地址", "街镇", "项目地址", "工作地点", "欠薪地点", "警情地址", "报警地址", "案发地址", "警情地点", "报警地点")),
        # what lists of the national and provincial platforms ask the worker one by one
        RegisterColumn(
            "employer", "欠薪单位",
            also=("用人单位", "用人单位名称", "被反映单位", "被反映单位名称", "欠薪主体", "欠薪企业", "单位名称", "被投诉单位", "涉及单位"),
        ),
        RegisterColumn("project", "工程项目", also=("项目名称", "工程名称", "项目", "工程项目名称", "涉及项目", "所在项目")),
        RegisterColumn("construction", "是否工程建设领域", also=("是否工程建设", "线索类别", "线索类型", "领域", "行业类别")),
        RegisterColumn("people", "涉及人数", also=("欠薪人数", "人数", "被欠薪人数", "涉薪人数")),
        RegisterColumn("amount", "涉及金额", also=("欠薪金额", "欠薪金额（元）", "金额", "涉薪金额", "拖欠金额", "欠薪数额")),
        RegisterColumn("period", "欠薪时段", also=("欠薪时间", "欠薪月份", "工作时间", "拖欠时段", "务工时间")),
        RegisterColumn("urgency", "紧急程度", also=("紧急级别", "工单级别", "等级")),
        RegisterColumn("handler", "承办单位", also=("主办单位", "责任单位", "办理单位", "处办单位", "处警单位", "出警单位", "接警单位", "管辖单位")),
        RegisterColumn("dispatched_at", "派单时间", ColumnType.DAY_OR_MOMENT, also=("交办时间", "转办时间", "派发时间")),
        RegisterColumn("sign_by", "签收时限", ColumnType.DAY_OR_MOMENT, also=("签收期限", "签收截止时间")),
        RegisterColumn("handle_by", "办理时限", ColumnType.DAY_OR_MOMENT, also=("办结时限", "办理期限", "截止时间", "办理截止时间")),
        # files that come with the list in a ZIP, by name
        RegisterColumn("attachments", "附件", also=("附件名称", "附件清单", "附件文件", "附件名")),
        RegisterColumn("answer_by", "答复时限", ColumnType.DAY_OR_MOMENT, also=("答复期限", "回复时限", "答复截止时间")),
        # how far it is by the hotline's own account; said in words, told apart in ``clues.ticket_status``
        RegisterColumn("status", "工单状态", also=("办理状态", "处理状态", "状态", "工单进度", "办理进度")),
        RegisterColumn("returned_why", "退单原因", also=("退单理由", "退回原因", "退回理由", "退单(原因)", "退单（原因）", "退单")),
        RegisterColumn("returned_at", "退单时间", ColumnType.DAY_OR_MOMENT, also=("退回时间", "退单日期")),
        RegisterColumn("extension", "延期", also=("是否延期", "延期状态", "延期情况", "延期审批", "延期审批结果", "延期申请")),
        RegisterColumn("extension_asked_to", "申请延期至", ColumnType.DATE, also=("申请到期日", "申请延期到期日", "申请延期日期", "延期申请到期日", "延期(申请到期日)")),
        RegisterColumn("extended_to", "批准延期至", ColumnType.DATE, also=("批准到期日", "批准延期到期日", "延期至", "延期到期日", "延期后时限", "延期后办理时限", "延期(批准到期日)")),
        RegisterColumn("result", "办理结果", also=("处理结果", "处置结果", "办理情况", "处理情况", "答复内容", "回复内容", "办理意见", "官方答复", "处警情况", "处警结果", "处警经过", "出警情况", "接处警情况")),
        RegisterColumn("answered_at", "答复时间", ColumnType.DAY_OR_MOMENT, also=("回复时间", "答复日期")),
        RegisterColumn("done_at", "办结时间", ColumnType.DAY_OR_MOMENT, also=("办结日期", "完成时间", "结案时间", "实际办结时间")),
        RegisterColumn("redone", "重办次数", also=("重办", "退回重办次数", "重新办理次数", "返办次数")),
        RegisterColumn("supervised", "督办次数", also=("督办", "被督办次数")),
        RegisterColumn("contacted", "是否联系", also=("是否联系诉求人", "是否联系上", "回访是否联系")),
        RegisterColumn("solved", "是否解决", also=("诉求是否解决", "是否已解决", "回访是否解决", "解决情况")),
        RegisterColumn("satisfied", "是否满意", also=("满意度", "回访满意度", "回访结果", "是否满意办理结果", "满意情况")),
        RegisterColumn("as_of", "更新时间", ColumnType.DAY_OR_MOMENT, also=("最后更新时间", "状态时间", "状态更新时间", "导出时间")),
    ),
    ("channel", "number"),
)  # fmt: skip
