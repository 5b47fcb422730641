"""Legal aid: who needs no proof of being poor, a request with its answer's clock, and who is on duty today."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from anxin.accounts.access import VIEW, actor, in_places
from anxin.accounts.models import User
from anxin.casework.services import open_matter
from anxin.clues.access import visible_clue
from anxin.clues.masking import masked_words
from anxin.clues.models import Clue
from anxin.evidence.journal import record
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused, worded
from anxin.law import Law, LawError
from anxin.mediation import papers
from anxin.mediation.applying import lead_for
from anxin.mediation.models import AidDuty, AidRequest
from anxin.mediation.sealed import plain
from anxin.registry.models import Region

Group = AidRequest.Group
_NO_TEST = "channels.aid_no_means_test"


@dataclass(frozen=True)
class Window:
    """One window for a group in need: who it is for, whether the means test falls away, and by which article."""

    group: str
    title: str
    exempt: bool
    says: str
    article: str


def windows(on: dt.date, law: Law) -> list[Window]:
    """The windows in force on a day; what the law exempts comes from its data, never from here."""
    return [_window(group, on, law) for group in Group]


def on_duty(user: User, on: dt.date) -> list[AidDuty]:
    """Who is on duty today in this person's places; one query."""
    rows = AidDuty.objects.filter(in_places(user, VIEW), on=on).select_related("region")
    return list(rows.order_by("region", "place")[:20])


def request_aid(
    *,
    region: Region,
    group: str,
    name: str,
    phone: str,
    about: str,
    asked_on: dt.date,
    by: User,
    now: dt.datetime,
    law: Law,
    clue: Clue | None = None,
) -> AidRequest:
    """Record that somebody asks for aid: a matter whose clock says by when the agency answers. Raises :class:`Refused`.

    Asked again for the same clue, group and person, the request that stands is returned.
    """
    if group not in Group.values:
        raise Refused("请选择人群。", field="group")
    name = name.strip()
    if not name or len(name) > 60:
        raise Refused("请填写申请人姓名，不超过60个字。", field="name")
    about = worded(
        masked_words(about),
        "请写明要援助的事项",
        field="about",
        more="，例如“讨要10月工资，需要代理仲裁”",
        most=300,
    )
    if clue is not None and visible_clue(by, clue.pk) is None:
        raise Refused("没有这条线索，或不在您负责的范围内。", field="clue")
    lead = lead_for(region)
    if lead is None:
        raise Refused("这个地区没有登记人社部门，不能受理，请联系系统管理员。", field="region")
    window = _window(Group(group), asked_on, law)
    standing = _same(clue, group, name)
    if standing is not None:
        return standing
    with transaction.atomic():
        matter = open_matter(
            procedure="legal_aid", title=f"法律援助申请：{window.title}", region=region, lead=lead, by=by, on=asked_on,
            now=now, law=law, employer=clue.employer if clue else None, project=clue.project if clue else None,
        )  # fmt: skip
        duty = AidDuty.objects.filter(on=asked_on, region__code__in=[region.code[:6], region.code]).first()
        made = AidRequest.objects.create(
            matter=matter, clue=clue, region=region, group=group, exempt=window.exempt, basis=window.article,
            name=Sealed.of(name), phone=Sealed.of(phone.strip()) if phone.strip() else None, about=about, duty=duty,
            asked_on=asked_on, by_name=str(by), at=now,
        )  # fmt: skip
        data = {
            "agency": f"{region.name}法律援助机构",
            "applicant": name,
            "applicant_phone": phone.strip() or None,
            "group": window.title,
            "about": about,
            "exemption": window.says if window.exempt else None,
            "issued_on": asked_on,
        }
        papers.keep(matter, "legal_aid_application", data, by=by, now=now, law=law)
        record(
            actor=actor(by),
            action="mediation.aid_requested",
            object_type="aid_request",
            object_id=made.pk,
            summary=f"{matter}：登记法律援助申请（{window.title}{'，免查经济困难' if window.exempt else ''}）",
            now=now,
            after={"matter": matter.pk, "group": group, "exempt": window.exempt},
        )
    return made


def _same(clue: Clue | None, group: str, name: str) -> AidRequest | None:
    if clue is None:
        return None
    rows = AidRequest.objects.filter(clue=clue, group=group).select_related("matter")
    return next((one for one in rows if plain(one.name) == name), None)


def _window(group: Group, on: dt.date, law: Law) -> Window:
    if group != Group.MIGRANT:
        says = "可以申请，由法律援助机构核查经济困难状况。"
        return Window(group, group.label, False, says, law.cite("legal_aid_law", 41))
    try:
        exempt = law.value(_NO_TEST, on).value is True
    except LawError as problem:
        return Window(group, group.label, False, str(problem), "")
    says = (
        "进城务工人员请求支付劳动报酬，不受经济困难条件的限制。"
        if exempt
        else "由法律援助机构核查经济困难状况。"
    )
    return Window(group, group.label, exempt, says, law.cite("legal_aid_law", 42))
