"""F04 to F07: punches without a person, cloned days, one face for many, punches while the site stood still."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anxin.monitoring.rules.forgery.common import (
    CHECK,
    GATE_GAPS,
    NUMBERED,
    REAL_NAME,
    at_gates,
    number,
    punches,
    watch,
    with_month,
    without_gates,
)
from anxin.monitoring.rules.framework import Finding, RuleContext, sign_rule
from anxin.monitoring.rules.lazy import ibis
from anxin.monitoring.rules.phrases import subject
from anxin.monitoring.rules.shared import as_gaps, as_rows, left, only_left

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from anxin.monitoring.rules.facts import Facts

_OVERLAP = "forgery.overlap_minutes"
_OVERLAP_DAYS = "forgery.overlap_days"
_FILLED = "forgery.filled_days"
_CLONED = "forgery.cloned_days"
_FACE = "forgery.face_people"
_FACE_DAYS = "forgery.face_days"
_STOOD = "forgery.still_people"
_RAIN = "forgery.heavy_rain"
_POWER = "forgery.idle_power"
_WET = "forgery.wet_days"


def _keys(table: ir.Table) -> ir.Table:
    return table.mutate(
        person=table.worker_key,
        keys=ibis.literal("punches:") + table.worker_key + "@" + table.month,
    )


def no_person_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People at two sites at once, or filled in afterwards for most of a month without a face."""
    seen = punches(facts, ctx)
    twice = _at_two_sites(seen, ctx)
    seen = _with_cameras(seen)
    filled = seen.group_by(NUMBERED).agg(
        punched=seen.day.nunique(),
        filled_days=seen.day.nunique(where=seen.backfilled & seen.face.isnull() & (seen.camera == 1)),
    )
    filled = filled.filter(
        (filled.filled_days >= number(ctx, _FILLED)) & (filled.filled_days * 2 >= filled.punched)
    )
    none = ibis.literal(0, type="int64")
    table = ibis.union(
        twice.select(*NUMBERED, "overlap_days", filled_days=none),
        filled.select(*NUMBERED, "filled_days", overlap_days=none).select(
            *NUMBERED, "overlap_days", "filled_days"
        ),
    )
    return as_rows(_keys(with_month(table, ctx)), ("overlap_days", "filled_days"))


def _with_cameras(seen: ir.Table) -> ir.Table:
    """``camera``: whether the device sends faces at all. One that never does says nothing by a missing face."""
    cameras = seen.filter(seen.face.notnull()).select("project_id", "device").distinct().mutate(camera=1)
    return left(seen, cameras, ["project_id", "device"])


def _at_two_sites(seen: ir.Table, ctx: RuleContext) -> ir.Table:
    """Days on which the same person was at two sites at overlapping times, counted by month."""
    days = seen.group_by(["worker_key", "day"]).agg(one=seen.project_id.min(), another=seen.project_id.max())
    days = days.filter(days.one != days.another).select("worker_key", "day")
    both = only_left(seen.join(days, ["worker_key", "day"]))
    mine = both.mutate(since=both.first_at.epoch_seconds(), until=both.last_at.epoch_seconds())
    other = mine.select("worker_key", "day", other_id="project_id", other_since="since", other_until="until")
    pairs = only_left(mine.join(other, ["worker_key", "day"]))
    pairs = pairs.filter(pairs.project_id != pairs.other_id)
    overlap = ibis.least(pairs.until, pairs.other_until) - ibis.greatest(pairs.since, pairs.other_since)
    pairs = pairs.filter(overlap >= number(ctx, _OVERLAP) * 60)
    table = pairs.group_by(NUMBERED).agg(overlap_days=pairs.day.nunique())
    return table.filter(table.overlap_days >= number(ctx, _OVERLAP_DAYS))


def no_person_sentence(finding: Finding, project_name: str) -> str:
    """``…5人的打卡疑似没有本人…``"""
    parts = [
        f"{words}（合计{finding.measures[name]}人天）"
        for name, words in (
            ("overlap_days", "同一时间在另一工地也有打卡"),
            ("filled_days", "大部分打卡为事后补传且没有人脸"),
        )
        if finding.measures[name]
    ]
    return f"{subject(finding, project_name)}{finding.people}人{'、'.join(parts)}，疑似并非本人到岗。{CHECK}"


