from __future__ import annotations

import socket

import pytest

from anxin.cli.errors import CommandError
from anxin.cli.ports import LOOPBACK, port_number, require_free


def test_the_option_comes_before_the_variable_before_8000(monkeypatch):
    monkeypatch.setenv("PORT", "9001")
    assert port_number("9002") == 9002
    assert port_number(None) == 9001
    monkeypatch.delenv("PORT")
    assert port_number(None) == 8000


@pytest.mark.parametrize("text", ["0", "65536", "-1", "eighty", "８０", "80.5"])
def test_what_is_no_port_is_refused(text):
    with pytest.raises(CommandError, match="端口") as refused:
        port_number(text)
    assert refused.value.exit_code == 2


def test_a_port_in_use_is_refused_and_a_free_one_is_not():
    with socket.socket() as other:
        other.bind((LOOPBACK, 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=f"端口 {port} 不能使用"):
            require_free(LOOPBACK, port)
    require_free(LOOPBACK, port)
