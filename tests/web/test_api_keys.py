"""接口密钥 and 接口调用: the secret is seen once, a key is followed and withdrawn, and the log says how calls ended."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from anxin.connections.models import ApiCall, ApiKey
from anxin.connections.services import issue_key
from anxin.evidence.models import JournalEntry
from anxin.registry.models import Organisation

KEYS = "/system/keys"


@pytest.fixture
def bank(db):
    return Organisation.objects.create(code="BANK", name="虚构银行", kind="bank")


@pytest.fixture
def admin(sign_in):
    return sign_in("admin")


@pytest.fixture
def key(bank, actor, now):
    return issue_key(
        title="虚构银行生产环境", scopes=["accounts.read"], organisation=bank, actor=actor, now=now
    )[0]


def filled(bank, **parts):
    return {
        "title": "虚构银行沙箱",
        "organisation": bank.code,
        "scopes": ["accounts.read", "accounts.write"],
        "sandbox": "on",
        "calls_per_minute": "60",
        **parts,
    }


def called(key, now, **parts) -> ApiCall:
    given = {
        "method": "GET",
        "path": "/api/v1/accounts",
        "status": 200,
        "request_bytes": 0,
        "milliseconds": 3,
    }
    return ApiCall.objects.create(key=key, at=now, **given | parts)


def test_before_the_first_key_the_page_says_what_to_do(admin):
    text = admin.get(KEYS).content.decode()
    assert "还没有发放接口密钥" in text and "沙箱" in text


def test_a_key_is_issued_and_its_secret_is_seen_once(admin, bank):
    answer = admin.post(f"{KEYS}/new", filled(bank))
    secret = re.findall(r"<code>([\w-]{43})</code>", answer.content.decode())[0]
    key = ApiKey.objects.get()
    assert key.secret.open() == secret
    assert (key.sandbox, key.calls_per_minute, key.organisation) == (True, 60, bank)
    for page in (KEYS, f"{KEYS}/{key.pk}", f"{KEYS}/export.xlsx"):
        assert secret not in admin.get(page).content.decode(errors="replace")
    assert secret not in str(list(JournalEntry.objects.values_list("summary", "after")))
    assert JournalEntry.objects.filter(action="api_key.issued").count() == 1


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"organisation": ""}, "选填一项"),
        ({"vendor": "虚构闸机"}, "选填一项"),
        ({"scopes": ["gates.write"]}, "请选择权限"),
        ({"calls_per_minute": "0"}, "1至6000"),
        ({"expires_on": "2020-01-01"}, "已过"),
    ],
)
def test_a_key_that_cannot_be_is_refused_beside_its_field(parts, sentence, admin, bank):
    answer = admin.post(f"{KEYS}/new", filled(bank, **parts))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_a_key_is_followed_by_another_that_is_seen_once(admin, key):
    answer = admin.post(f"{KEYS}/{key.pk}/follow", {"overlap_days": "7"})
    new = ApiKey.objects.get(follows=key)
    assert new.key_id in answer.content.decode()
    text = admin.get(f"{KEYS}/{key.pk}").content.decode()
    assert "即将到期" in text and new.key_id in text and "更换密钥" not in text


def test_a_withdrawn_key_says_so_and_offers_nothing_more(admin, key):
    admin.post(f"{KEYS}/{key.pk}/withdraw")
    text = admin.get(f"{KEYS}/{key.pk}").content.decode()
    assert (
        "已停用" in text and f"{KEYS}/{key.pk}/follow" not in text and f"{KEYS}/{key.pk}/withdraw" not in text
    )


def test_following_a_withdrawn_key_is_refused_in_a_sentence(admin, key):
    admin.post(f"{KEYS}/{key.pk}/withdraw")
    answer = admin.post(f"{KEYS}/{key.pk}/follow", {"overlap_days": "7"})
    assert (answer.status_code, ApiKey.objects.count()) == (422, 1)


def test_the_list_counts_the_calls_of_a_day_and_costs_the_same_however_long(
    admin, key, bank, actor, now, django_assert_max_num_queries, monkeypatch
):
    from anxin.web import clock

    monkeypatch.setattr(clock, "now", lambda: now)
    called(key, now)
    called(key, now, status=422, code="invalid")
    called(key, now - dt.timedelta(days=2))
    for number in range(20):
        issue_key(title=f"密钥{number}", scopes=["accounts.read"], organisation=bank, actor=actor, now=now)
    with django_assert_max_num_queries(14):
        text = admin.get(KEYS).content.decode()
    assert re.search(r'data-label="一天内调用" class="count">2<.*?class="count">1<', text, re.S)


@pytest.mark.parametrize(
    ("query", "seen"),
    [
        ("", {"invalid", "signature_wrong", "done"}),
        ("?end=refused", {"invalid", "signature_wrong"}),
        ("?end=done", {"done"}),
        ("?end=failed", set()),
        ("?code=invalid", {"invalid"}),
        ("?from=2026-11-21", set()),
        ("?until=2026-11-20", {"invalid", "signature_wrong", "done"}),
        ("?until=2026-11-19", set()),
        ("?from=nonsense&key=x&after=-1", {"invalid", "signature_wrong", "done"}),
    ],
)
def test_the_log_is_narrowed_by_key_end_code_and_day(query, seen, admin, key, now):
    called(key, now, path="/done")
    called(key, now, path="/invalid", status=422, code="invalid")
    called(None, now, path="/signature_wrong", status=401, code="signature_wrong", named="ak_stranger")
    text = admin.get(f"/system/calls{query}").content.decode()
    assert {one for one in ("invalid", "signature_wrong", "done") if f"GET /{one}<" in text} == seen


def test_the_log_of_one_key_shows_only_its_calls(admin, key, now):
    called(key, now, path="/mine")
    called(None, now, path="/strange", status=401, code="key_unknown")
    text = admin.get(f"/system/calls?key={key.pk}").content.decode()
    assert "GET /mine" in text and "GET /strange" not in text


def test_the_guide_lists_every_call_and_every_code(admin):
    from anxin.connections.refusals import REFUSALS
    from anxin.web.api.urls import api

    text = admin.get(f"{KEYS}/guide").content.decode()
    assert [path for path in api.get_openapi_schema()["paths"] if path not in text] == []
    assert [code for code in REFUSALS if f"<code>{code}</code>" not in text] == []
