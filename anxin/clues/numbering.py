"""Numbers of clues, without gaps or doubles: the series is locked until the clues that take them are written."""

from __future__ import annotations

from anxin.clues.models import ClueSeries

#: a clue is numbered by county, whatever street it lies in
_COUNTY = 6


def county(region_code: str) -> str:
    """The part of a place's code that numbers go by."""
    return region_code[:_COUNTY]


def next_numbers(*, region_code: str, year: int, count: int) -> list[str]:
    """``990102〔2026〕线索00001号`` and the following; inside the caller's transaction."""
    made, _ = ClueSeries.objects.get_or_create(region_code=county(region_code), year=year)
    series = ClueSeries.objects.select_for_update().get(pk=made.pk)
    first = series.last + 1
    series.last += count
    series.save(update_fields=["last"])
    return [f"{series.region_code}〔{year}〕线索{number:05d}号" for number in range(first, series.last + 1)]
