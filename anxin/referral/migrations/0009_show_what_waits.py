from django.db import migrations, models


def show_what_waits(apps, schema_editor):
    """Clues whose conclusion or answer waits for a second person say so themselves (待复核), those merged into them too."""
    Clue, Conclusion = apps.get_model("clues", "Clue"), apps.get_model("referral", "Conclusion")
    waiting = Conclusion.objects.filter(standing="review", ended_at__isnull=True).values("clue")
    merged = Clue.objects.filter(dispute__in=waiting, referrals__isnull=True).values("pk")
    open_ = Clue.objects.filter(state__in=("new", "referred"))
    open_.filter(models.Q(pk__in=waiting) | models.Q(pk__in=merged)).update(state="review")


class Migration(migrations.Migration):

    dependencies = [
        ('clues', '0010_waits_for_review'),
        ('referral', '0008_satisfaction'),
    ]

    operations = [migrations.RunPython(show_what_waits, migrations.RunPython.noop)]
