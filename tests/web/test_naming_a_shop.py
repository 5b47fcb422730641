"""A shop without any construction site is named in a matter, an emergency and a clue by the officers of its place only."""

from __future__ import annotations

import pytest

from anxin.casework.models import Matter
from anxin.clues.models import Clue
from anxin.enforcement.models import Emergency
from anxin.registry.models import Employer, Organisation
from tests.web.test_clue_new import said  # noqa: F401
from tests.web.test_emergencies import CALL
from tests.web.test_warnings import text

MATTER = {"title": "服务员反映欠薪", "on": "2026-11-18"}
OPEN = "/matters/new?procedure=complaint_intake"


@pytest.fixture
def shop(world):
    Organisation.objects.filter(code="HR").update(region=world.here.region)
    return Employer.objects.create(uscc="91990101MA0000777X", name="老码头餐饮店", region=world.here.region)


def test_a_matter_is_opened_about_it(sign_in, world, shop):
    typed = MATTER | {"region": "990101", "lead": world.body.pk, "about_text": "老码头"}
    assert sign_in("inspector").post(OPEN, typed).status_code == 302
    assert (Matter.objects.get().employer, Matter.objects.get().project) == (shop, None)


def test_the_form_offers_it_here_and_not_to_another_district(sign_in, world, shop):
    for asked in ("老码头", shop.uscc):
        assert f'value="employer:{shop.pk}"' in text(
            sign_in("inspector").get(f"/matters/find?about_text={asked}")
        )
        assert "没有找到" in text(sign_in("outsider").get(f"/matters/find?about_text={asked}"))


def test_another_district_cannot_name_it_by_its_number_either(sign_in, world, shop):
    there = {
        "region": "990102",
        "lead": world.body.pk,
        "about_text": "老码头",
        "about": f"employer:{shop.pk}",
    }
    answer = sign_in("outsider").post(OPEN, MATTER | there)
    assert answer.status_code == 422 and "辖区内没有找到" in text(answer)
    assert not Matter.objects.exists()


def test_a_name_that_is_only_alike_is_asked_about_before_it_is_taken(sign_in, world, shop):
    typed = MATTER | {"region": "990101", "lead": world.body.pk, "about_text": "老马头餐饮店"}
    answer = sign_in("inspector").post(OPEN, typed)
    assert answer.status_code == 422 and "没有完全相同的名称" in text(answer)
    assert f'value="employer:{shop.pk}"' in text(answer) and not Matter.objects.exists()
    sign_in("inspector").post(OPEN, typed | {"about": f"employer:{shop.pk}"})
    assert Matter.objects.get().employer == shop


def test_an_emergency_and_a_clue_name_it(sign_in, world, shop, said, now):  # noqa: F811
    client = sign_in("inspector")
    client.post("/emergencies/new", CALL | {"about_text": "老码头餐饮店"})
    assert Emergency.objects.get().matter.employer == shop
    client.post("/clues/new", said | {"about_text": "老码头", "on": f"{now.date()}"})
    assert Clue.objects.get().employer == shop


def test_the_search_above_all_pages_leads_to_its_page(sign_in, world, shop):
    found = text(sign_in("inspector").post("/search", {"text": "老码头"}))
    assert f'href="/employers/{shop.pk}"' in found
    assert "老码头餐饮店" not in text(sign_in("outsider").post("/search", {"text": "老码头"}))
