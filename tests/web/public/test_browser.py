"""What a cheap phone does with a scanned code, and what a printer gets: in a real Chromium."""

from __future__ import annotations

import io
import re
import wave
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from anxin.channels import codes, recording, tokens
from anxin.channels.models import Scan, ScanDay
from anxin.channels.shipped import shipped
from anxin.evidence.journal import SYSTEM, Actor
from anxin.workforce.site_codes import issue_site_code
from tests.monitoring import factories as make
from tests.support.browser import WECHAT, accessibility_problems, arrived, patient, sign_in
from tests.support.old_line import CONNECTING, SECOND_GENERATION, Hand, Traffic
from tests.web.conftest import PASSWORD

SMALLEST = {"width": 320, "height": 568}
FIRST_PAGE = 60 * 1024
#: seconds on a 2G line until the form can be read and written in
USABLE = 6.0
#: what the board promises: “最多3分钟”
PROMISED = 180.0
MM = 96 / 25.4


@pytest.fixture(autouse=True)
def fixed_day():
    """The console is another process and lives today."""


@pytest.fixture
def site(transactional_db):
    """A site with a long name and a printed board; out at sea, where no city is."""
    now = timezone.now()
    project = make.project(
        "QH-001",
        name="清河安置房项目三期南区地下车库及配套商业工程",
        latitude=Decimal("20.50000"),
        longitude=Decimal("130.30000"),
    )
    issue_site_code(project, actor=SYSTEM, now=now)
    (board,) = codes.issue_boards([project], actor=SYSTEM, now=now)
    return project, tokens.token_of(board.pk)


@pytest.fixture
def small_phone(browser, live_console):
    """``small_phone(**options)`` → a page of 320 pixels that says it is WeChat."""
    contexts = []

    def made(**options):
        context = browser.new_context(
            base_url=live_console.url,
            viewport=SMALLEST,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            is_mobile=True,
            has_touch=True,
            user_agent=WECHAT,
            **options,
        )
        patient(context)
        contexts.append(context)
        return context.new_page()

    yield made
    for context in contexts:
        context.close()


def width(page) -> int:
    return page.evaluate("document.documentElement.scrollWidth")


def test_a_scan_on_an_old_network_leads_to_a_receipt_in_three_minutes(small_phone, site):
    page, hand, spent = small_phone(), Hand(), {}
    traffic = Traffic(page)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    network.send("Network.emulateNetworkConditions", SECOND_GENERATION.throttle)

    def loaded(what: str, connecting: int = 0) -> float:
        """Seconds of the line for what was loaded, and what a browser needed for it on this machine."""
        page.wait_for_load_state("networkidle")  # on a busy machine what is shown is counted a moment later
        came, went, requests = traffic.since()
        assert 0 < came <= FIRST_PAGE, f"{what}: {came} bytes"
        spent[what] = SECOND_GENERATION.seconds(came, went, requests + connecting)
        took = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
        print(
            f"{what}: {came} bytes, {requests} requests, {spent[what]:.1f} s of line, {took / 1000:.1f} s here"
        )
        assert width(page) == 320 and accessibility_problems(page) == []
        return spent[what]

    page.goto(f"/s/{site[1]}")
    arrived(page, "反映欠薪")
    assert loaded("board", CONNECTING) <= USABLE
    hand.tap(page.get_by_role("link", name="反映欠薪"))
    first = page.locator("[name=owes]")
    arrived(page, first)
    assert first.is_visible() and page.get_by_text("谁欠您的工资").is_visible()
    assert loaded("form") <= USABLE

    hand.type(first, "众力劳务的李老板")
    hand.type(page.locator("[name=much]"), "2个月，一共18600元，14个人")
    hand.type(
        page.locator("[name=text]"),
        "8月来做木工，9月和10月的工资一直没有发，老板说甲方没给钱，电话也不接了。",
    )
    hand.tap(page.locator("label.trade", has_text="木工"))
    hand.type(page.locator("[name=name]"), "赵大宝")
    # the page lets nobody through who fills it in within a blink
    page.wait_for_function(
        "() => performance.now() - performance.getEntriesByType('navigation')[0].responseEnd > 3200"
    )
    hand.tap(page.locator("#send"))
    arrived(page, "请再留个电话")
    loaded("refusal")
    phone = page.locator("[name=phone]")
    assert phone.evaluate("one => one.previousElementSibling.id") == "refusal", "said beside the field"
    hand.type(phone, "13900001234")
    hand.tap(page.locator("#send"))
    arrived(page, "收到了，请记好回执号")
    loaded("receipt")
    assert re.fullmatch(r"\d{4}( \d{4}){3}", page.locator("#number").inner_text())
    whole = hand.seconds + sum(spent.values())
    print(f"{hand.touches} touches, {hand.characters} characters, {whole:.0f} s from the scan to the receipt")
    assert whole <= PROMISED


