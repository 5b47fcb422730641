"""Papers made with a party on the screen: made from a matter, filled, signed on another device or on print, followed."""

from __future__ import annotations

import datetime as dt
import io
import re

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anxin.evidence.models import JournalEntry
from anxin.letters.models import PartyPaper
from anxin.typesetting.templates import template
from anxin.web import clock
from tests.web.cases import a_matter
from tests.web.test_warnings import text

DAY = dt.timedelta(days=1)


@pytest.fixture
def matter(world, now, home):
    return a_matter(world, now, employer=world.firm)


def typed(now, **changes) -> dict[str, str]:
    due = (now.date() + 10 * DAY).isoformat()
    example = {
        name: str(one) for name, one in template("rectification_pledge").example().items() if name != "items"
    }
    items = f"付清3名工人的工资 | {due} | 发放回单\n补签劳动合同 | {due} | 合同复印件"
    return example | {"issued_on": now.date().isoformat(), "items": items} | changes


@pytest.fixture
def paper(sign_in, matter) -> PartyPaper:
    sign_in("inspector").post(f"/matters/{matter.pk}/papers/new", {"party_kind": "rectification_pledge"})
    return PartyPaper.objects.get()


def closed(sign_in, paper, now) -> PartyPaper:
    client, at = sign_in("inspector"), f"/papers/{paper.pk}/act"
    officer = paper.signers.get()
    said = {"row": officer.pk, "side": "officer", "name": "陈明", "phone": "19900001111"}
    assert client.post(f"{at}/signer", said).status_code == 302
    said = {"side": "party", "name": "周大成", "phone": "19900008888"}
    assert client.post(f"{at}/signer", said).status_code == 302
    answer = client.post(f"/papers/{paper.pk}/edit", typed(now, version=str(paper.version), then="close"))
    assert answer.status_code == 302
    paper.refresh_from_db()
    return paper


def signs(client: Client, paper: PartyPaper, side: str) -> None:
    """The officer shows the code; the person opens it on the own telephone, reads, asks for a code and signs."""
    one = paper.signers.get(side=side)
    shown = text(client.post(f"/papers/{paper.pk}/act/link", {"row": one.pk}))
    address = re.search(r"https?://[^/]+(/xh/bl/[\w-]+)|href=\"[^\"]*(/[\w/]*bl/[\w-]+)\"", shown)
    path = address[1] or address[2]
    phone = Client()
    first = text(phone.get(path))
    assert "整改承诺书" in first
    assert "付清3名工人" not in first
    phone.post(path, {"word": "open"})
    assert "付清3名工人的工资" in text(phone.get(path))
    phone.post(path, {"word": "read"})
    code = re.search(r"验证码是 <strong>(\d+)", text(phone.post(path, {"word": "code"})))[1]
    assert "已签名" in text(phone.post(path, {"word": "sign", "code": code, "consent": "yes"}))


def test_a_pledge_is_made_from_the_matter_and_refused_with_what_is_missing(sign_in, matter, paper, now):
    client = sign_in("inspector")
    said = text(client.get(f"/matters/{matter.pk}/letters"))
    assert "笔录、承诺书、审批表" in said
    assert f"/papers/{paper.pk}" in said
    said = text(client.get(f"/papers/{paper.pk}"))
    assert "还要填" in said
    assert 'value="某建工公司"' in said
    answer = client.post(
        f"/papers/{paper.pk}/edit", typed(now, version="1", then="close", items="付清工资 | 下周")
    )
    assert answer.status_code == 422
    assert "付清工资 | 下周" in text(answer)  # nothing that was typed is lost
    answer = client.post(f"/papers/{paper.pk}/edit", typed(now, version="2"))  # the first was kept
    assert answer.status_code == 302
    assert client.get(f"/papers/{paper.pk}/paper.pdf").content.startswith(b"%PDF")
    answer = client.post(f"/papers/{paper.pk}/edit", typed(now, version="3", then="close"))
    assert "签名人里还没有承诺单位的代表" in text(answer)


