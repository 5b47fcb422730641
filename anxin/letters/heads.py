"""What the letters of an office carry: first sign of its numbers, contact, seal. A leader of the office enters it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

from django.db import transaction

from anxin.accounts.access import ISSUE, Scope, actor, scopes
from anxin.accounts.models import User
from anxin.evidence import doors, journal
from anxin.evidence.contents import JPEG, PNG
from anxin.kernel.refusal import Refused
from anxin.letters.models import Letter, LetterHead
from anxin.registry.models import Organisation

_PREFIX = re.compile(r"[\u4e00-\u9fff]{1,6}\Z")
FIELDS = ("prefix", "issuer", "contact_phone", "contact_address", "reconsideration_body", "court")
SEALS = doors.Door("印章图片", (PNG, JPEG), "PNG、JPG", 2 * doors.MB, "请换一张小一些的", field="seal")


def may_enter(user: User, office: Organisation) -> bool:
    """Whether this person issues letters for the office as a whole."""
    return any(_covers(scope, office) for scope in scopes(user, ISSUE))


def offices(user: User) -> list[Organisation]:
    """The offices for which this person issues letters, by name."""
    kinds = (Organisation.Kind.BUREAU, Organisation.Kind.INDUSTRY_AUTHORITY, Organisation.Kind.TOWN)
    found = Organisation.objects.filter(kind__in=kinds).select_related("region").order_by("name")
    return [one for one in found if may_enter(user, one)]


def enter_head(
    office: Organisation, values: Mapping[str, str], *, by: User, now: dt.datetime, seal: bytes | None = None
) -> LetterHead:
    """Enter or change it; a prefix under which numbers were given stays. Raises :class:`Refused`."""
    if not may_enter(by, office):
        raise Refused(f"您没有为{office}登记机关代字的权限，请联系该单位的领导。")
    said = {name: values.get(name, "").strip() for name in FIELDS}
    _check(said)
    picture = doors.taken(seal, f"印章（{office.name}）", SEALS) if seal else None
    with transaction.atomic():
        head = LetterHead.objects.select_for_update().filter(office=office).first() or LetterHead(
            office=office
        )
        before = {name: getattr(head, name) for name in FIELDS}
        numbered = Letter.objects.filter(office=office, serial__isnull=False).exists()
        if head.pk and numbered and said["prefix"] != head.prefix:
            raise Refused("这个机关代字已经编过文号，不能再改；否则登记簿会对不上。", field="prefix")
        if LetterHead.objects.filter(prefix=said["prefix"]).exclude(office=office).exists():
            raise Refused(
                f"“{said['prefix']}”已经是另一个单位的机关代字，两个单位会编出同一个文号。", field="prefix"
            )
        for name, value in said.items():
            setattr(head, name, value)
        if picture:
            head.seal = doors.store(picture, now=now)
        if head.pk and before == said and not seal:
            return head
        head.save()
        journal.record(
            actor=actor(by), action="letter.head", object_type="organisation", object_id=office.pk,
            summary=f"登记{office}的机关代字“{head.prefix}”和落款", now=now, before=before if numbered else None,
            after={**said, "seal": head.seal.sha256 if head.seal else ""},
        )  # fmt: skip
    return head


def _check(said: Mapping[str, str]) -> None:
    if not _PREFIX.match(said["prefix"]):
        raise Refused("机关代字应为1至6个汉字，例如“云”。", field="prefix")
    if not said["issuer"] or len(said["issuer"]) > 60:
        raise Refused("请填写落款名称（不超过60个字）。", field="issuer")
    for name, most in (
        ("contact_phone", 40),
        ("contact_address", 120),
        ("reconsideration_body", 80),
        ("court", 80),
    ):
        if len(said[name]) > most:
            raise Refused(f"这一项不能超过{most}个字，请删减。", field=name)


def _covers(scope: Scope, office: Organisation) -> bool:
    if scope.organisation:
        return scope.organisation == office.code
    if scope.industry and office.kind != Organisation.Kind.INDUSTRY_AUTHORITY:
        return False
    return not scope.region or (office.region_id or "").startswith(scope.region)
