"""The pages of the signed tables: seen by the bureau, proposed as a workbook, signed by another."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anxin.referral.models import SignedTable, State


def workbook_of(client, sort: str) -> bytes:
    return client.get(reverse("referral-export", args=[sort])).content


def propose(client, sort: str, data: bytes):
    file = SimpleUploadedFile("表.xlsx", data)
    said = {"file": file, "region": "990101", "valid_from": "2026-11-20", "source_title": "办法"}
    return client.post(reverse("referral-propose", args=[sort]), said | {"source_number": "1号"})


def test_the_table_is_shown_in_words(sign_in, world):
    page = sign_in("inspector").get("/referral/routing").content.decode()
    assert (
        "谁主管谁负责，行业主管部门牵头" in page
        and "12345热线工单办理" in page
        and "hotline_12345" not in page
    )
    page = sign_in("clerk").get("/referral/conclusions").content.decode()
    assert "付款凭证或劳动者签收单" in page and "提出新的" not in page


def test_a_workbook_is_proposed_by_one_and_signed_by_another(sign_in, world):
    admin = sign_in("admin")
    answer = propose(admin, "routing", workbook_of(admin, "routing"))
    record = SignedTable.objects.get()
    assert answer["Location"] == reverse("referral-version", args=["routing", record.pk])
    page = admin.get(answer["Location"]).content.decode()
    assert "须由另一位有权限的同事签署" in page and "各行都相同" in page and "已逐行看过" not in page
    leader = sign_in("leader")
    assert "已逐行看过" in leader.get(answer["Location"]).content.decode()
    leader.post(reverse("referral-act", args=["routing", record.pk, "sign"]))
    record.refresh_from_db()
    assert record.state == State.CONFIRMED and record.confirmed_by_name == "某leader"


def test_a_file_that_is_no_table_comes_back_with_a_sentence(sign_in, world):
    answer = propose(sign_in("admin"), "routing", b"x,y\n1,2\n")
    assert answer.status_code == 422 and "请先下载现行的表" in answer.content.decode()
    assert not SignedTable.objects.exists()


def test_who_only_looks_cannot_propose(sign_in, world):
    client = sign_in("inspector")
    assert propose(client, "routing", workbook_of(client, "routing")).status_code == 403


def test_another_sort_does_not_exist(sign_in, world):
    assert sign_in("leader").get("/referral/nothing").status_code == 404
