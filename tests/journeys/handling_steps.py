"""What an officer does on a clue's working page (办理), and how somebody else sits down at the desk."""

from __future__ import annotations

from playwright.sync_api import Page

from anxin.accounts.models import User
from anxin.clues.models import Clue
from tests.support.browser import arrived, sign_in

PASSWORD = "Qinghe-2026-anxin"
WORDS = "逐人核对了考勤、工资表和银行回单。"


def with_passwords() -> None:
    """Everybody may sign in."""
    for person in User.objects.all():
        person.set_password(PASSWORD)
        person.save()


def as_(page: Page, name: str, clue: Clue) -> None:
    """Somebody else sits down at the desk and opens the working page."""
    sign_in(page, name, PASSWORD)
    page.goto(f"/clues/{clue.pk}/handling")


def done(page: Page, words: str) -> None:
    arrived(page, page.get_by_text(words).first)


def conclude(
    page: Page, name: str, kind: str, *, people: str = "", amount: str = "", words: str = WORDS
) -> None:
    """Conclude with one paper; people and amount stay as the page has them unless they are given."""
    page.select_option("#c-name", name)
    if people:
        page.fill("#c-people", people)
    if amount:
        page.fill("#c-amount", amount)
    page.fill("#c-words", words)
    page.select_option("#c-kind", kind)
    page.set_input_files(
        "#c-paper", {"name": "核查表.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1 table"}
    )
    page.locator("#conclude").get_by_role("button", name="登记结论").click()
    done(page, "结论已登记")


def paid_by_word(page: Page, person: str, yuan: str, said: str, on: str) -> None:
    """Record what one person got, as that person confirmed it."""
    page.get_by_text("凭本人确认").click()
    page.fill("#m-person", person)
    page.fill("#m-amount", yuan)
    page.fill("#m-day", on)
    page.fill("#m-said", said)
    page.locator("form", has=page.locator("#m-person")).get_by_role("button", name="登记").click()
    done(page, "到账已登记")
