"""Reading the settings for what leaves the house. A slip of the keyboard must not send a password in clear."""

from __future__ import annotations

import os
from urllib.parse import urlsplit

_LARGEST_PORT = 65_535


def one_of(name: str, *allowed: str) -> str:
    """The variable's value; the first of ``allowed`` where it is not set. Raises ``ValueError`` with a sentence."""
    value = os.environ.get(name, "") or allowed[0]
    if value not in allowed:
        known = "、".join(word or "留空" for word in allowed)
        raise ValueError(f"环境变量 {name} 的值“{value}”不认识，可用：{known}。")
    return value


def port(name: str, default: int) -> int:
    text = os.environ.get(name, "") or str(default)
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= _LARGEST_PORT):
        raise ValueError(f"环境变量 {name} 应为1至{_LARGEST_PORT}的端口号，现在是“{text}”。")
    return int(text)


def console_address(name: str, default: str) -> str:
    """Scheme and host (with a path where a proxy adds one), without the slash at its end."""
    text = (os.environ.get(name, "") or default).rstrip("/")
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment):
        raise ValueError(f"环境变量 {name} 应像 https://anxin.example.gov.cn 这样填写，现在是“{text}”。")
    return text
