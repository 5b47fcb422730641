"""What grid workers of the invented city saw on their rounds, and what an inspector found there."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

from PIL import Image, ImageDraw

from anxin.clues.services import triage_new
from anxin.demo.registering import Cast
from anxin.evidence.journal import SYSTEM
from anxin.grid.access import own_sites
from anxin.grid.proving import prove
from anxin.grid.reporting import Told, report

_DAY = dt.timedelta(days=1)
#: who, days ago, whether at a registered site, what
_SEEN: tuple[tuple[str, float, bool, Told], ...] = (
    ("sun", 24, False, Told("site", "few", "ordinary", place="东湖菜场北侧，两层门面翻修")),
    ("sun", 12.1, False, Told("site", "few", "ordinary", place="学府路口，围挡里在挖基坑")),
    ("sun", 6.2, True, Told("wages", "many", "pressing", note="木工班在门口问工资，说三个月没发。")),
    ("sun", 0.2, False, Told("closing", "many", "now", place="东湖路云水制衣店面", note="卷帘门锁了，女工在等老板。")),
    ("zhou", 40, False, Told("board", "unknown", "ordinary", place="码头仓储改造工程")),
    ("zhou", 9.3, False, Told("site", "many", "ordinary", place="滨江三路老粮库院内")),
    ("zhou", 1.4, True, Told("unrest", "many", "pressing", note="停工两天，十几个人坐在工棚外。")),
)  # fmt: skip
#: which of them an inspector has looked at since
_FOUND = (
    (0, True, "现场有6名工人施工，已要求办理登记。"),
    (1, False, "是自来水公司抢修，当天完工，没有雇用农民工。"),
)


def grid_reports(cast: Cast, *, now: dt.datetime) -> None:
    """All of it as of ``now``: two who report, one who never did; an inspector has been at two of the places."""
    kept = []
    for number, (name, days, at_site, told) in enumerate(_SEEN):
        by = cast.users[name]
        site = own_sites(by).order_by("pk").first() if at_site else None
        what = Told(**{**told.__dict__, "site": site.pk if site else None})
        at = now - days * _DAY
        key = f"demo-grid-report-of-the-city-{number:03d}"
        kept.append(report(what, key=key, by=by, now=at, picture=_photo(number)).report)
    for number, right, words in _FOUND:
        prove(
            kept[number], right=right, words=words, by=cast.users["lin"], now=kept[number].received_at + _DAY
        )
    triage_new(actor=SYSTEM, now=now)


def _photo(number: int) -> bytes:
    """A hoarding under the sky, drawn."""
    page = Image.new("RGB", (800, 600), "#bcd3e6")
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 380, 800, 600), fill="#8d8678")
    pen.rectangle((60 + 20 * number, 220, 700, 440), fill="#2f6f9f")
    for left in range(80, 700, 90):
        pen.line((left, 220, left, 440), fill="#dfe8ef", width=4)
    written = BytesIO()
    page.save(written, "JPEG", quality=80)
    return written.getvalue()