def cloned_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People with the same minutes day after day, or with the very times of others on many days."""
    seen = at_gates(punches(facts, ctx))
    least = number(ctx, _CLONED)
    first, last = seen.first_at, seen.last_at
    seen = seen.mutate(minutes=(first.hour() * 60 + first.minute()) * 1440 + last.hour() * 60 + last.minute())
    same = seen.group_by([*NUMBERED, "minutes"]).agg(same_days=seen.day.nunique())
    own = same.group_by(NUMBERED).agg(same_days=same.same_days.max())
    own = own.filter(own.same_days >= least)
    times = ["project_id", "first_at", "last_at"]
    shared = seen.group_by(times).agg(sharers=seen.worker_key.nunique())
    shared = shared.filter(shared.sharers >= 3)
    copies = only_left(seen.join(shared, times))
    copied = copies.group_by(NUMBERED).agg(copied_days=copies.day.nunique())
    copied = copied.filter(copied.copied_days >= least)
    none = ibis.literal(0, type="int64")
    table = ibis.union(
        own.select(*NUMBERED, "same_days", copied_days=none),
        copied.select(*NUMBERED, "copied_days").select(*NUMBERED, same_days=none, copied_days="copied_days"),
    )
    table = table.group_by(NUMBERED).agg(same_days=table.same_days.max(), copied_days=table.copied_days.max())
    return as_rows(_keys(with_month(table, ctx)), ("same_days", "copied_days"))


def cloned_sentence(finding: Finding, project_name: str) -> str:
    """``…4人的打卡时刻天天相同…``"""
    parts = []
    if days := finding.measures["same_days"]:
        parts.append(f"进出时刻逐日相同（最多{days}天）")
    if days := finding.measures["copied_days"]:
        parts.append(f"与他人的进出时刻分秒不差（最多{days}天）")
    return (
        f"{subject(finding, project_name)}{finding.people}人的打卡{'，或'.join(parts)}，疑似复制生成。{CHECK}"
    )


def masks_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People whose face at the gate is that of several others too, on several days."""
    seen = punches(facts, ctx)
    seen = seen.filter(seen.face.notnull())
    one_face = ["project_id", "month_index", "face"]
    faces = seen.group_by(one_face).agg(sharers=seen.worker_key.nunique())
    faces = faces.filter(faces.sharers >= number(ctx, _FACE))
    shared = only_left(seen.join(faces, one_face))
    table = shared.group_by(NUMBERED).agg(
        face=shared.face.max(),
        device=shared.device.max(),
        sharers=shared.sharers.max(),
        face_days=shared.day.nunique(),
    )
    table = table.filter(table.face_days >= number(ctx, _FACE_DAYS))
    return as_rows(_keys(with_month(table, ctx)), ("face", "device", "sharers", "face_days"))


def masks_sentence(finding: Finding, project_name: str) -> str:
    """``…12人打卡时的人脸特征与他人相同…``"""
    return (
        f"{subject(finding, project_name)}{finding.people}人打卡时的人脸特征与他人相同"
        f"（同一张脸最多对应{finding.measures['sharers']}人），疑似用照片或面具代打卡。{CHECK}"
    )


def still_rows(facts: Facts, ctx: RuleContext) -> ir.Table:
    """People who punched while the site stood still; a few who stay, and the watch, are left out."""
    seen = punches(facts, ctx).select(*NUMBERED, "day").distinct()
    seen = seen.anti_join(watch(facts, ctx), ["project_id", "worker_key"])
    stops = facts.standstills
    stopped = only_left(seen.join(stops, "project_id"))
    stopped = stopped.filter(
        (stopped.day >= stopped.from_day) & (stopped.until_day.isnull() | (stopped.day <= stopped.until_day))
    ).select(*NUMBERED, "day", reason="cause")
    table = ibis.union(stopped, _wet(seen, facts, ctx))
    crowd = table.group_by(["project_id", "day"]).agg(there=table.worker_key.nunique())
    crowd = crowd.filter(crowd.there >= number(ctx, _STOOD))
    table = only_left(table.join(crowd, ["project_id", "day"]))
    people = table.group_by(NUMBERED).agg(
        days=table.day.nunique(), there=table.there.max(), reason=table.reason.max()
    )
    return as_rows(_keys(with_month(people, ctx)), ("there", "reason"))


