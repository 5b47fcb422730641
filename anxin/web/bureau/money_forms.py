"""The forms for what happens to accounts and deposits: only what the event needs."""

from __future__ import annotations

from typing import Any

from django import forms

from anxin.funds.models import AccountEntry, LabourCostTerm, PaymentGuarantee
from anxin.registry.models import Organisation
from anxin.registry.queries import organisations
from anxin.web.forms import CodeField, ConsoleForm, DateField, MonthField, PercentField, YuanField

_KINDS = Organisation.Kind
_YES_NO = (("", "不清楚"), ("yes", "是"), ("no", "否"))


class EntryForm(ConsoleForm):
    """One booking, where the bank delivered it on paper."""

    booked_on = DateField(label="记账日期")
    direction = forms.ChoiceField(label="收付", choices=AccountEntry.Direction.choices)
    amount_fen = YuanField(label="金额（元）")
    kind = forms.ChoiceField(
        label="类别", choices=(("", "按用途识别"), *AccountEntry.Kind.choices), required=False
    )
    counterparty = forms.CharField(label="对方户名", max_length=120, required=False)
    counterparty_account = CodeField(label="对方账号", max_length=40, required=False)
    purpose = forms.CharField(label="用途", max_length=200, required=False)
    month = MonthField(label="所属月份", required=False, help_text="用途里写明年月的可以留空。")
    reference = forms.CharField(label="流水号", max_length=80, required=False)
    reversal = forms.BooleanField(label="这是冲正", required=False)
    reverses = forms.CharField(label="被冲正的流水号", max_length=80, required=False)


class BalanceForm(ConsoleForm):
    balance_on = DateField(label="余额日期", help_text="当日终了的余额。")
    balance_fen = YuanField(label="余额（元）")


class AgreementForm(ConsoleForm):
    contract_on = DateField(label="施工合同签订日期", required=False, help_text="开户期限从这一天起算。")
    signed_on = DateField(label="三方协议签订日期")
    number = forms.CharField(label="协议编号", max_length=80, required=False)
    first_month = MonthField(label="从哪个月起拨付")
    due_day = forms.IntegerField(label="每期拨付日", min_value=1, max_value=31, help_text="每月几日前拨付。")
    cycle_months = forms.IntegerField(label="周期（月）", initial=1, min_value=1, max_value=12)
    monthly_fen = YuanField(label="每期金额（元）", required=False, help_text="按占比约定的留空。")
    share_bp = PercentField(label="人工费用占比（%）", required=False, help_text="按固定金额约定的留空。")
    share_of = forms.ChoiceField(
        label="占比的基数", choices=(("", "没有约定占比"), *LabourCostTerm.ShareOf.choices), required=False
    )


class DayForm(ConsoleForm):
    """A day and a few words about it."""

    on = DateField(label="日期")
    note = forms.CharField(label="说明", max_length=200, required=False)


