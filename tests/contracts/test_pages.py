"""The pages of clerk, worker and officer: what each may, beside what does not exist for others."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from anxin.contracts import drafting, seals
from anxin.contracts.models import Contract
from anxin.evidence.models import JournalEntry
from anxin.sheets import read_workbook
from anxin.web import clock
from anxin.workforce.site_codes import issue_site_code
from tests.contracts.conftest import SHARED, enrolments
from tests.monitoring import factories as make

PASSWORD = "Dongtai-2026-xin"
State = Contract.State


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch, now):
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", now.date)


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="anxin.accounts.backends.PeopleBackend")
    return client


def text(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def own(worker, project) -> Client:
    """A phone on which this worker has signed in."""
    client = Client()
    session = client.session
    session["worker"] = {"worker": worker.pk, "project": project.pk, "until": "2027-01-01T00:00:00+08:00"}
    session.save()
    return client


def test_clerk_sends_worker_signs_clerk_seals_and_the_bureau_sees_it(site, now):
    clerk, officer = signed_in(site.clerk), signed_in(site.inspector)
    assert "3 人在工地干活没有劳动合同" in text(officer.get("/labour-contracts"))
    page = clerk.get(f"/employer/contracts/new?project={site.project.pk}")
    assert "还没有在这里签合同的 3 人" in text(page)
    form = {**SHARED, "project": site.project.pk, "kind": "new", "ids": enrolments(site), "send": "on"}
    made = clerk.post("/employer/contracts/new", form)
    batch = Contract.objects.first().batch
    assert made["Location"] == reverse("employer:contract-batch", args=[batch.pk])
    assert "正在生成" in text(clerk.get(made["Location"]))
    assert DBTaskResult.objects.filter(task_path__endswith="make_batch_task").count() == 1
    drafting.make_batch(batch.pk, now=now)
    assert "已发送 3 份" in text(clerk.get(made["Location"]))

    contract = batch.contracts.order_by("pk").first()
    phone = own(contract.worker, site.project)
    address = f"/w/contracts/{contract.pk}"
    assert "1 份劳动合同等您" in text(phone.get("/w/"))
    assert "每日300元" in text(phone.get(address))
    assert phone.get(f"{address}/sign")["Location"] == address  # not before it was read
    assert phone.post(address, {"word": "read"})["Location"] == f"{address}/sign"
    shown = re.search(r"验证码是 (\d{6})", text(phone.post(f"{address}/sign", {"word": "code"})))[1]
    refused = phone.post(f"{address}/sign", {"word": "sign", "code": shown})
    assert refused.status_code == 422
    assert "请先勾选" in text(refused)
    wrong = "000000" if shown != "000000" else "111111"
    assert phone.post(f"{address}/sign", {"word": "sign", "code": wrong, "consent": "yes"}).status_code == 422
    signed = phone.post(f"{address}/sign", {"word": "sign", "code": shown, "consent": "yes"})
    assert signed["Location"] == address
    assert "等单位盖章" in text(phone.get(address))

    laid = clerk.post("/employer/contracts/seal", {"all": "signed"})
    assert "每日300元" in text(laid)
    said = {"all": "signed", "word": "seal", "seen": laid.context["laid"].digest}
    bad = clerk.post("/employer/contracts/seal", {**said, "password": "x"})
    assert (bad.status_code, "密码不对" in text(bad)) == (422, True)
    done = clerk.post("/employer/contracts/seal", {**said, "password": PASSWORD}, follow=True)
    assert "已确认1份" in text(done)
    assert seals.seal_asked(now=now) == 1
    said = text(phone.get(address))
    assert "双方都已签，合同有效" in said
    assert "文件完整，签署以后一个字也没有改动过" in said
    got = phone.get(f"{address}/file")
    assert got.content.startswith(b"%PDF")
    assert JournalEntry.objects.filter(action="contract.downloaded").count() == 1
    assert "证书可信" in text(clerk.get(f"/employer/contracts/{contract.pk}"))
    assert "2 人在工地干活没有劳动合同" in text(officer.get("/labour-contracts"))
    assert contract.worker.name in text(officer.get(f"/labour-contracts/{site.project.pk}?part=here"))
    assert contract.worker.name not in text(officer.get(f"/labour-contracts/{site.project.pk}"))
    ended = clerk.post(
        f"/employer/contracts/{contract.pk}",
        {"reason": "agreed", "ended_on": "2026-11-20", "words": "工资已结清，双方同意"},
    )
    assert ended.status_code == 302
    assert "至少到 2028-11-20" in text(clerk.get(f"/employer/contracts/{contract.pk}"))


def test_nobody_elses_contract_exists(sent, site):
    address = f"/employer/contracts/{sent[0].pk}"
    stranger, officer, elsewhere = (
        signed_in(site.stranger),
        signed_in(site.inspector),
        signed_in(site.outsider),
    )
    for path in (
        address,
        f"{address}/file",
        f"{address}/counter",
        f"/employer/contracts/batches/{sent[0].batch_id}",
    ):
        assert stranger.get(path).status_code == 404
        assert officer.get(path).status_code == 403
        assert signed_in(site.clerk).get(path).status_code == 200
    assert elsewhere.get(f"/labour-contracts/{site.project.pk}").status_code == 404
    assert site.project.name not in text(elsewhere.get("/labour-contracts"))
    other = own(sent[1].worker, site.project)
    for path in ("", "/sign", "/file"):
        assert other.get(f"/w/contracts/{sent[0].pk}{path}").status_code == 404


def test_a_code_on_another_device_opens_for_the_right_person_only(sent, site, actor, now):
    code = issue_site_code(site.project, actor=actor, now=now).code
    address = f"/w/c/{sent[0].token}"
    stranger = Client()
    assert stranger.get(address)["Location"] == f"/w/s/{code}"
    assert own(sent[0].worker, site.project).get(address)["Location"] == f"/w/contracts/{sent[0].pk}"
    refused = own(sent[1].worker, site.project).get(address)
    assert refused.status_code == 403
    assert "不是您的" in text(refused)
    assert sent[0].worker.name not in text(refused)
    assert Client().get("/w/c/nothing-of-the-kind")["Location"] == "/w/sign-in"
    assert own(sent[1].worker, site.project).get("/w/c/nothing-of-the-kind").status_code == 404


def test_after_scanning_whoever_signs_in_as_another_is_told(sent, site, actor, now):
    issue_site_code(site.project, actor=actor, now=now)
    for serial, expected in ((1, 302), (2, 403)):
        client = Client()
        client.get(f"/w/c/{sent[0].token}", follow=True)
        client.post("/w/sign-in/name", {"name": site.people[serial - 1].name})
        client.post("/w/sign-in/digits", {"digits": make.id_number(serial)[-6:]})
        answer = client.post("/w/sign-in/code", {"code": client.session["worker-sign-in"]["shown"]})
        assert answer.status_code == expected
        if expected == 302:
            assert answer["Location"] == f"/w/contracts/{sent[0].pk}"


def test_the_counter_shows_the_text_and_takes_card_and_witness(sent, site):
    clerk, address = signed_in(site.clerk), f"/employer/contracts/{sent[0].pk}/counter"
    shown = text(clerk.get(address))
    assert "每日300元" in shown
    assert make.id_number(1) not in shown  # it is typed from the card
    wrong = clerk.post(address, {"id_number": make.id_number(2), "witness": "王见证", "consent": "on"})
    assert "不能代签" in text(wrong)
    right = clerk.post(address, {"id_number": make.id_number(1), "witness": "王见证", "consent": "on"})
    assert right.status_code == 302
    sent[0].refresh_from_db()
    assert sent[0].state == State.WORKER_SIGNED


def test_the_bureaus_window_serves_its_own_sites_only(sent, site):
    address = f"/labour-contracts/counter/{sent[0].pk}"
    said = {"id_number": make.id_number(1), "witness": "王见证", "consent": "on"}
    assert signed_in(site.outsider).post(address, said).status_code == 404
    assert signed_in(site.clerk).post(address, said).status_code == 403
    officer = signed_in(site.inspector)
    assert "当面签" in text(officer.get(f"/labour-contracts/{site.project.pk}"))
    assert officer.get(address).status_code == 200
    assert officer.post(address, said)["Location"] == f"/labour-contracts/{site.project.pk}"


def test_a_no_on_the_phone_reaches_the_clerk(sent, site):
    phone = own(sent[0].worker, site.project)
    phone.post(f"/w/contracts/{sent[0].pk}", {"word": "no", "words": "说好的是三百五"})
    assert "说好的是三百五" in text(signed_in(site.clerk).get("/employer/contracts?state=refused"))


def test_own_text_is_refused_with_its_articles_and_keeps_what_was_typed(site):
    clerk = signed_in(site.clerk)
    refused = clerk.post("/employer/contracts/texts/edit", {"name": "短", "body": "甲方雇乙方。"})
    assert refused.status_code == 422
    assert "第十七条第一款第三项" in text(refused)
    assert "甲方雇乙方。" in refused.content.decode()
    start = clerk.get("/employer/contracts/texts/edit").context["body"]
    assert clerk.post("/employer/contracts/texts/edit", {"name": "全", "body": start}).status_code == 302
    assert "全（第1版）" in text(clerk.get("/employer/contracts/texts"))
    assert "全（第1版）" not in text(signed_in(site.stranger).get("/employer/contracts/texts"))


def test_lists_go_to_excel(sent, site):
    book = read_workbook(signed_in(site.clerk).get("/employer/contracts/export.xlsx").content, "x.xlsx")
    cells = [str(cell) for row in book.sheets[0].rows for cell in row]
    assert sent[0].number in cells
    for client, path in (
        (signed_in(site.inspector), "/labour-contracts/export.xlsx"),
        (signed_in(site.inspector), f"/labour-contracts/{site.project.pk}/export.xlsx"),
        (signed_in(site.clerk), "/employer/contracts/texts/export.xlsx"),
    ):
        assert client.get(path).content.startswith(b"PK")
