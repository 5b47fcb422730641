"""With which matter a chain of matters began; chains that stand already are filled in."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce


def fill(apps, schema_editor):
    """Five hundred at a time: a matter whose earlier one knows its root, or is one, knows its own."""
    matters = apps.get_model("casework", "Matter").objects
    earlier = matters.filter(pk=OuterRef("follows")).annotate(first=Coalesce(F("root_id"), F("pk")))
    ready = Q(follows__follows__isnull=True) | Q(follows__root__isnull=False)
    while keys := list(
        matters.filter(ready, follows__isnull=False, root__isnull=True).values_list("pk", flat=True)[:500]
    ):
        matters.filter(pk__in=keys).update(root=Subquery(earlier.values("first")[:1]))


class Migration(migrations.Migration):
    dependencies = [("casework", "0005_urgings_of_callers")]

    operations = [
        migrations.AddField(
            model_name="matter",
            name="root",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="chain",
                to="casework.matter",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
