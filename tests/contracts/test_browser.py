"""The clerk's contract pages in a real Chromium, wide and at phone width; and the contract that a phone reads aloud."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from anxin.contracts import drafting, signatures
from anxin.contracts.models import Contract
from anxin.evidence.journal import Actor
from anxin.workforce.site_codes import issue_site_code
from tests.contracts.conftest import start
from tests.monitoring import factories as make
from tests.support.browser import arrived, sign_in
from tests.web.public.test_browser import VOICE
from tests.web.test_browser import check

PASSWORD = "Dongtai-2026-xin"
State = Contract.State


@pytest.fixture(params=["page", "phone_page"])
def screen(request, transactional_db):
    return request.getfixturevalue(request.param)


@pytest.fixture
def lives(transactional_db, site) -> list[Contract]:
    """One that has run out, one that waits for the seal, one sent."""
    now = timezone.now()
    batch = start(site, now).batch
    drafting.make_batch(batch.pk, now=now)
    rows = list(batch.contracts.order_by("pk"))
    for serial in (1, 2):
        signatures.sign_at_counter(
            rows[serial - 1], id_number=make.id_number(serial), witness="王见证", consent=True, user=site.clerk, now=now
        )  # fmt: skip
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    begun = yesterday - dt.timedelta(days=300)
    Contract.objects.filter(pk=rows[0].pk).update(
        state=State.IN_FORCE, in_force_at=now, begins_on=begun, ends_on=yesterday
    )
    return rows


def test_every_page_of_contracts_fits_is_silent_and_usable(screen, lives, site):
    past, waits, sent = (one.pk for one in lives)
    sign_in(screen, "clerk", PASSWORD, lands_on=r"/employer/$")
    problems = []
    for address in (
        "/employer/contracts",
        "/employer/contracts/running",
        "/employer/contracts/new",
        f"/employer/contracts/new?project={site.project.pk}&kind=renewal&running=yes",
        "/employer/contracts/texts",
        "/employer/contracts/texts/edit",
        f"/employer/contracts/batches/{lives[0].batch_id}",
        f"/employer/contracts/{past}",
        f"/employer/contracts/{waits}",
        f"/employer/contracts/{sent}",
        f"/employer/contracts/{sent}/counter",
        f"/employer/contracts/seal?ids={waits}",
    ):
        problems += check(screen, address)
    assert problems == []
    seal = screen.get_by_role("button", name="看完了，确认盖章")
    expect(seal).to_be_disabled()
    screen.locator("#seal-end").scroll_into_view_if_needed()
    expect(seal).to_be_enabled()
    assert screen.script_errors == []


def test_a_phone_with_a_voice_reads_the_contract_aloud(phone_page, lives, site):
    code = issue_site_code(site.project, actor=Actor("user:1", "某人"), now=timezone.now()).code
    phone = phone_page
    phone.add_init_script(VOICE)
    phone.goto(f"/w/s/{code}")
    phone.get_by_label("您叫什么名字？").fill(lives[2].worker.name)
    phone.get_by_role("button", name="下一步").click()
    phone.get_by_label("身份证号的最后6位是多少？").fill(make.id_number(3)[-6:])
    phone.get_by_role("button", name="获取验证码").click()
    phone.get_by_label("请输入验证码").fill(phone.locator(".good strong").inner_text())
    phone.get_by_role("button", name="进入").click()
    arrived(phone, "1 份劳动合同等您")
    phone.goto(f"/w/contracts/{lives[2].pk}")
    aloud = phone.get_by_role("main").get_by_role("button", name="读给我听")
    aloud.click()
    expect(aloud).to_be_visible()  # it was 停下 meanwhile
    said = phone.evaluate("window.said")
    shown = [text.strip() for text in phone.locator(".contract-text [data-say]").all_inner_texts()]
    assert [one for one in said if one in shown] == shown  # every paragraph, in its order
    assert "每日300元" in "".join(said)
    assert phone.script_errors == []
