"""待复核: who finds which conclusion, its workbook, its pages by key, and the line in 我的待办."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anxin.clues.models import Clue
from anxin.local_law import queries as local_law
from anxin.referral import services
from anxin.referral.models import Conclusion
from tests.referral.clues import paper
from tests.web.cases import a_clue

ADDRESS = "/clues/reviews"


@pytest.fixture
def waiting(world, now) -> Clue:
    """A clue that the inspector found not true; nobody has confirmed it."""
    clue, law = a_clue(world, now), local_law.current()
    services.refer(clue, by=world.inspector, now=now, law=law)
    paper(clue.referrals.get().matter, "clue_check_form", by=world.inspector, now=now)
    services.conclude(
        clue, "不属实", words="核对了工资表，没有发现拖欠。", by=world.inspector, now=now, law=law
    )
    return clue


def test_a_leader_finds_it_and_reviews_it_and_it_is_gone(sign_in, waiting):
    client = sign_in("leader")
    page = client.get(ADDRESS).text
    assert waiting.number in page and "没有劳动者确认，须另一人复核。" in page
    assert f"{reverse('clue-work', args=[waiting.pk])}#conclusions" in page
    assert "有 1 个结论等您复核" in client.get("/tasks").text
    client.post(reverse("clue-work-act", args=[waiting.pk, "review"]), {"agrees": "yes"})
    assert "没有等您复核的结论" in client.get(ADDRESS).text and "等您复核" not in client.get("/tasks").text
    assert "没有待复核的结论" in client.get(ADDRESS, {"part": "all"}).text


def test_who_may_not_review_sees_that_it_waits_and_who_lies_outside_sees_nothing(sign_in, waiting):
    for name in ("inspector", "clerk"):
        client = sign_in(name)
        assert waiting.number not in client.get(ADDRESS).text
        assert waiting.number in client.get(ADDRESS, {"part": "all"}).text
    assert "个结论等您复核" not in sign_in("inspector").get("/tasks").text
    for part in ("", "all", "nonsense"):
        assert waiting.number not in sign_in("outsider").get(ADDRESS, {"part": part}).text


def sheet(client, **query) -> list[list]:
    found = client.get(reverse("reviews-export"), query)
    return CalamineWorkbook.from_filelike(io.BytesIO(found.content)).get_sheet_by_index(0).to_python()


def test_the_workbook_holds_what_the_list_holds(sign_in, waiting):
    row = next(row for row in sheet(sign_in("leader")) if row[0] == waiting.number)
    assert row[2:4] == ["某区人社局", "不属实"] and "核对了工资表" in row[6]
    assert not any(row[0] == waiting.number for row in sheet(sign_in("inspector")))
    assert any(row[0] == waiting.number for row in sheet(sign_in("inspector"), part="all"))
    assert not any(row[0] == waiting.number for row in sheet(sign_in("outsider"), part="all"))


def test_the_longest_waiting_come_first_and_pages_go_on_by_key(sign_in, waiting, world, now, monkeypatch):
    monkeypatch.setattr("anxin.web.bureau.clue_reviews.PAGE", 1)
    other = a_clue(world, now, "GD-2", "我们5个瓦工在西边厂房给另一家做事，8月的工资3万元没有发。")
    found = Conclusion.objects.get()
    Conclusion.objects.create(
        clue=other, name="不属实", outcome=found.outcome, words=found.words, standing="review", by="user:0",
        by_name="某人", at=now, review_why="没有劳动者确认",
    )  # fmt: skip
    client = sign_in("leader")
    first, second = client.get(ADDRESS).text, client.get(ADDRESS, {"after": found.pk}).text
    assert waiting.number in first and other.number not in first and f"after={found.pk}" in first
    assert other.number in second and waiting.number not in second and "到底了" in second
