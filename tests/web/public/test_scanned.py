"""What a scanned code opens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.urls import reverse

from anxin.channels import codes, scans, tokens
from anxin.channels.models import Scan, ScanDay
from anxin.workforce.site_codes import issue_site_code

pytestmark = pytest.mark.django_db
#: bytes of the first page with style sheets and scripts, before any compression
FIRST_PAGE = 60 * 1024


def scan(phone, code, **more):
    return phone.get(reverse("public:scanned", args=[tokens.token_of(code.pk)]), more)


def test_a_scanned_board_names_the_site_and_its_firms(phone, board):
    page = scan(phone, board)
    assert page.status_code == 200
    for text in ("东台安置房工程", "某城投公司", "某建工公司"):
        assert text in page.text


def test_a_scan_is_counted_and_needs_no_cookie(phone, board):
    page = scan(phone, board)
    assert ScanDay.objects.get().scans == 1
    assert not page.cookies


def test_a_database_that_is_too_busy_to_count_keeps_nobody_from_the_page(phone, board, monkeypatch):
    def busy(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(scans, "record_scan", busy)
    page = scan(phone, board)
    assert page.status_code == 200
    assert "反映欠薪" in page.text and "大概位置" not in page.text


def test_a_site_that_was_chosen_by_name_is_no_scan(phone, board):
    assert scan(phone, board, chosen=1).status_code == 200
    assert not ScanDay.objects.exists()


def test_the_first_page_stays_within_sixty_kilobytes(phone, board):
    page = scan(phone, board)
    parts = re.findall(r'(?:href|src)="/static/([^"?]+\.(?:css|js|svg))', page.text)
    size = len(page.content) + sum(Path(finders.find(part)).stat().st_size for part in parts)
    assert {part.rpartition(".")[2] for part in parts} == {"css", "js", "svg"}
    assert size <= FIRST_PAGE, size


def test_the_page_runs_no_script_of_its_own_and_no_strangers(phone, board):
    page = scan(phone, board)
    policy = page["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=|https?://", page.text)


def test_style_and_script_are_kept_by_the_phone(phone, board):
    for address in re.findall(r'"(/static/[^"]+\?v=[0-9a-f]{8})"', scan(phone, board).text):
        answer = phone.get(address)
        assert answer.status_code == 200
        assert "max-age=31536000" in answer["Cache-Control"] and "immutable" in answer["Cache-Control"]


def test_the_page_itself_is_not_kept(phone, board):
    assert scan(phone, board)["Cache-Control"] == "no-store"


def test_a_forged_code_is_told_politely_and_goes_on(phone, board):
    token = tokens.token_of(board.pk)
    page = phone.get(reverse("public:scanned", args=[token[:-1] + ("a" if token[-1] != "a" else "b")]))
    assert page.status_code == 404
    assert "不是我们发的" in page.text
    assert reverse("public:choose") in page.text
    assert "东台" not in page.text
    assert not Scan.objects.exists()


def test_a_replaced_code_asks_for_the_site_anew(phone, board, actor, now):
    (new,) = codes.rotate([board], reason="丢失", actor=actor, now=now)
    page = scan(phone, board)
    assert page.status_code == 200
    assert "已经换了新的" in page.text
    assert tokens.token_of(new.pk) not in page.text
    assert ScanDay.objects.get().code == board  # that the old one still hangs somewhere is seen


def test_typed_letters_of_the_board_lead_to_the_site(phone, board, sites, actor, now):
    letters = issue_site_code(sites.here, actor=actor, now=now).code
    answer = phone.get(reverse("public:choose"), {"q": letters.lower()})
    assert answer.status_code == 302
    assert "东台安置房工程" in phone.get(answer["Location"]).text


def test_a_part_of_the_name_shows_the_sites_it_may_be(phone, board):
    page = phone.get(reverse("public:choose"), {"q": "安置房"})
    assert "东台安置房工程" in page.text
    assert reverse("public:scanned", args=[tokens.token_of(board.pk)]) in page.text


def test_one_letter_lists_no_city(phone, board):
    page = phone.get(reverse("public:choose"), {"q": "东"})
    assert "东台安置房工程" not in page.text
    assert "没有找到" in page.text


def place(phone, page, board, **told):
    visit = re.search(r'data-visit="([^"]+)"', page.text)[1]
    address = reverse("public:scanned-place", args=[tokens.token_of(board.pk)])
    return phone.post(address, {"visit": visit, "latitude": "39.90", "longitude": "116.40", **told})


def test_a_phone_may_tell_its_rough_place(phone, board):
    assert place(phone, scan(phone, board), board).status_code == 204
    assert ScanDay.objects.get().far == 1


@pytest.mark.parametrize("told", [{"visit": "1"}, {"latitude": "north"}])
def test_a_place_that_nobody_scanned_for_is_refused(told, phone, board):
    assert place(phone, scan(phone, board), board, **told).status_code == 422
    assert ScanDay.objects.get().far == 0


def test_only_a_scan_may_ask_for_the_place(phone, board):
    assert "geolocation=(self)" in scan(phone, board)["Permissions-Policy"]
    assert "geolocation=()" in scan(phone, board, chosen=1)["Permissions-Policy"]


def test_a_mistyped_address_leads_a_worker_on_and_an_officer_back(client, sign_in, settings):
    settings.DEBUG = False
    stranger = client.get("/r/没有这一页")
    assert stranger.status_code == 404
    page = stranger.text
    assert 'href="/s/"' in page and "反映欠薪、查进度" in page and "工作台" not in page
    officer = sign_in("inspector").get("/r/没有这一页")
    assert officer.status_code == 404
    assert "回到工作台" in officer.text and 'href="/s/"' not in officer.text
