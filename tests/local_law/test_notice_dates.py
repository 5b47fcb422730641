"""Days out of the words of a notice."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.local_law.notice_dates import NoticeError, days_in


def days(*texts: str) -> list[dt.date]:
    return [dt.date.fromisoformat(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1月1日", days("2027-01-01")),
        ("1月1日至3日", days("2027-01-01", "2027-01-02", "2027-01-03")),
        ("1月30日（周六）至2月1日（周一）", days("2027-01-30", "2027-01-31", "2027-02-01")),
        ("2月7日（周日）、2月20日（周六）", days("2027-02-07", "2027-02-20")),
        ("9月26日、10月9日", days("2027-09-26", "2027-10-09")),
        ("2月14日、28日", days("2027-02-14", "2027-02-28")),
        ("2027年5月1日-5月2日", days("2027-05-01", "2027-05-02")),
        ("2027-05-01至2027-05-02", days("2027-05-01", "2027-05-02")),
        ("2027/5/1", days("2027-05-01")),
        ("5.1-5.2", days("2027-05-01", "2027-05-02")),
        ("12月31日至1月2日", days("2026-12-31", "2027-01-01", "2027-01-02")),
        ("2026年12月31日至2027年1月1日", days("2026-12-31", "2027-01-01")),
        ("共3天", []),
        ("", []),
    ],
)
def test_days_are_read_as_the_office_writes_them(text, expected):
    assert days_in(text, 2027) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2月30日", "不是有效的日期"),
        ("10月7日至10月1日", "止日早于起日"),
        ("1月1日至3月1日", "超过"),
        ("7日", "没有写月份"),
    ],
)
def test_what_names_no_sensible_days_says_so(text, sentence):
    with pytest.raises(NoticeError, match=sentence):
        days_in(text, 2027)
