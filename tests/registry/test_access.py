"""Who sees which project: every "may" beside its "may not"."""

import pytest

from anxin.accounts.access import HANDLE, IMPORT, VIEW
from anxin.registry.access import find_visible, may_register, regions_within, visible_projects


@pytest.mark.parametrize(
    ("role", "scope", "permission", "seen"),
    [
        ("leader", {}, VIEW, {"P-1", "P-2"}),
        ("leader", {"region": "9901"}, VIEW, {"P-1", "P-2"}),
        ("inspector", {"region": "990101"}, VIEW, {"P-1"}),
        ("inspector", {"region": "990102"}, VIEW, {"P-2"}),
        ("inspector", {"region": "9902"}, VIEW, set()),
        ("inspector", {"industry": "transport"}, VIEW, {"P-2"}),
        ("inspector", {"region": "990101", "industry": "transport"}, VIEW, set()),
        ("inspector", {"organisation": "ZJ"}, VIEW, {"P-1"}),
        ("clerk", {"region": "990101"}, IMPORT, {"P-1"}),
        ("clerk", {"region": "990101"}, HANDLE, set()),
        ("auditor", {}, VIEW, set()),
        ("admin", {}, VIEW, set()),
        (None, {}, VIEW, set()),
    ],
)
def test_a_grant_shows_its_own_rows_and_no_others(role, scope, permission, seen, first, second, somebody):
    user = somebody(role, **scope)
    assert {project.code for project in visible_projects(user, permission)} == seen
    for project in (first, second):
        assert (find_visible(user, project.pk, permission) is not None) == (project.code in seen)


def test_a_closed_account_sees_nothing(first, somebody):
    user = somebody("leader")
    user.is_active = False
    assert not visible_projects(user).exists()


def test_a_clerk_registers_within_the_scope_and_not_beside_it(somebody):
    clerk = somebody("clerk", region="990101", industry="housing")
    assert may_register(clerk, region="990101001", industry="housing")
    assert not may_register(clerk, region="990102", industry="housing")
    assert not may_register(clerk, region="990101", industry="water")
    assert not may_register(somebody("leader"), region="990101", industry="housing")


def test_regions_to_choose_from_are_those_of_the_scope(county, somebody):
    assert [region.code for region in regions_within(somebody("clerk", region="990102"), IMPORT)] == [
        "990102"
    ]
    assert len(regions_within(somebody("clerk"), IMPORT)) == 4
    assert not regions_within(somebody("auditor"))