def test_the_time_of_a_line_and_of_a_hand_is_counted():
    assert SECOND_GENERATION.seconds(came=31_250, went=6_250, requests=2) == pytest.approx(1 + 1 + 0.6)
    assert Hand(touches=2, characters=5).seconds == pytest.approx(2 * 3.0 + 5 * 1.2)
    assert Hand(touches=10, characters=130).seconds > PROMISED, "a form that asks for more breaks the promise"


def test_every_public_page_fits_and_is_accessible(small_phone, site):
    page = small_phone()
    token = site[1]
    forged = token[:-1] + ("a" if token[-1] != "a" else "b")
    for address in (f"/s/{forged}", "/s/?q=清河", "/z/", *[f"/z/{key}?s={token}" for key in shipped()]):
        page.goto(address)
        page.wait_for_load_state()
        assert width(page) == 320, address
        assert accessibility_problems(page) == [], address


#: what a letter is at least, in a text and in a field that somebody types into, in pixels of the phone
LEAST, TYPED = 16, 20
#: every piece of text that is seen: how large its letters are, what it is, and how far to the right it goes
LETTERS = """
(() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode, one = node.parentElement, range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    if (!node.data.trim() || !box.width || !one.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
    found.push([parseFloat(getComputedStyle(one).fontSize), node.data.trim().slice(0, 20), box.right, range.getClientRects()[0].height]);
  }
  return found;
})()
"""
FIELDS = "[...document.querySelectorAll('input[type=text], input[type=tel], textarea')].filter((one) => one.checkVisibility()).map((one) => parseFloat(getComputedStyle(one).fontSize))"


def test_letters_are_large_and_larger_ones_that_the_phone_asks_for_still_fit(small_phone, site):
    """WeChat's 字体大小 enlarges every text of a page in this way, and the page has no say in it."""
    page = small_phone()
    for address in (f"/s/{site[1]}", f"/f/{site[1]}", "/r", "/z/"):
        page.goto(address)
        page.wait_for_load_state()
        before = page.evaluate(LETTERS)
        assert min(size for size, *_ in before) >= LEAST, sorted(before)[:3]
        assert all(size >= TYPED for size in page.evaluate(FIELDS)), address
        for zoom in (1.5, 2.0):
            page.evaluate(f"document.body.style.webkitTextSizeAdjust = '{zoom:.0%}'")
            after = page.evaluate(LETTERS)
            # the letters really grow: otherwise nothing is tried here
            grown = [new[3] / old[3] for old, new in zip(before, after, strict=True)]
            assert all(one == pytest.approx(zoom, rel=0.1) for one in grown), (
                address,
                min(grown),
                max(grown),
            )
            wide = [words for _, words, right, _ in after if right > SMALLEST["width"]]
            assert width(page) == SMALLEST["width"] and wide == [], (address, zoom, wide)


def test_without_scripts_the_choices_and_the_search_still_work(small_phone, site):
    page = small_phone(java_script_enabled=False)
    page.goto(f"/s/{site[1]}")
    assert not page.locator("#place").is_visible()
    page.get_by_role("link", name="工资没拿到怎么办").click()
    page.get_by_text("第一步").first.wait_for()
    page.goto("/s/")
    page.fill("#q", "清河 安置房")
    page.get_by_role("button", name="找工地").click()
    page.get_by_role("link", name=re.compile("清河安置房")).click()
    page.get_by_role("link", name="反映欠薪").wait_for()
    assert ScanDay.objects.get().scans == 1


#: a phone that has a Chinese voice, and says each part as soon as it is asked to
VOICE = """
window.said = [];
speechSynthesis.getVoices = () => [{ lang: "zh-CN" }];
speechSynthesis.speak = (words) => { window.said.push(words.text); setTimeout(() => words.onend(), 0); };
"""


