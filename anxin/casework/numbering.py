"""Numbers without gaps or doubles: the series is locked until the matter that takes the number is written."""

from __future__ import annotations

from anxin.casework.models import NumberSeries


def next_number(*, region_code: str, year: int, procedure: str, name: str) -> str:
    """``990102〔2026〕程序名0001号``; inside the caller's transaction, which takes it back when it fails."""
    made, _ = NumberSeries.objects.get_or_create(region_code=region_code, year=year, procedure=procedure)
    series = NumberSeries.objects.select_for_update().get(pk=made.pk)
    series.last += 1
    series.save(update_fields=["last"])
    return f"{region_code}〔{year}〕{name}{series.last:04d}号"
