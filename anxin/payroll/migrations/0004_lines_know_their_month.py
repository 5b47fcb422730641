"""Each line says its payroll's month, by which the table is to lie in pieces."""

from django.db import migrations, models
from django.db.models import OuterRef, Q, Subquery


def fill(apps, schema_editor):
    payrolls = apps.get_model("payroll", "Payroll").objects.filter(pk=OuterRef("payroll_id"))
    lines = apps.get_model("payroll", "PayrollLine").objects
    lines.filter(month="").update(month=Subquery(payrolls.values("month")))


class Migration(migrations.Migration):

    dependencies = [
        ('payroll', '0003_payment_references'),
    ]

    operations = [
        migrations.AddField(
            model_name='payrollline',
            name='month',
            field=models.CharField(default='', max_length=7),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name='payrollline', name='line_current_once'),
        migrations.AddConstraint(
            model_name='payrollline',
            constraint=models.UniqueConstraint(
                condition=Q(superseded_at__isnull=True),
                fields=('payroll', 'person_key', 'month'),
                name='line_current_once',
            ),
        ),
    ]
