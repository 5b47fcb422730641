"""A real region, and services outside it."""

from __future__ import annotations

import pytest

from tests.contracts.conftest import sent, site  # noqa: F401
from tests.letters.conftest import office  # noqa: F401
from tests.vouching.services import running, set_up


@pytest.fixture
def real_people(monkeypatch):
    """The regions of these tests are no longer those of the demonstration city."""
    monkeypatch.setattr("anxin.registry.invented.INVENTED", "00")


@pytest.fixture
def services(tmp_path, settings, now):
    """Everything set, in an installation of real people or not as the test has it."""
    with running(tmp_path / "outside", now) as found:
        set_up(settings, found, tmp_path / "etc")
        yield found
