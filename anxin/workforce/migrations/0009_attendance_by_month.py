"""Attendance in pieces by month, on PostgreSQL (docs/decisions/0018)."""

import datetime as dt

from django.db import migrations

from anxin.evidence.months import split_by_month


def split(apps, schema_editor):
    split_by_month(schema_editor.connection, "workforce_attendanceday", "day", dt.date.today())


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0001_initial'),
        ('workforce', '0008_faces_of_passages'),
    ]

    # Back to one table is another migration's work: the pieces hold years of rows.
    operations = [migrations.RunPython(split)]
