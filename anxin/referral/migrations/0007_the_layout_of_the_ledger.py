import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("evidence", "0001_initial"),
        ("referral", "0006_given_back_to_a_hotline"),
    ]

    operations = [
        migrations.AlterField(
            model_name="signedtable",
            name="sort",
            field=models.CharField(
                choices=[("routing", "分派表"), ("conclusions", "结论目录"), ("ledger", "台账版式")],
                max_length=12,
            ),
        ),
        migrations.AddField(
            model_name="signedtable",
            name="pattern",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="evidence.storedfile",
            ),
        ),
        migrations.AddField(
            model_name="signedtable",
            name="pattern_sheet",
            field=models.CharField(blank=True, max_length=31),
        ),
        migrations.AddField(
            model_name="signedtable",
            name="pattern_row",
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
