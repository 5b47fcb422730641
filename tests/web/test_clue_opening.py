"""反映人 on the pages: asked on the clue, decided on in the list, shown once."""

from __future__ import annotations

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from anxin.clues.models import Opening
from tests.web.cases import a_clue

PHONE = "13900001234"


@pytest.fixture
def clue(world, now):
    return a_clue(world, now)


def body(answer) -> str:
    return answer.content.decode()


def ask(client, clue, *fields):
    address = reverse("opening-ask", args=[clue.pk])
    return client.post(address, {"fields": fields or ["phone"], "why": "联系核实人数"}, follow=True)


def answer(client, act, **said):
    return client.post(
        reverse("opening-decide", args=[Opening.objects.latest("pk").pk, act]), said, follow=True
    )


def test_one_asks_another_approves_and_the_number_is_shown_once(sign_in, clue):
    asking, deciding = sign_in("inspector"), sign_in("leader")
    assert "已通知" in body(ask(asking, clue))
    assert "1 个查看反映人的申请" in body(deciding.get(reverse("tasks")))
    listed = body(deciding.get(reverse("openings")))
    assert "联系核实人数" in listed and "批准</button>" in listed
    assert "已批准" in body(answer(deciding, "approve", back="list"))
    page = body(asking.get(reverse("clue", args=[clue.pk])))
    assert "现在查看" in page and PHONE not in page
    shown = answer(asking, "open")
    assert PHONE in body(shown) and "no-store" in shown["Cache-Control"]
    again = body(answer(asking, "open"))
    assert PHONE not in again and "已经查看过" in again


def test_whoever_asked_finds_no_button_to_approve_and_is_refused(sign_in, clue):
    client = sign_in("inspector")
    page = body(ask(client, clue))
    assert "批准</button>" not in page and "撤回申请" in page
    assert "另一人批准" in body(answer(client, "approve"))
    assert Opening.objects.get().state == "waiting"


def test_a_refusal_is_read_by_whoever_asked(sign_in, clue):
    client = sign_in("inspector")
    ask(client, clue)
    answer(sign_in("colleague"), "decline", why="电话里已经核实")
    assert "电话里已经核实" in body(client.get(reverse("openings"), {"part": "mine"}))


def test_another_district_neither_sees_nor_decides(sign_in, clue):
    ask(sign_in("inspector"), clue)
    client = sign_in("outsider")
    assert answer(client, "approve").status_code == 404
    for part in ("", "mine", "all"):
        assert clue.number not in body(client.get(reverse("openings"), {"part": part}))


def test_an_answer_that_does_not_exist_is_not_found(sign_in, clue):
    ask(sign_in("inspector"), clue)
    assert answer(sign_in("leader"), "erase").status_code == 404


def test_the_list_is_exported_without_what_is_sealed(sign_in, clue):
    client = sign_in("inspector")
    ask(client, clue, "phone", "text")
    found = client.get(reverse("openings-export"), {"part": "all"})
    rows = CalamineWorkbook.from_filelike(io.BytesIO(found.content)).get_sheet_by_index(0).to_python()
    assert rows[3][2] == "电话、原文" and PHONE not in str(rows)
