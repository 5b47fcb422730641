"""Reading a facts file: Chinese words as a lawyer would write them, checked field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anxin.kernel.money import sentence_yuan
from anxin.kernel.months import Month
from anxin.law.errors import LawError
from anxin.law.liability.facts import (
    Arrears,
    Case,
    Deposit,
    Fact,
    Form,
    Fund,
    Link,
    OwnerMoney,
    Party,
    Standing,
    Status,
)
from anxin.law.liability.slots import (
    Slot,
    read_means,
    read_money,
    read_yes,
    reader_of,
    say_means,
    say_yes,
)

BOTH = (True, False)
LAWFUL = Slot("规划、施工等手续齐备", read_yes, say_yes, "规划许可、施工许可或者开工报告", BOTH)
FORM = Slot("性质", reader_of(Form), str, "营业执照、资质证书")
LINK = Slot("承接方式", reader_of(Link), str, "发包、分包合同和项目管理人员社保、工资记录")
STANDING = Slot("存续状态", reader_of(Standing), str, "登记机关的登记信息")
MEANS = Slot("付款能力", read_means, say_means, "账户查询结果、财产线索和逾期不履行的记录", (None, 0))
AGREEMENT = Slot("与农民工书面商定由承继单位清偿", read_yes, say_yes, "书面协商协议", BOTH)
LICENCE = Slot("有劳务派遣许可", read_yes, say_yes, "劳务派遣经营许可证", BOTH)
USER_AT_FAULT = Slot("用工单位违反派遣规定致欠薪", read_yes, say_yes, "派遣协议和派遣费支付凭证", BOTH)
DUE = Slot("应付工程款", read_money, sentence_yuan, "施工合同、计量支付证书")
PAID = Slot("已付工程款", read_money, sentence_yuan, "付款凭证、银行流水")
SETTLED = Slot("已结算工程价款", read_money, sentence_yuan, "结算书或者造价鉴定意见")
LABOUR_PAID = Slot("人工费足额拨付到专户", read_yes, say_yes, "专用账户流水、拨付凭证", BOTH)
CAUSED = Slot("欠薪因建设单位未按约拨款所致", read_yes, say_yes, "付款约定、付款凭证和专用账户流水", BOTH)
DEPOSIT = Slot("可动用的工资保证金", read_money, sentence_yuan, "保函原件或者存款证明")
ACCOUNT = Slot("工资专用账户余额", read_money, sentence_yuan, "开户银行的余额证明")
AMOUNT = Slot("拖欠金额", read_money, sentence_yuan, "考勤、工资表和银行流水")
WAGES = Slot("所欠是工资", read_yes, say_yes, "劳动合同、考勤、工资表；承包合同", BOTH)
ON_PROJECT = Slot("在本项目干活", read_yes, say_yes, "实名制名册、考勤", BOTH)
FUND = Slot("可用的应急周转金", read_money, sentence_yuan, "财政部门的答复")
PER_PERSON = Slot(
    "每人垫付上限",
    lambda given, where: None if given == "未收录" else read_money(given, where),
    lambda value: "未收录" if value is None else sentence_yuan(value),
    "当地应急周转金办法",
)

_CASE = {"案情", "建设单位", "手续齐备", "单位", "拖欠", "应急周转金"}
_PARTY = {
    "发包人", "性质", "承接方式", "状态", "付款能力", "出资人", "承继单位", "书面协商", "派遣许可", "用工单位违法",
    "工程款", "保证金", "专户余额",
}  # fmt: skip
_MONEY = {"应付", "已付", "结算", "合同价", "人工费足额", "因果"}
_ARREARS = {"用人", "人数", "金额", "月份", "是工资", "属本项目"}


def read_case(document: Any) -> Case:
    """A case from a facts file's content. Raises :class:`LawError` with one sentence."""
    content = _mapping(document, "事实", _CASE)
    owner = _name(content.get("建设单位"), "建设单位")
    if "手续齐备" not in content:
        raise LawError("请写明“手续齐备”：是、否、未知，或者争议。")
    entries = _mapping(content.get("单位") or {}, "单位")
    given = [_given(item) for item in _list(content.get("拖欠"), "拖欠")]
    if not given:
        raise LawError("请在“拖欠”里写明谁拖欠了多少人多少工资。")
    arrears = tuple(_arrears(entry) for entry in given)
    most = sum(max(way.value for way in item.amount.alternatives) for item in arrears)
    parties = [_party(owner, entries.get(owner) or {}, owner, most)]
    parties += [
        _party(_name(name, "单位"), entry, owner, most) for name, entry in entries.items() if name != owner
    ]
    case = Case(
        str(content.get("案情") or ""),
        owner,
        LAWFUL.fact("", content["手续齐备"]),
        tuple(parties),
        arrears,
        _fund(content.get("应急周转金")),
    )
    check_case(case)
    return case


