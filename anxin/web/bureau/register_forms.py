"""The forms for registering by hand: only what is not known, in the order of talk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.funds.models import LabourCostTerm, WageDeposit
from anxin.registry import investment
from anxin.registry.access import regions_within
from anxin.registry.models import Industry, Organisation, Participation, Project, Region
from anxin.registry.queries import organisations
from anxin.web.forms import (
    CodeField,
    ConsoleForm,
    DateField,
    MonthField,
    PercentField,
    RegionField,
    YuanField,
)

_KINDS = Organisation.Kind
#: suggestions under the region field; beyond this the code is typed
_REGIONS = 1000
MISSING_BODY = "名单里没有的，请系统管理员在“系统”的“单位”里登记。"


class ProjectForm(ConsoleForm):
    """A project as a bureau registers it. What is unknown stays empty; the rules name it as missing."""

    name = forms.CharField(label="项目名称", max_length=120)
    code = CodeField(label="项目编码", max_length=40)
    region = RegionField(
        label="地区代码",
        help_text="6位区划代码，输入或选择；可到镇街。",
    )
    industry = forms.ChoiceField(label="行业", choices=Industry.choices)
    responsible = forms.ModelChoiceField(
        label="主管单位",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="未定",
        help_text=MISSING_BODY,
    )
    state = forms.ChoiceField(label="状态", choices=Project.State.choices)
    pay_day = forms.IntegerField(
        label="发薪日", required=False, min_value=1, max_value=31, help_text="每月几日；合同没有约定的留空。"
    )
    pay_month_offset = forms.TypedChoiceField(
        label="发哪个月的工资", choices=((1, "次月发"), (0, "当月发")), coerce=int
    )
    contract_on = DateField(
        label="施工合同签订日期", required=False, help_text="从这一天起算开立工资专用账户的期限。"
    )
    contract_fen = YuanField(label="合同价款（元）", required=False, help_text="可写“1200万元”。")
    permit_number = forms.CharField(label="施工许可证号", max_length=60, required=False)
    permit_on = DateField(label="施工许可日期", required=False)
    commencement = DateField(label="开工日期", required=False)
    planned_completion = DateField(label="计划竣工日期", required=False)
    completion = DateField(label="竣工日期", required=False)
    site_address = forms.CharField(label="工地地址", max_length=200, required=False)
    latitude = forms.DecimalField(
        label="工地纬度",
        required=False,
        max_digits=8,
        decimal_places=5,
        help_text="手机定位显示的度数，如 22.27073；用来发现被贴到别处的扫码牌。",
    )
    longitude = forms.DecimalField(label="工地经度", required=False, max_digits=8, decimal_places=5)
    government_invested = forms.BooleanField(label="政府投资项目", required=False, help_text=investment.RULE)
    state_invested = forms.BooleanField(label="国有企业投资项目", required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region_list: QuerySet[Region] = regions_within(user, access.IMPORT)[:_REGIONS]
        bodies = organisations(_KINDS.BUREAU, _KINDS.INDUSTRY_AUTHORITY, _KINDS.TOWN)
        self.fields["responsible"].queryset = bodies  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The arguments of the registry's services."""
        return dict(self.cleaned_data)


class ParticipantForm(ConsoleForm):
    uscc = CodeField(label="统一社会信用代码", max_length=18)
    name = forms.CharField(
        label="单位名称",
        max_length=120,
        required=False,
        help_text="已登记过的单位只填信用代码即可。",
    )
    role = forms.ChoiceField(label="参建角色", choices=Participation.Role.choices)


class ApprovalForm(ConsoleForm):
    kind = forms.CharField(
        label="类别",
        max_length=40,
        widget=forms.TextInput(attrs={"placeholder": "立项批复、规划许可证、合同备案…"}),
    )
    number = forms.CharField(label="文号", max_length=80)
    issued_on = DateField(label="日期", required=False)
    issuer = forms.CharField(label="机关", max_length=80, required=False)


class AccountForm(ConsoleForm):
    bank = forms.ModelChoiceField(
        label="开户银行",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="未登记",
        help_text=MISSING_BODY,
    )
    number = CodeField(label="账号", max_length=40, required=False)
    name = forms.CharField(
        label="户名",
        max_length=200,
        required=False,
        help_text="总包单位名称加项目名称加“农民工工资专用账户”。",
    )
    opened_on = DateField(label="开户日期")
    closed_on = DateField(label="销户日期", required=False)
    balance_fen = YuanField(label="余额（元）", required=False)
    balance_on = DateField(label="余额日期", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = organisations(_KINDS.BANK)  # type: ignore[attr-defined]


class TermForm(ConsoleForm):
    first_month = MonthField(label="从哪个月起")
    due_day = forms.IntegerField(label="每期拨付日", min_value=1, max_value=31, help_text="每月几日前拨付。")
    cycle_months = forms.IntegerField(label="周期（月）", initial=1, min_value=1, max_value=12)
    monthly_fen = YuanField(label="每期金额（元）", required=False, help_text="按比例计算的留空。")
    share_bp = PercentField(label="人工费用占比（%）", required=False, help_text="按比例约定的填写，如 20。")
    share_of = forms.ChoiceField(
        label="占比的基数", choices=(("", "没有约定占比"), *LabourCostTerm.ShareOf.choices), required=False
    )


class DisbursementForm(ConsoleForm):
    month = MonthField(label="所属月份")
    due_fen = YuanField(label="应拨（元）", required=False)
    paid_fen = YuanField(label="已拨（元）")
    paid_on = DateField(label="到账日期")


class DepositForm(ConsoleForm):
    kind = forms.ChoiceField(label="形式", choices=WageDeposit.Kind.choices)
    institution = forms.ModelChoiceField(
        label="银行、保险机构或担保公司",
        queryset=Organisation.objects.none(),
        required=False,
        empty_label="未登记",
        help_text=MISSING_BODY,
    )
    number = forms.CharField(label="编号", max_length=60, required=False)
    amount_fen = YuanField(label="金额（元）")
    valid_from = DateField(label="生效日期")
    valid_until = DateField(label="有效期至", required=False, help_text="保函和保证保险必填。")
    released_on = DateField(label="返还日期", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = organisations(_KINDS.BANK, _KINDS.INSURER, _KINDS.GUARANTOR)
        self.fields["institution"].queryset = chosen  # type: ignore[attr-defined]