class BodyForm(ConsoleForm):
    """A day, the body and the number of its paper."""

    on = DateField(label="日期")
    body = forms.ModelChoiceField(
        label="办理机关", queryset=Organisation.objects.none(), required=False, empty_label="未填写"
    )
    number = forms.CharField(label="文号", max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = organisations(_KINDS.BUREAU, _KINDS.INDUSTRY_AUTHORITY)
        self.fields["body"].queryset = bodies  # type: ignore[attr-defined]


class ReasonForm(ConsoleForm):
    on = DateField(label="日期")
    note = forms.CharField(label="情况", max_length=200, help_text="例如“3名钢筋工反映9月工资未付”。")


class QueryForm(ConsoleForm):
    case_number = forms.CharField(label="案件或事项编号", max_length=60, help_text="查询所得只能用于本案。")
    purpose = forms.CharField(label="事由", max_length=300)
    first_day = DateField(label="查询起日")
    last_day = DateField(label="查询止日")


class DecisionForm(ConsoleForm):
    note = forms.CharField(label="意见", max_length=300, required=False, help_text="不批准的须写明理由。")


class AnswerForm(ConsoleForm):
    answer = forms.CharField(label="银行反馈内容", max_length=1000, widget=forms.Textarea(attrs={"rows": 5}))
    balance_fen = YuanField(label="反馈的余额（元）", required=False)


class RenewForm(ConsoleForm):
    on = DateField(label="办理日期")
    valid_until = DateField(label="延期至")
    number = forms.CharField(label="新保函或批单编号", max_length=80, required=False)


class UseOrderForm(ConsoleForm):
    on = DateField(label="银行收到支付通知书的日期")
    number = forms.CharField(label="支付通知书文号", max_length=80)
    amount_fen = YuanField(label="通知支付金额（元）")
    people = forms.IntegerField(label="涉及人数", min_value=1, required=False)


class UseForm(ConsoleForm):
    on = DateField(label="支付日期")
    amount_fen = YuanField(label="支付金额（元）")
    people = forms.IntegerField(label="人数", min_value=1, required=False)
    number = forms.CharField(label="支付凭证编号", max_length=80, required=False)


class TopUpForm(ConsoleForm):
    on = DateField(label="补足日期")
    amount_fen = YuanField(label="补足金额（元）")
    number = forms.CharField(label="凭证或新保函编号", max_length=80, required=False)


class ReleaseForm(ConsoleForm):
    on = DateField(label="返还日期")
    number = forms.CharField(label="返还确认书文号", max_length=80, required=False)


class ProgressForm(ConsoleForm):
    month = MonthField(label="月份")
    amount_fen = YuanField(label="当期工程进度款（元）")
    settled_on = DateField(label="核定日期", required=False)


class PaymentGuaranteeForm(ConsoleForm):
    kind = forms.ChoiceField(label="形式", choices=PaymentGuarantee.Kind.choices)
    institution = forms.ModelChoiceField(
        label="出具机构", queryset=Organisation.objects.none(), required=False, empty_label="未登记"
    )
    number = forms.CharField(label="编号", max_length=60, required=False)
    amount_fen = YuanField(label="担保金额（元）")
    valid_from = DateField(label="生效日期")
    valid_until = DateField(label="有效期至")
    released_on = DateField(label="解除日期", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = organisations(_KINDS.BANK, _KINDS.INSURER, _KINDS.GUARANTOR)
        self.fields["institution"].queryset = chosen  # type: ignore[attr-defined]


class AssessmentForm(ConsoleForm):
    """What is known of the contractor; what is not known stays so and is named in the answer."""

    on = DateField(
        label="按哪天的规定", help_text="取得施工许可（开工报告批复）之日；不需办证的，签订合同之日。"
    )
    contract_fen = YuanField(label="合同额（元）")
    annual_fen = YuanField(label="年度合同额（元）", required=False, help_text="按年度合同额存储的填写。")
    months = forms.IntegerField(label="工期（月）", required=False, min_value=0, max_value=600)
    ordinal = forms.IntegerField(label="本地第几个在建工程", initial=1, min_value=1, max_value=99)
    clean_before = forms.ChoiceField(label="签约前一年内没有拖欠", choices=_YES_NO, required=False)
    clean_years = forms.IntegerField(
        label="连续没有拖欠的年数",
        required=False,
        min_value=0,
        max_value=50,
        help_text="自首次存储或交保函起的整年数。",
    )
    managed = forms.ChoiceField(label="落实实名制和专用账户", choices=_YES_NO, required=False)
    rating = forms.ChoiceField(
        label="信用评级", choices=(("", "没有"), ("good", "良好"), ("excellent", "优秀")), required=False
    )
    arrears = forms.ChoiceField(label="近两年内有过拖欠", choices=_YES_NO, required=False)
    listed = forms.ChoiceField(label="因欠薪列入失信名单", choices=_YES_NO, required=False)
    number = forms.CharField(
        label="核定文号", max_length=80, required=False, help_text="核定时填写，试算可以留空。"
    )