def test_the_page_is_read_aloud_where_the_phone_can(small_phone, site):
    page = small_phone()
    page.add_init_script(VOICE)
    page.goto(f"/s/{site[1]}")
    page.get_by_role("button", name="读给我听").click()
    expect(page.get_by_role("button", name="读给我听")).to_be_visible()  # it was 停下 meanwhile
    said = page.evaluate("window.said.join()")
    assert "清河安置房" in said and "工资没拿到怎么办" in said
    silent = small_phone()  # this browser has the words for it and no voice
    silent.goto(f"/s/{site[1]}")
    arrived(silent, "反映欠薪")
    assert not silent.get_by_role("button", name="读给我听").is_visible()


def a_tone() -> bytes:
    """A tenth of a second that every browser plays."""
    kept = io.BytesIO()
    with wave.open(kept, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(bytes(128 + (place % 16) for place in range(800)))
    return kept.getvalue()


def test_a_recording_is_played_when_pressed_and_not_loaded_before(small_phone, site):
    now = timezone.now()
    for language in ("普通话", "四川话"):
        made = recording.add_recording(
            "form.owes", language=language, data=a_tone() + language.encode(), filename="a.wav",
            on=now.date(), actor=SYSTEM, now=now,
        )  # fmt: skip
        recording.hear_recording(made, on=now.date(), actor=Actor("user:2", "另一人"), now=now)
    page = small_phone()  # this browser has no voice of its own
    loaded: list[str] = []
    page.on("request", lambda asked: loaded.append(asked.url.partition("/y/")[2]))
    page.goto(f"/f/{site[1]}")
    arrived(page, "谁欠您的工资")
    page.get_by_role("button", name="四川话").click()
    assert not any(loaded) and page.locator(".say-one:visible").count() == 1
    with page.expect_request(re.compile(r"/y/\d+$")):
        page.locator(".say-one:visible").click()
    expect(page.locator(".say-one:visible")).to_have_text("听")  # and no longer 停下
    assert {one for one in loaded if one} == {str(made.pk)}
    assert width(page) == 320 and accessibility_problems(page) == []


def test_a_phone_tells_its_place_only_after_the_button(small_phone, site):
    page = small_phone(
        permissions=["geolocation"], geolocation={"latitude": 31.404321, "longitude": 140.204321}
    )
    page.goto(f"/s/{site[1]}")
    arrived(page, "反映欠薪")
    assert Scan.objects.get().latitude is None
    page.get_by_role("button", name=re.compile("大概位置")).click()
    page.get_by_text("收到了，谢谢").wait_for()
    scan = Scan.objects.get()
    assert (scan.latitude, scan.longitude) == (Decimal("31.40"), Decimal("140.20"))
    assert ScanDay.objects.get().far == 1


def pages_of(page) -> list[tuple[int, int]]:
    """The sheets that the printer gets, in millimetres."""
    data = page.pdf(prefer_css_page_size=True, print_background=True)
    boxes = re.findall(rb"/MediaBox \[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", data)
    return [(round(float(wide) / 72 * 25.4), round(float(high) / 72 * 25.4)) for wide, high in boxes]


def size(page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).first.bounding_box()
    return round(box["width"] / MM, 1), round(box["height"] / MM, 1)


def test_boards_stickers_posters_and_leaflets_have_their_size_on_paper(page, site):
    clerk = make.user("clerk", role="clerk", region="99")
    clerk.set_password(PASSWORD)
    clerk.save()
    second = make.project("QH-002", name="西河桥梁工程")
    sign_in(page, "clerk", PASSWORD)
    page.goto("/codes/print")
    for project in (site[0], second):
        page.locator(f"input[name=ids][value='{project.pk}']").check()
    page.get_by_role("button", name="A3告示牌").click()
    arrived(page, "张A3告示牌")
    assert size(page, ".a3-qr svg") == (170.0, 170.0)
    assert pages_of(page) == [(297, 420)] * 2
    page.goto("/codes/print")
    page.locator(f"input[name=ids][value='{second.pk}']").check()
    page.fill("#f-count", "13")
    page.get_by_role("button", name="安全帽贴").click()
    arrived(page, "张60毫米圆贴")
    assert size(page, ".sticker") == (60.0, 60.0)
    assert pages_of(page) == [(210, 297)] * 2
    for key in shipped():
        page.goto(f"/guides/{key}/poster")
        assert pages_of(page) == [(297, 420)], key
        inside = (
            "document.querySelector('.a3').scrollHeight <= document.querySelector('.a3').clientHeight + 1"
        )
        assert page.evaluate(inside), key
        page.goto(f"/guides/{key}/leaflet")
        assert pages_of(page) == [(210, 297)], key
