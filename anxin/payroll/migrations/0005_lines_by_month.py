"""Payroll lines in pieces by month, on PostgreSQL (docs/decisions/0018)."""

import datetime as dt

from django.db import migrations

from anxin.evidence.months import split_by_month


def split(apps, schema_editor):
    split_by_month(schema_editor.connection, "payroll_payrollline", "month", dt.date.today())


class Migration(migrations.Migration):

    dependencies = [
        ('payroll', '0004_lines_know_their_month'),
        # who refers to lines no longer asks the database to hold it
        ('agency', '0003_lines_lie_in_pieces'),
        ('funds', '0008_lines_lie_in_pieces'),
    ]

    # Back to one table is another migration's work: the pieces hold years of rows.
    operations = [migrations.RunPython(split)]
