"""The tables: a new database gets them as the models have them now, any other is brought up by migrations.

On an empty database the migrations would take a minute and more to make, rename and split what stands there a few
seconds later, and find no row to move. ``tests/cli/test_tables.py`` holds both ways against each other.
"""

from __future__ import annotations

from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from anxin.evidence.months import BY_MONTH, split_by_month


def bring_up() -> None:
    """Make or migrate the tables; doing it again changes nothing. Raises ``OperationalError`` without a database."""
    if not connection.introspection.table_names():
        _make_all()
    # also says to every app that its tables stand
    call_command("migrate", verbosity=0, interactive=False)


def _make_all() -> None:
    """All tables and the list of migrations that they already contain: in one transaction, all or nothing."""
    models = [one for one in apps.get_models() if one._meta.can_migrate(connection)]
    today = timezone.localdate()
    # SQLite changes tables only with references unchecked, which it cannot switch within a transaction.
    connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            with connection.schema_editor() as editor:
                for model in models:
                    editor.create_model(model)
            for table, column in BY_MONTH.items():
                split_by_month(connection, table, column, today)
            recorder = MigrationRecorder(connection)
            recorder.ensure_schema()
            contained = MigrationLoader(connection).disk_migrations
            recorder.migration_qs.bulk_create(
                recorder.Migration(app=app, name=name) for app, name in sorted(contained)
            )
    finally:
        connection.enable_constraint_checking()
