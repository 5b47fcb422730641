"""How each kind of forgery is planted, and its honest look-alike. One function a kind; nothing where a site does not fit."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simulation.construction.workers import BRANCHES, CRANE, DRIVER, WATCH
from simulation.forgeries.plan import Plan, Plant, spread


def one_card(plan: Plan, project: int, forged: bool) -> Plant | None:
    """F01: three or more are paid to one card; honestly, a couple shares one and says so."""
    span = plan.span(project, 2, 6)
    rows = span and plan.crew(project, *span, *((4, 12) if forged else (2, 2)))
    if not span or rows is None:
        return None
    one = plan.workers
    one.card[rows] = one.card[rows[0]]
    # A card is shared as long as they are there, not only in the months for which they were chosen.
    span = plan.months_of(project)
    if forged:
        return Plant("F01", True, project, *span, rows)
    plan.kin[int(one.person[rows[1]])] = int(one.person[rows[0]])
    declared = plan.rng.random() < 0.7
    if declared:
        one.collector[rows[1]] = one.person[rows[0]]
    note = "亲属代收，已授权登记" if declared else "同姓同乡亲属共用一卡"
    return Plant("F01", False, project, *span, rows, note)


def kept_cards(plan: Plan, project: int, forged: bool) -> Plant | None:
    """F02: one collector empties the cards within minutes; honestly, a family or a canteen gets some, days later."""
    if not plan.projects.cards_told[project]:
        return None
    span = plan.span(project, 2, 5)
    family = plan.rng.random() < 0.5
    size = (5, 18) if forged else (2, 3) if family else (6, 12)
    rows = span and plan.crew(project, *span, *size)
    if not span or rows is None:
        return None
    if forged:
        return Plant("F02", True, project, *span, rows)
    if family:
        first = int(plan.workers.person[rows[0]])
        plan.kin.update({int(person): first for person in plan.workers.person[rows[1:]]})
    note = "家人汇总到一张卡，几天之后" if family else "工地食堂收伙食费，只占小部分"
    return Plant("F02", False, project, *span, rows, note, "family" if family else "canteen")


def never_punched(plan: Plan, project: int, forged: bool) -> Plant | None:
    """F03: paid and never seen; honestly, the whole gate was out of order, or a crane has a gate of its own."""
    span = plan.span(project, 2, 6)
    if not span:
        return None
    if forged:
        pattern = plan.crew(project, *span, 3, 10)
        return None if pattern is None else Plant("F03", True, project, *span, plan.ghosts(pattern, *span))
    if plan.rng.random() < 0.45:
        begin = plan.month_start(span[0]) + plan.rng.integers(0, 8)
        plan.outages.append((project, begin, begin + plan.rng.integers(12, 26)))
        return Plant(
            "F03", False, project, span[0], span[0], np.zeros(0, np.int64), "全工地闸机故障，手工记工"
        )
    rows = plan.crew(project, *span, 2, 5)
    if rows is None:
        return None
    plan.workers.trade[rows] = plan.rng.choice([CRANE, DRIVER])
    plan.workers.gateless[rows] = True
    return Plant("F03", False, project, *span, rows, "塔吊或运输司机从另一处进出，手工记工")


def no_person(plan: Plan, project: int, forged: bool) -> Plant | None:
    """F04: at two sites at once, or filled in afterwards without a face; honestly, a move at noon or a power cut."""
    span = plan.span(project, 2, 5)
    if not span:
        return None
    if plan.rng.random() < 0.5:
        return _two_sites(plan, project, span, forged)
    if not forged:
        day = plan.month_start(span[0]) + plan.rng.integers(2, 25)
        plan.outages.append((project, day, day))
        return Plant(
            "F04",
            False,
            project,
            span[0],
            span[0],
            np.zeros(0, np.int64),
            "停电一天，事后补录",
            "cut",
            {"day": day},
        )
    pattern = plan.crew(project, *span, 5, 14)
    if pattern is None:
        return None
    return Plant("F04", True, project, *span, plan.ghosts(pattern, *span), how="backfilled")


def _two_sites(plan: Plan, project: int, span: tuple[int, int], forged: bool) -> Plant | None:
    near = np.flatnonzero(plan.projects.district == plan.projects.district[project])
    fit = [
        int(one)
        for one in near
        if one != project
        and plan.months_of(int(one))[0] <= span[0]
        and span[1] <= plan.months_of(int(one))[1]
    ]
    if not fit:
        return None
    last = span[1] if forged else span[0]
    rows = plan.crew(project, span[0], span[1], 2, 5)
    if rows is None:
        return None
    other = int(plan.rng.choice(fit))
    team = int(np.searchsorted(plan.teams.project, other))
    second = plan.again(rows, other, team, span[0], last, real=not forged)
    both = np.concatenate([rows, second])
    how, note = ("two_sites", "") if forged else ("noon", "上午在一处、下午在另一处，时间不重叠")
    # Kept in this order: the first half is the one site, the second half the same people on the other.
    return Plant(
        "F04",
        forged,
        project,
        span[0],
        last,
        both,
        note,
        "kept",
        {"how": how, "half": len(rows), "other": other},
    )


def cloned_days(plan: Plan, project: int, forged: bool) -> Plant | None:
    """F05: the same minutes day after day, or of one copied to others; honestly, people who come on the dot."""
    span = plan.span(project, 2, 5)
    pattern = span and plan.crew(project, *span, 4, 9)
    if not span or pattern is None:
        return None
    if forged:
        how = "same_minutes" if plan.rng.random() < 0.5 else "copied"
        return Plant("F05", True, project, *span, plan.ghosts(pattern, *span), how=how)
    return Plant("F05", False, project, *span, pattern, "准点上下班的班组，每天相差几分钟以内", "punctual")


def masks(plan: Plan, project: int, forged: bool) -> Plant | None:
    """F06: one device, many people within seconds, one face for several; honestly, a crowd, or twins."""
    span = plan.span(project, 2, 5)
    if not span:
        return None
    if forged:
        pattern = plan.crew(project, *span, 6, 18)
        return None if pattern is None else Plant("F06", True, project, *span, plan.ghosts(pattern, *span))
    twins = plan.rng.random() < 0.35
    rows = plan.crew(project, *span, *((2, 2) if twins else (12, 30)))
    if rows is None:
        return None
    if twins:
        plan.kin[int(plan.workers.person[rows[1]])] = int(plan.workers.person[rows[0]])
    note = "双胞胎相貌相同" if twins else "早高峰排队进场，各人面孔不同"
    return Plant("F06", False, project, *span, rows, note, "twins" if twins else "crowd")


def stood_still(plan: Plan, project: int, forged: bool) -> Plant | None:
    """F07: punches though nothing moved; honestly, the night watch, or work indoors with power used."""
    span = plan.span(project, 2, 3)
    if not span:
        return None
    begin = plan.month_start(span[0]) + plan.rng.integers(1, 8)
    if not forged and plan.rng.random() < 0.5:
        rows = plan.crew(project, *span, 6, 15)
        if rows is None:
            return None
        plan.workers.trade[rows] = 7
        return Plant("F07", False, project, span[0], span[0], rows, "雨天在室内施工，用电正常", "indoor")
    rows = plan.crew(project, *span, *((10, 24) if forged else (2, 4)))
    if rows is None:
        return None
    end = begin + plan.rng.integers(11, 20)
    plan.standstills.append((project, begin, end))
    if not forged:
        plan.workers.trade[rows] = WATCH
        return Plant("F07", False, project, span[0], span[0], rows, "停工期间留守值班", "watch")
    return Plant("F07", True, project, span[0], span[0], rows, more={"begin": begin, "end": end})


def copied_list(plan: Plan, project: int, forged: bool) -> Plant | None:
    """F08: last month's list again; honestly, fixed pay for people who really come on the same number of days."""
    span = plan.span(project, 3, 5)
    if not span or not plan.ordinary(*span):
        return None
    rows = np.flatnonzero(plan.workers.project == project)
    if forged:
        # The first month of the span is the one that is copied.
        return Plant("F08", True, project, span[0] + 1, span[1], rows)
    if plan.projects.people[project] > np.quantile(plan.projects.people, 0.5):
        return None
    # A steady crew: nobody comes or goes in these months.
    one = plan.workers
    one.fixed_pay[rows] = True
    once = rows[
        np.bincount(one.person)[one.person[rows]] == 1
    ]  # who was elsewhere before stays there until then
    one.entry[once] = np.minimum(one.entry[once], plan.month_start(span[0]) - 3)
    one.exit[once] = np.maximum(one.exit[once], plan.month_start(span[1] + 1) + 3)
    plan.taken.update(rows.tolist())
    return Plant("F08", False, project, span[0] + 1, span[1], rows, "固定月薪，出勤天数确实相同", "fixed")


