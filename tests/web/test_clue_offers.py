"""采用已有的证明 on the pages: masked, taken up once, exported, and only for who records money of the clue."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.clues.models import Clue
from anxin.local_law import queries as local_law
from anxin.referral import services
from anxin.referral.models import Recovered
from tests.monitoring import factories as make
from tests.monitoring.factories import id_number
from tests.web.cases import a_clue
from tests.web.test_warnings import text


@pytest.fixture
def clue(world, now):
    """Passed on, with one person of the list whom the bank paid since."""
    found = a_clue(world, now)
    Clue.objects.filter(pk=found.pk).update(project=world.here)
    found.refresh_from_db()
    services.refer(found, by=world.inspector, now=now, law=local_law.current())
    said = Said("甲工人21", id_number(21), amounts={"worker": 930_000})
    add_claimant(found, said, by=world.inspector, now=now)
    make.pay(make.line(world.here, "2026-10", make.worker(21), net_fen=930_000), paid_on="2026-11-20")
    return found


def at(name, clue):
    return reverse(name, args=[clue.pk])


def test_it_is_listed_masked_exported_and_counted_once(sign_in, clue):
    client = sign_in("inspector")
    page = text(client.get(at("clue-offers", clue)))
    assert "甲****" in page and "甲工人21" not in page and "¥9,300.00" in page and "银行回单" in page
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(at("clue-offers-export", clue)).content))
    cells = [cell for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert 9300.0 in cells and "甲****" in cells and "甲工人21" not in cells
    key = page.split('name="offer" value="')[1].split('"')[0]
    assert client.post(at("clue-offers-adopt", clue), {"offer": key}).status_code == 302
    again = client.post(at("clue-offers-adopt", clue), {"offer": key})
    assert again.status_code == 422 and "已经采用" in text(again)
    assert Recovered.objects.count() == 1


def test_who_lies_outside_finds_nothing(sign_in, clue):
    client = sign_in("outsider")
    assert client.get(at("clue-offers", clue)).status_code in (403, 404)
    assert client.post(at("clue-offers-adopt", clue), {"offer": "receipt:1"}).status_code in (403, 404)
    assert not Recovered.objects.exists()
