"""The kinds of facts that can be recorded: how each is read, and where it stands in a facts file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from anxin.law import LawError
from anxin.law.liability import Form, Link, Standing, reading
from anxin.law.liability.slots import Slot

#: what a kind is about: the whole project, any party, a party the owner gave its work to, an employer in arrears
PROJECT, PARTY, CONTRACTOR, EMPLOYER = "project", "party", "contractor", "employer"


@dataclass(frozen=True)
class FactKind:
    """One kind: its slot in the engine, or plain text (names), and its place in a facts file."""

    key: str
    title: str
    about: str
    #: path below the subject's entry, or the project's
    place: tuple[str, ...]
    slot: Slot[Any] | None = None
    choices: tuple[str, ...] = ()
    hint: str = ""

    def check(self, text: str) -> None:
        """Raises :class:`LawError` with a sentence for a value that cannot be read."""
        if self.slot is not None:
            self.slot.read(text, self.title)
        elif not text.strip():
            raise LawError(f"请填写“{self.title}”。")

    def say(self, text: str) -> str:
        """A recorded value in words."""
        return self.slot.say(self.slot.read(text, self.title)) if self.slot else text


_YES = ("是", "否")
_YUAN = "单位：元，可写“120万元”。"


def _kinds() -> dict[str, FactKind]:
    money = "工程款"
    table = [
        FactKind("lawful", "规划、施工等手续齐备", PROJECT, ("手续齐备",), reading.LAWFUL, _YES),
        FactKind("fund", "可用的应急周转金", PROJECT, ("应急周转金", "可用"), reading.FUND, hint=_YUAN),
        FactKind("above", "从谁那里接的活", PARTY, ("发包人",), hint="填写发包人的名称，与参建单位一致。"),
        FactKind("form", "性质", PARTY, ("性质",), reading.FORM, tuple(Form)),
        FactKind("link", "承接方式", PARTY, ("承接方式",), reading.LINK, tuple(Link)),
        FactKind("standing", "存续状态", PARTY, ("状态",), reading.STANDING, tuple(Standing)),
        FactKind("means", "付款能力", PARTY, ("付款能力",), reading.MEANS, hint="填写 能付、无力、逃匿，或者付得出的金额（元）。"),
        FactKind("investors", "出资人", PARTY, ("出资人",), hint="几个人用顿号分开。"),
        FactKind("successors", "承继单位", PARTY, ("承继单位",), hint="合并或者分立后的单位，几个用顿号分开。"),
        FactKind("agreement", "与农民工书面商定由承继单位清偿", PARTY, ("书面协商",), reading.AGREEMENT, _YES),
        FactKind("licence", "有劳务派遣许可", PARTY, ("派遣许可",), reading.LICENCE, _YES),
        FactKind("at_fault", "用工单位违反派遣规定致欠薪", PARTY, ("用工单位违法",), reading.USER_AT_FAULT, _YES),
        FactKind("due", "应付工程款", CONTRACTOR, (money, "应付"), reading.DUE, hint=f"按合同现在应当付到多少。{_YUAN}"),
        FactKind("paid", "已付工程款", CONTRACTOR, (money, "已付"), reading.PAID, hint=_YUAN),
        FactKind("settled", "已结算工程价款", CONTRACTOR, (money, "结算"), reading.SETTLED, hint=f"已经结算或者确认的价款。{_YUAN}"),
        FactKind("labour_paid", "人工费足额拨付到专户", CONTRACTOR, (money, "人工费足额"), reading.LABOUR_PAID, _YES),
        FactKind("caused", "欠薪因建设单位未按约拨款所致", CONTRACTOR, (money, "因果"), reading.CAUSED, _YES),
        FactKind("deposit", "可动用的工资保证金", CONTRACTOR, ("保证金",), reading.DEPOSIT, hint=_YUAN),
        FactKind("account", "工资专用账户余额", CONTRACTOR, ("专户余额",), reading.ACCOUNT, hint=_YUAN),
        FactKind("owed", "拖欠金额", EMPLOYER, ("金额",), reading.AMOUNT, hint=f"填写后代替按工资表和到账算出的数。{_YUAN}"),
        FactKind("people", "被拖欠的人数", EMPLOYER, ("人数",), hint="工资表以外的工人填写人数。"),
        FactKind("wages", "所欠是工资", EMPLOYER, ("是工资",), reading.WAGES, _YES),
        FactKind("on_project", "在本项目干活", EMPLOYER, ("属本项目",), reading.ON_PROJECT, _YES),
    ]  # fmt: skip
    return {kind.key: kind for kind in table}


KINDS = _kinds()
#: kinds that are names or counts, not claims that can be disputed
PLAIN = {"above", "investors", "successors", "people"}
