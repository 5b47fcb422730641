"""The national regions: complete, in order, and loaded as often as one likes."""

import csv
from pathlib import Path

import pytest

import anxin.registry.services as services
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.registry.models import Region

FILE = Path(services.__file__).parent / "data" / "regions.csv"


def rows():
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_region_stands_after_its_parent_and_extends_its_code():
    seen = set()
    for row in rows():
        assert row["code"] not in seen
        assert not row["parent"] or (row["parent"] in seen and row["code"].startswith(row["parent"]))
        assert row["name"]
        seen.add(row["code"])


def test_the_file_holds_34_provinces_and_no_code_of_the_invented_range():
    codes = [row["code"] for row in rows()]
    assert sum(len(code) == 2 for code in codes) == 34
    assert not [code for code in codes if code.startswith("99")]


@pytest.mark.django_db
def test_loading_twice_equals_loading_once(now):
    changed = services.load_regions(now)
    entries = JournalEntry.objects.count()
    assert changed == Region.objects.count() == len(rows())
    assert services.load_regions(now) == 0
    assert JournalEntry.objects.count() == entries


@pytest.mark.django_db
def test_a_renamed_county_takes_its_new_name_and_own_streets_stay(now, actor):
    services.load_regions(now)
    Region.objects.filter(code="440402").update(name="旧名")
    services.record_regions([("440402003", "某街道", "440402")], actor=actor, now=now)
    assert services.load_regions(now) == 1
    assert Region.objects.get(code="440402").name == "香洲区"
    assert Region.objects.get(code="440402003").parent_id == "440402"


@pytest.mark.django_db
@pytest.mark.parametrize("row", [("99A1", "x", ""), ("990199", "x", "9901"), ("9801", "x", "99")])
def test_a_code_that_does_not_fit_its_parent_is_refused(row, now, actor):
    services.record_regions([("99", "演示省", "")], actor=actor, now=now)
    with pytest.raises(Refused, match="地区"):
        services.record_regions([row], actor=actor, now=now)
    assert Region.objects.count() == 1
