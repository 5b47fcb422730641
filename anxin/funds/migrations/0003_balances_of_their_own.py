from django.db import migrations


def keep_balances(apps, schema_editor):
    """A balance that was written into an account's record becomes a balance of its own."""
    account = apps.get_model("funds", "SpecialAccount")
    balance = apps.get_model("funds", "AccountBalance")
    rows = account.objects.filter(
        balance_fen__isnull=False, balance_on__isnull=False, superseded_at__isnull=True
    )
    balance.objects.bulk_create(
        balance(
            account_id=row.pk, on=row.balance_on, balance_fen=row.balance_fen, recorded_at=row.recorded_at
        )
        for row in rows.iterator()
    )


class Migration(migrations.Migration):

    dependencies = [("funds", "0002_accounts_and_deposits")]

    operations = [migrations.RunPython(keep_balances, migrations.RunPython.noop)]
