"""Who mediates: organisations in four levels and their people. Cases stand in ``models_cases``, legal aid in ``models_aid``."""

from __future__ import annotations

from django.db import models

from anxin.accounts.models import User
from anxin.registry.models import Employer, Region


class Level(models.TextChoices):
    """From the nearest to the highest; a case climbs in this order (enterprise mediation rules, article 14 of the law)."""

    ENTERPRISE = "enterprise", "企业"
    VILLAGE = "village", "村（社区）"
    TOWN = "town", "镇（街道）"
    COUNTY = "county", "区（县）"


#: the order in which a case climbs
LEVELS: tuple[Level, ...] = (Level.ENTERPRISE, Level.VILLAGE, Level.TOWN, Level.COUNTY)


class MediationBody(models.Model):
    """A mediation organisation: a committee, a station, a centre, or a brand studio (品牌工作室) within one."""

    code = models.CharField("编号", max_length=30, unique=True)
    name = models.CharField("名称", max_length=80)
    level = models.CharField("层级", max_length=10, choices=Level.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: the village or community, where the region's own tree ends at the town
    place = models.CharField("村（社区）", max_length=60, blank=True)
    #: of an enterprise committee: whose it is; null while the enterprise is not registered, and nothing is proposed to it
    employer = models.ForeignKey(
        Employer, on_delete=models.PROTECT, null=True, related_name="mediation_bodies"
    )
    #: the name under which people know it; empty: none
    brand = models.CharField("品牌工作室", max_length=40, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    #: takes no new cases any more
    closed_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            # the directory of a region's subtree, and who is nearest there
            models.Index(fields=["region", "level", "id"], name="mediation_body_place"),
            # the directory by key within a level
            models.Index(fields=["level", "id"], name="mediation_body_level"),
        ]

    def __str__(self) -> str:
        return self.name


class Mediator(models.Model):
    """Somebody who mediates for one organisation."""

    code = models.CharField("编号", max_length=30, unique=True)
    name = models.CharField("姓名", max_length=40)
    body = models.ForeignKey(MediationBody, on_delete=models.PROTECT, related_name="mediators")
    #: the account they sign in with, where they have one
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, related_name="mediator")
    full_time = models.BooleanField("专职", default=False)
    #: words of :data:`SKILLS`, separated by 、
    skills = models.CharField("擅长", max_length=120, blank=True)
    #: languages and dialects besides Mandarin, separated by 、
    languages = models.CharField("语言和方言", max_length=120, blank=True)
    left_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            # the people of an organisation who still mediate
            models.Index(fields=["body", "left_on", "id"], name="mediator_body"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def skill_list(self) -> list[str]:
        return parts(self.skills)

    @property
    def language_list(self) -> list[str]:
        return parts(self.languages)


#: what a dispute may be about, for proposing a mediator
SKILLS = ("工程建设欠薪", "制造业工资", "服务业工资", "平台用工", "群体性争议", "工伤待遇", "女职工权益")


def parts(text: str) -> list[str]:
    """The words of a list as people separate them."""
    for sign in "，,；;/ 　|":
        text = text.replace(sign, "、")
    return [word for word in text.split("、") if word]


# Django finds models through this module.
from anxin.mediation.models_aid import AidDuty, AidRequest  # noqa: E402, F401
from anxin.mediation.models_cases import (  # noqa: E402, F401
    Agreement,
    Handoff,
    Instalment,
    MediationCase,
    Party,
    PartyTold,
    Payment,
    Session,
    Share,
    Stage,
)
from anxin.mediation.models_papers import (  # noqa: E402, F401
    MediationPaper,
    PaperCode,
    PaperLink,
    PaperRegister,
    PaperSigner,
)
from anxin.mediation.models_satisfaction import MediationSatisfaction  # noqa: E402, F401