def check_case(case: Case) -> None:
    """Whether the chain can be: names resolve, nobody stands above itself, nothing is told twice."""
    names = [party.name for party in case.parties]
    behind = {case.owner}.union(*(party.investors + party.successors for party in case.parties))
    for party in case.parties:
        if names.count(party.name) > 1:
            raise LawError(f"“{party.name}”写了两次，同一单位只写一次。")
        if party.above not in names and not (party.name in behind and not party.above):
            raise LawError(f"“{party.name}”的发包人“{party.above}”没有列在“单位”里。")
        seen, above = {party.name}, party.above
        while above:
            if above in seen:
                raise LawError(f"“{party.name}”的发包关系绕成了圈，请核对发包人。")
            seen.add(above)
            above = next((other.above for other in case.parties if other.name == above), "")
    for item in case.arrears:
        if item.employer not in names:
            raise LawError(f"拖欠工资的“{item.employer}”没有列在“单位”里。")
    labels = [item.amount.label for item in case.arrears]
    for label in labels:
        if labels.count(label) > 1:
            raise LawError(f"“{label}”写了两条，请合并，或者写明各自的月份。")


def _party(name: str, entry: Any, owner: str, most: int) -> Party:
    given = _mapping(entry, f"“{name}”", _PARTY)
    above = str(given.get("发包人") or "").strip() if name != owner else ""
    link = LINK.fact(name, given.get("承接方式", "承包"))
    standing = STANDING.fact(name, given.get("状态", "正常"))
    links = [way.value for way in link.alternatives]
    standings = [way.value for way in standing.alternatives]
    changed = bool({Standing.MERGED, Standing.SPLIT} & set(standings))
    dispatches = Link.DISPATCH in links
    top = above == owner and name != owner
    if not top and (stray := {"工程款", "保证金", "专户余额"} & set(given)):
        raise LawError(f"“{name}”不是由建设单位直接发包的，不能写“{sorted(stray)[0]}”。")
    return Party(
        name=name,
        above=above,
        form=FORM.fact(name, given.get("性质", "单位")),
        link=link,
        standing=standing,
        means=MEANS.fact(name, given.get("付款能力", "能付")),
        agreement=AGREEMENT.fact(name, given.get("书面协商", "未知" if changed else "否")),
        licence=LICENCE.fact(name, given.get("派遣许可", "未知" if dispatches else "否")),
        user_at_fault=USER_AT_FAULT.fact(name, given.get("用工单位违法", "未知" if dispatches else "否")),
        investors=_names(given.get("出资人"), f"“{name}”的出资人"),
        successors=_names(given.get("承继单位"), f"“{name}”的承继单位"),
        money=_money(name, given.get("工程款", "未知"), most) if top and not dispatches else None,
        deposit=_deposit(name, given.get("保证金", "未知"), most) if top and not dispatches else None,
        account=ACCOUNT.fact(name, given["专户余额"], (0, most)) if "专户余额" in given else None,
    )


def _money(name: str, given: Any, most: int) -> OwnerMoney:
    """已付清, 未知, or the amounts; without any the owner may owe nothing, or enough for everybody."""
    if given == "已付清":
        return settled_up(name)
    if given == "未知":
        return money_unknown(name, most)
    entry = _mapping(given, f"“{name}”的工程款", _MONEY)
    if "应付" not in entry or "已付" not in entry:
        raise LawError(f"“{name}”的工程款应写“应付”和“已付”，或者写“已付清”“未知”。")
    contract = read_money(entry["合同价"], f"“{name}”的合同价") if "合同价" in entry else 0
    due_known = entry["应付"] if not isinstance(entry["应付"], Mapping) and entry["应付"] != "未知" else None
    paid_known = entry["已付"] if not isinstance(entry["已付"], Mapping) and entry["已付"] != "未知" else None
    paid_fen = read_money(paid_known, f"“{name}”的已付工程款") if paid_known is not None else 0
    due_fen = read_money(due_known, f"“{name}”的应付工程款") if due_known is not None else most
    labour = LABOUR_PAID.fact(name, entry.get("人工费足额", "未知"))
    return OwnerMoney(
        DUE.fact(name, entry["应付"], (paid_fen, max(contract, paid_fen + most))),
        PAID.fact(name, entry["已付"], (due_fen, 0)),
        SETTLED.fact(name, entry.get("结算", 0), (0, max(contract, paid_fen + most))),
        labour,
        CAUSED.fact(
            name, entry.get("因果", "未知" if True in [way.value for way in labour.alternatives] else "是")
        ),
    )


