"""An invented office: a lead body with its people, a body that helps, and somebody from elsewhere."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest

from anxin.accounts.models import Grant, User
from anxin.casework import flow, services
from anxin.casework.clockwork import Words
from anxin.casework.models import Matter, Step
from anxin.registry.models import Organisation, Region
from tests.casework.tables import FixtureLaw, fixture_law
from tests.monitoring import factories as make

OPENED = dt.date(2026, 3, 2)  # a Monday


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@dataclass
class World:
    """Everybody, and short words for what they do. ``law`` holds the invented procedures."""

    law: FixtureLaw
    region: Region
    lead: Organisation
    helper_body: Organisation
    elsewhere: Organisation
    leader: User
    inspector: User
    colleague: User
    helper: User
    stranger: User
    clerk: User
    auditor: User

    def matter(self, procedure: str = "test_talk", **fields) -> Matter:
        values = {
            "procedure": procedure,
            "title": "甲工地欠薪",
            "region": self.region,
            "lead": self.lead,
            "industry": "housing",
            "by": self.inspector,
            "on": OPENED,
            "now": make.at("2026-03-02"),
            "law": self.law,
            **fields,
        }
        return services.open_matter(**values)

    def paper(self, matter: Matter, kind: str, *, text: str = "文书", by: User | None = None):
        return services.attach(
            matter, kind=kind, data=f"{kind}{text}".encode(), filename=f"{kind}.pdf", number="第1号",
            by=by or self.inspector, now=make.at("2026-03-02"), law=self.law,
        )  # fmt: skip

    def take(self, matter: Matter, step: str, on: str, *, by: User | None = None, **words) -> Step:
        fresh = Matter.objects.get(pk=matter.pk)
        return flow.take(
            fresh, step, by=by or self.inspector, on=day(on), now=make.at(on, 12), law=self.law,
            expected_version=fresh.version, words=Words(**words),
        )  # fmt: skip

    def accepted(self, **fields) -> Matter:
        """A matter accepted on 5 March 2026."""
        matter = self.matter(**fields)
        self.paper(matter, "case_filing_approval", by=self.leader)
        self.take(matter, "accept", "2026-03-05", by=self.leader)
        return Matter.objects.get(pk=matter.pk)

    def option(self, matter: Matter, step: str, on: str, by: User | None = None):
        fresh = Matter.objects.select_related("lead").get(pk=matter.pk)
        found = flow.options(fresh, by or self.inspector, day(on), self.law)
        return next(option for option in found if option.transition.key == step)


@pytest.fixture
def world(db, home) -> World:
    region = make.region("990102")
    lead = make.organisation("LEAD", region=region, kind=Organisation.Kind.BUREAU)
    helper_body = make.organisation("HELP", region=region)
    elsewhere = make.organisation("ELSE", region=make.region("990201"), kind=Organisation.Kind.BUREAU)

    def person(name: str, role: str, region: str = "9901", organisation: str = "") -> User:
        user = User.objects.create(username=name, display_name=f"某{name}", email=f"{name}@example.test")
        Grant.objects.create(user=user, role=role, region=region, organisation=organisation)
        return user

    return World(
        law=fixture_law(),
        region=region,
        lead=lead,
        helper_body=helper_body,
        elsewhere=elsewhere,
        leader=person("leader", "leader", region=""),
        inspector=person("inspector", "inspector"),
        colleague=person("colleague", "inspector", organisation="LEAD"),
        helper=person("helper", "inspector", organisation="HELP"),
        stranger=person("stranger", "inspector", region="9902"),
        clerk=person("clerk", "clerk"),
        auditor=person("auditor", "auditor", region=""),
    )
