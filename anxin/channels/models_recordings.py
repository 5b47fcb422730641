"""Recordings of what the public pages say: by a person, in a language or dialect, of certain words."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from anxin.evidence.models import StoredFile


class Recording(models.Model):
    """One recording. Played once a second person has heard it, and while the page says the very words it was made of."""

    #: where the words stand (``spoken.SENTENCES``, or ``guide.`` and its key)
    key = models.CharField(max_length=60)
    language = models.CharField(max_length=12)
    #: of the words: SHA-256
    text_mark = models.CharField(max_length=64)
    text = models.TextField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", db_index=False)
    #: by its content
    content_type = models.CharField(max_length=40)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    made_by_name = models.CharField(max_length=80)
    #: null: waits for a second person
    heard_at = models.DateTimeField(null=True)
    heard_by_name = models.CharField(max_length=80, blank=True)
    #: taken back, or replaced by another one
    ended_at = models.DateTimeField(null=True)
    ended_by_name = models.CharField(max_length=80, blank=True)
    ended_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            # also find what is played, and what waits
            models.UniqueConstraint(
                fields=["key", "language"],
                condition=Q(ended_at__isnull=True, heard_at__isnull=False),
                name="recording_played_once",
            ),
            models.UniqueConstraint(
                fields=["key", "language"],
                condition=Q(ended_at__isnull=True, heard_at__isnull=True),
                name="recording_waiting_once",
            ),
        ]
