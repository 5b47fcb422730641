"""Two real servers over the loopback interface: our worker process reports to a platform process-like stub."""

from __future__ import annotations

import time

from anxin.accounts.models import Grant, User
from anxin.exchange.models import UploadRecord
from anxin.exchange.tasks import enqueue_upload
from anxin.exchange.uploads import services
from tests.exchange.test_uploads import settings_of
from tests.exchange.world import full
from tests.support.console import PATIENCE
from tests.support.province import province


def test_our_worker_reports_over_the_wire_and_a_broken_line_costs_nothing(live_console, now):
    from django.utils import timezone

    full(now)
    admin = User.objects.create_user("boss")
    Grant.objects.create(user=admin, role="admin")
    with province() as there:
        drops = iter([*[""] * 6, "drop_after", *[""] * 4, "error_after", "token"])
        there.fault = lambda: next(drops, "")
        platform = services.configure_platform(**settings_of(there.url), user=admin, now=timezone.now())
        # Switching on queues the filling, which the worker process does, and then sends.
        services.switch_platform(platform, on=True, user=admin, now=timezone.now())
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            live_console.drain()
            if UploadRecord.objects.filter(state="accepted").count() == 22:
                break
            time.sleep(0.5)
            enqueue_upload()
        assert UploadRecord.objects.filter(state="accepted").count() == 22
        assert set(there.processed.values()) == {1}
        assert set(there.accepted.values()) == {1}
