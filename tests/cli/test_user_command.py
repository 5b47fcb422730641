from __future__ import annotations

import io
import json

import pytest

from anxin.accounts.models import Grant, User
from anxin.cli.main import main
from anxin.evidence.models import JournalEntry
from anxin.registry.models import Organisation, Region

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db):
    for code, name, parent in (("99", "演示省", None), ("9901", "演示市", "99"), ("990101", "甲县", "9901")):
        Region.objects.create(code=code, name=name, parent_id=parent)


def anxin(capsys, *arguments):
    code = main(["user", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_an_account_is_opened_with_a_generated_password_that_works(capsys):
    code, out, _ = anxin(capsys, "add", "lin", "--name", "林演示", "--office", "监察大队", "--json")
    document = json.loads(out)
    assert code == 0
    user = User.objects.get(username="lin")
    assert user.check_password(document["password"])
    assert (user.display_name, user.office) == ("林演示", "监察大队")
    assert not user.is_superuser
    assert document["grants"] == []


def test_a_password_from_standard_input_is_not_shown(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("shui-dao-qu-cheng-7\n"))
    code, out, _ = anxin(capsys, "add", "lin", "--name", "林演示", "--password-stdin", "--json")
    assert code == 0
    assert User.objects.get().check_password("shui-dao-qu-cheng-7")
    assert "password" not in json.loads(out)


def test_a_weak_password_is_refused(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("12345\n"))
    code, _, err = anxin(capsys, "add", "lin", "--name", "林演示", "--password-stdin")
    assert code == 2
    assert err.startswith("密码不合要求：")
    assert not User.objects.exists()


@pytest.mark.parametrize("username", ["Lin", "1lin", "林", "l", "lin wei", "-lin"])
def test_a_username_that_cannot_be_typed_everywhere_is_refused(capsys, username):
    code, _, err = anxin(capsys, "add", "--name", "林演示", "--", username)
    assert code == 2
    assert "用户名应为" in err


def test_a_username_in_use_is_refused(capsys):
    anxin(capsys, "add", "lin", "--name", "林演示")
    code, _, err = anxin(capsys, "add", "lin", "--name", "林别人")
    assert (code, err) == (2, "用户名“lin”已有人使用，请换一个。\n")


def test_a_role_in_a_region_is_granted_and_journalled(capsys, county):
    anxin(capsys, "add", "lin", "--name", "林演示")
    code, out, _ = anxin(
        capsys, "grant", "lin", "inspector", "--region", "990101", "--industry", "housing", "--json"
    )
    assert code == 0
    assert json.loads(out)["grants"] == [
        {
            "role": "inspector",
            "region": "990101",
            "industry": "housing",
            "organisation": "",
            "employer": "",
            "institution": "",
        }
    ]
    assert [entry.action for entry in JournalEntry.objects.order_by("sequence")] == [
        "account.opened",
        "account.granted",
    ]


def test_granting_twice_is_granting_once(capsys, county):
    anxin(capsys, "add", "lin", "--name", "林演示")
    for _ in range(2):
        assert anxin(capsys, "grant", "lin", "clerk", "--region", "9901")[0] == 0
    assert Grant.objects.count() == 1
    assert JournalEntry.objects.filter(action="account.granted").count() == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nobody", "clerk"], "没有账号“nobody”"),
        (["lin", "king"], "没有角色“king”"),
        (["lin", "clerk", "--region", "990199"], "没有代码为“990199”的地区"),
        (["lin", "clerk", "--industry", "mining"], "没有行业“mining”"),
        (["lin", "clerk", "--organisation", "X"], "没有代码为“X”的单位"),
        (["lin", "bank_operator", "--institution", "X"], "没有代码为“X”的单位"),
        (["lin", "payroll_clerk", "--employer", "91"], "没有登记过统一社会信用代码为“91”"),
        (["lin", "payroll_clerk"], "劳资专管员必须注明所属的用人单位"),
    ],
)
def test_a_grant_that_means_nothing_is_refused(capsys, county, arguments, says):
    anxin(capsys, "add", "lin", "--name", "林演示")
    code, _, err = anxin(capsys, "grant", *arguments)
    assert code == 2
    assert err.startswith(says)
    assert not Grant.objects.exists()


def test_a_role_within_an_organisation(capsys, county):
    Organisation.objects.create(code="ZJ", name="甲县住建局", kind="industry_authority", region_id="990101")
    anxin(capsys, "add", "lin", "--name", "林演示")
    assert anxin(capsys, "grant", "lin", "inspector", "--organisation", "ZJ")[0] == 0


def test_an_account_whose_role_is_refused_is_not_opened(capsys, county):
    assert anxin(capsys, "add", "lin", "--name", "林演示", "--role", "king")[0] == 2
    assert not User.objects.exists()
    assert not JournalEntry.objects.exists()


@pytest.mark.parametrize(
    ("first", "second"), [("admin", "inspector"), ("clerk", "auditor"), ("admin", "auditor")]
)
def test_duties_that_must_not_meet_are_kept_apart(capsys, first, second):
    anxin(capsys, "add", "lin", "--name", "林演示", "--role", first)
    code, _, err = anxin(capsys, "grant", "lin", second)
    assert code == 2
    assert "不能由同一账号兼任" in err


def test_duties_that_go_together_may_meet(capsys):
    anxin(capsys, "add", "lin", "--name", "林演示", "--role", "clerk")
    assert anxin(capsys, "grant", "lin", "inspector")[0] == 0


def test_the_list_shows_everybody(capsys, county):
    anxin(capsys, "add", "lin", "--name", "林演示", "--role", "inspector", "--region", "990101")
    anxin(capsys, "add", "bai", "--name", "白演示")
    code, out, _ = anxin(capsys, "list")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["用户名", "bai", "lin"]
    assert "inspector 990101" in out
    document = json.loads(anxin(capsys, "list", "--json")[1])
    assert [user["username"] for user in document["users"]] == ["bai", "lin"]
