"""Invented notices of 2027 and the published one of 2026, laid out as offices do."""

from __future__ import annotations

import csv
import io

from anxin.evidence.workbooks import Column, table_workbook
from anxin.law.loading import DATA

#: an invented arrangement of 2027 that keeps the rules: 13 days, make-up days on weekends
STRETCHES_2027 = (
    ("元旦", "2027-01-01", "2027-01-03", "放假"),
    ("春节", "2027-02-05", "2027-02-12", "放假"),
    ("春节", "2027-01-31", "", "上班"),
    ("春节", "2027-02-20", "", "上班"),
    ("清明节", "2027-04-03", "2027-04-05", "放假"),
    ("劳动节", "2027-05-01", "2027-05-05", "放假"),
    ("劳动节", "2027-05-08", "", "上班"),
    ("端午节", "2027-06-09", "", "放假"),
    ("中秋节", "2027-09-15", "", "放假"),
    ("国庆节", "2027-10-01", "2027-10-07", "放假"),
    ("国庆节", "2027-09-26", "", "上班"),
    ("国庆节", "2027-10-09", "", "上班"),
)
NOTICE_2026 = """一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
"""


def published(year: int) -> list[list[str]]:
    with (DATA / "calendar" / f"{year}.csv").open(encoding="utf-8", newline="") as stream:
        return [[row["day"], row["kind"], row["festival"]] for row in csv.DictReader(stream)]


def as_csv(header: list[str], rows: list[list[str]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows([header, *rows])
    return stream.getvalue().encode("utf-8-sig")


def stretches(rows=STRETCHES_2027) -> bytes:
    return as_csv(["节日", "起", "止", "放假或上班"], [list(row) for row in rows])


def workbook(header: list[str], rows: list[list[str]], title: str = "放假安排") -> bytes:
    """With a title and a subtitle above the heading, as this product and offices write them."""
    return table_workbook(title, "填报单位：某局", [Column(name) for name in header], rows)
