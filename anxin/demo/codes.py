"""Boards and helmets of the invented city: printed, scanned, one in masses, one never, one replaced and still hanging."""

from __future__ import annotations

import datetime as dt

from anxin.accounts.access import actor as actor_of
from anxin.channels import codes, guide_writing, places, scans
from anxin.channels import queries_guides as guides
from anxin.channels.models import ScanCode
from anxin.demo.registering import Cast
from anxin.evidence.journal import SYSTEM
from anxin.registry.models import Project, Region

#: sites that still wait for their board
_WITHOUT = ("15", "17")
#: printed and never scanned; scanned in masses by one telephone; scanned far away; replaced, and the old one still hangs
_NEVER, _MASS, _FAR, _REPLACED = "08", "05", "03", "06"
_DAY = dt.timedelta(days=1)
#: name, telephone, region, address, hours; numbers that no exchange gives out
_DESKS = (
    ("云州市劳动保障监察支队（演示）", "0999-5550101", "9901", "演示省云州市演示路1号", "工作日 9:00—17:00"),
    ("云城区劳动保障监察大队（演示）", "0999-5550102", "990101", "云城区演示街12号", "工作日 9:00—17:00"),
    ("云城区劳动人事争议仲裁院（演示）", "0999-5550103", "990101", "云城区演示街12号二楼", "工作日 9:00—17:00"),
    ("江北区劳动保障监察大队（演示）", "0999-5550104", "990102", "江北区演示路8号", "工作日 9:00—17:00"),
    ("云州市法律援助中心（演示）", "0999-5550148", "9901", "演示省云州市演示路3号", "工作日 9:00—17:00"),
)  # fmt: skip


def codes_and_guides(cast: Cast, *, now: dt.datetime) -> None:
    """All of it as of ``now``: the codes, what was scanned, the desks, and one guide that waits for its second person."""
    sites = {key: project for key, project in sorted(cast.projects.items()) if key not in _WITHOUT}
    printed = now - 40 * _DAY
    boards = codes.issue_boards(sites.values(), actor=SYSTEM, now=printed)
    codes.mark_printed(boards, actor=SYSTEM, now=printed)
    helmets = codes.issue_helmets([sites["01"]], count=36, actor=SYSTEM, now=printed)
    codes.mark_printed(helmets, actor=SYSTEM, now=printed)
    by_site = {code.project_id: code for code in boards}
    board = {key: by_site[project.pk] for key, project in sites.items()}
    for number, (key, code) in enumerate(board.items()):
        if key != _NEVER:
            _scanned(code, range(2 + number % 3, 24, 4), now)
    _scanned(helmets[6], (1, 8), now)
    _oddly_scanned(board, now)
    _guides(cast, sites, now)


def _scanned(code: ScanCode, days_ago: range | tuple[int, ...], now: dt.datetime) -> None:
    for days in days_ago:
        for visitor in range(1 + days % 2):
            scans.record_scan(code, visitor=f"{code.pk}-{days}-{visitor}", now=now - days * _DAY)


def _oddly_scanned(board: dict[str, ScanCode], now: dt.datetime) -> None:
    for second in range(34):
        scans.record_scan(board[_MASS], visitor="one", now=now - _DAY + dt.timedelta(seconds=20 * second))
    site = Project.objects.get(pk=board[_FAR].project_id)
    assert site.latitude is not None and site.longitude is not None  # every invented site has its place
    # somewhat beside its site, at it, and far across the sea
    for days, north, east in ((9, 0.01, 0.01), (6, 0, 0), (2, 10.9, 9.9)):
        moment = now - days * _DAY
        scan = scans.record_scan(board[_FAR], visitor=f"place-{days}", now=moment)
        if scan is not None:
            place = {"latitude": float(site.latitude) + north, "longitude": float(site.longitude) + east}
            scans.tell_place(scan.pk, **place, now=moment)
    old = board[_REPLACED]
    moment = now - 12 * _DAY
    new = codes.rotate([old], reason="告示牌被拆走，重新制作", actor=SYSTEM, now=moment)
    codes.mark_printed(new, actor=SYSTEM, now=moment)
    _scanned(new[0], (3, 8), now)
    _scanned(old, (4,), now)


def _guides(cast: Cast, sites: dict[str, Project], now: dt.datetime) -> None:
    keeper, writer = cast.users["zheng"], cast.users["lin"]
    for name, phone, region, address, hours in _DESKS:
        places.add_place(
            region=Region.objects.get(pk=region),
            name=name,
            phone=phone,
            address=address,
            hours=hours,
            by=keeper,
            actor=actor_of(keeper),
            now=now - 39 * _DAY,
        )
    today = now.date()
    for number, project in enumerate(sites.values()):
        for key in ("unpaid", "payers", "evidence")[: 1 + number % 3]:
            guides.count_open(key, project_id=project.pk, on=today - _DAY)
    guide = guides.current("questions", today)
    if guide is not None:
        more = "\n## 春节前回家，工资怎么办\n发薪日碰上放假要提前发。腊月里没有拿到，请马上扫码，我们优先办。"
        guide_writing.draft_guide(
            "questions",
            title=guide.title,
            summary=guide.summary,
            body=f"{guide.body}{more}",
            source=guide.source,
            valid_from=today + 7 * _DAY,
            actor=actor_of(writer),
            now=now - _DAY,
        )
