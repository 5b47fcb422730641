from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referral", "0005_money_of_each_person")]

    operations = [
        migrations.AlterField(
            model_name="signedtable",
            name="sort",
            field=models.CharField(
                choices=[("routing", "分派表"), ("conclusions", "结论目录"), ("ledger", "台账版式")],
                max_length=12,
            ),
        ),
    ]
