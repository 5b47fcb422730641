"""What tells one telephone from another without knowing whose it is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string


def address_of(request: HttpRequest) -> str:
    """The browser's address, read as the office's proxy is set up (``anxin.config.proxy``)."""
    return str(import_string(settings.AXES_CLIENT_IP_CALLABLE)(request))


def visitor_of(request: HttpRequest) -> str:
    """Address and browser together: many telephones of one site share an address. Never stored in clear."""
    return f"{address_of(request)}|{request.headers.get('User-Agent', '')[:200]}"


def device_words(request: HttpRequest) -> str:
    """The kind of device in words: what stands in the file for ever is no fingerprint of somebody's phone."""
    said = request.headers.get("User-Agent", "")
    system = next(
        (word for mark, word in (("Android", "安卓手机"), ("iPhone", "苹果手机"), ("Windows", "电脑"), ("Mac", "电脑")) if mark in said),
        "手机或电脑",
    )  # fmt: skip
    return f"{system}（微信）" if "MicroMessenger" in said else f"{system}（浏览器）"
