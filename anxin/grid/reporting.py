"""A grid worker reports what they saw: kept once however often the phone sends it, and made into what it is about.

Wages owed, signs of unrest and a closing employer become a clue of the grid channel. A missing board on a registered
site becomes a look at that board, a small site that nobody registered a known site that is not in the register.
A standstill is not recorded as a fact: the signs of forgery hold punches against it, and one tap is no proof.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import asdict, dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.clues.intake import Voice
from anxin.clues.masking import masked_words
from anxin.clues.models import Clue
from anxin.clues.registering import clue_from_facts
from anxin.evidence import doors
from anxin.evidence.journal import record
from anxin.evidence.sealing import Sealed, finding_hash
from anxin.grid.access import own_regions, own_sites
from anxin.grid.models import GridReport
from anxin.kernel.refusal import Refused
from anxin.registry.models import Project, Region
from anxin.signals.models import BoardCheck, KnownSite
from anxin.signals.names import plain_site_name

LONGEST_PLACE, LONGEST_NOTE = 100, 300
#: a report may have waited so long on a phone; older moments are taken for a wrong clock
WAITS_AT_MOST = dt.timedelta(days=30)
_KEY = re.compile(r"[A-Za-z0-9_-]{22,80}")
_KIND = GridReport.Kind
#: without a picture nobody can tell these apart from a mistake
_NEEDS_PICTURE = {_KIND.BOARD, _KIND.SITE}
_SAID = {
    _KIND.WAGES: "工人反映被拖欠工资",
    _KIND.UNREST: "工地停工，有人聚集讨薪的苗头",
    _KIND.CLOSING: "用人单位关门停业，老板联系不上，工人工资没有着落",
    _KIND.BOARD: "工地没有设立农民工维权信息告示牌",
}
_URGENCY = {
    GridReport.Urgency.PRESSING: Clue.Urgency.PRESSING,
    GridReport.Urgency.NOW: Clue.Urgency.NOW,
}


@dataclass(frozen=True)
class Told:
    """What the phone sends: three taps, the place (a site of the grid, or words), perhaps a sentence."""

    kind: str
    people: str
    urgency: str
    #: code of a region of this person's; empty means their only one
    region: str = ""
    site: int | None = None
    place: str = ""
    note: str = ""
    seen_at: dt.datetime | None = None


@dataclass(frozen=True)
class Given:
    """``repeated``: it had come before, and nothing was changed."""

    report: GridReport
    repeated: bool = False


def report(
    told: Told, *, key: str, by: User, now: dt.datetime, picture: bytes = b"", sound: bytes = b""
) -> Given:
    """Keep a report and make of it what it is about; the same ``key`` changes nothing. Raises :class:`Refused`."""
    if not _KEY.fullmatch(key):
        raise Refused("这一条没有收下，请刷新页面后重新上报。", field="key")
    # another person's word must never meet this one's
    key_hash, words_hash = finding_hash("grid-report", f"{by.pk}:{key}"), finding_hash("words", _words(told))
    known = GridReport.objects.filter(key_hash=key_hash).first()
    if known is not None:
        return _again(known, words_hash)
    site, region = _place(told, by)
    _check(told, picture)
    clean = doors.taken(picture, "网格照片", doors.PHOTO) if picture else None
    heard = doors.taken(sound, "网格录音", doors.VOICE) if sound else None
    kept = GridReport(
        key_hash=key_hash,
        words_hash=words_hash,
        by=by,
        by_name=str(by),
        kind=told.kind,
        people=told.people,
        urgency=told.urgency,
        region=region,
        project=site,
        place=masked_words(told.place.strip()) if site is None else "",
        note=Sealed.of(told.note.strip()) if told.note.strip() else None,
        seen_at=_seen(told.seen_at, now),
        received_at=now,
    )
    try:
        with transaction.atomic():
            if clean is not None:
                kept.picture = doors.store(clean, now=now)
            if heard is not None:
                kept.sound = doors.store(heard, now=now)
                kept.sound_type = heard.kind.content_type
            kept.save(force_insert=True)
            _become(kept, told.note.strip(), by, now)
            kept.save(update_fields=["clue", "board_check", "known_site"])
            _record(kept, by, now)
    except IntegrityError:  # the same report came twice at the same moment
        known = GridReport.objects.filter(key_hash=key_hash).first()
        if known is None:
            raise
        return _again(known, words_hash)
    return Given(kept)


def _again(known: GridReport, words_hash: str) -> Given:
    if known.words_hash != words_hash:
        raise Refused("这一条已经用别的内容报过，请刷新页面后重新上报。", field="key")
    return Given(known, repeated=True)


def _words(told: Told) -> str:
    words = {name: value for name, value in asdict(told).items() if name != "seen_at"}
    return json.dumps(words, ensure_ascii=False, sort_keys=True)


def _place(told: Told, by: User) -> tuple[Project | None, Region]:
    """The site, which must be of this person's grid, and the grid."""
    grids = own_regions(by)
    if not grids:
        raise Refused("您的账号没有负责的网格，请联系系统管理员。", field="region")
    if told.site is not None:
        site = own_sites(by).select_related("region").filter(pk=told.site).first()
        if site is None:
            raise Refused("这个工地不在您负责的网格里，请重新选，或者写明地点。", field="site")
        return site, max((one for one in grids if site.region_id.startswith(one.code)), key=_length)
    if not told.region and len(grids) > 1:
        raise Refused("请选择在哪个网格。", field="region")
    region = next((one for one in grids if one.code == told.region or not told.region), None)
    if region is None:
        raise Refused("这个地区不在您负责的网格里，请重新选。", field="region")
    return None, region


