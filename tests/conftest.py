"""Fixtures for every test. Time is fixed, the network stays on this machine, data lives in a temporary folder."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import hypothesis
import pytest

from tests.support import environment
from tests.support.network import block_outside_network

SHANGHAI = ZoneInfo("Asia/Shanghai")

hypothesis.settings.register_profile(
    "anxin",
    deadline=None,  # a busy machine is not a failure
    derandomize=True,  # the same examples on every machine: a red run can be repeated
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("anxin")
block_outside_network()

#: fixtures that mean "this test touches the database"
_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "live_console", "chosen_clock"}
#: fixtures that mean "this test drives a browser"; a ``screen`` asks for its width's page only when it runs
_BROWSER_FIXTURES = {"browser", "screen"}
#: fixtures that mean "this test starts a Spark": what it is given is proven the same from both databases
_SPARK_FIXTURES = {"spark_url", "cluster"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="run only the tests that touch the database, each with its first values, and of the browser the journeys "
        "(the pass on PostgreSQL)",
    )
    parser.addoption(
        "--no-journeys",
        action="store_true",
        help="leave the journeys to the other pass, which runs them on PostgreSQL",
    )
    parser.addoption(
        "--part",
        choices=("database", "browser", "spark", "rest"),
        help="run one part of the suite: every test is in one of the four",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Half a second of hashing per password protects people, not tests."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["tests.support.hashers.QuickHasher"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what drives a browser, and choose the tests of the PostgreSQL pass."""
    from django.conf import settings

    on_postgres = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    chosen, left = [], []
    seen: set[str] = set()
    for item in items:
        if _BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)
        runs = _runs(item, config, on_postgres) and not _is_repeated(item, config, seen)
        (chosen if runs else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = chosen


def pytest_collection_finish(session: pytest.Session) -> None:
    """What was collected stays to the end: the garbage collector need not go through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    gc.unfreeze()


def _runs(item: pytest.Item, config: pytest.Config, on_postgres: bool) -> bool:
    if item.get_closest_marker("postgres") and not on_postgres:
        return False
    journey = "journeys" in item.path.parts
    if not config.getoption("--only-database"):
        if journey and config.getoption("--no-journeys"):
            return False
        return config.getoption("--part") in (None, _part(item))
    fixtures = set(getattr(item, "fixturenames", ()))
    if _SPARK_FIXTURES & fixtures or item.get_closest_marker("one_database"):
        return False
    # How a page looks does not depend on the database; what a whole journey does may.
    return _touches_database(item) and (not item.get_closest_marker("browser") or journey)


def _part(item: pytest.Item) -> str:
    if item.get_closest_marker("browser"):
        return "browser"
    if _SPARK_FIXTURES & set(getattr(item, "fixturenames", ())):
        return "spark"
    return "database" if _touches_database(item) else "rest"


def _touches_database(item: pytest.Item) -> bool:
    return bool(
        item.get_closest_marker("django_db") or _DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
    )


def _is_repeated(item: pytest.Item, config: pytest.Config, seen: set[str]) -> bool:
    """On the second database a test with many values runs with the first: the questions asked of it are the same."""
    if not config.getoption("--only-database") or "journeys" in item.path.parts:
        return False
    if item.get_closest_marker("postgres"):
        return False
    name = item.nodeid.partition("[")[0]
    if name in seen:
        return True
    seen.add(name)
    return False


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    """SQLite tests use a file as an office does, so that other processes (console, worker) can join in.

    On PostgreSQL the tables come to be as in an office that starts today. The way there by migrations takes
    minutes; ``tests/evidence/test_months_upgrade.py`` goes it once and compares.
    """
    from django.conf import settings

    from tests.support import made_new

    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(Path(environment.HOME) / "test.sqlite3")
        yield
        return
    with made_new.database(database) as name:
        database.setdefault("TEST", {})["TEMPLATE"] = name
        yield


@pytest.fixture(scope="session")
def spark_url(tmp_path_factory) -> Iterator[str]:
    """A Spark Connect server, started once for all tests that ask."""
    from tests.support import outside, spark_server

    if part := spark_server.what_is_missing():
        outside.missing(part, "see docs/admin.md, “Spark”")
    with spark_server.running_server(tmp_path_factory.mktemp("spark")) as url:
        yield url


@pytest.fixture
def now() -> dt.datetime:
    """Friday, 20 November 2026, ten in the morning in Shanghai."""
    return dt.datetime(2026, 11, 20, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def every_rule_warns(monkeypatch) -> None:
    """No rule is on trial: what is tested is the way of a warning, not which rules a pack ships as live."""
    from anxin.monitoring import stages

    monkeypatch.setattr(stages, "shipped", lambda: {"": stages.Stage.LIVE.value})


@pytest.fixture
def actor():
    """Somebody who acts."""
    from anxin.evidence.journal import Actor

    return Actor("user:1", "测试员")


@pytest.fixture(autouse=True)
def _no_names_of_another_test() -> None:
    """A test's rows go back, and the next one's may have the same number and keys: an index of names is not kept."""
    from anxin.registry import names

    names.forget()


@pytest.fixture
def home(settings, tmp_path: Path) -> Path:
    """A data folder of this test alone."""
    settings.ANXIN_HOME = tmp_path
    return tmp_path


@pytest.fixture(scope="session")
def console_processes(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator:
    """granian on the tests' database, started once."""
    from tests.support import console

    log = tmp_path_factory.mktemp("console") / "console.log"
    port = console.free_port()
    url = f"http://127.0.0.1:{port}"
    with django_db_blocker.unblock():
        web = console.start("web", "--port", str(port), "--workers", "1", log=log)
    try:
        console.wait_until_ready(url, web, log)
        yield console.LiveConsole(url, log)
    finally:
        console.stop(web)


@pytest.fixture(scope="session")
def _reins(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator:
    """A task worker on the tests' database, started once, that stands still until it is let loose."""
    from tests.support import console, shared_worker

    folder = tmp_path_factory.mktemp("worker")
    reins = shared_worker.Reins(folder / "lock")
    words = {"module": "tests.support.shared_worker", shared_worker.FILE: str(folder / "lock")}
    with django_db_blocker.unblock():
        worker = console.start(log=folder / "worker.log", **words)
    try:
        yield reins
    finally:
        console.stop(worker)


@pytest.fixture
def live_console(transactional_db, console_processes, _reins) -> Iterator:
    """The real console and worker (``url``, ``drain()``); the test's rows are theirs, and gone afterwards."""
    with _reins.loosened():
        yield console_processes
        console_processes.drain()


@pytest.fixture(scope="session")
def _chosen_processes(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator:
    """The console with a clock that tests set, started once."""
    from tests.support import chosen_day, console

    folder = tmp_path_factory.mktemp("chosen-day")
    clock = chosen_day.ChosenClock(folder / "moment")
    clock.set("2026-01-05")
    log, port = folder / "console.log", console.free_port()
    words = {"module": "tests.support.chosen_day", chosen_day.FILE: str(clock.file)}
    with django_db_blocker.unblock():
        web = console.start("--port", str(port), log=log, **words)
    try:
        console.wait_until_ready(f"http://127.0.0.1:{port}", web, log)
        yield f"http://127.0.0.1:{port}", clock
    finally:
        console.stop(web)


@pytest.fixture
def chosen_clock(transactional_db, _chosen_processes):
    """The clock of :func:`chosen_page`: ``chosen_clock.set("2026-04-30")``. Nothing runs by itself: no worker."""
    return _chosen_processes[1]


@pytest.fixture
def chosen_page(chosen_clock, _chosen_processes, browser) -> Iterator:
    """A desk-width page on a console that takes :func:`chosen_clock` for now."""
    from tests.support.browser import DESK, opened

    with opened(browser, _chosen_processes[0], DESK) as desk:
        yield desk


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """One Chromium for all tests."""
    from tests.support.browser import launched

    with launched() as started:
        yield started


@pytest.fixture
def page(live_console, browser) -> Iterator:
    """A desk-width page (1440 × 900) on the console; ``page.goto("/…")``. ``page.script_errors`` must stay empty."""
    from tests.support.browser import DESK, opened

    with opened(browser, live_console.url, DESK) as desk:
        yield desk


@pytest.fixture
def phone_page(live_console, browser) -> Iterator:
    """A phone-width page (390 × 844, touch) on the console."""
    from tests.support.browser import PHONE, opened

    with opened(browser, live_console.url, PHONE) as phone:
        yield phone
