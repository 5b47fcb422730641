"""证据包 on a matter's page: the download, who may not, and the list of earlier ones."""

from __future__ import annotations

import io

import openpyxl
import pytest

from anxin.casework.models import Matter
from anxin.dossier.exporting import exports_of
from anxin.evidence.models import JournalEntry
from tests.proof.packages import judged
from tests.web.cases import a_matter
from tests.web.test_warnings import text


@pytest.fixture
def matter(world, now, home) -> Matter:
    return a_matter(world, now)


def test_the_button_gives_a_package_that_verifies_and_the_list_tells_of_it(sign_in, matter):
    client = sign_in("inspector")
    assert "下载证据包" in text(client.get(f"/matters/{matter.pk}"))
    answer = client.post(f"/matters/{matter.pk}/evidence/export")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    assert judged(answer.content).valid
    sha256 = exports_of(matter).get().after["sha256"]
    page = text(client.get(f"/matters/{matter.pk}/evidence"))
    assert sha256 in page
    assert "某inspector" in page
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/matters/{matter.pk}/evidence/list.xlsx").content)
    ).active
    assert any(sha256 in row for row in sheet.iter_rows(values_only=True))


def test_whole_numbers_need_a_purpose_and_nothing_typed_is_lost(sign_in, matter):
    client = sign_in("inspector")
    answer = client.post(f"/matters/{matter.pk}/evidence/export", {"full": "on", "purpose": "法"})
    assert answer.status_code == 422
    assert "请写明为什么" in text(answer)
    assert 'value="法"' in answer.content.decode()
    assert not exports_of(matter).exists()


@pytest.mark.parametrize(
    ("who", "sees", "status"), [("clerk", 200, 403), ("outsider", 404, 404), ("auditor", 403, 403)]
)
def test_who_may_not(sign_in, matter, who, sees, status):
    before = JournalEntry.objects.count()
    client = sign_in(who)
    page = client.get(f"/matters/{matter.pk}/evidence")
    assert page.status_code == sees
    assert "下载证据包" not in page.content.decode()
    assert client.post(f"/matters/{matter.pk}/evidence/export").status_code == status
    assert JournalEntry.objects.count() == before


def test_the_page_is_cheap(sign_in, matter, django_assert_max_num_queries):
    client = sign_in("inspector")
    client.post(f"/matters/{matter.pk}/evidence/export")
    with django_assert_max_num_queries(15):
        client.get(f"/matters/{matter.pk}/evidence")
