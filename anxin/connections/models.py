"""Keys of machines that call us, what is kept so that a call has its effect once, and what was called."""

from __future__ import annotations

from django.db import models

from anxin.connections.models_layouts import InstitutionLayout
from anxin.evidence.sealing import SealedField
from anxin.registry.models import Organisation

__all__ = ["ApiCall", "ApiKey", "CallBudget", "InstitutionLayout", "KeptAnswer", "UsedNonce"]


class ApiKey(models.Model):
    """A secret shared with one institution, hotline or maker of gates, and what it may be used for."""

    #: public; names the secret that a call is signed with
    key_id = models.CharField(max_length=24, unique=True)
    secret = SealedField()
    title = models.CharField(max_length=80)
    #: the bank, insurer, guarantor or hotline centre …
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="api_keys"
    )
    #: … or the maker whose gates report
    vendor = models.CharField(max_length=80, blank=True)
    scopes = models.JSONField(default=list)
    #: calls are checked and answered like others, and nothing of them is kept
    sandbox = models.BooleanField(default=False)
    calls_per_minute = models.PositiveIntegerField(default=300)
    issued_at = models.DateTimeField()
    issued_by_name = models.CharField(max_length=80)
    #: after this moment the key is no longer taken; set when another follows it
    expires_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_name = models.CharField(max_length=80, blank=True)
    follows = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="followers")
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(organisation__isnull=False, vendor="")
                | (models.Q(organisation__isnull=True) & ~models.Q(vendor="")),
                name="api_key_of_one_holder",
            ),
            models.CheckConstraint(
                condition=models.Q(calls_per_minute__gte=1), name="api_key_calls_per_minute"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（{self.key_id}）"


class UsedNonce(models.Model):
    """A call's one-time word. Kept as long as its time stamp would be taken."""

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="+", db_index=False)
    nonce = models.CharField(max_length=64)
    at = models.DateTimeField(db_index=True)  # what may be forgotten

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "nonce"], name="nonce_once")]


class CallBudget(models.Model):
    """How many calls a key has left now (a token bucket), in thousandths of a call."""

    key = models.OneToOneField(ApiKey, on_delete=models.CASCADE, primary_key=True, related_name="budget")
    thousandths = models.BigIntegerField()
    at = models.DateTimeField()


class KeptAnswer(models.Model):
    """What was answered to a call that changed something, under the caller's own word for it.

    Written in the transaction of the change itself: either both are there or neither.
    """

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="answers", db_index=False)
    idempotency_key = models.CharField(max_length=80)
    #: SHA-256 of method, path and body: the same word for another call is refused
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.TextField()
    at = models.DateTimeField(db_index=True)  # what may be forgotten

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "idempotency_key"], name="answer_kept_once")]


class ApiCall(models.Model):
    """One call: who, what, with which end. Neither body nor query: no person is in here."""

    key = models.ForeignKey(ApiKey, on_delete=models.SET_NULL, null=True, related_name="calls")
    #: as given by the caller, where no such key is known
    named = models.CharField(max_length=24, blank=True)
    at = models.DateTimeField()
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=200)
    status = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=40, blank=True)
    sandbox = models.BooleanField(default=False)
    #: answered from what was kept of the same call before
    repeated = models.BooleanField(default=False)
    request_bytes = models.PositiveIntegerField()
    milliseconds = models.PositiveIntegerField()

    class Meta:
        indexes = [
            # the calls of one key, latest first
            models.Index(fields=["key", "-id"], name="api_call_key"),
            # how many calls of a key in the last day
            models.Index(fields=["key", "at"], name="api_call_key_moment"),
            # refused calls of all keys, latest first
            models.Index(fields=["status", "-id"], name="api_call_status"),
        ]
