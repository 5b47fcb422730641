"""How a worker is recognised on a phone: the code on the site's board, and the code sent to the phone."""

from __future__ import annotations

from django.db import models

from anxin.registry.models import Project
from anxin.workforce.models import Worker


class SiteCode(models.Model):
    """The short code on a site's board (工地码). It names the site and nobody on it; one is current."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="site_codes")
    code = models.CharField(max_length=8, unique=True)
    issued_at = models.DateTimeField()
    issued_by_name = models.CharField(max_length=80)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="site_code_current_once",
            )
        ]


class SignInCode(models.Model):
    """One try to sign in, and the code that went to the phone on the roster.

    A try that fits nobody is kept alike, with ``worker`` empty, so that neither the page nor the time it takes
    tells a stranger who works here.
    """

    #: what the browser holds meanwhile; random, and worth nothing without the code
    token = models.CharField(max_length=43, unique=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    worker = models.ForeignKey(Worker, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    #: keyed hash of site, name and last digits: how often somebody tried the same
    asked_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64)
    asked_at = models.DateTimeField(db_index=True)  # what may be forgotten
    wrong = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            # how many tries this hour, for the same site and name
            models.Index(fields=["asked_hash", "asked_at"], name="sign_in_asked"),
            # how many codes this hour, to the same person
            models.Index(fields=["worker", "asked_at"], name="sign_in_worker"),
        ]