def card_series(plan: Plan, project: int, forged: bool) -> Plant | None:
    """F09: cards in a row for people who never came together; honestly, the bank came to the site for a new team."""
    span = plan.span(project, 2, 5)
    pattern = span and plan.crew(project, *span, *((5, 14) if forged else (6, 20)))
    if not span or pattern is None:
        return None
    branch = int(plan.rng.integers(0, len(BRANCHES)))
    one = plan.workers
    if not forged:
        entry = one.entry[pattern].max()
        one.entry[pattern] = entry - plan.rng.integers(0, 2, len(pattern))
        plan.series.append((pattern, entry + plan.rng.integers(1, 5), branch))
        return Plant("F09", False, project, *span, pattern, "银行到工地为新进班组集中开卡")
    rows = plan.ghosts(pattern, *span)
    begin = plan.month_start(span[0])
    spread_out = np.sort(plan.rng.integers(0, 60, len(pattern)))
    plan.ghost_rows(rows).entry[:] = begin - spread_out
    plan.series.append((rows, begin - plan.rng.integers(0, 25), branch))
    told = bool(plan.projects.cards_told[project])
    return Plant(
        "F09", True, project, *span, rows, how="moved_on" if told and plan.rng.random() < 0.6 else "absent"
    )


def split_classes(plan: Plan, project: int, forged: bool) -> Plant | None:
    """F10: one person's pay under two names; honestly, somebody changed trade in mid-month."""
    span = plan.span(project, 2, 5)
    pattern = span and plan.crew(project, *span, 2, 7)
    if not span or pattern is None:
        return None
    if not forged:
        return Plant("F10", False, project, span[0], span[0], pattern, "月中转工种，天数相加不超", "changed")
    rows = plan.ghosts(pattern, *span)
    twin = plan.ghost_rows(rows)
    by_card = plan.rng.random() < 0.7
    if by_card:
        twin.card[:] = plan.workers.card[pattern]
    if not by_card or plan.rng.random() < 0.5:
        twin.phone[:] = plan.workers.phone[pattern]
    twin.trade[:] = (twin.trade + 1) % 8
    both = np.concatenate([pattern, rows])
    return Plant("F10", True, project, *span, both, how="kept", more={"half": len(pattern)})


