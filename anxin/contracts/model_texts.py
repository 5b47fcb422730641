"""A bureau's own model texts (通用) for the sites of its place: proposed by one person, in use once another has said yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q, QuerySet

from anxin.accounts.access import actor
from anxin.accounts.models import User
from anxin.contracts.models import ContractText
from anxin.contracts.texts import checked, next_version, unchanged
from anxin.evidence.journal import record
from anxin.kernel.refusal import Refused
from anxin.local_law import access as law_access
from anxin.registry.access import own_employers
from anxin.registry.models import Participation, Project, Region


def in_use(region: str) -> QuerySet[ContractText]:
    """The model texts that a site in this region (GB/T 2260 code) may take: of the place itself and of those above it."""
    return _confirmed(_upwards(region))


def _confirmed(regions: Collection[str]) -> QuerySet[ContractText]:
    return ContractText.objects.filter(
        region_id__in=regions, confirmed_at__isnull=False, withdrawn_at__isnull=True
    )


def _upwards(region: str) -> list[str]:
    """The code and all that it begins with: the place and the places it lies in."""
    return [region[:end] for end in range(1, len(region) + 1)]


def fits(text: ContractText, project: Project) -> bool:
    """Whether a contract on this site may be made from this model text."""
    return in_use(project.region_id).filter(pk=text.pk).exists()


def of_clerk(user: User) -> QuerySet[ContractText]:
    """The model texts in use at the sites of the employers that this person works for."""
    codes = Participation.objects.filter(employer__in=own_employers(user)).values_list(
        "project__region", flat=True
    )
    above = {place for code in set(codes) for place in _upwards(code)}
    return _confirmed(above)


def visible(user: User) -> QuerySet[ContractText]:
    """The model texts of the places whose texts this person proposes, and of those above and below."""
    own = law_access.own_regions(user)
    wanted = Q(pk__in=[])
    for region in own:
        wanted |= Q(region__code__startswith=region) | Q(region_id__in=_upwards(region))
    return ContractText.objects.filter(wanted, region__isnull=False)


def propose(region: Region, *, name: str, body: str, user: User, now: dt.datetime) -> ContractText:
    """A new version of the model text of this name, which waits for a second person.

    Raises :class:`Refused` with every clause that the law asks for or forbids. The same text again changes nothing.
    """
    if not law_access.may_set(user, region.code):
        raise Refused("您不能为这个地区提出合同文本。")
    name, body = checked(name, body)
    with transaction.atomic():
        Region.objects.select_for_update(of=("self",)).get(pk=region.pk)
        versions = ContractText.objects.filter(region=region, name=name)
        if (same := unchanged(versions, body)) is not None:
            return same
        made = ContractText.objects.create(
            region=region, name=name, version=next_version(versions), body=body, made_at=now,
            made_by_name=str(user), made_by_key=actor(user).key,
        )  # fmt: skip
        _say(made, "proposed", f"提出{region.name}的通用合同文本“{made}”", user, now)
    return made


def confirm(text: ContractText, *, user: User, now: dt.datetime) -> None:
    """The second person's yes: the earlier version of this name is used no more. Raises :class:`Refused`."""
    with transaction.atomic():
        one = _locked(text, user)
        if one.confirmed_at is not None:
            raise Refused("这份文本已经在用，不用再确认。")
        if one.made_by_key == actor(user).key:
            raise Refused("这份文本是您自己提出的，须由另一位有权限的同事确认。")
        earlier = ContractText.objects.filter(region=one.region, name=one.name, withdrawn_at__isnull=True)
        earlier.exclude(pk=one.pk).filter(version__lt=one.version).update(
            withdrawn_at=now, withdrawn_words=f"由第{one.version}版代替"
        )
        one.confirmed_at, one.confirmed_by_key, one.confirmed_by_name = now, actor(user).key, str(user)
        one.save(update_fields=["confirmed_at", "confirmed_by_key", "confirmed_by_name"])
        _say(one, "confirmed", f"确认{one.region}的通用合同文本“{one}”", user, now)


def end(text: ContractText, *, words: str, user: User, now: dt.datetime) -> None:
    """Refuse what waits, or take what is in use out of it; contracts made from it stay. Raises :class:`Refused`."""
    words = words.strip()
    if not words or len(words) > 200:
        raise Refused("请写明原因，不超过200个字。", field="words")
    with transaction.atomic():
        one = _locked(text, user)
        one.withdrawn_at, one.withdrawn_words = now, words
        one.save(update_fields=["withdrawn_at", "withdrawn_words"])
        done = "停用" if one.confirmed_at else "不同意"
        _say(one, "ended", f"{done}{one.region}的通用合同文本“{one}”：{words}", user, now)


def may_decide(text: ContractText, user: User) -> bool:
    """Whether this person may say yes or no: for the whole of the text's place."""
    return text.region_id is not None and law_access.may_decide(user, text.region_id)


def _locked(text: ContractText, user: User) -> ContractText:
    if not may_decide(text, user):
        raise Refused("您不能决定这个地区的合同文本。")
    one = ContractText.objects.select_for_update(of=("self",)).select_related("region").get(pk=text.pk)
    if one.withdrawn_at is not None:
        raise Refused("这份文本已经停用或者没有同意。")
    return one


def _say(text: ContractText, act: str, summary: str, user: User, now: dt.datetime) -> None:
    record(
        actor=actor(user),
        action=f"contract_model_text.{act}",
        object_type="contract_text",
        object_id=text.pk,
        summary=summary,
        now=now,
    )
