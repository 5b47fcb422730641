"""The handbook is true: its program works against the real server, its example adds up, its tables are whole."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import shutil
import subprocess

import pytest

from anxin.config.home import PROJECT_ROOT
from anxin.connections.refusals import REFUSALS
from anxin.connections.scopes import SCOPES
from anxin.connections.services import issue_key
from anxin.connections.signing import signature, text_to_sign
from anxin.registry.models import Organisation, Region
from anxin.web.api.urls import api
from tests.web.api.world import held_by

HANDBOOK = (PROJECT_ROOT / "docs" / "interface.md").read_text(encoding="utf-8")


def blocks(language: str = "") -> list[str]:
    found = re.findall(r"^```(\w*)\n(.*?)^```$", HANDBOOK, re.M | re.S)
    return [text for given, text in found if given == language]


@pytest.mark.django_db(transaction=True)
def test_the_program_of_the_handbook_works_as_it_stands(
    transactional_db, console_processes, actor, now, capsys
):
    bank = Organisation.objects.create(code="BANK", name="虚构银行", kind="bank")
    held = held_by(bank, 1, actor, now)
    key, secret = issue_key(
        title="试通", organisation=bank, scopes=["accounts.read", "accounts.write"], actor=actor, now=now
    )
    (program,) = blocks("python")
    assert len(program.strip().splitlines()) <= 26
    for given, real in (
        ("https://anxin.example", console_processes.url),
        ("ak_…", key.key_id),
        ('"…"', f'"{secret}"'),
    ):
        assert given in program
        program = program.replace(given, real)
    names: dict = {}
    exec(program, names)
    assert "虚构银行" in capsys.readouterr().out
    (account,) = names["call"]("GET", "/api/v1/accounts?limit=1")["items"]
    put = f"/api/v1/accounts/{held.account.line_id}/balances/2026-11-20"
    first = names["call"]("PUT", put, {"balance_fen": 12345678}, word="20261120-0001")
    again = names["call"]("PUT", put, {"balance_fen": 12345678}, word="20261120-0001")
    assert (account["id"], first["fate"], again) == (held.account.line_id, "accepted", first)


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("openssl")), reason="curl and openssl")
@pytest.mark.django_db(transaction=True)
def test_the_hotlines_example_in_curl_works_as_it_stands(transactional_db, console_processes, actor, now):
    city = Region.objects.create(code="9901", name="云州市")
    Region.objects.create(code="990101", name="云城区", parent=city)
    centre = Organisation.objects.create(code="RX", name="虚构热线", kind="hotline", region=city)
    key, secret = issue_key(
        title="试通", organisation=centre, scopes=["clues.read", "clues.write"], actor=actor, now=now
    )
    (script,) = blocks("bash")
    given = "BASE=https://anxin.example KEY=ak_… SECRET=…"
    assert given in script
    script = script.replace(given, f"BASE={console_processes.url} KEY={key.key_id} SECRET={secret}")
    said = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, timeout=60, check=True
    ).stdout
    shown = next(text for text in blocks("json") if "YZ20261119-0188" in text)
    # the year of our number is that of the day on which it is given
    year = re.search(r"〔\d{4}〕", said)[0]
    assert json.loads(said) == json.loads(re.sub(r"〔\d{4}〕", year, shown))


def test_every_field_of_a_ticket_stands_in_the_handbook():
    from anxin.web.api.hotline import TicketIn, TicketOut

    wanted = [*TicketIn.model_fields, *TicketOut.model_fields]
    assert [name for name in wanted if f"`{name}`" not in HANDBOOK and f'"{name}"' not in HANDBOOK] == []


def test_the_worked_example_of_the_signature_adds_up():
    (example,) = [block for block in blocks() if block.startswith("密钥")]
    secret = re.search(r"^密钥 +(\S+)$", example, re.M)[1]
    body = re.search(r"^正文 +(.+)$", example, re.M)[1]
    text, signed = re.search(r"待签字符串\n(.*)\n签名 +(\w+)$", example.strip(), re.S).groups()
    method, path, query, timestamp, nonce, digest = text.split("\n")
    assert digest == hashlib.sha256(body.encode()).hexdigest()
    assert hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest() == signed
    ours = text_to_sign(
        method=method, path=path, query=query, timestamp=timestamp, nonce=nonce, body=body.encode()
    )
    assert (ours, signature(secret, ours)) == (text, signed)


def test_the_table_of_codes_is_the_products():
    listed = re.findall(r"^\| `(\w+)` \| (\d{3}) \| (.+) \|$", HANDBOOK, re.M)
    assert listed == [(code, str(one.status), one.shown) for code, one in REFUSALS.items()]


def test_every_call_of_an_institution_stands_in_the_handbook_with_its_scope():
    missing = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        short = re.sub(r"\{\w+\}", "{}", path.removeprefix("/api/v1"))
        for method, operation in methods.items():
            if operation["tags"] == ["闸机考勤"]:
                continue
            scope = next((one for one in SCOPES if one in operation["description"]), "")
            rows = [re.sub(r"\{[^}]+\}", "{}", row) for row in HANDBOOK.splitlines() if row.startswith("| `")]
            if not any(f"`{method.upper()} {short}" in row and scope in row for row in rows):
                missing.append((method, path, scope))
    assert missing == []
