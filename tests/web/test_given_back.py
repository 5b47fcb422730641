"""回传办理结果 on the screen: the button, the workbook made and fetched, the record as a workbook; the same for nobody else."""

from __future__ import annotations

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anxin.clues.models import Clue
from anxin.evidence import files
from anxin.evidence.models import JournalEntry
from anxin.local_law import queries as local_law
from anxin.referral import services
from anxin.referral.models import GivenBack
from tests.web.cases import a_clue

ADDRESS = "/clues/given-back"


@pytest.fixture
def referred(world, now) -> Clue:
    """A ticket of a list that was passed on."""
    clue = a_clue(world, now)
    services.refer(clue, by=world.inspector, now=now, law=local_law.current())
    return clue


def first_sheet(answer) -> list[list]:
    return CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_what_waits_is_shown_made_fetched_twice_the_same_and_is_then_gone(sign_in, referred):
    client = sign_in("inspector")
    assert ADDRESS in client.get("/clues").text
    with CaptureQueriesContext(connection) as asked:
        page = client.get(ADDRESS).text
    # of a granted extension one more is asked
    assert len(asked) < 15
    assert "GD-1" in page and "已派单，待签收" in page and "1 张工单" in page and "还没有生成过" in page
    after = client.post(f"{ADDRESS}/make", follow=True).text
    assert "已生成第" in after and "没有要回传的变化" in after
    given = GivenBack.objects.get()
    where = reverse("given-back-fetch", args=[given.pk])
    assert where in after
    answers = [client.get(where) for _ in range(2)]
    assert answers[0].content == answers[1].content == files.read(given.file)
    assert first_sheet(answers[0])[1][0] == "GD-1"
    assert JournalEntry.objects.filter(action="hotline.given_back_fetched").count() == 2
    record = first_sheet(client.get(f"{ADDRESS}/export.xlsx"))
    assert record[3][5:8] == ["GD-1", referred.number, "已派单，待签收"]
    assert "没有要回传的变化" in client.post(f"{ADDRESS}/make", follow=True).text
    assert GivenBack.objects.count() == 1


def test_who_answers_for_another_place_neither_sees_nor_makes_nor_fetches_it(sign_in, referred):
    sign_in("inspector").post(f"{ADDRESS}/make")
    given = GivenBack.objects.get()
    outsider = sign_in("outsider")
    assert "GD-1" not in outsider.get(ADDRESS).text
    assert "没有要回传的变化" in outsider.post(f"{ADDRESS}/make", follow=True).text
    assert outsider.get(reverse("given-back-fetch", args=[given.pk])).status_code == 404
    assert len(first_sheet(outsider.get(f"{ADDRESS}/export.xlsx"))) == 3
    assert sign_in("leader").get(reverse("given-back-fetch", args=[given.pk])).status_code == 200


def test_who_only_reads_has_no_button_and_no_page(sign_in, referred):
    clerk = sign_in("clerk")
    assert ADDRESS not in clerk.get("/clues").text
    assert clerk.get(ADDRESS).status_code == 403
    assert clerk.post(f"{ADDRESS}/make").status_code == 403
    assert not GivenBack.objects.exists()


def test_one_that_is_damaged_says_so_and_what_to_do(sign_in, referred, monkeypatch):
    client = sign_in("inspector")
    client.post(f"{ADDRESS}/make")

    def damaged(stored):
        raise files.FileDamaged("文件已损坏。")

    monkeypatch.setattr(files, "read", damaged)
    page = client.get(reverse("given-back-fetch", args=[GivenBack.objects.get().pk]), follow=True).text
    assert "文件已损坏。请联系系统管理员从备份恢复。" in page
    assert not JournalEntry.objects.filter(action="hotline.given_back_fetched").exists()


def test_a_platforms_list_is_chosen_and_answered_by_itself(sign_in, world, now):
    clue = a_clue(world, now, number="QG-1", 来源渠道="全国根治欠薪线索反映平台")
    services.refer(clue, by=world.inspector, now=now, law=local_law.current())
    client = sign_in("inspector")
    assert "QG-1" not in client.get(ADDRESS).text
    page = client.get(f"{ADDRESS}?channel=platform").text
    assert "QG-1.csv（1件有进展）" in page and "已派单，待签收" in page
    # no list chosen: which platform would it go to
    assert (
        "请先选择要回传哪一份清单"
        in client.post(f"{ADDRESS}/make", {"channel": "platform"}, follow=True).text
    )
    after = client.post(
        f"{ADDRESS}/make", {"channel": "platform", "list": clue.tellings.get().batch_id}, follow=True
    ).text
    assert "请下载后交给发来清单的平台导入" in after and "没有要回传的变化" in after
    given = GivenBack.objects.get()
    assert reverse("given-back-fetch", args=[given.pk]) in after
    assert reverse("given-back-fetch", args=[given.pk]) not in client.get(ADDRESS).text
    answer = client.get(reverse("given-back-fetch", args=[given.pk]))
    assert first_sheet(answer)[1][0] == "QG-1"
    assert first_sheet(client.get(f"{ADDRESS}/export.xlsx"))[3][0] == "国家和省级平台"
    outsider = sign_in("outsider")
    assert "QG-1" not in outsider.get(f"{ADDRESS}?channel=platform").text
    assert outsider.get(reverse("given-back-fetch", args=[given.pk])).status_code == 404
