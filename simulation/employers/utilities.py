"""Water and power of employers that have a meter of their own, as far as the works deliver them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulation import columns
from simulation.calendar import Month, festival, workday_on_or_after
from simulation.city import City
from simulation.employers.courses import Courses
from simulation.employers.senders import Missing, Offices
from simulation.employers.standing import Standing
from simulation.universe import TRADE_NAMES

#: cooling in summer
_SUMMER = {6: 1.15, 7: 1.3, 8: 1.3, 9: 1.15}


def write_month(
    city: City,
    where: Offices,
    never: Missing,
    standing: Standing,
    courses: Courses,
    open_still: np.ndarray,
    number: int,
    month: Month,
) -> None:
    """The month's readings; a cell stays empty where its works did not deliver."""
    district = city.employers.district
    no_water, no_power = never.water[:, number], never.power[:, number]
    told = standing.meter & open_still & ~(no_water & no_power)[district]
    who = np.flatnonzero(told)
    rng = city.streams.rng("employers", "meters", month)
    used = _activity(city, standing, courses, number, month)[who]
    power = np.round(
        standing.power[who] * used * rng.normal(1, 0.08, len(who)) * _SUMMER.get(month.number, 1)
    )
    water = np.round(standing.water[who] * used * rng.normal(1, 0.10, len(who)) * 10) / 10
    table = pa.table(
        {
            "统一社会信用代码": columns.fixed(city.employers.code_letters[who]),
            "月份": columns.same(str(month), len(who)),
            "用水量": columns.number(np.maximum(water, 0), no_water[district[who]]),
            "用电量": columns.number(np.maximum(power, 0).astype(np.int64), no_power[district[who]]),
        }
    )
    day = np.full(len(who), np.datetime64(workday_on_or_after(month.plus(1).day(8))))
    city.out.deliver("utilities", table, day, senders=where.called("works"), sender=where.of[who])


def _activity(city: City, standing: Standing, courses: Courses, number: int, month: Month) -> np.ndarray:
    """How much of an ordinary month went on, by employer."""
    off = sum(bool(festival(day.item())) for day in month.days()) / month.length
    made = city.employers.trade == TRADE_NAMES.index("制造业")
    # Half of a month's power does not depend on the people.
    staff = np.minimum(standing.insured / np.maximum(standing.usual, 1), 1.5)
    used = ((0.5 + 0.5 * staff) * np.where(made, 1 - 1.1 * off, 1 - 0.4 * off)).astype(np.float32)
    used[courses.who] *= courses.activity[:, number]
    return used
