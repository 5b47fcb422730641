"""Scans are counted; who scanned is not kept, and a place only roughly."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from anxin.channels import codes, scans
from anxin.channels.models import Scan, ScanCode, ScanDay


def test_scans_are_counted_by_day_and_by_phone(board, now):
    for visitor in ("a", "a", "b"):
        scans.record_scan(board, visitor=visitor, now=now)
    scans.record_scan(board, visitor="a", now=now + dt.timedelta(days=1))
    assert list(ScanDay.objects.order_by("day").values_list("scans", "by_one")) == [(3, 2), (1, 1)]
    assert ScanCode.objects.get().last_scanned_at == now + dt.timedelta(days=1)


def test_nothing_of_the_visitor_is_kept_in_clear(board, now):
    first = scans.record_scan(board, visitor="192.0.2.7|WeChat", now=now)
    tomorrow = scans.record_scan(board, visitor="192.0.2.7|WeChat", now=now + dt.timedelta(days=1))
    assert "192.0.2.7" not in str(Scan.objects.values())
    assert first.visitor != tomorrow.visitor


def test_a_flood_is_counted_and_does_not_fill_the_disk(board, now, monkeypatch):
    monkeypatch.setattr(scans, "SINGLE_A_DAY", 3)
    kept = [scans.record_scan(board, visitor="x", now=now) for _ in range(5)]
    assert [bool(scan) for scan in kept] == [True, True, True, False, False]
    assert ScanDay.objects.get().scans == 5
    assert Scan.objects.count() == 3


def test_a_place_is_kept_to_a_hundredth_of_a_degree(board, now):
    scan = scans.record_scan(board, visitor="a", now=now)
    assert scans.tell_place(scan.pk, latitude=31.234567, longitude=121.471234, now=now)
    scan.refresh_from_db()
    assert (scan.latitude, scan.longitude) == (Decimal("31.23"), Decimal("121.47"))
    assert ScanDay.objects.get().far == 0


def test_a_board_a_thousand_kilometres_away_is_far(board, now):
    scan = scans.record_scan(board, visitor="a", now=now)
    assert scans.tell_place(scan.pk, latitude=39.90, longitude=116.40, now=now)
    assert ScanDay.objects.get().far == 1


def test_the_place_of_a_site_that_is_not_registered_makes_nothing_far(sites, actor, now):
    (code,) = codes.issue_boards([sites.there], actor=actor, now=now)
    scan = scans.record_scan(code, visitor="a", now=now)
    assert scans.tell_place(scan.pk, latitude=39.90, longitude=116.40, now=now)
    assert ScanDay.objects.get().far == 0


def test_a_helmet_may_go_home_with_its_wearer(sites, actor, now):
    (helmet,) = codes.issue_helmets([sites.here], count=1, actor=actor, now=now)
    assert not scans.is_far(helmet, 32.06, 119.80)  # 180 km
    assert scans.is_far(helmet, 39.90, 116.40)


@pytest.mark.parametrize("place", [(91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0), (0.0, float("inf"))])
def test_a_place_that_is_none_is_not_taken(place, board, now):
    scan = scans.record_scan(board, visitor="a", now=now)
    assert not scans.tell_place(scan.pk, latitude=place[0], longitude=place[1], now=now)


def test_a_place_is_told_once_and_soon(board, now):
    scan = scans.record_scan(board, visitor="a", now=now)
    late = now + dt.timedelta(minutes=11)
    assert not scans.tell_place(scan.pk, latitude=31.2, longitude=121.4, now=late)
    assert scans.tell_place(scan.pk, latitude=31.2, longitude=121.4, now=now)
    assert not scans.tell_place(scan.pk, latitude=39.9, longitude=116.4, now=now)


def test_single_scans_are_forgotten_and_the_counters_stay(board, now):
    scans.record_scan(board, visitor="a", now=now)
    scans.record_scan(board, visitor="a", now=now + dt.timedelta(days=20))
    assert scans.forget(now + dt.timedelta(days=32)) == 1
    assert ScanDay.objects.count() == 2
