"""A project's code may be corrected: its deliveries stay with it, and with the people who may see them."""

from __future__ import annotations

import pytest

from anxin.evidence import imports
from anxin.evidence.journal import Actor
from anxin.registry.models import Project
from anxin.registry.services import update_project
from anxin.web.bureau.batches import visible_batches
from tests.support.deliveries import payroll

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]
SOMEBODY = Actor("user:0", "某人")


@pytest.fixture
def renamed(world, now):
    """A delivery of a project here whose code was corrected; a project elsewhere took the old code."""
    batch = imports.open_batch(
        kind="payroll",
        data=payroll(("王建国", 1, 6000)),
        filename="9月工资.xlsx",
        actor=SOMEBODY,
        now=now,
        project_code="HERE",
    )
    update_project(world.here.pk, changes={"code": "HERE-2"}, actor=SOMEBODY, now=now)
    Project.objects.filter(pk=world.there.pk).update(code="HERE")
    return batch


def test_deliveries_follow_the_corrected_code_and_can_still_be_accepted(renamed, world, now):
    assert visible_batches(world.clerk).filter(pk=renamed.pk).exists()
    accepted = imports.accept_batch(renamed.pk, actor=SOMEBODY, now=now)
    assert (accepted.state, accepted.project_code) == ("accepted", "HERE-2")


def test_whoever_takes_the_old_code_does_not_find_the_deliveries(renamed, world, sign_in):
    assert not visible_batches(world.outsider).filter(pk=renamed.pk).exists()
    for address in (f"/imports/{renamed.pk}", f"/imports/{renamed.pk}/file"):
        assert sign_in("outsider").get(address).status_code == 404
