"""Lists and the registered part of a project's page."""

import pytest

from anxin.registry import services
from anxin.registry.access import find_visible
from anxin.registry.finding import find_employers
from anxin.registry.queries import ProjectFilters, project_overview, project_page
from tests.registry.test_services import valid_uscc


@pytest.fixture
def contractor(first, now, actor):
    employer = services.register_employer(uscc=valid_uscc(), name="演示建筑公司", actor=actor, now=now)
    services.add_participant(first, employer=employer, role="general_contractor", actor=actor, now=now)
    return employer


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        ({}, ["P-2", "P-1"]),
        ({"text": "学校"}, ["P-1"]),
        ({"text": "p-2"}, ["P-2"]),
        ({"text": "建筑公司"}, ["P-1"]),
        ({"text": "没有的"}, []),
        ({"region": "990102"}, ["P-2"]),
        ({"region": "9901"}, ["P-2", "P-1"]),
        ({"industry": "housing"}, ["P-1"]),
        ({"state": "completed"}, []),
        ({"responsible": "ZJ"}, ["P-1"]),
    ],
)
def test_filters_narrow_the_list(filters, codes, first, second, contractor, somebody):
    page = project_page(somebody("leader"), ProjectFilters(**filters))
    assert [project.code for project in page.items] == codes


def test_a_filter_never_reaches_beyond_the_scope(first, second, contractor, somebody):
    inspector = somebody("inspector", region="990102")
    assert [project.code for project in project_page(inspector, ProjectFilters()).items] == ["P-2"]
    assert not project_page(inspector, ProjectFilters(text="学校")).items
    assert not find_employers(inspector, "建筑")
    assert find_employers(somebody("inspector", region="990101"), "建筑") == [contractor]


def test_pages_follow_each_other_by_key_and_cost_the_same(
    county, now, actor, somebody, django_assert_num_queries
):
    for number in range(7):
        services.register_project(
            code=f"N-{number}",
            name=f"工程{number}",
            region=county["990101"],
            industry="water",
            actor=actor,
            now=now,
        )
    user, seen, after = somebody("leader"), [], None
    user.grants.count()
    while True:
        page = project_page(user, ProjectFilters(), after, limit=3)
        seen += [project.code for project in page.items]
        after = page.next_after
        if after is None:
            break
    assert seen == [f"N-{number}" for number in reversed(range(7))]
    with django_assert_num_queries(2):
        project_page(user, ProjectFilters(), limit=3)
    with django_assert_num_queries(2):
        project_page(user, ProjectFilters(), limit=7)


def test_the_overview_names_place_roles_and_approvals_in_few_queries(
    first, contractor, somebody, now, actor, django_assert_num_queries
):
    services.record_approval(first, kind="施工许可证", number="演示1号", actor=actor, now=now)
    project = find_visible(somebody("leader"), first.pk)
    with django_assert_num_queries(2):  # the regions come along with the project
        overview = project_overview(project)
    assert [region.name for region in overview.region_path] == ["演示省", "演示市", "甲区"]
    assert overview.employers("general_contractor") == [contractor]
    assert overview.employers("owner") == []
    assert [approval.number for approval in overview.approvals] == ["演示1号"]
