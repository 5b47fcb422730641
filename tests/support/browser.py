"""A real Chromium, driven by Playwright."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.support.outside import chromium_path, missing

#: milliseconds that anything in a page may take: only a page that never comes is a failure, not a busy machine
PATIENCE = 120_000

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}

#: what WeChat's own browser calls itself on a cheap phone
WECHAT = (
    "Mozilla/5.0 (Linux; Android 9; V1818A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/86.0.4240.99 "
    "XWEB/4425 MMWEBSDK/20230805 Mobile Safari/537.36 MMWEBID/1 MicroMessenger/8.0.42.2460 WeChat/arm64 NetType/2G"
)

# A test that wins a race against the page on a quiet machine loses it on a busy one: ``ANXIN_SLOW_BROWSER=1`` shows it.
SLOW = os.environ.get("ANXIN_SLOW_BROWSER") == "1"

_ARGUMENTS = [
    "--no-sandbox",  # a container's root may not use Chromium's own
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--force-color-profile=srgb",
    # a microphone that beeps, and somebody who always says yes to it
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
]


@contextmanager
def launched() -> Iterator[Browser]:
    path = chromium_path()
    if path is None:
        missing("Chromium", "install Debian's packages chromium and fonts-noto-cjk")
    # Playwright's sync interface keeps an event loop in this thread; tests still use the database from it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


def patient(context: BrowserContext) -> BrowserContext:
    """The same context, waiting as long as any test does."""
    context.set_default_timeout(PATIENCE)
    return context


def _slow_down(page: Page) -> None:
    """Every request of this page takes 0.4 s longer and its scripts run at a quarter of their speed."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    session.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 400, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})


@contextmanager
def opened(
    browser: Browser, base_url: str, viewport: dict[str, int], *, user_agent: str | None = None
) -> Iterator[Page]:
    """A page of its own context, in Chinese and Shanghai time; what the console logs as an error is kept.

    ``user_agent`` is what the browser calls itself; else Chromium's own name.
    """
    phone = viewport["width"] < 600
    context = patient(
        browser.new_context(
            base_url=base_url,
            viewport=viewport,
            user_agent=user_agent,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            is_mobile=phone,
            has_touch=phone,
            accept_downloads=True,
        )
    )
    page = context.new_page()
    if SLOW:
        _slow_down(page)
    page.script_errors = []
    page.on("console", lambda message: message.type == "error" and page.script_errors.append(message.text))
    page.on("pageerror", lambda error: page.script_errors.append(str(error)))
    yield page
    context.close()


def arrived(page: Page, mark: str | Locator) -> None:
    """Wait until the page that shows ``mark`` (a text or a place) is whole and its scripts have run.

    A word of a page is seen before its last line is read and long before its scripts listen: on a busy machine a test
    that goes on at the first word types into fields that nobody watches.
    """
    place = page.get_by_text(mark) if isinstance(mark, str) else mark
    place.first.wait_for()
    page.wait_for_load_state()


def press(page: Page, name: str, says: str) -> None:
    """Press a button and wait for the page that then says ``says``."""
    page.get_by_role("button", name=name).first.click()
    arrived(page, says)


def sign_in(page: Page, username: str, password: str, lands_on: str = r"/$") -> None:
    """Sign in as somebody else, or for the first time.

    What the page before still asks for is waited for: its answer would bring its cookies back after they were cleared, and
    the form would be another session's. Where that happens all the same, once more, and the browser's complaint of the
    first try is no error of a page.
    """
    for patience in (PATIENCE / 4, PATIENCE):
        with suppress(PlaywrightTimeout):
            page.wait_for_load_state("networkidle", timeout=5_000)
        complaints = getattr(page, "script_errors", [])
        before = len(complaints)
        page.goto("about:blank")
        page.context.clear_cookies()
        page.goto("/sign-in")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", password)
        page.get_by_role("button", name="登录").click()
        try:
            page.wait_for_url(re.compile(lands_on), timeout=patience)
            return
        except PlaywrightTimeout:
            told = page.locator("body").inner_text()
            del complaints[before:]
    raise AssertionError(f"{username} is still at {page.url}: {told[:500]}")


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
