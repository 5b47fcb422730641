"""清偿责任 on a project: the sentence, the chain, branches, recording facts, the export, and who may."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.urls import reverse

from anxin.liability.models import LiabilityFact
from anxin.registry.models import Employer, Participation
from tests.web.test_warnings import text


@pytest.fixture
def site(world):
    """The project here with an owner above its contractor."""
    owner = Employer.objects.create(uscc="91990101MA0000001P", name="某建设单位")
    Participation.objects.create(project=world.here, employer=owner, role="owner")
    return world.here


@pytest.fixture
def address(site):
    return lambda name="project-liability", *parts: reverse(name, args=[site.pk, *parts])


def _fact(**changes):
    values = {
        "subject": "某建工公司",
        "status": "disputed",
        "value_1": "900000",
        "by_1": "某建工公司",
        "value_2": "1000000",
        "by_2": "某建设单位",
        "document": "付款凭证",
        "since": "2026-11-01",
    }
    return {**values, **changes}


def test_page_says_first_who_owes_and_who_pays_and_shows_the_chain(site, address, sign_in):
    shown = text(sign_in("inspector").get(address()))
    assert "某建工公司拖欠3人工资24,000.00元" in shown
    assert 'chain-role">施工总承包单位</span><strong>某建工公司<' in shown
    assert "《保障农民工工资支付条例》第十六条" in shown


def test_open_facts_stand_side_by_side_with_the_paper_that_decides(site, address, sign_in):
    shown = text(sign_in("inspector").get(address()))
    assert "种情形并列" in shown
    assert "保函原件或者存款证明" in shown


def test_a_recorded_dispute_opens_its_branches_and_shows_who_says_so(site, address, sign_in):
    client = sign_in("inspector")
    due = _fact(status="known", value_1="1000000", value_2="", by_1="", by_2="")
    assert client.post(address("liability-fact", "due"), due).status_code == 302
    assert client.post(address("liability-fact", "paid"), _fact()).status_code == 302
    assert LiabilityFact.objects.filter(project=site).count() == 2
    shown = text(client.get(address()))
    assert "900,000.00元（某建工公司）" in shown
    assert "由某建设单位先行垫付，最多24,000.00元" in shown


def test_what_the_service_refuses_stands_beside_its_field(site, address, sign_in):
    answer = sign_in("inspector").post(address("liability-fact", "paid"), _fact(value_2="一百"))
    assert answer.status_code == 422
    assert "不是金额" in text(answer)
    assert not LiabilityFact.objects.exists()


@pytest.mark.parametrize("kind", ["lawful", "above", "form", "means", "labour_paid", "owed"])
def test_every_sort_of_form_opens_with_what_was_recorded(kind, site, address, sign_in):
    assert (
        sign_in("inspector").get(address("liability-fact", kind) + "?subject=某建工公司").status_code == 200
    )


def test_a_kind_that_does_not_exist_is_no_page(site, address, sign_in):
    assert sign_in("inspector").get(address("liability-fact", "colour")).status_code == 404


def test_a_withdrawn_fact_disappears_from_the_page(site, address, sign_in):
    client = sign_in("inspector")
    client.post(address("liability-fact", "paid"), _fact())
    fact = LiabilityFact.objects.get()
    assert client.post(address("liability-fact-withdraw", fact.pk)).status_code == 302
    assert "900,000.00元（某建工公司）" not in text(client.get(address()))


def test_the_export_holds_every_step_of_every_branch(site, address, sign_in):
    answer = sign_in("inspector").get(address("project-liability-export"))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "先行垫付" in cells
    assert "《保障农民工工资支付条例》第二十九条第二款" in cells


def test_another_day_can_be_asked_for_and_nonsense_means_today(site, address, sign_in):
    client = sign_in("inspector")
    assert "没有到期未发的工资" in text(client.get(address() + "?on=2026-10-01"))
    assert "截至 2026-11-20" in text(client.get(address() + "?on=tomorrow"))
    assert "截至 2026-11-20" in text(client.get(address() + "?on=2027-01-01"))


def test_without_an_owner_the_page_says_what_to_do(world, sign_in):
    shown = text(sign_in("inspector").get(reverse("project-liability", args=[world.here.pk])))
    assert "还没有登记建设单位" in shown


def test_a_leader_sees_the_plan_but_records_nothing(site, address, sign_in):
    client = sign_in("leader")
    shown = text(client.get(address()))
    assert "谁先付" in shown
    assert "登记别的事实" not in shown
    assert client.post(address("liability-fact", "paid"), _fact()).status_code == 403
    assert not LiabilityFact.objects.exists()


@pytest.mark.parametrize("name", ["project-liability", "project-liability-export"])
def test_a_project_outside_the_district_does_not_exist(name, site, address, sign_in):
    assert sign_in("outsider").get(address(name)).status_code == 404


def test_facts_of_a_project_outside_the_district_can_be_neither_recorded_nor_withdrawn(
    site, address, sign_in
):
    sign_in("inspector").post(address("liability-fact", "paid"), _fact())
    fact = LiabilityFact.objects.get()
    stranger = sign_in("outsider")
    assert stranger.post(address("liability-fact", "due"), _fact()).status_code == 404
    assert stranger.post(address("liability-fact-withdraw", fact.pk)).status_code == 404
    assert LiabilityFact.objects.get().superseded_at is None


def test_a_fact_is_not_withdrawn_through_another_project(site, world, address, sign_in):
    client = sign_in("inspector")
    client.post(address("liability-fact", "paid"), _fact())
    fact = LiabilityFact.objects.get()
    fact.project = world.there
    fact.save()
    assert client.post(address("liability-fact-withdraw", fact.pk)).status_code == 404
