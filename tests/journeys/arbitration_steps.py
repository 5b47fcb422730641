"""What the people of an arbitration do on the screen, each at a desk of their own that stays signed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.browser import (
    DESK,
    PHONE,
    WECHAT,
    accessibility_problems,
    arrived,
    opened,
    press,
    sign_in,
)

PASSWORD = "Qinghe-2026-anxin"


class Desks:
    """One signed-in page for each person, by user name."""

    def __init__(self, browser: Browser, url: str, stack: ExitStack) -> None:
        self.browser, self.url, self._stack = browser, url, stack
        self._pages: dict[str, Page] = {}

    def of(self, who: str, lands_on: str = r"/$") -> Page:
        if who not in self._pages:
            self._pages[who] = self._stack.enter_context(opened(self.browser, self.url, DESK))
            sign_in(self._pages[who], who, PASSWORD, lands_on=lands_on)
        return self._pages[who]

    @property
    def script_errors(self) -> list[str]:
        return [said for page in self._pages.values() for said in page.script_errors]


@contextmanager
def desks(browser: Browser, url: str) -> Iterator[Desks]:
    with ExitStack() as stack:
        yield Desks(browser, url, stack)


def _unfold(form: Locator) -> None:
    folded = form.locator("xpath=ancestor::details")
    if folded.count() and folded.first.get_attribute("open") is None:
        folded.first.locator("summary").first.click()


def submit(page: Page, action: str, says: str, row: int | None = None) -> None:
    """Send the form of one act, opened where it is folded, and wait for what the page then says."""
    which = f"form[action*='/{action}']" + (f":has(input[name=row][value='{row}'])" if row else "")
    form = page.locator(which).first
    _unfold(form)
    form.locator("button[type=submit]").first.click()
    arrived(page, says)


def fill(page: Page, action: str, **values: str) -> None:
    """Type into the form of one act, by the names of its fields."""
    form = page.locator(f"form[action*='/{action}']").first
    _unfold(form)
    for name, value in values.items():
        box = form.locator(f"[name={name}]").first
        box.select_option(value) if box.evaluate("one => one.tagName") == "SELECT" else box.fill(value)


def take(
    page: Page, key: str, name: str, on: str, papers: dict[str, Path] | None = None, **days: str
) -> None:
    """Take a step on the matter's page: its day, the days it asks for, and the papers that the office does not have yet."""
    form = page.locator(f"form[action$='/steps/{key}']")
    _unfold(form)
    form.get_by_label("办理日期").fill(on)
    for event, day in days.items():
        form.get_by_label(event).fill(day)
    for title, file in (papers or {}).items():
        form.locator("fieldset", has_text=title).locator("input[type=file]").set_input_files(str(file))
    form.locator("button[type=submit]").click()
    arrived(page, page.locator(".notes", has_text=f"已办理“{name}”"))


def fill_by_label(page: Page, values: dict[str, str]) -> None:
    """The fields of a letter or paper, by their labels; a choice by its words."""
    for label, value in values.items():
        box = page.get_by_label(label, exact=True)
        if box.evaluate("one => one.tagName") == "SELECT":
            box.select_option(label=value)
        else:
            box.fill(value)


def letter(office: Desks, number: int, name: str, words: dict[str, str], begun: bool = False) -> str:
    """A letter written by the officer, read by another, issued by the leader, sealed by the clerk; its address.

    ``begun``: the officer's page shows the draft already.
    """
    page = office.of("officer")
    if not begun:
        page.goto(f"/matters/{number}/letters")
        page.get_by_label("哪一种文书").select_option(label=name)
        page.get_by_role("button", name="起草").click()
        page.wait_for_url(re.compile(r"/letters/\d+$"))
    fill_by_label(page, words)
    arrived(page, "已填完")
    press(page, "保存并送核", "已送核")
    for who, button, says in (
        ("reader", "核稿通过", "已核稿"),
        ("leader", "签发并编号", "已签发"),
        ("keeper", "加盖印章", "验证通过"),
    ):
        desk = office.of(who)
        desk.goto(page.url)
        if who == "keeper":
            _read_whole(desk)
        press(desk, button, says)
    return page.url


def _read_whole(page: Page) -> None:
    """Whoever seals has gone through the letter to its last line."""
    page.get_by_role("link", name="打开全文").click()
    read = page.get_by_role("button", name="全文看完了，去用印")
    page.locator("#letter-end").scroll_into_view_if_needed()
    expect(read).to_be_enabled()
    press(page, "全文看完了，去用印", "您已在")


def begin_paper(page: Page, number: int, kind: str) -> None:
    """Begin a paper that people sign, on the page of the matter's letters."""
    page.goto(f"/matters/{number}/letters")
    page.locator("#party-kind").select_option(kind)
    page.get_by_role("button", name="制作").click()
    page.wait_for_url(re.compile(r"/papers/\d+"))


def add_signer(page: Page, side: str, name: str, phone: str) -> None:
    form = page.locator("form[action$='/signer']:has(select[name=side])").first
    _unfold(form)
    form.locator("[name=side]").select_option(side)
    form.locator("[name=name]").fill(name)
    form.locator("[name=phone]").fill(phone)
    form.locator("button[type=submit]").click()
    arrived(page, page.locator("#signers", has_text=name))


def choose(page: Page, field: str, words: str) -> None:
    """The first choice of a list whose text holds ``words``."""
    box = page.locator(field)
    box.select_option(label=next(one for one in box.locator("option").all_inner_texts() if words in one))


def serve(page: Page, address: str, receiver: str, on: str, target: str = "") -> None:
    """Hand a letter over in person and register the day, for the clock that counts from it where ``target`` has its words."""
    page.goto(address)
    words = {
        "receiver": receiver,
        "manner": "direct",
        "on": on,
        "place": "仲裁院立案窗口",
        "servers": "某甲、某乙",
    }
    fill(page, "serve", **words)
    if target:
        choose(page, "#serve-target", target)
    submit(page, "serve", "送达已登记")


def sign_by_phone(
    page: Page, office: Desks, row: int, opens: str, says: str, done: str, *, closely: bool = True
) -> None:
    """The code on the office's screen, opened on a telephone of one's own, read to the end and signed.

    ``opens``: the button of who one is; ``says``: words of the paper, which nobody else sees; ``done``: the end.
    ``closely``: a second telephone is refused, and the pages are held against the rules for everybody; once a paper is enough.
    """
    submit(page, "link", "扫码签名", row)
    address = page.locator("#code a").inner_text()
    assert page.locator("#code svg").is_visible()
    with opened(office.browser, office.url, PHONE, user_agent=WECHAT) as phone:
        phone.goto(address)
        assert says not in phone.content()
        press(phone, opens, says)
        if closely:
            with opened(office.browser, office.url, PHONE) as another:
                another.goto(address)
                arrived(another, "已经在另一部手机上打开")
                assert says not in another.content()
            assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
            assert accessibility_problems(phone) == []
        phone.locator("#record-end").scroll_into_view_if_needed()
        press(phone, "全文看完了，去签名", "填对了验证码，就是您本人签的名")
        press(phone, "发验证码", "短信里的验证码")
        phone.get_by_label("同意签名").check()
        phone.get_by_label("短信里的验证码").fill(phone.locator(".good strong").inner_text())
        assert not closely or accessibility_problems(phone) == []
        press(phone, "签名", done)
        assert phone.script_errors == []
