"""What is still to confirm, to check again or to fill in."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import pytest

from anxin.law import Overlay, load
from anxin.law.checklist import REASONS, CheckItem, checklist

LAW = load()
DAY = dt.date(2026, 11, 22)
WAGE = "wage_payment.min_wage_monthly"


@lru_cache(maxsize=16)
def listed(day: dt.date = DAY, region: str = "") -> tuple[CheckItem, ...]:
    return tuple(checklist(LAW, day, region))


def reasons(key: str, day: dt.date = DAY, region: str = "") -> set[str]:
    return {item.reason for item in listed(day, region) if item.key == key}


def test_every_value_nobody_has_seen_or_that_was_worked_out_is_listed_with_its_day():
    expected = {
        (value.key, value.region, value.from_)
        for key in LAW.keys()  # noqa: SIM118
        for value in LAW.timeline(key)
        if value.value is not None and value.confidence in ("recalled", "unknown", "derived")
    }
    found = {(item.key, item.region, item.from_) for item in listed() if item.reason == "unconfirmed"}
    assert expected
    assert found == expected


def test_a_value_read_in_the_text_is_not_listed():
    assert reasons("inspection.investigation_days") == set()


@pytest.mark.parametrize(
    ("days", "stale"), [(-1, set()), (0, {"stale"}), (1, {"stale"})], ids=["day before", "day", "day after"]
)
def test_a_year_after_the_last_check_it_is_asked_for_again(days, stale):
    checked = LAW.parameter("inspection.inspectors_min").checked_on
    day = checked.replace(year=checked.year + 1) + dt.timedelta(days=days)
    assert reasons("inspection.inspectors_min", day) == stale


def test_a_check_on_the_29th_of_february_is_a_year_old_on_the_1st_of_march():
    law = load(overlay=Overlay(confirmations=(_confirmation(on=dt.date(2028, 2, 29)),)))
    before, after = (
        {item.reason for item in checklist(law, day) if (item.key, item.region) == ("warning.w03", "")}
        for day in (dt.date(2029, 2, 28), dt.date(2029, 3, 1))
    )
    assert (before, after) == (set(), {"stale"})


def test_what_is_no_longer_in_force_is_not_asked_for_again():
    ended = [
        item for item in listed(dt.date(2028, 1, 1)) if item.reason == "stale" and item.from_ is not None
    ]
    assert ended
    for item in ended:
        same = [v for v in LAW.timeline(item.key) if (v.region, v.from_) == (item.region, item.from_)]
        assert any(value.until is None or value.until >= dt.date(2028, 1, 1) for value in same)


def test_what_the_nation_leaves_open_is_missing_until_the_place_has_it():
    assert "missing" in reasons(WAGE, region="9901")
    assert "missing" not in reasons(WAGE, region="440402")
    own = {"key": WAGE, "region": "9901", "name": "安城市", "from": dt.date(2026, 7, 1), "value": 2100,
           "source": "安政发〔2026〕3号"}  # fmt: skip
    law = load(overlay=Overlay(local_values=(own,)))
    assert "missing" not in {item.reason for item in checklist(law, DAY, "990101") if item.key == WAGE}
    assert "missing" in {
        item.reason for item in checklist(law, dt.date(2026, 6, 30), "990101") if item.key == WAGE
    }


def test_what_is_repealed_or_not_yet_in_force_is_not_missing():
    assert "missing" not in reasons("wage_deposit.use_trigger", dt.date(2005, 1, 1))


def test_with_a_region_other_places_are_left_out():
    regions = {item.region for item in listed(region="440402")}
    assert regions <= {"", "44", "4404", "440402"}
    assert len(regions) > 1


def test_a_confirmed_value_is_off_the_list():
    law = load(overlay=Overlay(confirmations=(_confirmation(),)))
    assert "unconfirmed" in reasons("warning.w03")
    assert {item for item in checklist(law, DAY) if item.key == "warning.w03"} == set()


def test_the_list_is_ordered_by_what_is_to_do_then_by_key():
    order = [(list(REASONS).index(item.reason), item.key, item.region) for item in listed()]
    assert order == sorted(order)


def _confirmation(on: dt.date = DAY) -> dict[str, object]:
    return {"key": "warning.w03", "region": "", "from": dt.date(2020, 5, 1), "by": "某甲、某乙", "on": on,
            "document": "关于预警分级的通知（安治欠发〔2026〕1号）"}  # fmt: skip


def test_rule_of_another_province_is_not_missing_here():
    missing = {
        item.key for item in checklist(LAW, dt.date(2026, 11, 22), "320102") if item.reason == "missing"
    }
    assert "inspection.gd_public_notice_days" not in missing
    assert "construction.nm_platform_fine" not in missing