def settled_up(name: str) -> OwnerMoney:
    """The owner has paid what was due."""
    return OwnerMoney(
        DUE.known(name, 0),
        PAID.known(name, 0),
        SETTLED.known(name, 0),
        LABOUR_PAID.known(name, True),
        CAUSED.known(name, False),
    )


def money_unknown(name: str, most: int) -> OwnerMoney:
    """Nobody has shown what the owner owes: nothing, or enough to reach all arrears."""
    return OwnerMoney(
        DUE.open(name, Status.UNKNOWN, (0, max(most, 1)), "施工合同、计量支付证书和付款凭证"),
        PAID.known(name, 0),
        SETTLED.known(name, 0),
        LABOUR_PAID.known(name, False),
        CAUSED.known(name, True),
    )


def _deposit(name: str, given: Any, most: int) -> Deposit:
    if isinstance(given, Mapping) and "可用" in given:
        entry = _mapping(given, f"“{name}”的保证金", {"形式", "可用"})
        kind = str(entry.get("形式") or "工资保证金")
        return Deposit(kind, DEPOSIT.fact(name, entry["可用"], (0, max(most, 1))))
    return Deposit("工资保证金", DEPOSIT.fact(name, given, (0, max(most, 1))))


def _given(item: Any) -> Mapping[str, Any]:
    entry = _mapping(item, "拖欠", _ARREARS)
    missing = [name for name in ("用人", "人数", "金额") if name not in entry]
    if missing:
        raise LawError(f"“拖欠”里有一条缺少“{missing[0]}”。")
    return entry


def _arrears(entry: Mapping[str, Any]) -> Arrears:
    name = _name(entry["用人"], "用人")
    workers = entry["人数"]
    if type(workers) is not int or not 0 < workers < 10**6:
        raise LawError(f"“{name}”的人数应为正整数，现在是“{workers}”。")
    months = tuple(_month(text, name) for text in _list(entry.get("月份"), "月份"))
    about = (
        f"{name}（{months[0]}至{months[-1]}）"
        if len(months) > 1
        else (f"{name}（{months[0]}）" if months else name)
    )
    amount: Fact[int] = AMOUNT.fact(about, entry["金额"])
    return Arrears(
        name,
        workers,
        amount,
        months,
        WAGES.fact(about, entry.get("是工资", "是")),
        ON_PROJECT.fact(about, entry.get("属本项目", "是")),
    )


def _fund(given: Any) -> Fund | None:
    if given is None:
        return None
    entry = _mapping(given, "应急周转金", {"可用", "每人上限"})
    if "可用" not in entry:
        raise LawError("“应急周转金”应写明“可用”多少元。")
    return Fund(
        FUND.fact("应急周转金", entry["可用"]), PER_PERSON.fact("应急周转金", entry.get("每人上限", "未收录"))
    )


def _mapping(given: Any, where: str, fields: set[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise LawError(f"{where}应写成“栏目: 内容”的一组，现在是“{given}”。")
    strange = [name for name in given if fields is not None and name not in fields]
    if strange:
        raise LawError(
            f"{where}里有不认识的栏目“{strange[0]}”，可用的有：{'、'.join(sorted(fields or ()))}。"
        )
    return given


def _list(given: Any, where: str) -> list[Any]:
    if given is None:
        return []
    if not isinstance(given, list):
        raise LawError(f"“{where}”应写成一列，现在是“{given}”。")
    return given


def _name(given: Any, where: str) -> str:
    if not isinstance(given, str) or not given.strip():
        raise LawError(f"请写明{where}的名称。")
    return given.strip()


def _names(given: Any, where: str) -> tuple[str, ...]:
    return tuple(_name(name, where) for name in _list(given, where))


def _month(given: Any, name: str) -> str:
    try:
        return str(Month.parse(str(given)))
    except ValueError:
        raise LawError(f"“{name}”的月份“{given}”不对，应形如 2026-09。") from None
