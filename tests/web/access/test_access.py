"""Who may open what: every route for every role, and one's own scope for every object."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.web.access.addresses import routes
from tests.web.access.policies import CHANGES, OF_A_DISTRICT, OTHERS, READS, ROLES


def test_every_route_declares_a_policy_and_stands_in_one_of_these_tables():
    named = routes()
    without = [n for n, p in named.items() if n != "healthz" and not hasattr(p.callback, "policy")]
    assert without == []
    assert set(named) == set(READS) | CHANGES | OTHERS


@pytest.mark.parametrize("role", sorted(ROLES))
def test_a_role_opens_exactly_the_pages_of_its_permissions(role, sign_in, address):
    client = sign_in(role)
    wrong = []
    for name, needed in READS.items():
        status = client.get(address(name)).status_code
        allowed = bool(ROLES[role] & needed)
        shown = {204} if name == "import-progress" else {200, 302}  # 204: nothing is running, show the result
        # of what several roles open, each only its own: no project is a mediator's or an arbitrator's
        expected = (
            {404} if name == "due" and role in ("mediator", "arbitrator") else shown if allowed else {403}
        )
        if status not in expected:
            wrong.append((name, status))
    assert wrong == []


def test_what_changes_something_cannot_be_opened_by_a_link_or_its_head_alone(sign_in, address):
    client = sign_in("inspector")
    opened = {name: client.get(address(name)).status_code for name in CHANGES}
    heads = {name: client.head(address(name)).status_code for name in CHANGES}
    assert {name: status for name, status in opened.items() if status != 405} == {}
    assert {name: status for name, status in heads.items() if status != 405} == {}


def test_a_change_without_its_token_is_refused(sign_in, address):
    client = sign_in("inspector", enforce_csrf_checks=True)
    wrong = []
    for name in sorted(CHANGES | {"project-edit", "import-new", "workers", "search"}):
        answer = client.post(address(name), {"text": "x"})
        if answer.status_code != 403 or "操作已失效" not in answer.content.decode():
            wrong.append((name, answer.status_code))
    assert wrong == []


def test_an_object_outside_ones_district_does_not_exist(sign_in, address):
    here, elsewhere = sign_in("inspector"), sign_in("outsider")
    assert {n for n in OF_A_DISTRICT if here.get(address(n)).status_code not in (200, 204)} == set()
    assert {n for n in OF_A_DISTRICT if elsewhere.get(address(n)).status_code != 404} == set()


def test_lists_show_only_ones_own_district(sign_in, world, batch):
    for client, seen, hidden in (
        (sign_in("inspector"), "东台安置房工程", "西河桥梁工程"),
        (sign_in("outsider"), "西河桥梁工程", "东台安置房工程"),
    ):
        for page in ("/warnings", "/projects"):
            text = client.get(page).content.decode()
            assert seen in text
            assert hidden not in text
    assert "9月工资.xlsx" in sign_in("clerk").get("/imports").content.decode()
    assert "9月工资.xlsx" not in sign_in("outsider").get("/imports").content.decode()


def test_a_clerk_sees_warnings_and_handles_none(sign_in, world):
    client = sign_in("clerk")
    assert "申请消除</summary>" not in client.get(f"/warnings/{world.warning.pk}").content.decode()
    assert client.post(f"/warnings/{world.warning.pk}/note", {"text": "看过"}).status_code == 403
    assert client.post("/warnings/many", {"ids": [world.warning.pk]}).status_code == 403


def test_a_stranger_with_htmx_is_sent_to_the_sign_in_page_as_a_whole(world):
    answer = Client().get(
        "/warnings", headers={"HX-Request": "true", "HX-Current-URL": "http://x/warnings?a=1"}
    )
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/sign-in?next=%2Fwarnings%3Fa%3D1"


@pytest.mark.parametrize("address", ["/warnings?text=%00", "/projects?text=a%00b", "/imports?month=%00"])
def test_a_character_that_no_database_keeps_is_a_bad_request_and_no_failure(sign_in, address):
    assert sign_in("inspector").get(address).status_code == 400


def test_a_note_with_such_a_character_is_refused_too(sign_in, world):
    address = f"/warnings/{world.warning.pk}/note"
    assert sign_in("inspector").post(address, {"text": "a\0b"}).status_code == 400


def test_a_warning_number_beyond_any_key_is_picked_by_nobody(sign_in, world):
    answer = sign_in("inspector").post("/warnings/many", {"ids": ["9" * 25], "action": "acknowledge"})
    assert answer.status_code == 302