def _length(region: Region) -> int:
    return len(region.code)


def _check(told: Told, picture: bytes) -> None:
    if told.kind not in _KIND.values:
        raise Refused("请点一下是什么情况。", field="kind")
    if told.people not in GridReport.People.values:
        raise Refused("请点一下涉及多少人，说不准就点“不清楚”。", field="people")
    if told.urgency not in GridReport.Urgency.values:
        raise Refused("请点一下急不急。", field="urgency")
    place = told.place.strip()
    if told.site is None and len(place) < 2:
        raise Refused("请选一个工地，或者写明在什么地方，例如：柳林路口农贸市场旁。", field="place")
    if len(place) > LONGEST_PLACE:
        raise Refused(f"地点不能超过{LONGEST_PLACE}个字，请删减。", field="place")
    if len(told.note.strip()) > LONGEST_NOTE:
        raise Refused(f"补充的话不能超过{LONGEST_NOTE}个字，请删减，也可以录音。", field="note")
    if told.kind == _KIND.SITE and told.site is not None:
        raise Refused("选的工地已经登记过；没有登记的小工地请不要选工地，直接写明地点。", field="site")
    if told.kind in _NEEDS_PICTURE and not picture:
        raise Refused("请拍一张现场照片，没有照片无法核对。", field="photo")


def _seen(moment: dt.datetime | None, now: dt.datetime) -> dt.datetime:
    """The phone's moment where it can be true."""
    return moment if moment is not None and now - WAITS_AT_MOST <= moment <= now else now


def _become(kept: GridReport, note: str, by: User, now: dt.datetime) -> None:
    if kept.kind == _KIND.BOARD and kept.project is not None:
        kept.board_check = _board_check(kept, now)
    elif kept.kind == _KIND.SITE:
        kept.known_site = KnownSite.objects.create(
            source=KnownSite.Source.GRID,
            number=kept.number,
            name=kept.place,
            plain_name=plain_site_name(kept.place),
            region=kept.region,
            on=timezone.localdate(kept.seen_at),
            recorded_at=now,
        )
    else:
        kept.clue = _clue(kept, note, by, now)


def _board_check(kept: GridReport, now: dt.datetime) -> BoardCheck:
    """The look of that day; an inspector's own look of the same day stands, and is what this report is held to."""
    assert kept.project is not None
    day = timezone.localdate(kept.seen_at)
    current = BoardCheck.objects.filter(project=kept.project, checked_on=day, superseded_at__isnull=True)
    found = current.first()
    if found is not None:
        return found
    return BoardCheck.objects.create(project=kept.project, checked_on=day, standing=False, recorded_at=now)


def _clue(kept: GridReport, note: str, by: User, now: dt.datetime) -> Clue:
    kind, people, urgency = _KIND(kept.kind), kept.get_people_display(), kept.get_urgency_display()
    crowd = "" if kept.people == GridReport.People.UNKNOWN else f"，涉及{people}"
    seen = timezone.localtime(kept.seen_at)
    said = {"上报人": kept.by_name, "网格": kept.region.name, "涉及人数": people, "急不急": str(urgency)}
    voice = Voice(
        channel=Clue.Channel.GRID,
        kind=Clue.Kind.REPORT,
        region=kept.project.region_id if kept.project is not None else kept.region_id,
        received_at=now,
        title=f"{kept.where}：{kind.label}",
        text=f"网格员{seen:%m月%d日%H:%M}在{kept.where}看到：{_SAID[kind]}{crowd}。{note}",
        place=kept.where,
        sender_number=kept.number,
        said=said,
        project=kept.project,
    )
    known: dict[str, object] = {}
    if kind is _KIND.WAGES:
        known["arrears"] = True
    if (level := _URGENCY.get(GridReport.Urgency(kept.urgency))) is not None:
        known["urgency"] = int(level)
    return clue_from_facts(voice, known, why="网格员现场选定", by=by, now=now)


def _record(kept: GridReport, by: User, now: dt.datetime) -> None:
    record(
        actor=actor(by),
        action="grid.reported",
        object_type="grid_report",
        object_id=kept.pk,
        summary=f"{kept}：网格上报“{kept.get_kind_display()}”，{kept.where}",
        after={"kind": kept.kind, "region": kept.region_id, "project": kept.project_id},
        now=now,
    )
