"""系统: accounts, journal, sweeps."""

from __future__ import annotations

import io

import openpyxl
import pytest

from anxin.accounts import second_factor
from anxin.accounts.models import Grant, User
from anxin.evidence.models import JournalEntry
from tests.web.conftest import PASSWORD
from tests.web.test_signin import current_code
from tests.web.test_warnings import _count, text


def test_opening_an_account_shows_its_password_once_and_grants_follow(sign_in, world):
    client = sign_in("admin")
    answer = client.post(
        "/system/people/new", {"username": "sun.li", "display_name": "孙丽", "office": "某局"}
    )
    person = User.objects.get(username="sun.li")
    password = answer.context["password"]
    assert password in text(answer)
    assert person.check_password(password)
    assert password not in text(client.get(f"/system/people/{person.pk}"))
    client.post(f"/system/people/{person.pk}/grant", {"role": "clerk", "region": "990101"})
    page = text(client.get(f"/system/people/{person.pk}"))
    assert "录入员" in page
    assert "虚构区990101" in page
    grant = Grant.objects.get(user=person)
    client.post(f"/system/people/{person.pk}/withdraw", {"grant": grant.pk})
    assert not person.grants.exists()
    assert list(JournalEntry.objects.order_by("sequence").values_list("action", flat=True)) == [
        "account.opened",
        "account.granted",
        "account.withdrawn",
    ]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"username": "Zhang San", "display_name": "张三"}, "小写字母"),
        ({"username": "clerk", "display_name": "张三"}, "已有人使用"),
        ({"username": "zhang", "display_name": ""}, "请填写这一项"),
    ],
)
def test_an_account_that_cannot_be_opened_says_why(values, sentence, sign_in, world):
    answer = sign_in("admin").post("/system/people/new", values)
    assert answer.status_code == 422
    assert sentence in text(answer)


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"role": "auditor"}, "不能由同一账号兼任"),
        ({"role": "clerk", "region": "999999"}, "没有这个地区代码"),
    ],
)
def test_duties_that_must_not_meet_are_kept_apart(values, sentence, sign_in, world):
    answer = sign_in("admin").post(f"/system/people/{world.inspector.pk}/grant", values)
    assert answer.status_code == 422
    assert sentence in text(answer)


def test_closing_an_account_ends_its_sessions(sign_in, world):
    theirs = sign_in("clerk")
    admin = sign_in("admin")
    admin.post(f"/system/people/{world.clerk.pk}/close")
    assert theirs.get("/imports").status_code == 302
    admin.post(f"/system/people/{world.clerk.pk}/reopen")
    assert User.objects.get(username="clerk").is_active


def test_an_administrator_cannot_lock_the_door_behind_themselves(sign_in, world):
    client = sign_in("admin")
    client.post(f"/system/people/{world.admin.pk}/close")
    client.post(f"/system/people/{world.admin.pk}/withdraw", {"grant": world.admin.grants.get().pk})
    assert client.get("/system/people").status_code == 200


def test_a_lost_phone_and_a_forgotten_password_are_mended(sign_in, world, now):
    device = second_factor.pending_device(world.clerk)
    second_factor.confirm(user=world.clerk, code=current_code(device), now=now)
    client = sign_in("admin")
    assert "已启用二次验证" in text(client.get(f"/system/people/{world.clerk.pk}"))
    client.post(f"/system/people/{world.clerk.pk}/second-factor")
    assert not second_factor.enrolled(world.clerk)
    answer = client.post(f"/system/people/{world.clerk.pk}/password")
    world.clerk.refresh_from_db()
    assert world.clerk.check_password(answer.context["password"])
    assert not world.clerk.check_password(PASSWORD)


def test_more_accounts_cost_no_more_queries(sign_in, world, django_assert_num_queries):
    client = sign_in("admin")
    before = _count(client, "/system/people")
    for number in range(20):
        user = User.objects.create_user(f"u{number}", display_name="某人")
        Grant.objects.create(user=user, role="clerk", region="990101")
    with django_assert_num_queries(before):
        client.get("/system/people")


def test_the_journal_is_filtered_verified_and_exported(sign_in, world):
    sign_in("inspector").post(f"/warnings/{world.warning.pk}/note", {"text": "已联系"})
    sign_in("admin").post("/system/people/new", {"username": "sun.li", "display_name": "孙丽"})
    client = sign_in("auditor")
    page = text(client.get("/system/journal?area=warning"))
    assert "预警处置" in page
    assert "开通账号" not in page
    assert "没有符合条件的日志" in text(client.get("/system/journal?from=2027-01-01"))
    assert "校验通过：2条日志" in text(client.post("/system/journal/verify", follow=True))
    book = openpyxl.load_workbook(io.BytesIO(client.get("/system/journal/export.xlsx").content))
    assert book.active.max_row == 3 + 2
    JournalEntry.objects.filter(sequence=1).update(summary="改过的")
    assert "校验未通过" in text(client.post("/system/journal/verify", follow=True))


def test_a_sweep_shows_with_what_it_ran(sign_in, world):
    client = sign_in("inspector")
    run = world.warning.sweep
    assert "2026-11-19" in text(client.get("/system/sweeps"))
    page = text(client.get(f"/system/sweeps/{run.pk}"))
    assert run.parameters_hash in page
    assert client.get("/system/sweeps/99999").status_code == 404


def test_an_administrator_registers_the_bodies_that_others_choose_from(sign_in, world):
    client = sign_in("admin")
    values = {"kind": "bank", "name": "某县农商银行", "code": "NSB", "region": "990101"}
    answer = client.post("/system/organisations", values, follow=True)
    assert "已登记“某县农商银行”" in text(answer)
    assert "某县农商银行" in text(sign_in("clerk").get(f"/projects/{world.here.pk}/register/account"))
    again = client.post("/system/organisations", values)
    assert again.status_code == 422
    assert "已登记为“某县农商银行”" in text(again)
    wrong = client.post("/system/organisations", {**values, "code": "N2", "region": "123"})
    assert "没有这个地区代码" in text(wrong)
    sheet = openpyxl.load_workbook(io.BytesIO(client.get("/system/organisations/export.xlsx").content)).active
    assert "某县农商银行" in {row[1] for row in sheet.iter_rows(values_only=True)}