def test_who_does_not_handle_the_matter_neither_makes_nor_opens_one(sign_in, matter, paper):
    kind = {"party_kind": "rectification_pledge"}
    assert sign_in("outsider").post(f"/matters/{matter.pk}/papers/new", kind).status_code == 404
    assert sign_in("clerk").post(f"/matters/{matter.pk}/papers/new", kind).status_code == 403
    assert sign_in("outsider").get(f"/papers/{paper.pk}").status_code == 404
    assert sign_in("outsider").get(f"/papers/{paper.pk}/paper.pdf").status_code == 404
    assert sign_in("clerk").get(f"/papers/{paper.pk}").status_code == 403
    listed = text(sign_in("clerk").get(f"/matters/{matter.pk}/letters"))
    assert "整改承诺书" in listed
    assert f"/papers/{paper.pk}" not in listed
    assert PartyPaper.objects.count() == 1


def test_signed_by_code_kept_and_followed_until_it_is_broken(
    sign_in, matter, paper, now, settings, monkeypatch
):
    monkeypatch.setattr("anxin.web.public.records.demo_data_loaded", lambda: True)
    paper, client = closed(sign_in, paper, now), sign_in("inspector")
    assert "文件里没有签名" in text(client.get(f"/papers/{paper.pk}"))
    refused = client.post(f"/papers/{paper.pk}/act/finish")
    assert (refused.status_code, "没有签名" in text(refused)) == (422, True)
    for side in ("party", "officer"):
        signs(client, paper, side)
    assert "已有2个签名，都在" in text(client.get(f"/papers/{paper.pk}"))
    assert client.post(f"/papers/{paper.pk}/act/finish").status_code == 302
    page = text(client.get(f"/matters/{matter.pk}"))
    assert "核对是否履行：整改承诺书第1项" in page
    assert "承诺的日期已过" not in page
    later = now + 11 * DAY
    monkeypatch.setattr(clock, "now", lambda: later)
    monkeypatch.setattr(clock, "today", later.date)
    assert "承诺的日期已过" in text(client.get(f"/matters/{matter.pk}"))
    one = paper.promises.order_by("number").first()
    at = f"/papers/{paper.pk}/act/promise"
    refused = client.post(at, {"row": one.pk, "outcome": "broken", "note": ""})
    assert (refused.status_code, "请写明核对的情况" in text(refused)) == (422, True)
    assert client.post(at, {"row": one.pk, "outcome": "broken", "note": "没有付款凭据"}).status_code == 302
    assert "对方承诺的事项没有履行" in text(client.get(f"/matters/{matter.pk}"))
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(f"/matters/{matter.pk}/papers/export.xlsx").content)
    ).active
    said = [[str(cell.value or "") for cell in row] for row in sheet.iter_rows()]
    assert any("没有履行" in row and "第1项" in row for row in said)
    assert JournalEntry.objects.filter(action="paper.seen").exists()


def test_printed_signed_by_hand_and_the_scan_attached(sign_in, matter, paper, now):
    paper, client = closed(sign_in, paper, now), sign_in("inspector")
    at, scan = f"/papers/{paper.pk}/act/scan", SimpleUploadedFile("扫描.pdf", b"%PDF-1.7 scan")
    refused = client.post(at, {"file": scan})
    assert (refused.status_code, "逐页核对" in text(refused)) == (422, True)
    assert "请选择签名原件" in text(client.post(at, {"compared": "on"}))
    scan = SimpleUploadedFile("扫描.pdf", b"%PDF-1.7 scan")
    assert client.post(at, {"file": scan, "compared": "on"}).status_code == 302
    said = text(client.get(f"/papers/{paper.pk}"))
    assert "扫描件已与定稿文件核对" in said
    assert "扫描.pdf" in text(client.get(f"/matters/{matter.pk}"))
