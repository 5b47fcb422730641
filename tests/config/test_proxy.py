from __future__ import annotations

import pytest
from django.test import RequestFactory

from anxin.config.proxy import client_address


@pytest.fixture
def request_with():
    def build(forwarded):
        headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded is not None else {}
        return RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", **headers)

    return build


def test_without_a_proxy_the_header_is_whatever_a_stranger_writes(request_with, settings):
    settings.SECURE_PROXY_SSL_HEADER = None
    assert client_address(request_with("203.0.113.9")) == "127.0.0.1"


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("6.6.6.6, 203.0.113.9", "203.0.113.9"),
        ("", "127.0.0.1"),
        (None, "127.0.0.1"),
    ],
)
def test_behind_the_proxy_the_last_address_counts(request_with, settings, forwarded, address):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert client_address(request_with(forwarded)) == address
