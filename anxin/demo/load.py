"""Loading the invented city into an installation, once."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from anxin.accounts.models import User
from anxin.casework.models import Matter
from anxin.demo.city import PROVINCE
from anxin.demo.codes import codes_and_guides
from anxin.demo.contracts import contracts
from anxin.demo.employers import report_employers
from anxin.demo.grid import grid_reports
from anxin.demo.hearings import hearings
from anxin.demo.letters import letters_of_the_city
from anxin.demo.mediation import mediation
from anxin.demo.papers import papers_of_the_city
from anxin.demo.registering import register_city
from anxin.demo.reporting import a_platform
from anxin.demo.timeline import events, final_day, final_sweep, first_moment
from anxin.demo.trying import a_trial
from anxin.demo.voices import voices
from anxin.demo.workers import boards_and_words
from anxin.demo.world import SEED, World, build
from anxin.evidence.journal import SYSTEM, record, without_reactions
from anxin.evidence.models import ImportBatch, JournalEntry
from anxin.evidence.months import ensure_months
from anxin.kernel.refusal import Refused
from anxin.law import WorkCalendar
from anxin.local_law import queries as local_law
from anxin.monitoring import accuracy
from anxin.monitoring.forecasting import forecast_pay_days
from anxin.monitoring.models import Gap, Sweep, Warning
from anxin.registry.models import Project
from anxin.workforce.models import Worker

#: the journal entry that says "loaded, as of this day"
LOADED = "demo.loaded"
#: how often loading says how far it is; whoever stops it is heard then
_STEPS = 10
_LAW = Path(__file__).parent / "data" / "law.yaml"


@dataclass(frozen=True)
class Loaded:
    """What stands in the database. ``already``: it stood there before this call."""

    already: bool
    today: dt.date
    counts: dict[str, int]
    seconds: float


def loaded_on() -> dt.date | None:
    """The day for which the city was loaded, or ``None`` where it was not."""
    entry = JournalEntry.objects.filter(action=LOADED).order_by("sequence").first()
    return dt.date.fromisoformat(entry.after["today"]) if entry and entry.after else None


def load(progress: Callable[[str], None], now: dt.datetime) -> Loaded:
    """Load the city as of ``now``; where it already stands, nothing changes.

    All of it is one transaction: a process killed in the middle leaves nothing, and the next call begins
    anew. Raises :class:`Refused` where real projects are registered, because invented data must not mix with
    them, and where accounts exist, because everybody knows the passwords of the invented ones.
    """
    started = time.perf_counter()
    today = loaded_on()
    if today is not None:
        return Loaded(True, today, counts(), round(time.perf_counter() - started, 1))
    if Project.objects.exclude(region__code__startswith=PROVINCE).exists():
        raise Refused("数据库中已有正式项目，不能再装入演示数据；请用 ANXIN_HOME 另指一个空的数据文件夹。")
    if User.objects.exists():
        raise Refused(
            "数据库中已有账号，而演示账号的密码是公开的，不能再装入演示数据；请用 ANXIN_HOME 另指一个空的数据文件夹。"
        )
    _install_law()
    today = timezone.localdate(now)
    with transaction.atomic(), without_reactions():
        _tell(build(today, calendar_of_city()), progress, now)
        record(
            actor=SYSTEM,
            action=LOADED,
            object_type="region",
            object_id=PROVINCE,
            summary="装入演示城市“云州市”（演示数据）",
            now=now,
            after={"today": today.isoformat(), "seed": SEED},
        )
    # a year of rows came at once: they move to their months now instead of in the night
    ensure_months(today)
    return Loaded(False, today, counts(), round(time.perf_counter() - started, 1))


def calendar_of_city() -> WorkCalendar:
    """The working calendar that decides the city's pay days."""
    return local_law.current().calendar


def counts() -> dict[str, int]:
    """How many of what there is."""
    warnings = Warning.objects.filter(project__region__code__startswith=PROVINCE)
    return {
        "projects": Project.objects.filter(region__code__startswith=PROVINCE).count(),
        "workers": Worker.objects.count(),
        "batches": ImportBatch.objects.count(),
        "sweeps": Sweep.objects.count(),
        "warnings_open": warnings.exclude(state=Warning.State.CLEARED).count(),
        "warnings_cleared": warnings.filter(state=Warning.State.CLEARED).count(),
        "matters": Matter.objects.filter(region__code__startswith=PROVINCE).count(),
        "gaps": Gap.objects.filter(closed_on__isnull=True).count(),
    }


def _install_law() -> None:
    """The invented city's local values, in the folder where a bureau puts its own."""
    folder = Path(settings.ANXIN_LAW_DIRS[0])
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_LAW, folder / "demo.yaml")


def _tell(world: World, progress: Callable[[str], None], now: dt.datetime) -> None:
    progress("正在登记演示城市的地区、单位和账号……")
    cast = register_city(actor=SYSTEM, now=first_moment(world))
    told: list[Any] = events(world, cast, now)
    step = -(-len(told) // _STEPS)
    for index, event in enumerate(told):
        if index % step == 0:
            progress(f"正在装入演示城市一年来的数据……{index * 100 // len(told)}%")
        event.what(event.at)
    boards_and_words(now=now)
    final_sweep(now)
    final_day(now)
    a_platform(now)
    progress("正在装入演示城市的部门数据……")
    report_employers(now)
    forecast_pay_days(as_of=timezone.localdate(now), now=now)
    a_trial(cast, now)
    codes_and_guides(cast, now=now)
    voices(cast, now=now)
    grid_reports(cast, now=now)
    letters_of_the_city(cast, now=now)
    papers_of_the_city(cast, now=now)
    mediation(cast, now=now)
    hearings(cast, now=now)
    contracts(cast, now=now)
    accuracy.count(on=timezone.localdate(now), now=now)
    progress("演示城市已装好。")
