"""What every answer carries, and the pages for when something is wrong."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from anxin.evidence.models import JournalEntry
from anxin.registry.models import Region
from anxin.web.middleware import CONTENT_SECURITY
from tests.web.test_warnings import text

PAGES = [
    "/",
    "/tasks",
    "/matters",
    "/matters/new",
    "/matters/new?procedure=inspection_case",
    "/warnings",
    "/projects",
    "/workers",
    "/imports",
    "/imports/new",
    "/system/sweeps",
    "/account",
    "/notices",
    "/notices/settings",
    "/law",
    "/law/values/inspection.investigation_days",
    "/law/deadline?key=inspection.investigation_days&start=2026-09-25",
    "/law/statutes",
    "/law/procedures",
    "/law/procedures/inspection_case",
]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_forbids_inline_code_and_holds_none(page, sign_in, world):
    answer = sign_in("inspector").get(page)
    assert answer["Content-Security-Policy"] == CONTENT_SECURITY
    assert "unsafe" not in CONTENT_SECURITY
    assert answer["Cache-Control"] == "no-store"
    body = answer.content.decode()
    assert not re.search(r"\sstyle=|\son\w+=\"|javascript:", body)
    inline = re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", body)
    assert inline == []


@pytest.mark.parametrize("page", PAGES)
def test_every_field_has_its_label(page, sign_in, world):
    body = sign_in("inspector").get(page).content.decode()
    labelled = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', body))
    for tag in re.findall(r"<(?:input|select|textarea)\b[^>]*>", body):
        if 'type="hidden"' in tag or "aria-label=" in tag or 'type="checkbox"' in tag:
            continue
        found = re.search(r'\bid="([^"]+)"', tag)
        assert found, tag
        assert found[1] in labelled, tag


def test_what_is_not_there_says_so_in_chinese(sign_in, world):
    answer = sign_in("inspector").get("/warnings/999999")
    assert answer.status_code == 404
    assert "不存在，或不在您的管辖范围内" in answer.content.decode()


def test_what_one_may_not_says_whom_to_ask(sign_in, world):
    answer = sign_in("clerk").get("/system/people")
    assert answer.status_code == 403
    assert "系统管理员" in answer.content.decode()


def test_a_failure_shows_a_calm_page(world, monkeypatch, people):
    from anxin.web.bureau import home

    monkeypatch.setattr(home, "counts", lambda *_, **__: 1 / 0)
    client = Client(raise_request_exception=False)
    client.force_login(people["inspector"], backend="anxin.accounts.backends.PeopleBackend")
    answer = client.get("/")
    assert answer.status_code == 500
    assert "数据没有改动" in answer.content.decode()


def test_a_body_that_is_too_large_is_refused_before_it_is_read(sign_in, world, settings):
    settings.ANXIN_UPLOAD_LIMIT = 1024
    answer = sign_in("inspector").post(
        "/imports/new", b"x" * (2 * 1024 * 1024), content_type="application/octet-stream"
    )
    assert answer.status_code == 413
    assert "没有接收" in answer.content.decode()


def test_the_demonstration_city_is_named_on_every_page_and_only_then(sign_in, world):
    client = sign_in("inspector")
    assert "演示数据" in client.get("/warnings").content.decode()
    # Real regions only: the banner is gone.
    from anxin.registry.models import Project

    Region.objects.create(code="110101", name="某区")
    Project.objects.update(region="110101")
    Region.objects.filter(code__startswith="99").delete()
    assert "演示数据" not in client.get("/account").content.decode()


def test_the_menu_holds_only_doors_that_open(sign_in, world):
    for role in ("leader", "inspector", "clerk", "auditor", "admin"):
        client = sign_in(role)
        body = client.get("/account").content.decode()
        for address in set(re.findall(r'class="door[^"]*" href="([^"]+)"', body)):
            assert client.get(address, follow=True).status_code == 200, (role, address)


def test_somebody_without_a_role_is_told_so(sign_in, world):
    page = sign_in("nobody").get("/", follow=True).content.decode()
    assert "还没有授权" in page


def test_searching_finds_project_employer_and_warning(sign_in, world):
    client = sign_in("inspector")
    assert (
        client.post("/search", {"text": str(world.warning.pk)})["Location"] == f"/warnings/{world.warning.pk}"
    )
    assert client.post("/search", {"text": "HERE"})["Location"] == f"/projects/{world.here.pk}"
    assert "某建工公司" in client.post("/search", {"text": "某建工"}).content.decode()
    assert "没有找到" in client.post("/search", {"text": "西河"}).content.decode()


def test_an_id_number_never_stands_in_an_address(sign_in, world):
    number = world.workers[0].id_number
    number = number.open() if hasattr(number, "open") else number
    for page, field in (("/search", "text"), ("/workers", "id_number")):
        answer = sign_in("inspector").post(page, {field: number})
        assert answer["Location"] == f"/workers/{world.workers[0].pk}"
    assert JournalEntry.objects.filter(action="person.looked_up").count() == 2
    outside = sign_in("outsider").post("/workers", {"id_number": number}, follow=True)
    assert "没有找到这个身份证号" in outside.content.decode()
    wrong = sign_in("inspector").post("/search", {"text": number[:17] + "0"}, follow=True)
    assert number[:17] not in wrong.content.decode()
    assert all(number not in str((entry.summary, entry.after)) for entry in JournalEntry.objects.all())


def test_an_office_without_projects_is_told_where_to_begin(sign_in, people):
    client = sign_in("inspector")
    home = text(client.get("/"))
    assert "辖区内还没有登记项目" in home
    assert 'href="/projects/new"' in home
    assert "请先" in text(client.get("/imports/new"))
    assert "项目由录入员或监察员登记" in text(sign_in("leader").get("/"))


def test_the_address_of_a_button_opened_by_hand_says_so(sign_in, world):
    answer = sign_in("inspector").get(f"/warnings/{world.warning.pk}/acknowledge")
    assert answer.status_code == 405
    assert "不能直接打开" in text(answer)
