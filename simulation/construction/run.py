"""The building sites month by month. Only the rosters stay in memory; days, punches and payments pass through."""

from __future__ import annotations

import numpy as np

from simulation import truth
from simulation.calendar import Month
from simulation.city import City, Collapse
from simulation.construction import attendance, bank, payroll, people, register, site
from simulation.construction.money import Money
from simulation.construction.payroll import Clerks
from simulation.construction.voices import Voices
from simulation.construction.world import World, build
from simulation.forgeries.account import move_money
from simulation.forgeries.gate import forge_days, forge_punches
from simulation.forgeries.records import note_lists, write_plants
from simulation.truth import Arrears, PayDays


def write(city: City) -> None:
    """Everything that is delivered about building sites, and the truth about them."""
    world = build(city)
    city.say(
        f"{len(world.projects)} 个项目，{len(world.people.id_letters)} 人，{len(world.workers)} 条进场记录"
    )
    register.write_persons(world)
    register.write_accounts(world)
    register.write_deposits(world)
    register.write_sites(world)
    register.write_enforcement(world)
    site.write_standstills(
        city, world.projects, world.standstills, np.arange(len(world.standstills.project)) % len(site.REASONS)
    )
    entered = register.known_on(world)
    clerks, arrears, paydays = Clerks(world, np.zeros(len(world.workers), np.int64)), Arrears(), PayDays()
    accounts = Money(world, clerks, arrears, paydays)
    voices = Voices(world, arrears, accounts)
    accounts.owner_sends(city.months[0], 0, planned(world, city.months[0]))
    for number, month in enumerate(city.months):
        register.write_projects(world, month, entered, accounts.agreed)
        _live(world, clerks, accounts, number, month)
        voices.write(month)
        city.say(f"工地 {month}")
    accounts.finish(np.datetime64(city.profile.until) + 1)
    _bank(world, accounts, city.months[-1].plus(1))
    row = arrears["row"]
    truth.write_arrears(
        city,
        arrears,
        world.projects.codes(world.workers.project[row]),
        world.people.ids(world.workers.person[row]),
    )
    paydays.write(city, world.projects.code)
    write_plants(world)
    city.collapses.extend(collapses(world, arrears))


def _live(world: World, clerks: Clerks, accounts: Money, number: int, month: Month) -> None:
    """One month: work and punches of each district, then the lists, then the money up to the pay days."""
    world.turn(month)
    rows = world.here(month)
    people.write_roster(world, month, rows)
    site.write_weather(world.city, month, world.rain)
    site.write_boards(world.city, month, world.projects)
    due, claimed = _work(world, month, rows)
    attendance.write_sheets(world, month, rows, claimed)
    unpaid = people.unsettled(world, month, rows)
    leaving = world.workers.exit[rows] <= np.datetime64(month.last)
    leavers = np.flatnonzero(leaving & world.workers.real[rows])
    people.write_leavers(world, month, rows[leavers], unpaid[leavers])
    lines, left = payroll.make_lines(clerks, month, rows, due, claimed, unpaid)
    note_lists(world, number, lines)
    days = payroll.pay_days(world, month)
    payroll.write_lines(world, month, lines, days)
    following = month.plus(1)
    if number + 1 < len(world.city.months):
        accounts.owner_sends(following, number + 1, planned(world, following))
        move_money(world, accounts, number + 1, days)
        accounts.settle(month, lines, left, days)
        accounts.refill()
        _bank(world, accounts, following)


def _work(world: World, month: Month, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Days with pay and claimed days of the rows; punches and power are delivered on the way."""
    due, claimed = np.zeros(len(rows)), np.zeros(len(rows))
    present = np.zeros((len(world.projects), month.length))
    project_district = world.projects.district[world.workers.project[rows]]
    starts = np.searchsorted(project_district, np.arange(len(world.city.profile.districts) + 1))
    for place, district in enumerate(world.city.profile.districts):
        part = slice(starts[place], starts[place + 1])
        if part.start == part.stop:
            continue
        rng = world.city.streams.rng("work", district.code, month)
        days = attendance.days_of(world, month, rows[part], rng)
        forge_days(world, month, days, rng)
        seen = forge_punches(world, month, days, attendance.punches_of(world, days, rng), rng)
        attendance.write_punches(world, month, place, days, seen, rng)
        np.add.at(present, world.workers.project[rows[part]], days.worked)
        due[part], claimed[part] = days.due, days.claimed
    site.write_power(world.city, month, world.projects, present)
    return due, claimed


def collapses(world: World, arrears: Arrears) -> list[Collapse]:
    """Contractors whose sites owe wages because they have run out of money, each with all that it owes for that."""
    row, broke = arrears["row"], arrears["cause"] == truth.CAUSE["总包资金链断裂"]
    broke = broke & (arrears["due"] <= np.datetime64(world.city.profile.until))
    contractor = world.projects.contractor[world.workers.project[row]]
    found = []
    for employer in np.unique(contractor[broke]).tolist():
        mine = np.flatnonzero(broke & (contractor == employer))
        found.append(
            Collapse(
                employer,
                month=int(arrears["month"][mine].min()),
                start=arrears["due"][mine].min().item(),
                people=len(np.unique(world.workers.person[row[mine]])),
                fen=int(arrears["owed"][mine].sum()),
                months=len(np.unique(arrears["month"][mine])),
            )
        )
    return found


def planned(world: World, month: Month) -> np.ndarray:
    """What the owner and the contractor expect the month's wages to be, per site."""
    rows = world.here(month)
    one = world.workers
    days = site.coming(month).sum() * 0.86
    first, last = np.datetime64(month.first), np.datetime64(month.last)
    share = (np.minimum(one.exit[rows], last) - np.maximum(one.entry[rows], first)).astype(np.int64) + 1
    wages = one.rate_fen[rows] * days * share / month.length
    return np.bincount(one.project[rows], wages, len(world.projects)).astype(np.int64)


def _bank(world: World, accounts: Money, month: Month) -> None:
    booked = accounts.take()
    rng = world.city.streams.rng("bank", month)
    paid = bank.paid_of(world, booked, rng)
    bank.write_entries(world, month, booked)
    if len(paid.row):
        bank.write_receipts(world, month, paid)
        bank.write_card_flows(world, month.plus(-1), paid)
