"""A real Chromium, driven by Playwright."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.outside import chromium_path, missing

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

_ARGUMENTS = [
    "--no-sandbox",  # a container's root may not use Chromium's own
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
]


@contextmanager
def launched() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        missing("Chromium", "install Debian's packages chromium and fonts-noto-cjk")
    # Playwright's sync interface keeps an event loop in this thread; tests still use the database from it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, base_url: str, viewport: dict[str, int]) -> Iterator[Page]:
    """A page of its own context, in Chinese and Shanghai time; what the console logs as an error is kept."""
    phone = viewport["width"] < 600
    context = browser.new_context(
        base_url=base_url,
        viewport=viewport,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        is_mobile=phone,
        has_touch=phone,
        accept_downloads=True,
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.script_errors = []
    page.on("console", lambda message: message.type == "error" and page.script_errors.append(message.text))
    page.on("pageerror", lambda error: page.script_errors.append(str(error)))
    yield page
    context.close()


@cache
def _axe_source() -> str:
    return (Path(__file__).parent / "axe" / "axe.min.js").read_text(encoding="utf-8")


def accessibility_problems(page: Page) -> list[str]:
    """axe-core's violations of WCAG 2.1 A and AA on the page as it is now, one line each."""
    page.evaluate(_axe_source() + ";undefined")
    result: dict[str, Any] = page.evaluate(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})"
    )
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
