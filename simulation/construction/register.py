"""What is registered of projects: terms, accounts, deposits, officers, and sites that others know of."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulation import columns
from simulation.calendar import Month
from simulation.construction.projects import FAILED, FAR, INDUSTRIES, titles
from simulation.construction.world import World

NONE = np.datetime64("NaT")


def known_on(world: World) -> np.ndarray:
    """When each project came into the register: soon after the start, a few much later."""
    rng = world.city.streams.rng("entered")
    count = len(world.projects)
    lag = np.where(rng.random(count) < 0.08, rng.integers(35, 100, count), rng.integers(-5, 25, count))
    return np.maximum(world.projects.start + lag, np.datetime64(world.city.opening))


def write_projects(world: World, month: Month, entered: np.ndarray, agreed: np.ndarray) -> None:
    """Projects that are new or whose terms or state have changed since the last month."""
    projects, opening = world.projects, np.datetime64(month.first)
    closing = np.datetime64(month.last)
    new = (entered >= opening) & (entered <= closing)
    known = entered < opening
    ended = known & (projects.end >= opening) & (projects.end <= closing)
    changed = known & (agreed != world.told) & projects.agreed_in_file & (projects.end > closing)
    which = np.flatnonzero(new | ended | changed)
    world.told[which] = agreed[which]
    on = np.where(new[which], entered[which], np.where(ended[which], projects.end[which] + 2, opening + 4))
    on = np.maximum(on, opening)
    table = pa.table(
        {
            "项目编码": projects.codes(which),
            "项目名称": projects.title.take(pa.array(which)),
            "区划代码": columns.words(
                projects.district[which], [place.code for place in world.city.profile.districts]
            ),
            "行业主管": columns.words(projects.industry[which], INDUSTRIES),
            "建设单位代码": world.city.employers.codes.take(pa.array(projects.owner[which])),
            "总包单位代码": world.city.employers.codes.take(pa.array(projects.contractor[which])),
            "合同价款": columns.yuan(projects.price_fen[which]),
            "施工合同签订日期": columns.day(projects.signed[which]),
            "施工许可日期": columns.day(projects.permit[which]),
            "开工日期": columns.day(projects.start[which]),
            "计划竣工日期": columns.day(projects.planned_end[which]),
            "竣工日期": columns.day(np.where(ended[which], projects.end[which], NONE)),
            "项目状态": columns.words(ended[which].astype(np.int8), ["在建", "完工"]),
            "发薪日": columns.number(projects.pay_day[which]),
            "发薪月": columns.number(np.ones(len(which), np.int64)),
            "人工费周期(月)": columns.number(np.ones(len(which), np.int64)),
            "人工费拨付日": columns.number(projects.due_day[which]),
            "每期人工费": columns.yuan(agreed[which], ~projects.agreed_in_file[which] | (agreed[which] == 0)),
            "政府投资": columns.yes_no(projects.public[which]),
        }
    )
    world.city.out.deliver("registry/projects", table, on, senders=["register"], tag=str(month))


def write_accounts(world: World) -> None:
    """Special accounts: opened within the month by most, late by some; closed after the end, mostly with notice."""
    rng = world.city.streams.rng("accounts")
    projects = world.projects
    which = np.flatnonzero(world.has_account)
    count = len(which)
    lag = np.where(rng.random(count) < 0.1, rng.integers(32, 90, count), rng.integers(3, 30, count))
    opened = projects.signed[which] + lag
    filed = opened + rng.integers(2, 20, count)
    filed[rng.random(count) < 0.03] = NONE
    end = projects.end[which]
    closes = (end < FAR) & (rng.random(count) < 0.8)
    noticed = np.where(closes & (rng.random(count) < 0.92), end + rng.integers(3, 10, count), NONE)
    closed = np.where(closes, np.where(np.isnat(noticed), end + 9, noticed + 32), NONE)
    on = np.maximum(np.where(np.isnat(filed), opened, filed), np.datetime64(world.city.opening)) + 1
    for tag, gone, told, day in (
        ("opened", False, False, on),
        ("noticed", False, True, noticed + 1),
        ("closed", True, True, closed + 1),
    ):
        rows = np.flatnonzero(~np.isnat(day))
        table = pa.table(
            {
                "项目编码": projects.codes(which[rows]),
                "开户日期": columns.day(opened[rows]),
                "备案日期": columns.day(filed[rows]),
                "撤户日期": columns.day(np.where(gone, closed[rows], NONE)),
                "撤户公示日期": columns.day(np.where(told, noticed[rows], NONE)),
            }
        )
        world.city.out.deliver("bank/accounts", table, day[rows], senders=["banks"], tag=tag)


def write_deposits(world: World) -> None:
    """Wage deposits: cash, letters, insurance. Letters last a year; some lapse before the work is done."""
    rng = world.city.streams.rng("deposits")
    projects, count = world.projects, len(world.projects)
    form = rng.choice(4, count, p=[0.15, 0.5, 0.25, 0.1])
    amount = (projects.price_fen * rng.uniform(0.01, 0.03, count)).astype(np.int64) // 10**6 * 10**6
    begin = projects.permit + np.where(
        rng.random(count) < 0.07, rng.integers(25, 70, count), rng.integers(3, 25, count)
    )
    until = np.where(form == 0, NONE, begin + 365)
    which = np.flatnonzero(rng.random(count) > 0.03)
    turn = 0
    while len(which):
        _deposit_rows(world, which, turn, form, amount, begin, until)
        # A letter that ends before the work is done is renewed in time, late, or not at all.
        lasting = np.minimum(projects.end, np.datetime64(world.city.profile.until) + 60)
        which = which[(form[which] != 0) & (until[which] < lasting[which])]
        luck = rng.random(count)
        which = which[luck[which] > 0.06]
        gap = np.where(luck < 0.18, rng.integers(10, 80, count), -rng.integers(5, 40, count))
        begin = np.where(np.isin(np.arange(count), which), until + 1 + gap, begin)
        until = np.where(np.isin(np.arange(count), which), np.maximum(until, begin) + 365, until)
        turn += 1


def _deposit_rows(
    world: World,
    which: np.ndarray,
    turn: int,
    form: np.ndarray,
    amount: np.ndarray,
    begin: np.ndarray,
    until: np.ndarray,
) -> None:
    numbers = pa.array([f"B{int(project):05d}{turn}" for project in which])
    table = deposit_table(world, which, numbers, form[which], amount[which], begin[which], until[which])
    on = np.maximum(begin[which] + 2, np.datetime64(world.city.opening))
    world.city.out.deliver("deposits", table, on, senders=["deposits"], tag=str(turn))


def deposit_table(
    world: World,
    which: np.ndarray,
    numbers: pa.Array,
    form: np.ndarray,
    amount: np.ndarray,
    begin: np.ndarray,
    until: np.ndarray,
) -> pa.Table:
    """Deposits that nobody has touched."""
    never = np.full(len(which), NONE, "datetime64[D]")
    return pa.table(
        {
            "项目编码": world.projects.codes(which),
            "编号": numbers,
            "形式": columns.words(form, ["现金", "保函", "保险", "担保"]),
            "金额": columns.yuan(amount),
            "生效日期": columns.day(begin),
            "到期日期": columns.day(until),
            "返还日期": columns.day(never),
            "动用日期": columns.day(never),
            "动用金额": columns.yuan(np.zeros(len(which), np.int64), np.ones(len(which), bool)),
            "补足日期": columns.day(never),
        }
    )


def write_persons(world: World) -> None:
    """Legal representatives, shareholders and declared kin of the builders; a few of them are on a roster."""
    people, employers = world.people, world.city.employers
    found = employers.builders()
    firms = np.concatenate([found["contractors"], found["subcontractors"]])
    rows = [row for row, _, _ in world.officers]
    person = np.r_[world.outsiders, world.workers.person[np.array(rows, np.int64)]]
    firm = np.r_[firms, np.array([firm for _, firm, _ in world.officers], np.int64)]
    office = ["法定代表人"] * len(firms) + [office for _, _, office in world.officers]
    table = pa.table(
        {
            "统一社会信用代码": employers.codes.take(pa.array(firm)),
            "身份证号": people.ids(person),
            "姓名": people.names(person),
            "职务": pa.array(office),
        }
    )
    world.city.out.write("registry/persons", world.city.opening, table, sender="builders")


def write_sites(world: World) -> None:
    """Sites that permits, bids and inspectors know: nearly all of the register, and some that are not in it."""
    rng = world.city.streams.rng("sites")
    projects, districts = world.projects, world.city.profile.districts
    count = len(projects)
    for source, prefix, share, day in (
        ("施工许可", "SG", 0.94, projects.permit),
        ("中标公示", "ZB", 0.8, projects.signed - 20),
        ("巡查", "XC", 0.25, projects.start + 30),
    ):
        known = np.flatnonzero(rng.random(count) < share)
        extra = max(1, int(count * 0.03))
        which = np.r_[known, rng.integers(0, count, extra)]
        own = projects.title.take(pa.array(which)).to_pylist()
        strange = titles(rng, len(which)).to_pylist()
        # Permit offices write some names a little differently.
        own = [name.replace("工程", "项目") if number % 6 == 5 else name for number, name in enumerate(own)]
        title = [strange[number] if number >= len(known) else name for number, name in enumerate(own)]
        on = np.maximum(day[which], np.datetime64(world.city.opening)) + rng.integers(0, 10, len(which))
        table = pa.table(
            {
                "来源": columns.same(source, len(which)),
                "编号": pa.array([f"{prefix}{number:06d}" for number in range(len(which))]),
                "项目名称": pa.array(title),
                "区划代码": columns.words(projects.district[which], [place.code for place in districts]),
                "日期": columns.day(day[which]),
                "建设单位": pa.array([world.titles[int(firm)] for firm in projects.owner[which]]),
                "总包单位": pa.array([world.titles[int(firm)] for firm in projects.contractor[which]]),
                "合同价款": columns.yuan(projects.price_fen[which]),
            }
        )
        world.city.out.deliver("registry/sites", table, on, senders=[prefix.lower()])


def write_enforcement(world: World) -> None:
    """Courts enforce against builders: against most that run out of money, around that time, and against some others."""
    rng = world.city.streams.rng("enforcement")
    projects, months = world.projects, len(world.city.months)
    stops = (projects.owner_state == FAILED).argmax(axis=1)
    has_stopped = (projects.owner_state == FAILED).any(axis=1)
    firms = np.r_[projects.owner[has_stopped], projects.contractor[projects.contractor_failed < months]]
    when = np.r_[stops[has_stopped], projects.contractor_failed[projects.contractor_failed < months]]
    told = rng.random(len(firms)) < 0.55
    others = rng.choice(projects.contractor, max(1, len(projects) // 25))
    firm = np.r_[firms[told], others]
    month = np.r_[when[told], rng.integers(0, months, len(others))]
    firm, first = np.unique(firm, return_index=True)
    on = np.datetime64(world.city.opening) + month[first] * 30 + rng.integers(-45, 40, len(firm))
    table = pa.table(
        {
            "编号": pa.array([f"ZX-S{number:06d}" for number in range(len(firm))]),
            "统一社会信用代码": world.city.employers.codes.take(pa.array(firm)),
            "种类": columns.same("被执行", len(firm)),
            "日期": columns.day(on),
            "止": columns.day(np.full(len(firm), NONE, "datetime64[D]")),
            "人数": columns.number(np.zeros(len(firm), np.int64), np.ones(len(firm), bool)),
            "金额": columns.yuan(rng.lognormal(np.log(800_000), 1.0, len(firm)).astype(np.int64) * 100),
        }
    )
    delivered = np.maximum(on + rng.integers(3, 15, len(firm)), np.datetime64(world.city.opening))
    world.city.out.deliver("events", table, delivered, senders=["courts"], tag="builders")
