"""Addresses of services that an administrator sets: what can be called, and what may be called without TLS."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def address_problem(url: str, title: str) -> str | None:
    """What is wrong with the address of ``title`` (平台, 签名网关…), in a sentence; ``None`` when it can be used.

    Without TLS only inside the house: on this machine or at a private address.
    """
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        known = False
    if not known or not (url.isascii() and url.isprintable()) or " " in url:
        return f"{title}地址不正确，应像 https://platform.example.gov.cn/api 这样填写。"
    if parts.username is not None or parts.password is not None or parts.query or parts.fragment:
        return f"{title}地址里不能写账号、密码或参数，请填在各自的栏目里。"
    if parts.scheme == "http" and not _inside(parts.hostname or ""):
        return f"{title}地址应以 https:// 开头；只有内网地址（如 10.1.2.3）可以用 http://。"
    return None


def _inside(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
