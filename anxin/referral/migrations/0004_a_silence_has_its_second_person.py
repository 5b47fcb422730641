"""The rule for closing without the worker's word asks for its own second person; apart from the rows' change before."""

from __future__ import annotations

from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("referral", "0003_who_reviewed_a_silence")]

    operations = [
        migrations.AddConstraint(
            model_name="conclusion",
            constraint=models.CheckConstraint(
                condition=~Q(standing="unconfirmed") | (Q(silent_at__isnull=False) & ~Q(silence_reviewed_by="")),
                name="conclusion_unconfirmed_was_reviewed",
            ),
        ),
        migrations.AddConstraint(
            model_name="conclusion",
            constraint=models.CheckConstraint(
                condition=Q(silence_reviewed_by="")
                | (~Q(silence_reviewed_by=F("by")) & ~Q(silence_reviewed_by=F("silent_by"))),
                name="conclusion_silence_second_person",
            ),
        ),
    ]
