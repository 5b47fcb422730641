"""Reception: who receives when and where, who came, in which order, and what was promised to them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.clues.models import Clue
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Region


class Duty(models.Model):
    """One day on which a leader receives: at the window, together with other departments, or out in the field."""

    class Kind(models.TextChoices):
        LEADER = "leader", "局长轮值接访"
        JOINT = "joint", "联合接访"
        FIELD = "field", "下访"

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("方式", max_length=8, choices=Kind.choices)
    on = models.DateField("日期")
    hours = models.CharField("时间", max_length=40, blank=True)
    place = models.CharField("地点", max_length=120)
    leader = models.CharField("接访领导", max_length=60)
    post = models.CharField("职务", max_length=60, blank=True)
    departments = models.CharField("参加部门", max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_why = models.CharField(max_length=200, blank=True)
    #: of a visit to the field with a clue (带案下访): which, what is planned and what came of it
    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, null=True, related_name="field_visits")
    plan = models.CharField("计划", max_length=500, blank=True)
    result = models.CharField("结果", max_length=1000, blank=True)
    result_at = models.DateTimeField(null=True)
    result_by_name = models.CharField(max_length=80, blank=True)
    planned_by_name = models.CharField(max_length=80)
    planned_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(clue__isnull=True) | Q(kind="field"), name="duty_with_a_clue_is_in_the_field"
            ),
            models.CheckConstraint(
                condition=Q(result="") | Q(result_at__isnull=False), name="duty_result_has_its_hour"
            ),
        ]
        indexes = [
            # the roster of a place, by day
            models.Index(fields=["region", "on"], name="duty_region_day"),
            # the public roster: all places, from today on
            models.Index(fields=["on", "id"], name="duty_day"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.get_kind_display()}"


class QueueSeries(models.Model):
    """The last number given at one place on one day; locked while the next is given."""

    region = models.ForeignKey(Region, on_delete=models.CASCADE, related_name="+")
    on = models.DateField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "on"], name="queue_series_once")]


class Visit(models.Model):
    """One group that came (批次): its number in the queue, how many people, and which clue it became."""

    class State(models.TextChoices):
        WAITING = "waiting", "等候"
        CALLED = "called", "已叫号"
        RECEIVED = "received", "接谈中"
        LEFT = "left", "已离开"
        MISSED = "missed", "过号未到"

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("日期")
    number = models.PositiveIntegerField("排队号")
    duty = models.ForeignKey(Duty, on_delete=models.SET_NULL, null=True, related_name="visits")
    state = models.CharField("状态", max_length=8, choices=State.choices, default=State.WAITING)
    people = models.PositiveIntegerField("人数")
    #: who speaks for them; the rest stands with the clue
    speaker = SealedField(null=True)
    about = models.CharField("什么事", max_length=200)
    clue = models.ForeignKey(Clue, on_delete=models.PROTECT, null=True, related_name="visits")
    came_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    #: who received them, and what was answered
    received_by = models.CharField("接谈人", max_length=80, blank=True)
    answer = models.CharField("答复", max_length=1000, blank=True)

    class Meta:
        constraints = [
            # also finds the queue of a place and day
            models.UniqueConstraint(fields=["region", "on", "number"], name="visit_number_once"),
            models.CheckConstraint(condition=Q(people__gte=1), name="visit_of_somebody"),
        ]
        indexes = [
            # the register, newest first, by key
            models.Index(fields=["-on", "-id"], name="visit_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.number}号"


class Promise(models.Model):
    """What was promised to those who came, by when and by whom; whether it is overdue is asked with a day."""

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="promises")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    what = models.CharField("承诺事项", max_length=300)
    due_on = models.DateField("期限")
    responsible = models.CharField("责任人", max_length=60)
    office = models.CharField("责任单位", max_length=80, blank=True)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    made_at = models.DateTimeField()
    made_by_name = models.CharField(max_length=80)
    kept_on = models.DateField(null=True)
    kept_words = models.CharField("兑现情况", max_length=300, blank=True)
    kept_by_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kept_on__isnull=True) | ~Q(kept_words=""), name="promise_kept_says_how"
            ),
        ]
        indexes = [
            # what is not kept yet, by its day
            models.Index(fields=["kept_on", "due_on", "id"], name="promise_open"),
        ]

    def __str__(self) -> str:
        return f"承诺单{self.pk}"
