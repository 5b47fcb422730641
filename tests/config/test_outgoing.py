"""Settings for e-mail and webhook are read with care."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from anxin.config import outgoing
from anxin.config.home import PROJECT_ROOT


@pytest.mark.parametrize("value", ["TLS", "ssl", "true", "starttls "])
def test_a_mistyped_security_is_no_security_and_therefore_refused(value, monkeypatch):
    monkeypatch.setenv("ANXIN_SMTP_SECURITY", value)
    with pytest.raises(ValueError, match=r"ANXIN_SMTP_SECURITY.*留空、tls、starttls"):
        outgoing.one_of("ANXIN_SMTP_SECURITY", "", "tls", "starttls")


@pytest.mark.parametrize(("value", "read"), [("", ""), ("tls", "tls"), ("starttls", "starttls")])
def test_what_is_known_is_taken(value, read, monkeypatch):
    monkeypatch.setenv("ANXIN_SMTP_SECURITY", value)
    assert outgoing.one_of("ANXIN_SMTP_SECURITY", "", "tls", "starttls") == read


@pytest.mark.parametrize("value", ["0", "65536", "25a", "-1", "２５"])
def test_a_port_is_a_port(value, monkeypatch):
    monkeypatch.setenv("ANXIN_SMTP_PORT", value)
    with pytest.raises(ValueError, match="端口号"):
        outgoing.port("ANXIN_SMTP_PORT", 25)


def test_without_a_port_the_usual_one_is_taken(monkeypatch):
    monkeypatch.delenv("ANXIN_SMTP_PORT", raising=False)
    assert outgoing.port("ANXIN_SMTP_PORT", 25) == 25


@pytest.mark.parametrize(
    "value", ["anxin.example", "ftp://anxin.example", "https://", "https://a.example/?x=1"]
)
def test_the_consoles_address_can_be_linked_to(value, monkeypatch):
    monkeypatch.setenv("ANXIN_URL", value)
    with pytest.raises(ValueError, match="ANXIN_URL"):
        outgoing.console_address("ANXIN_URL", "")


def test_the_consoles_address_falls_back_to_the_first_origin(monkeypatch):
    monkeypatch.delenv("ANXIN_URL", raising=False)
    assert outgoing.console_address("ANXIN_URL", "https://a.example/") == "https://a.example"
    assert outgoing.console_address("ANXIN_URL", "") == ""


def test_a_command_says_it_in_a_sentence_and_stops():
    done = subprocess.run(
        [sys.executable, "-m", "anxin.cli", "scheduler", "--once"],
        cwd=PROJECT_ROOT,
        env=os.environ | {"ANXIN_SMTP_SECURITY": "ssl"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "ANXIN_SMTP_SECURITY" in done.stderr
    assert "Traceback" not in done.stderr
