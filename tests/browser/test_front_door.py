"""The first thing anybody sees, in a real Chromium, at both widths."""

from __future__ import annotations

import pytest

from tests.support.browser import accessibility_problems


@pytest.fixture(params=["page", "phone_page"])
def screen(request):
    return request.getfixturevalue(request.param)


def test_a_stranger_is_led_to_the_sign_in_page(screen):
    screen.goto("/")
    assert "sign-in" in screen.url
    assert screen.locator("input[type=password]").is_visible()
    assert screen.script_errors == []
    assert accessibility_problems(screen) == []
    overflow = screen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"the page is {overflow} px wider than the screen"


def test_a_wrong_password_is_said_in_chinese(page):
    page.goto("/")
    page.fill("input[name=username]", "nobody")
    page.fill("input[type=password]", "wrong-password-1")
    page.press("input[type=password]", "Enter")
    page.wait_for_load_state()
    assert "密码" in page.locator("body").inner_text()
    assert page.locator("input[type=password]").is_visible()
