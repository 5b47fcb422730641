"""What is told of workers: the roster as people come and go, and whether leavers were settled."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulation import columns
from simulation.calendar import Month
from simulation.construction.projects import FAR
from simulation.construction.workers import BRANCHES, TRADES
from simulation.construction.world import World

NONE = np.datetime64("NaT")


def write_roster(world: World, month: Month, rows: np.ndarray) -> None:
    """People who came in the month (in the first month: who are there), and again when they leave."""
    one, opening = world.workers, np.datetime64(month.first)
    rng = world.city.streams.rng("roster", month)
    first_month = month == world.city.months[0]
    new = rows[(one.entry[rows] >= opening) | first_month]
    lag = np.where(rng.random(len(new)) < 0.06, rng.integers(8, 30, len(new)), rng.integers(0, 4, len(new)))
    _roster(world, month, new, np.maximum(one.entry[new], opening) + lag, np.full(len(new), NONE), "in")
    gone = rows[(one.exit[rows] >= opening) & (one.exit[rows] <= np.datetime64(month.last))]
    late = rng.random(len(gone)) < 0.15
    _roster(
        world,
        month,
        gone,
        one.exit[gone] + np.where(late, rng.integers(5, 25, len(gone)), 1),
        one.exit[gone],
        "out",
    )


def _roster(
    world: World, month: Month, rows: np.ndarray, on: np.ndarray, exits: np.ndarray, tag: str
) -> None:
    one, people, person = world.workers, world.people, world.workers.person[rows]
    card = one.card[rows]
    table = pa.table(
        {
            "项目编码": world.projects.codes(one.project[rows]),
            "身份证号": people.ids(person),
            "姓名": people.names(person),
            "手机": columns.fixed(world.phone_letters(one.phone[rows])),
            "用工单位代码": world.city.employers.codes.take(pa.array(world.teams.sub[one.team[rows]])),
            "班组": world.team_names.take(pa.array(one.team[rows])),
            "工种": columns.words(one.trade[rows], TRADES),
            "进场日期": columns.day(one.entry[rows]),
            "退场日期": columns.day(exits),
            "合同签订日期": columns.day(np.where(one.signed[rows] <= on, one.signed[rows], NONE)),
            "银行卡号": people.cards(card),
            "开户行网点": columns.words(people.card_branch[card], BRANCHES),
            "开卡日期": columns.day(people.card_opened[card]),
            "代收授权人身份证号": columns.blank(
                people.ids(np.maximum(one.collector[rows], 0)), one.collector[rows] < 0
            ),
        }
    )
    world.deliver_by_sender("roster", table, on, one.project[rows], tag=f"{month}-{tag}")


def unsettled(world: World, month: Month, rows: np.ndarray) -> np.ndarray:
    """Which rows leave in the month without getting their last wages."""
    rng = world.city.streams.rng("unsettled", month)
    leaves = (world.workers.exit[rows] < FAR) & (world.workers.exit[rows] <= np.datetime64(month.last))
    chance = np.where(world.projects.bad_paperwork[world.workers.project[rows]], 0.05, 0.015)
    return leaves & world.workers.real[rows] & (rng.random(len(rows)) < chance)


def write_leavers(world: World, month: Month, rows: np.ndarray, unpaid: np.ndarray) -> None:
    """What leavers answer when they are asked: settled, still owed, or nothing. ``rows`` leave in the month."""
    one = world.workers
    rng = world.city.streams.rng("leavers", month)
    count, left = len(rows), one.exit[rows]
    silent = rng.random(count) < 0.12
    # Most confirm once their last wages have come, with the next pay day.
    wait = np.where(rng.random(count) < 0.6, rng.integers(0, 6, count), rng.integers(6, 45, count))
    confirmed = np.where(~unpaid & ~silent, left + wait, NONE)
    quarrel = rng.random(count) < 0.01
    contested = np.where(
        (unpaid & (rng.random(count) < 0.75)) | (quarrel & ~silent), left + rng.integers(2, 30, count), NONE
    )
    handled = rng.random(count) < 0.5
    base = {
        "项目编码": world.projects.codes(one.project[rows]),
        "身份证号": world.people.ids(one.person[rows]),
        "退场日期": columns.day(left),
    }
    never = np.full(count, NONE)
    steps = (
        ("left", left + 1, never, never),
        ("contested", contested + 1, never, contested),
        ("settled", confirmed + 1, confirmed, contested),
    )
    for tag, on, yes, no in steps:
        told = np.flatnonzero(~np.isnat(on))
        table = pa.table(
            {
                **base,
                "确认结清日期": columns.day(yes.astype("datetime64[D]")),
                "异议日期": columns.day(no.astype("datetime64[D]")),
                "异议办理中": columns.yes_no(handled & ~np.isnat(no) & np.isnat(yes)),
            }
        ).take(pa.array(told))
        # Answers are handed on once a week.
        week = on[told].astype("datetime64[W]").astype("datetime64[D]") + 7
        world.deliver_by_sender("leavers", table, week, one.project[rows[told]], tag=f"{month}-{tag}")
