"""人员名单 on the pages: typed, listed by Excel, settled; each within what one may."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anxin.clues.models import Amount, Claimant
from anxin.evidence.imports import accept_batch
from anxin.evidence.journal import Actor
from anxin.evidence.models import ImportBatch, JournalEntry
from tests.monitoring.factories import id_number
from tests.web.cases import a_clue, a_picture


@pytest.fixture
def clue(world, now):
    return a_clue(world, now)


def body(answer) -> str:
    return answer.content.decode()


def act(client, clue, what, **said):
    return client.post(reverse("claimants-act", args=[clue.pk, what]), said)


def say(client, clue, **said):
    person = Claimant.objects.latest("pk").pk
    return client.post(reverse("claimant-act", args=[clue.pk, person, said.pop("what", "amount")]), said)


def listed(clue) -> SimpleUploadedFile:
    rows = ["姓名,身份证号,欠薪金额", f"钱某人,{id_number(1)},12000.50", "李某,990102198503070030,1000"]
    return SimpleUploadedFile("名单.csv", "\n".join(rows).encode())


def test_a_person_is_typed_shown_masked_and_counted(sign_in, clue):
    client = sign_in("inspector")
    said = {"name": "钱某人", "id_number": id_number(1), "worker": "1.2万", "contractor": "11000"}
    assert act(client, clue, "add", **said).status_code == 302
    page = body(client.get(reverse("claimants", args=[clue.pk])))
    assert "钱**" in page and "钱某人" not in page and id_number(1) not in page
    assert "¥12,000.00" in page and "说法不一" in page and "¥-1,000.00" in page.replace("-¥", "¥-")
    assert "1 人，看名单" in body(client.get(reverse("clue", args=[clue.pk])))


def test_a_refused_row_is_shown_with_what_was_typed(sign_in, clue):
    answer = act(sign_in("inspector"), clue, "add", name="钱某人", id_number="990102198503070030")
    assert answer.status_code == 422 and "校验" in body(answer) and 'value="钱某人"' in body(answer)


def test_a_list_is_looked_at_accepted_and_its_bad_row_comes_back(sign_in, clue, world, now):
    client = sign_in("inspector")
    answer = client.post(
        reverse("claimants-act", args=[clue.pk, "upload"]), {"file": listed(clue)}, follow=True
    )
    page = body(answer)
    assert "群体名单" in page and clue.number in page and "退回" in page and "种类选错了" not in page
    batch = ImportBatch.objects.latest("pk")
    actor = Actor(f"user:{world.inspector.pk}", str(world.inspector))
    accept_batch(batch.pk, actor=actor, now=now)
    result = body(client.get(reverse("import", args=[batch.pk])))
    assert reverse("claimants", args=[clue.pk]) in result and "已接收 1 行" in result
    again = client.post(
        reverse("claimants-act", args=[clue.pk, "upload"]), {"file": listed(clue)}, follow=True
    )
    assert "接收过，未作任何改动" in body(again) and Claimant.objects.count() == 1


def test_the_general_import_page_does_not_offer_the_list_of_a_clue(sign_in, world):
    assert "群体名单" not in body(sign_in("clerk").get(reverse("import-new")))


def test_a_sum_is_settled_with_a_reason_by_who_works_the_clue(sign_in, clue):
    client = sign_in("inspector")
    act(client, clue, "add", name="钱某人", worker="12000")
    refused = say(client, clue, source="settled", amount="11000")
    assert refused.status_code == 422 and "按什么定下" in body(refused)
    say(client, clue, source="settled", amount="11000.50", why="按考勤核算")
    assert "¥11,000.50" in body(client.get(reverse("claimants", args=[clue.pk])))
    assert Amount.objects.get(source="settled").fen == 1_100_050


def test_a_clerk_lists_but_settles_nothing(sign_in, clue):
    client = sign_in("clerk")
    act(client, clue, "add", name="钱某人", worker="12000")
    page = body(client.get(reverse("claimants", args=[clue.pk])))
    assert "谁说的" in page and "定下（要写理由）" not in page and "一次定下" not in page
    answer = say(client, clue, source="settled", amount="11000", why="按考勤核算")
    assert answer.status_code == 422 and "没有办理" in body(answer)


def test_all_open_sums_are_settled_by_one_side(sign_in, clue):
    client = sign_in("inspector")
    for name in ("钱某人", "李某"):
        act(client, clue, "add", name=name, inspector="1000")
    act(client, clue, "settle-all", source="inspector", why="按考勤核算")
    page = body(client.get(reverse("claimants", args=[clue.pk]), {"part": "open"}))
    assert "这一类没有人" in page and "已定 2 人" in page


def test_who_is_taken_out_stands_no_more_on_the_list(sign_in, clue):
    client = sign_in("inspector")
    act(client, clue, "add", name="钱某人")
    say(client, clue, what="remove", why="是另一工地的人")
    assert "还没有登记人员" in body(client.get(reverse("claimants", args=[clue.pk])))


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("auditor", 403)])
def test_another_district_or_duty_changes_nothing(sign_in, clue, who, status):
    client = sign_in(who)
    assert act(client, clue, "add", name="钱某人").status_code == status
    assert client.get(reverse("claimants", args=[clue.pk])).status_code == status
    assert not Claimant.objects.exists()


def test_a_person_of_another_clue_is_not_found_here(sign_in, clue, world, now):
    client = sign_in("inspector")
    act(client, clue, "add", name="钱某人")
    other = a_clue(world, now, "GD-2", "小区门口的路灯坏了一个星期，请尽快维修。")
    assert say(client, other, source="worker", amount="1").status_code == 404


def test_the_list_is_exported_masked_with_its_sums(sign_in, clue):
    client = sign_in("inspector")
    act(client, clue, "add", name="钱某人", id_number=id_number(1), worker="12000.50")
    act(client, clue, "add", name="李某", worker="100")
    answer = client.get(reverse("claimants-export", args=[clue.pk]))
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[2][5] == "工人自述（元）" and rows[-1][5] == 12100.5
    assert "钱某人" not in str(rows) and id_number(1) not in str(rows)


# --- a photographed list


def photograph(client, clue, data: bytes):
    sent = SimpleUploadedFile("名单.jpg", data, content_type="text/html")
    return client.post(reverse("claimants-act", args=[clue.pk, "photo"]), {"photo": sent}, follow=True)


def test_a_list_is_photographed_kept_once_and_typed_off_beside_it(sign_in, clue):
    client = sign_in("clerk")
    page = body(photograph(client, clue, a_picture()))
    kept = clue.list_photos.get()
    address = reverse("claimants-photo", args=[clue.pk, kept.pk])
    assert address in page and 'name="id_number"' in page
    shown = client.get(address)
    assert shown["Content-Type"] == "image/jpeg" and shown["X-Content-Type-Options"] == "nosniff"
    assert JournalEntry.objects.get(action="clue.list_photo_seen").object_id == str(clue.pk)
    assert "已经在了" in body(photograph(client, clue, a_picture())) and clue.list_photos.count() == 1


def test_what_is_no_picture_is_refused(sign_in, clue):
    answer = photograph(sign_in("inspector"), clue, b"<html><script>alert(1)</script></html>")
    assert answer.status_code == 422 and "不是能打开的照片" in body(answer)
    assert not clue.list_photos.exists()


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("auditor", 403)])
def test_another_district_or_duty_opens_no_photograph(sign_in, clue, who, status):
    photograph(sign_in("inspector"), clue, a_picture())
    address = reverse("claimants-photo", args=[clue.pk, clue.list_photos.get().pk])
    assert sign_in(who).get(address).status_code == status


# --- typed off a photograph


@pytest.fixture
def typing(sign_in, clue):
    """``(client, address)`` of the page beside the photograph that an inspector has just kept."""
    client = sign_in("inspector")
    kept = act(client, clue, "photo", photo=SimpleUploadedFile("名单.jpg", a_picture(), "image/jpeg"))
    return client, kept["Location"]


def table_of(*rows: tuple[str, str, str], unsure: str = "") -> dict[str, list[str] | str]:
    names, numbers, amounts = ([*one] for one in zip(*rows, strict=True))
    blank = [""] * len(rows)
    return {
        "source": "worker", "stated": "", "name": names, "id_number": numbers, "amount": amounts,
        "phone": blank, "trade": blank, "unsure": [unsure, *blank[1:]],
    }  # fmt: skip


def test_the_photograph_leads_to_the_table_beside_it_and_good_rows_go_in(typing):
    client, where = typing
    assert "对照照片录入" in client.get(where).text and "名单照片" in client.get(where).text
    told = table_of(("钱某人", id_number(1), "1.2万"), ("李某", "990102198503070030", "1000"))
    page = client.post(where, {**told, "what": "take"}, follow=True).text
    assert "新增1人" in page and "还有1行没有记入" in page and "990102198503070030" in page
    assert Claimant.objects.count() == 1 and Amount.objects.get().fen == 1_200_000


def test_a_draft_is_kept_while_typing_and_is_there_on_another_machine(typing, sign_in):
    client, where = typing
    assert client.post(where, {**table_of(("钱某人", "", "")), "what": "draft"}).status_code == 204
    assert 'value="钱某人"' in sign_in("inspector").get(where).text and not Claimant.objects.exists()


def test_a_cell_to_be_looked_at_is_marked_and_holds_its_row_back(typing):
    client, where = typing
    told = table_of(("钱某人", id_number(1), "1200"), unsure="name,amount,nonsense")
    page = client.post(where, {**told, "what": "take"}, follow=True).text
    assert (
        page.count("is-unsure") == 2
        and "姓名、金额（元）是机器读的" in page
        and not Claimant.objects.exists()
    )
