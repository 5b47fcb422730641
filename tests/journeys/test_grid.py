"""A grid worker on a phone: one report within sixty seconds, two without network, each once; the leader sees them."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from anxin.accounts.models import Grant, Role, User
from anxin.clues.models import Clue
from anxin.grid.models import GridReport
from anxin.signals.models import BoardCheck, KnownSite
from tests.evidence.test_pictures_and_sounds import with_camera_notes
from tests.journeys.test_telling import as_wide_as_the_phone, phone  # noqa: F401
from tests.monitoring import factories as make
from tests.support.browser import accessibility_problems, arrived, sign_in
from tests.support.old_line import CONNECTING, SECOND_GENERATION, Hand, Traffic

#: seconds from opening the page until the report is safe on the phone; sending goes on by itself while the worker walks on
PROMISED = 60.0
#: the icon of the page is touched before it opens
_OPEN = 1
#: for a picture: the button, the shutter, and keeping what was taken
_PICTURE = 3
PASSWORD = "Qinghe-2026-anxin"


@pytest.fixture
def town(transactional_db):
    """Two sites of a town, far from one another, its grid worker, another one, and a leader."""
    near = make.project(
        "QH-1", region_code="990101001", name="清河安置房项目", latitude=Decimal("31.23000"), longitude=Decimal("121.47000")
    )  # fmt: skip
    make.project(
        "QH-2", region_code="990101001", name="东风小学扩建工程", latitude=Decimal("31.30000"), longitude=Decimal("121.40000")
    )  # fmt: skip
    for name, role, region in (
        ("sun", Role.GRID_WORKER, "990101001"),
        ("zhou", Role.GRID_WORKER, "990101001"),
        ("chen", Role.LEADER, "9901"),
    ):
        user = User.objects.create_user(name, password=PASSWORD, display_name=f"某{name}")
        Grant.objects.create(user=user, role=role, region=region)
    return near


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "现场.jpg"
    path.write_bytes(with_camera_notes())
    return str(path)


def takes_a_picture(page, hand: Hand, picture: str) -> None:
    page.set_input_files("#photo", picture)
    page.locator("#chosen img[src^=data]").wait_for()
    hand.touches += _PICTURE


def says(page, hand: Hand, *words: str) -> None:
    """The three questions, and the button."""
    for one in words:
        hand.tap(page.get_by_text(one, exact=True))
    hand.tap(page.get_by_role("button", name="上报", exact=True))


def opening_the_page(page) -> float:
    """Seconds of an old line for the page with all that it loads, nothing of it kept from before."""
    traffic, network = Traffic(page), page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": True})
    page.reload()
    arrived(page, "什么情况")
    page.wait_for_load_state("networkidle")
    came, went, requests = traffic.since()
    assert came > 0
    network.send("Network.setCacheDisabled", {"cacheDisabled": False})
    return SECOND_GENERATION.seconds(came, went, requests + CONNECTING)


def within_a_minute(what: str, hand: Hand, line: float = 0.0) -> None:
    whole = hand.seconds + line
    print(
        f"{what}: {hand.touches} touches, {hand.characters} characters, {line:.1f} s of line, {whole:.0f} s"
    )
    assert whole <= PROMISED, what


def kept_for_offline(page) -> None:
    """The service worker holds the page: from now on it opens without network."""
    page.wait_for_function(
        "() => navigator.serviceWorker.ready.then(() => caches.keys()).then(async names => {"
        " for (const name of names) if (await (await caches.open(name)).match('/grid/')) return true; return false; })"
    )


def late_service_worker(page) -> None:
    """Installs itself while somebody is already signing in, as on a slow phone that had just opened the page."""
    page.evaluate(
        "() => navigator.serviceWorker.register('/grid/sw.js', { scope: '/grid/' }).then((one) => new Promise((done) => {"
        " const worker = one.installing || one.waiting || one.active, look = () => worker.state === 'activated' && done();"
        " worker.addEventListener('statechange', look); look(); }))"
    )


@pytest.mark.parametrize("phone", [390, 320], indirect=True)
def test_reports_with_and_without_network_arrive_once_and_the_leader_sees_them(
    live_console, phone, page, town, picture  # noqa: F811
):  # fmt: skip
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation({"latitude": 31.2301, "longitude": 121.4701})
    sign_in(phone, "sun", PASSWORD, lands_on=r"/grid/$")
    arrived(phone, "已选最近的工地")  # allowed before: the place needs no touch
    expect(phone.locator("#site")).to_have_value(str(town.pk))
    assert as_wide_as_the_phone(phone) and accessibility_problems(phone) == []

    line = opening_the_page(phone)
    arrived(phone, "已选最近的工地")
    hand = Hand(touches=_OPEN)
    takes_a_picture(phone, hand, picture)
    says(phone, hand, "拖欠工资", "10到29人", "今天要有人来")
    assert hand.touches == _OPEN + _PICTURE + 4
    within_a_minute("with network", hand, line)
    expect(phone.locator("#sent")).to_contain_text("清河安置房项目")
    kept = GridReport.objects.get()
    assert (kept.project, kept.kind, bool(kept.picture)) == (town, "wages", True) and kept.clue is not None
    kept_for_offline(phone)

    phone.context.set_offline(True)
    phone.reload()
    arrived(phone, "什么情况")
    for kind, place in (("没有维权告示牌", ""), ("新开小工地未登记", "柳林路口农贸市场旁")):
        hand = Hand(touches=_OPEN)
        if place:
            phone.select_option("#site", "")
            hand.touches += 2  # the list, and its first line
            hand.type(phone.locator("#place"), place)
        else:
            hand.type(phone.locator("#find"), "清河")
            expect(phone.locator("#site")).to_have_value(str(town.pk))
        takes_a_picture(phone, hand, picture)
        says(phone, hand, kind, "不清楚", "不急")
        expect(phone.locator("#waiting")).to_contain_text(kind)
        within_a_minute(f"without network, {kind}", hand)
    phone.reload()
    expect(phone.locator("#waiting li")).to_have_count(2)
    expect(phone.locator("#waiting")).to_contain_text("待发送")
    assert as_wide_as_the_phone(phone) and GridReport.objects.count() == 1

    phone.context.set_offline(False)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.locator("#waiting li")).to_have_count(0)
    expect(phone.locator("#sent")).to_contain_text("柳林路口农贸市场旁")
    phone.reload()
    expect(phone.locator("#sent li")).to_have_count(3)
    assert GridReport.objects.count() == 3 and not GridReport.objects.filter(picture=None).exists()
    assert (Clue.objects.count(), BoardCheck.objects.count(), KnownSite.objects.count()) == (1, 1, 1)
    assert phone.script_errors == []

    sign_in(page, "chen", PASSWORD)
    page.goto("/grid-reports")
    page.get_by_role("link", name="3", exact=True).first.click()
    arrived(page, "柳林路口农贸市场旁")
    page.goto("/grid-reports/workers?part=silent")
    arrived(page, "某zhou")
    assert "某sun" not in page.locator("main").inner_text() and page.script_errors == []


@pytest.mark.parametrize("phone", [390], indirect=True)
def test_what_is_refused_comes_back_with_the_reason_and_is_mended(live_console, phone, town):  # noqa: F811
    sign_in(phone, "sun", PASSWORD, lands_on=r"/grid/$")
    phone.select_option("#site", str(town.pk))
    Grant.objects.filter(user__username="sun").update(region="990102")  # moved to another grid meanwhile
    make.region("990102")
    for words in ("拖欠工资", "9人以下", "不急"):
        phone.get_by_text(words, exact=True).click()
    phone.get_by_role("button", name="上报", exact=True).click()
    expect(phone.locator("#waiting")).to_contain_text("被退回")
    expect(phone.locator("#waiting")).to_contain_text("不在您负责的网格里")
    phone.get_by_role("button", name="改一改").click()
    phone.select_option("#site", "")
    phone.fill("#place", "新桥镇粮站")
    phone.get_by_role("button", name="上报", exact=True).click()
    expect(phone.locator("#sent")).to_contain_text("新桥镇粮站")
    expect(phone.locator("#waiting li")).to_have_count(0)
    assert GridReport.objects.get().place == "新桥镇粮站"


@pytest.mark.parametrize("phone", [390], indirect=True)
def test_signed_out_nothing_opens_offline_and_nobody_sends_for_another(live_console, phone, town):  # noqa: F811
    sign_in(phone, "sun", PASSWORD, lands_on=r"/grid/$")
    kept_for_offline(phone)
    phone.context.set_offline(True)
    phone.fill("#place", "柳林路口")
    for words in ("拖欠工资", "9人以下", "不急"):
        phone.get_by_text(words, exact=True).click()
    phone.get_by_role("button", name="上报", exact=True).click()
    expect(phone.locator("#waiting li")).to_have_count(1)
    phone.context.clear_cookies()  # the session ends before it can be sent
    phone.context.set_offline(False)
    phone.evaluate("window.dispatchEvent(new Event('online'))")
    expect(phone.locator("#waiting")).to_contain_text("请重新登录")
    phone.goto("/sign-in")
    phone.wait_for_function(
        "() => caches.keys().then(names => names.every(name => !name.startsWith('anxin-grid-')))"
    )
    phone.context.set_offline(True)
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        phone.goto("/grid/")
    phone.context.set_offline(False)
    phone.goto("/sign-in")
    phone.context.clear_cookies()
    late_service_worker(phone)
    assert (
        phone.context.cookies() == []
    )  # it has not asked for another form in the name of who is filling one in

    sign_in(phone, "zhou", PASSWORD, lands_on=r"/grid/$")
    arrived(phone, "还没有上报过")
    assert "柳林路口" not in phone.locator("main").inner_text() and not GridReport.objects.exists()
    kept_for_offline(
        phone
    )  # what the service worker still asks for in this name would void the next person's form
    sign_in(phone, "sun", PASSWORD, lands_on=r"/grid/$")
    expect(phone.locator("#sent")).to_contain_text("柳林路口")
    assert re.fullmatch(r"某sun", GridReport.objects.get().by_name)
