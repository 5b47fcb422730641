"""Messages to the people who sign in, how each was delivered, and who wants what by which channel."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ChannelName(models.TextChoices):
    SCREEN = "screen", "站内"
    EMAIL = "email", "电子邮件"
    WEBHOOK = "webhook", "政务通讯群"


class Notice(models.Model):
    """One message to one person; what the bell counts and the page 通知 lists."""

    to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=2000, blank=True)
    #: path inside the console; empty: nothing to open
    link = models.CharField(max_length=300, blank=True)
    #: what it is about, by type and key: ``matter`` ``12``; no foreign key, these live above this package
    about_type = models.CharField(max_length=40, blank=True)
    about_id = models.CharField(max_length=40, blank=True)
    #: names the occasion: the same person is never told of the same occasion twice
    once_key = models.CharField(max_length=160)
    # The only parts that may leave the house by the webhook, see ``outline.py``.
    count = models.PositiveIntegerField(default=1)
    region = models.CharField(max_length=12, blank=True)
    number = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["to", "once_key"], name="notice_once"),
            models.CheckConstraint(condition=~Q(once_key=""), name="notice_names_its_occasion"),
        ]
        indexes = [
            # one's own notices, the latest first
            models.Index(fields=["to", "-id"], name="notice_list"),
            # the number on the bell, asked for by every page
            models.Index(fields=["to"], name="notice_unread", condition=Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """One notice by one channel."""

    class State(models.TextChoices):
        QUEUED = "queued", "待发送"
        SENT = "sent", "已送达"
        FAILED = "failed", "未送达"

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=12, choices=ChannelName.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: why the latest try did not succeed; empty after a success
    sentence = models.CharField(max_length=200, blank=True)
    #: not before; while a worker sends it, the moment from which another one may take it for lost
    next_try = models.DateTimeField(null=True)
    #: the turn of the worker that took it last: only that turn may write how it ended
    claim = models.UUIDField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state="queued", next_try__isnull=False)
                | (~Q(state="queued") & Q(next_try__isnull=True)),
                name="delivery_waits_for_its_next_try",
            ),
        ]
        indexes = [
            # what a worker looks for: due by channel
            models.Index(fields=["channel", "next_try"], name="delivery_due", condition=Q(state="queued")),
            # which turn took what
            models.Index(fields=["claim"], name="delivery_claim", condition=Q(claim__isnull=False)),
        ]


class Preference(models.Model):
    """A person's choice for one kind and one channel; without a row the kind's own channels hold."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=12, choices=ChannelName.choices)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind", "channel"], name="preference_once")]
