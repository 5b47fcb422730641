"""Who looked at a close without the worker's word stands beside who looked at the conclusion, and no longer over it."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models
from django.db.models import F


def apart(apps: Any, schema_editor: Any) -> None:
    """A review later than the wish to close was a review of that; an earlier reviewer stands in the journal alone."""
    rows = apps.get_model("referral", "Conclusion").objects.filter(
        silent_at__isnull=False, reviewed_at__gte=F("silent_at")
    )
    rows.update(
        silence_reviewed_by=F("reviewed_by"),
        silence_reviewed_by_name=F("reviewed_by_name"),
        silence_reviewed_at=F("reviewed_at"),
        silence_review_words=F("review_words"),
        reviewed_by="",
        reviewed_by_name="",
        reviewed_at=None,
        review_words="",
    )


class Migration(migrations.Migration):
    dependencies = [("referral", "0002_who_was_asked_and_what_came_of_it")]

    operations = [
        migrations.RemoveConstraint(model_name="conclusion", name="conclusion_unconfirmed_was_reviewed"),
        migrations.AddField("conclusion", "silence_reviewed_by", models.CharField(blank=True, default="", max_length=80), preserve_default=False),
        migrations.AddField("conclusion", "silence_reviewed_by_name", models.CharField(blank=True, default="", max_length=80), preserve_default=False),
        migrations.AddField("conclusion", "silence_reviewed_at", models.DateTimeField(null=True)),
        migrations.AddField("conclusion", "silence_review_words", models.CharField(blank=True, default="", max_length=300), preserve_default=False),
        migrations.RunPython(apart, migrations.RunPython.noop),
    ]
