"""A bureau's own model texts: who proposes, who is the second person, which sites get them, what a clerk then sees."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from anxin.accounts.models import Role
from anxin.contracts import drafting, model_texts, papers
from anxin.contracts.models import Contract, ContractText
from anxin.contracts.texts import model_words
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.registry.models import Region
from anxin.web import clock
from tests.contracts.conftest import person, start
from tests.contracts.test_pages import signed_in, text


@pytest.fixture
def office(site):
    """A leader and an administrator of the site's district, and a leader of the one beside it."""
    site.leader = person("leader", Role.LEADER, region="990101")
    site.second = person("second", Role.LEADER, region="990101")
    site.admin = person("admin", Role.ADMIN, region="990101")
    site.beside = person("beside", Role.LEADER, region="990102")
    site.place = Region.objects.get(pk="990101")
    return site


@pytest.fixture
def body(db) -> str:
    """One more provision than the shipped text, to know it by."""
    return model_words() + "\n\n# 工地生活\n云水区的工地免费提供热水。"


@pytest.fixture
def proposed(office, body, now) -> ContractText:
    return model_texts.propose(office.place, name="云水文本", body=body, user=office.admin, now=now)


def test_it_is_used_once_another_has_said_yes(office, proposed, now):
    with pytest.raises(Refused, match="不能用"):
        start(office, now, text=proposed)
    model_texts.confirm(proposed, user=office.leader, now=now)
    batch = start(office, now, text=ContractText.objects.get(pk=proposed.pk)).batch
    assert drafting.make_batch(batch.pk, now=now) == 3
    assert any("免费提供热水" in part["text"] for part in papers.words_of(Contract.objects.first()))
    assert list(
        JournalEntry.objects.filter(action__startswith="contract_model_text").values_list("action", flat=True)
    ) == ["contract_model_text.proposed", "contract_model_text.confirmed"]


def test_nobody_confirms_the_own_and_nobody_from_elsewhere(office, body, now):
    own = model_texts.propose(office.place, name="云水文本", body=body, user=office.leader, now=now)
    with pytest.raises(Refused, match="您自己提出"):
        model_texts.confirm(own, user=office.leader, now=now)
    for other in (office.admin, office.beside, office.inspector):
        with pytest.raises(Refused, match="不能决定"):
            model_texts.confirm(own, user=other, now=now)
    for other in (office.beside, office.inspector, office.clerk):
        with pytest.raises(Refused, match="不能为这个地区"):
            model_texts.propose(office.place, name="云水文本", body=body, user=other, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        ContractText.objects.filter(pk=own.pk).update(confirmed_at=now, confirmed_by_key=own.made_by_key)


def test_what_the_law_asks_is_asked_of_it(office, body, now):
    with pytest.raises(Refused, match="第十七条"):
        model_texts.propose(
            office.place,
            name="少一条",
            body=body.replace("{社会保险}", "另行约定"),
            user=office.admin,
            now=now,
        )
    assert not ContractText.objects.exists()


def test_the_same_again_changes_nothing_and_a_new_version_takes_the_place(office, proposed, body, now):
    assert (
        model_texts.propose(office.place, name="云水文本", body=body, user=office.leader, now=now) == proposed
    )
    model_texts.confirm(proposed, user=office.leader, now=now)
    later = model_texts.propose(
        office.place, name="云水文本", body=body + "还有空调。", user=office.leader, now=now
    )
    assert list(model_texts.in_use("990101003")) == [proposed]
    model_texts.confirm(later, user=office.second, now=now)
    assert list(model_texts.in_use("990101003")) == [later]
    assert list(model_texts.in_use("990102")) == []
    with pytest.raises(Refused, match="写明原因"):
        model_texts.end(later, words=" ", user=office.leader, now=now)
    model_texts.end(later, words="改用市里的", user=office.leader, now=now)
    assert list(model_texts.in_use("990101003")) == []


def test_pages_of_bureau_and_clerk(office, body, now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(clock, "today", now.date)
    admin, leader = signed_in(office.admin), signed_in(office.leader)
    clerk, beside = signed_in(office.clerk), signed_in(office.beside)
    new = f"/employer/contracts/new?project={office.project.pk}"
    said = {"region": "990101", "name": "云水文本", "body": "什么也没有"}
    refused = admin.post("/labour-contracts/texts/new", said)
    assert refused.status_code == 422 and "缺少" in text(refused)
    page = admin.post("/labour-contracts/texts/new", said | {"body": body})["Location"]
    assert "等另一人确认" in text(admin.get(page)) and "云水文本（第1版）" in text(
        admin.get("/labour-contracts/texts")
    )
    assert beside.get(page).status_code == 404
    assert signed_in(office.inspector).get(page).status_code == 403
    assert "云水文本" not in text(clerk.get(new))
    assert admin.post(f"{page}/confirm").status_code == 403
    assert leader.post(f"{page}/confirm")["Location"] == page
    assert "云水文本（第1版）（通用）" in text(clerk.get(new))
    assert "云水文本" in text(clerk.get("/employer/contracts/texts"))
    assert "云水文本" not in text(signed_in(office.outsider).get("/labour-contracts"))
    assert leader.post(f"{page}/end", {"words": ""}).status_code == 422
    assert leader.post(f"{page}/end", {"words": "停用"})["Location"] == page
    assert "已停用" in text(leader.get("/labour-contracts/texts"))
    assert "云水文本" not in text(clerk.get(new))