def _wet(seen: ir.Table, facts: Facts, ctx: RuleContext) -> ir.Table:
    """Punches on idle days of people with several such days in the month: on one, people come and are sent home."""
    idle = only_left(seen.join(_idle_days(facts, ctx), ["project_id", "day"]))
    often = idle.group_by(NUMBERED).agg(wet_days=idle.day.nunique())
    idle = idle.semi_join(often.filter(often.wet_days >= number(ctx, _WET)), NUMBERED)
    return idle.select(*NUMBERED, "day", reason=ibis.literal("大雨且几乎没有用电"))


def _idle_days(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Days of heavy rain on which a site used little of the power that it uses otherwise."""
    days = facts.site_days.filter(facts.site_days.power_kwh.notnull())
    usual = days.group_by("project_id").agg(usual=days.power_kwh.mean())
    table = only_left(days.join(usual, "project_id"))
    dry = table.rain_mm >= number(ctx, _RAIN)
    return table.filter(dry & (table.power_kwh * 100 <= table.usual * number(ctx, _POWER))).select(
        "project_id", "day"
    )


def still_gaps(facts: Facts, ctx: RuleContext) -> ir.Table:
    """Sites that stood still in a month and whose gates told of nobody at all then or otherwise."""
    without = facts.standstills.anti_join(punches(facts, ctx), "project_id")
    return as_gaps(without, "gates_silent")


def still_sentence(finding: Finding, project_name: str) -> str:
    """``…停工期间仍有12人打卡…``"""
    return (
        f"{subject(finding, project_name)}停工期间（{finding.measures['reason']}）仍有{finding.people}人打卡，"
        f"一天最多{finding.measures['there']}人，最长{finding.days}天，已不计看守和维护人员，疑似虚增出勤。{CHECK}"
    )


NO_PERSON = sign_rule(
    code="F04",
    title="打卡疑似没有本人",
    articles=(REAL_NAME,),
    grading="warning.f04",
    parameters=(_OVERLAP, _OVERLAP_DAYS, _FILLED),
    rows=no_person_rows,
    gaps=without_gates,
    gap_sentences=GATE_GAPS,
    sentence=no_person_sentence,
    clears="说明补传和两处打卡的原因（如停电记录、调配记录），更正不实的出勤。",
    measures={"overlap_days": "sum", "filled_days": "sum"},
)
CLONED = sign_rule(
    code="F05",
    title="打卡时刻逐日或逐人相同",
    articles=(REAL_NAME,),
    grading="warning.f05",
    parameters=(_CLONED,),
    rows=cloned_rows,
    gaps=without_gates,
    gap_sentences=GATE_GAPS,
    sentence=cloned_sentence,
    clears="提供闸机原始记录和照片，或更正不实的出勤。",
    measures={"same_days": "max", "copied_days": "max"},
)
MASKS = sign_rule(
    code="F06",
    title="多人打卡使用同一张脸",
    articles=(REAL_NAME,),
    grading="warning.f06",
    parameters=(_FACE, _FACE_DAYS),
    rows=masks_rows,
    gaps=without_gates,
    gap_sentences=GATE_GAPS,
    sentence=masks_sentence,
    clears="调看闸机照片，逐人到场比对，更正不实的出勤。",
    measures={"sharers": "max", "face_days": "max"},
)
STILL = sign_rule(
    code="F07",
    title="停工期间仍有打卡",
    articles=(REAL_NAME,),
    grading="warning.f07",
    parameters=(_STOOD, _RAIN, _POWER, _WET),
    rows=still_rows,
    gaps=still_gaps,
    gap_sentences={"gates_silent": "工地有停工记录而没有闸机打卡记录，停工期间的出勤无法核对，请补传。"},
    sentence=still_sentence,
    clears="说明停工期间做了什么（室内作业、留守、抢险）并附材料，或更正不实的出勤。",
    measures={"there": "max", "reason": "max"},
)
