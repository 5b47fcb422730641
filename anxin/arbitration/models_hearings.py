"""Where and when a case is heard: rooms, circuit days (巡回庭), hearings, and what a hearing keeps occupied."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from anxin.arbitration.models import ArbitrationCase
from anxin.registry.models import Organisation, Region


class Room(models.Model):
    """A hearing room of a commission."""

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    name = models.CharField("名称", max_length=60)
    address = models.CharField("地址", max_length=120)
    closed_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["region", "name"], name="arbitration_room_once")]

    def __str__(self) -> str:
        return self.name


class CircuitDay(models.Model):
    """A day on which the tribunal comes to a town or a site; its date and place are public."""

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=120)
    hours = models.CharField("时间", max_length=40)
    phone = models.CharField("联系电话", max_length=40, blank=True)
    #: empty: takes place
    cancelled_why = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "on", "place"], name="arbitration_circuit_once")
        ]
        indexes = [models.Index(fields=["on", "region"], name="arbitration_circuit_day")]

    def __str__(self) -> str:
        return f"{self.on:%m-%d} {self.place}"


class Hearing(models.Model):
    """One hearing of one case: in a room, on a circuit day, or online."""

    class Way(models.TextChoices):
        ROOM = "room", "仲裁庭"
        CIRCUIT = "circuit", "巡回庭"
        ONLINE = "online", "网上开庭"

    class State(models.TextChoices):
        SET = "set", "已排期"
        HELD = "held", "已开庭"
        POSTPONED = "postponed", "延期"
        CANCELLED = "cancelled", "取消"

    case = models.ForeignKey(ArbitrationCase, on_delete=models.CASCADE, related_name="hearings")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    way = models.CharField(max_length=8, choices=Way.choices)
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True, related_name="hearings")
    circuit = models.ForeignKey(CircuitDay, on_delete=models.PROTECT, null=True, related_name="hearings")
    #: of an online hearing: number or link of the meeting, and how it is checked who is there
    meeting = models.CharField("会议号或链接", max_length=200, blank=True)
    identity_check = models.CharField("身份核验办法", max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SET)
    #: the last day for the written notice, and how the law's own calendar came to it
    notice_by = models.DateField()
    notice_words = models.CharField(max_length=500)
    #: why the notice may come later than that (simple cases only)
    shorter_why = models.CharField(max_length=200, blank=True)
    change_why = models.CharField(max_length=500, blank=True)
    #: who asked for the change, as written down
    changed_for = models.CharField(max_length=60, blank=True)
    changed_by_name = models.CharField(max_length=80, blank=True)
    changed_at = models.DateTimeField(null=True)
    set_by_name = models.CharField(max_length=80)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            # the calendar of a week
            models.Index(fields=["begins_at", "id"], name="arbitration_hearing_week"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("begins_at")), name="arbitration_hearing_lasts"),
            models.CheckConstraint(
                condition=Q(way="room", room__isnull=False, circuit__isnull=True)
                | Q(way="circuit", circuit__isnull=False, room__isnull=True)
                | (Q(way="online", room__isnull=True, circuit__isnull=True) & ~Q(meeting="")),
                name="arbitration_hearing_has_a_place",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["postponed", "cancelled"]) | ~Q(change_why=""),
                name="arbitration_hearing_change_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case}第{self.pk}次排期"

    @property
    def place(self) -> str:
        """In words, for notices and lists."""
        if self.room is not None:
            return f"{self.room.address}{self.room.name}"
        if self.circuit is not None:
            return f"巡回庭（{self.circuit.place}）"
        return "网上开庭"


class Booking(models.Model):
    """Half an hour of one room, one circuit place or one person. Two hearings at once cannot both have it."""

    hearing = models.ForeignKey(Hearing, on_delete=models.CASCADE, related_name="bookings")
    #: ``room:3``, ``circuit:2`` or ``person:15``
    what = models.CharField(max_length=30)
    starts_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["what", "starts_at"], name="arbitration_booked_once")]
