from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("funds", "0003_balances_of_their_own")]

    operations = [
        migrations.RemoveField(
            model_name='specialaccount',
            name='balance_fen',
        ),
        migrations.RemoveField(
            model_name='specialaccount',
            name='balance_on',
        ),
    ]