def relatives(plan: Plan, project: int, forged: bool) -> Plant | None:
    """F11: officers and kin on the pay list without coming; honestly, the owner's son who works."""
    span = plan.span(project, 2, 6)
    rows = span and plan.crew(project, *span, *((2, 4) if forged else (1, 2)))
    if not span or rows is None:
        return None
    firm = int(
        plan.projects.contractor[project]
        if plan.rng.random() < 0.5
        else plan.projects.subcontractors[project][0]
    )
    if forged:
        rows = plan.ghosts(rows, *span)
    for row in rows:
        office = str(plan.rng.choice(["股东", "监事", "班组长亲属申报"]))
        plan.officers.append((int(row), firm, office))
    return Plant("F11", forged, project, *span, rows, "" if forged else "亲属在岗，打卡齐全")


def project_money(plan: Plan, project: int, forged: bool) -> Plant | None:
    """F12: the wage account pays for other things; honestly, a wrong transfer that comes back, or fees."""
    span = plan.span(project, 2, 3)
    if not span:
        return None
    if not forged:
        return Plant(
            "F12", False, project, *span, np.zeros(0, np.int64), "误转次日退回，另有税费和手续费", "reversed"
        )
    if plan.projects.cards_told[project] and plan.rng.random() < 0.4:
        rows = plan.crew(project, *span, 8, 20)
        if rows is not None:
            return Plant("F12", True, project, *span, rows, how="returned")
    return Plant("F12", True, project, *span, np.zeros(0, np.int64), how="paid_out")


def inflated(plan: Plan, project: int, forged: bool) -> Plant | None:
    """F13: claims far above attendance; honestly, overtime within limits."""
    span = plan.span(project, 2, 4)
    rows = span and plan.crew(project, *span, 6, 18)
    if not span or rows is None:
        return None
    if not forged:
        return Plant("F13", False, project, *span, rows, "加班折算天数，在15%以内", "overtime")
    how = "complaint" if plan.rng.random() < 0.3 else "payroll"
    return Plant("F13", True, project, *span, rows, how=how)


PLANTED: dict[str, Callable[[Plan, int, bool], Plant | None]] = {
    "F12": project_money,
    "F08": copied_list,
    "F07": stood_still,
    "F03": never_punched,
    "F04": no_person,
    "F01": one_card,
    "F02": kept_cards,
    "F05": cloned_days,
    "F06": masks,
    "F09": card_series,
    "F10": split_classes,
    "F11": relatives,
    "F13": inflated,
}


def plant_all(plan: Plan) -> None:
    """Every kind, forged and honest. Sites whose account is emptied in earnest count as F12 too."""
    for kind, plant_one in PLANTED.items():
        for forged in (False, True):
            spread(plan, plant_one, kind, forged)
    known = {plant.project for plant in plan.plants if plant.kind == "F12"}
    for project in np.flatnonzero(plan.projects.siphoned >= 0):
        month = int(plan.projects.siphoned[project])
        if int(project) in known or not plan.projects.days_overlap(plan.city.months[month])[project]:
            plan.projects.siphoned[project] = -1
            continue
        plan.plants.append(
            Plant("F12", True, int(project), month, month, np.zeros(0, np.int64), how="siphoned")
        )
