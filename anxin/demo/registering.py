"""The city's places, bodies, businesses, accounts and projects, through the services that an office uses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from anxin.accounts.models import User
from anxin.accounts.services import add_user, grant_role
from anxin.demo.city import BODIES, EMPLOYERS, REGIONS, RESPONSIBLE, employer_uscc
from anxin.demo.people import OFFICIALS, PASSWORD
from anxin.demo.places import site_place
from anxin.demo.world import Disbursed, Site
from anxin.evidence.journal import Actor
from anxin.funds import services_register as funds
from anxin.funds.services_account_life import sign_agreement
from anxin.registry import services as registry
from anxin.registry.models import Employer, Organisation, Project, Region


@dataclass
class Cast:
    """Who and what has been registered so far, by the names the stories use."""

    bodies: dict[str, Organisation] = field(default_factory=dict)
    employers: dict[str, Employer] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    projects: dict[str, Project] = field(default_factory=dict)

    def clerk(self) -> Actor:
        """The clerk who delivers and registers."""
        user = self.users["zheng"]
        return Actor(f"user:{user.pk}", str(user))


def register_city(*, actor: Actor, now: dt.datetime) -> Cast:
    """Places, bodies, businesses and the accounts of :data:`anxin.demo.people.OFFICIALS`."""
    cast = Cast()
    registry.record_regions(REGIONS, actor=actor, now=now)
    places = Region.objects.in_bulk([code for code, _, _ in REGIONS])
    for body in BODIES:
        cast.bodies[body.code] = registry.register_organisation(
            code=body.code, name=body.name, kind=body.kind, region=places[body.region], actor=actor, now=now
        )
    for short, (name, region) in EMPLOYERS.items():
        cast.employers[short] = registry.register_employer(
            uscc=employer_uscc(short), name=name, region=places[region], actor=actor, now=now
        )
    for official in OFFICIALS:
        user = add_user(
            username=official.username,
            password=PASSWORD,
            display_name=official.name,
            office=official.office,
            actor=actor,
            now=now,
        )
        scope = {"region": official.region, "industry": official.industry}
        if official.employer:
            scope = {"employer": employer_uscc(official.employer)}
        elif official.institution:
            scope = {"institution": official.institution}
        grant_role(user=user, role=official.role, actor=actor, now=now, **scope)
        cast.users[official.username] = user
    return cast


def register_site(cast: Cast, site: Site, now: dt.datetime) -> None:
    """One project with its participants, permit, account, labour-cost agreement and deposit."""
    story, actor = site.story, cast.clerk()
    project = registry.register_project(
        code=site.code,
        name=f"{story.name}（演示）",
        region=Region.objects.get(pk=story.region),
        industry=story.industry,
        responsible=cast.bodies[RESPONSIBLE[story.industry]],
        permit_number=f"演示施许{site.code}" if site.permit_on else "",
        permit_on=site.permit_on,
        commencement=site.started,
        planned_completion=None if story.bare else site.planned_completion,
        contract_fen=site.contract_fen,
        pay_day=site.pay_day,
        government_invested=story.government,
        site_address=f"演示省云州市演示路{int(story.key)}号",
        **site_place(story.region, int(story.key)),
        actor=actor,
        now=now,
    )
    cast.projects[story.key] = project
    for short, role in (
        (story.owner, "owner"),
        (story.contractor, "general_contractor"),
        (story.labour, "labour_company"),
    ):
        registry.add_participant(project, employer=cast.employers[short], role=role, actor=actor, now=now)
    if site.permit_on is None:
        return
    registry.record_approval(
        project,
        kind="施工许可证",
        number=f"演示施许{site.code}",
        issued_on=site.permit_on,
        issuer=cast.bodies["YZ-ZJ"].name,
        actor=actor,
        now=now,
    )
    _register_funds(cast, site, project, actor, now)


def _register_funds(cast: Cast, site: Site, project: Project, actor: Actor, now: dt.datetime) -> None:
    account = funds.record_special_account(
        project,
        bank=cast.bodies["BK-NS"],
        number=f"9900{int(site.story.key):012d}",
        name=f"{cast.employers[site.story.contractor].name}{project.name}农民工工资专用账户",
        opened_on=site.started,
        actor=actor,
        now=now,
    )
    sign_agreement(
        account,
        contract_on=site.started - dt.timedelta(days=24),
        signed_on=site.started - dt.timedelta(days=12),
        number=f"演示三方协议{site.code}",
        due_day=site.fund_day,
        monthly_fen=site.monthly_fen,
        first_month=site.first_month,
        actor=actor,
        now=now,
    )
    deposit = site.deposit
    if deposit is not None:
        funds.record_deposit(
            project,
            kind=deposit.kind,
            amount_fen=deposit.amount_fen,
            valid_from=deposit.valid_from,
            valid_until=deposit.valid_until,
            institution=cast.bodies["BK-CJ"],
            number=f"演示保函{site.code}" if deposit.kind == "guarantee" else "",
            actor=actor,
            now=now,
        )


def disburse(cast: Cast, site: Site, disbursed: Disbursed, now: dt.datetime) -> None:
    """Labour cost arrived in the account."""
    funds.record_disbursement(
        cast.projects[site.story.key],
        month=disbursed.month,
        due_fen=site.monthly_fen,
        paid_fen=disbursed.paid_fen,
        paid_on=disbursed.paid_on,
        actor=cast.clerk(),
        now=now,
    )


def stop(cast: Cast, site: Site, now: dt.datetime) -> None:
    """Work has stopped: suspended, or completed."""
    changes: dict[str, object] = {"state": site.story.state}
    if site.story.state == "completed":
        changes["completion"] = site.stopped_on
    project = cast.projects[site.story.key]
    registry.update_project(project.pk, changes=changes, actor=cast.clerk(), now=now)
