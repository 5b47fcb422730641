"""The money behind a site's month: special accounts with balances and entries, labour cost, deposits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from anxin.dossier.fact_rows import Sources
from anxin.dossier.people import People
from anxin.dossier.showing import day, yuan
from anxin.funds.models import AccountEntry, Disbursement, LabourCostTerm, WageDeposit
from anxin.funds.queries import AccountRow, accounts
from anxin.kernel.masking import mask_payee
from anxin.kernel.months import Month
from anxin.proof import Table
from anxin.registry.models import Project


class Money:
    """What was recorded of the project's money for one month; read once, six queries."""

    def __init__(self, project: Project, month: Month) -> None:
        self.accounts: list[AccountRow] = accounts(project)
        within = Q(month=str(month)) | Q(booked_on__range=(month.first_day, month.last_day))
        self.entries = list(AccountEntry.objects.filter(within, account__project=project).order_by("pk"))
        self.terms = list(LabourCostTerm.objects.filter(project=project).order_by("pk"))
        self.arrived = list(Disbursement.objects.filter(project=project, month=str(month)).order_by("pk"))
        self.deposits = list(
            WageDeposit.objects.filter(project=project).select_related("institution").order_by("pk")
        )

    def batch_ids(self) -> list[int | None]:
        return [
            one.batch_id for found in (self.entries, self.terms, self.arrived, self.deposits) for one in found
        ]

    def tables(self, sources: Sources, people: People) -> list[Table]:
        return [
            self._accounts(),
            self._entries(sources, people),
            self._labour_cost(sources),
            self._deposits(sources),
        ]

    def _accounts(self) -> Table:
        columns = {
            "bank": "银行", "number": "账号", "opened": "开立", "closed": "注销", "on": "余额日期", "balance": "余额（元）",
        }  # fmt: skip
        rows = []
        for one in self.accounts:
            balance = one.balance
            rows.append(
                {
                    "bank": one.bank,
                    "number": one.number,
                    "opened": day(one.account.opened_on),
                    "closed": day(one.account.closed_on),
                    "on": day(balance.on) if balance else "",
                    "balance": yuan(balance.balance_fen) if balance else "",
                }
            )
        return Table("t09_accounts", "工资专用账户", columns, rows)

    def _entries(self, sources: Sources, people: People) -> Table:
        columns = {
            "booked": "记账日", "direction": "收支", "kind": "种类", "amount": "金额（元）", "counterparty": "对方", "reference": "流水号",
            "purpose": "用途", "month": "工资月份", "source": "出处", "recorded": "记录时间", "replaced": "被替换", "row": "行号",
        }  # fmt: skip
        rows = [
            {
                "booked": day(one.booked_on),
                "direction": one.get_direction_display(),
                "kind": one.get_kind_display(),
                "amount": yuan(one.amount_fen),
                "counterparty": one.counterparty if people.full else mask_payee(one.counterparty),
                "reference": one.reference,
                "purpose": one.purpose,
                "month": one.month,
                **sources.of(one),
                "row": f"account_entry:{one.pk}",
            }
            for one in self.entries
        ]
        return Table("t10_entries", "专用账户流水", columns, rows)

    def _labour_cost(self, sources: Sources) -> Table:
        columns = {
            "what": "事项", "month": "月份", "due": "应拨（元）", "paid": "已拨（元）", "on": "日期", "source": "出处", "recorded": "记录时间",
            "replaced": "被替换",
        }  # fmt: skip
        agreed: Sequence[dict[str, Any]] = [
            {
                "what": f"约定：每{one.cycle_months}个月一期，每期{one.due_day}日前",
                "month": f"自{one.first_month}起",
                "due": yuan(one.monthly_fen) or (f"{one.share_bp / 100:.2f}%" if one.share_bp else ""),
                **sources.of(one),
            }
            for one in self.terms
        ]
        arrived = [
            {
                "what": "拨付",
                "month": one.month,
                "due": yuan(one.due_fen),
                "paid": yuan(one.paid_fen),
                "on": day(one.paid_on),
                **sources.of(one),
            }
            for one in self.arrived
        ]
        return Table("t11_labour_cost", "人工费用的约定和拨付", columns, [*agreed, *arrived])

    def _deposits(self, sources: Sources) -> Table:
        columns = {
            "kind": "形式", "institution": "机构", "number": "编号", "amount": "金额（元）", "from": "有效自", "until": "有效至",
            "released": "解除", "source": "出处", "recorded": "记录时间", "replaced": "被替换", "row": "行号",
        }  # fmt: skip
        rows = [
            {
                "kind": one.get_kind_display(),
                "institution": one.institution.name if one.institution else "",
                "number": one.number,
                "amount": yuan(one.amount_fen),
                "from": day(one.valid_from),
                "until": day(one.valid_until),
                "released": day(one.released_on),
                **sources.of(one),
                "row": f"wage_deposit:{one.pk}",
            }
            for one in self.deposits
        ]
        return Table("t12_deposits", "工资保证金", columns, rows)
