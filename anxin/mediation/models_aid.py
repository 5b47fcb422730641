"""Legal aid: who is on duty where (1+1: one lawyer, one officer), and who asked for aid."""

from __future__ import annotations

from django.db import models

from anxin.casework.models import Matter
from anxin.clues.models import Clue
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Region


class AidDuty(models.Model):
    """One day at one place: a lawyer and an officer together."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=80)
    hours = models.CharField("时间", max_length=40, blank=True)
    lawyer = models.CharField("值班律师", max_length=40)
    firm = models.CharField("律师事务所", max_length=80, blank=True)
    officer = models.CharField("值班干部", max_length=40)
    phone = models.CharField("电话", max_length=40, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            # also finds who is on duty in a place on a day
            models.UniqueConstraint(fields=["region", "on", "place"], name="aid_duty_once"),
            models.CheckConstraint(
                condition=~models.Q(lawyer="") & ~models.Q(officer=""), name="aid_duty_one_and_one"
            ),
        ]


class AidRequest(models.Model):
    """Somebody asked for legal aid; the answer's clock is that of its matter (procedure ``legal_aid``)."""

    class Group(models.TextChoices):
        MIGRANT = "migrant", "农民工请求支付劳动报酬"
        INJURED = "injured", "工伤（残疾）职工"
        MOTHER = "mother", "孕期、产期、哺乳期女职工"
        ELDERLY = "elderly", "超过退休年龄的劳动者"
        OTHER = "other", "其他劳动者"

    matter = models.OneToOneField(Matter, on_delete=models.PROTECT, related_name="aid_request")
    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, null=True, related_name="aid_requests")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", db_index=False)
    group = models.CharField("人群", max_length=8, choices=Group.choices)
    #: needs no proof of being poor, by the article of :attr:`basis`
    exempt = models.BooleanField("免查经济困难")
    basis = models.CharField(max_length=200, blank=True)
    name = SealedField()
    phone = SealedField(null=True)
    about = models.CharField("事项", max_length=300)
    duty = models.ForeignKey(AidDuty, on_delete=models.SET_NULL, null=True, related_name="requests")
    asked_on = models.DateField("申请日期")
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            # the list of a region's subtree, the latest first
            models.Index(fields=["region", "-id"], name="aid_request_region"),
        ]
