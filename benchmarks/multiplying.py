"""A small city made large: the rows of the demonstration city copied inside PostgreSQL, statement by table.

Whatever hangs on a copied row is copied with it, so that every page of the copies has what the page of the original
has. Nothing is made up anew: the copies show the same names, and only what must be unique differs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from django.apps import apps
from django.db import connection, models

Model = type[models.Model]
#: rows of one table that take long enough to be told of
_MANY = 1_000_000


def grow(crowd: int, cities: int, employers: int, say: Callable[[str], None]) -> set[Model]:
    """Make the loaded demonstration city large, and say which tables grew.

    ``crowd`` copies of each worker on the same sites, then ``cities`` copies of each site with its people, then copies of
    each employer with what was reported of it until there are about ``employers``.
    """
    from anxin.accounts.models import Grant, User
    from anxin.registry.models import Employer, Project
    from anxin.workforce.models import GateAlarm, Worker

    once = {User, Grant, GateAlarm}  # an open alarm stands once for each maker of gates
    multiply(hanging_on([Worker], without=once), crowd, say)
    of_sites = hanging_on([Project, Worker], without=once)
    multiply(of_sites, cities, say)
    of_employers = hanging_on([Employer], without={*once, *of_sites})
    multiply(of_employers, max(0, employers // Employer.objects.count() - 1), say)
    return {*of_sites, *of_employers}


def hanging_on(roots: Iterable[Model], *, without: Collection[Model] = ()) -> list[Model]:
    """``roots`` and every table with a reference, over whatever steps, to one of them.

    Without the tables whose rows belong each to one row of a table that is not among them: these have no copies.
    """
    found = list(roots)
    rest = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model not in found and model not in without and not model._meta.proxy
    ]
    while new := [
        model for model in rest if any(field.related_model in found for field in _references(model))
    ]:
        found += new
        rest = [model for model in rest if model not in new]
    while bound := [model for model in found if any(_bound_to_another(f, found) for f in _references(model))]:
        found = [model for model in found if model not in bound]
    return found


def multiply(tables: Collection[Model], copies: int, say: Callable[[str], None]) -> None:
    """Add ``copies`` copies of every row of ``tables``; references among these tables lead to the same copy.

    Raises ``ValueError`` for a table whose rows cannot be told apart: a unique key of neither texts nor numbers.
    """
    with connection.cursor() as cursor:
        strides = {}
        for model in tables:
            if isinstance(_target(model._meta.pk), models.IntegerField):
                cursor.execute(f"SELECT coalesce(max({_quoted(model._meta.pk)}), 0) FROM {_table(model)}")
                strides[model] = cursor.fetchone()[0]
        # The copies keep every reference by the way they are made; checking each again takes longer than making them.
        cursor.execute("SET session_replication_role = replica")
        for model in tables:
            fields = [field for field in model._meta.concrete_fields if not field.generated]
            apart = _to_tell_apart(model, tables)
            values = [_copied(field, strides, field in apart) for field in fields]
            cursor.execute(
                f"INSERT INTO {_table(model)} ({', '.join(map(_quoted, fields))}) "
                f"SELECT {', '.join(values)} FROM {_table(model)} CROSS JOIN generate_series(1, {int(copies)}) AS k"
            )
            if cursor.rowcount > _MANY:
                say(f"{model._meta.label}: {cursor.rowcount} rows")
            if model in strides:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), (SELECT greatest(max(id), 1) FROM (SELECT "
                    f"{_quoted(model._meta.pk)} AS id FROM {_table(model)}) AS numbers))",
                    [model._meta.db_table, model._meta.pk.column],
                )
        cursor.execute("SET session_replication_role = origin")


def _references(model: Model) -> list[models.ForeignKey]:
    return [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]


def _target(field: models.Field) -> models.Field:
    """The field at the end of references: a key that is itself a reference has the other's numbers."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return field


def _to_tell_apart(model: Model, tables: Collection[Model]) -> set[models.Field]:
    """The texts and numbers that must differ between copies, because nothing else in their unique key does."""
    named = {field.name: field for field in model._meta.concrete_fields}
    keys = [[field] for field in named.values() if field.unique]
    keys += [
        [named[name] for name in one.fields] for one in model._meta.total_unique_constraints if one.fields
    ]
    keys += [
        [named[name] for name in one.fields]
        for one in model._meta.constraints
        if isinstance(one, models.UniqueConstraint) and one.fields and one.condition is not None
    ]
    apart: set[models.Field] = set()
    for key in keys:
        if any(_differs(field, tables) or _left_out(field, tables) for field in key) or apart & set(key):
            continue
        kinds = (models.CharField | models.TextField, models.IntegerField)
        free = [field for field in key if not field.choices]
        chosen = next((field for kind in kinds for field in free if isinstance(field, kind)), None)
        if chosen is None:
            raise ValueError(
                f"{model._meta.label}: nothing to change in the key {[field.name for field in key]}"
            )
        apart.add(chosen)
    return apart


def _differs(field: models.Field, tables: Collection[Model]) -> bool:
    if isinstance(field, models.ForeignKey):
        return field.related_model in tables
    return field.primary_key and isinstance(field, models.IntegerField)


def _left_out(field: models.Field, tables: Collection[Model]) -> bool:
    """One account belongs to one row: its copies have none."""
    return isinstance(field, models.OneToOneField) and field.null and field.related_model not in tables


def _bound_to_another(field: models.Field, tables: Collection[Model]) -> bool:
    """It may not be empty: by itself, or because a condition of its table speaks of it."""
    if not isinstance(field, models.OneToOneField) or field.related_model in tables:
        return False
    conditions = [one for one in field.model._meta.constraints if isinstance(one, models.CheckConstraint)]
    return not field.null or any(field.name in one.condition.referenced_base_fields for one in conditions)


def _copied(field: models.Field, strides: dict[Model, int], apart: bool) -> str:
    """SQL for the value of a column in copy number ``k``."""
    column = _quoted(field)
    if _left_out(field, strides):
        return "NULL"
    model = field.related_model if isinstance(field, models.ForeignKey) else None
    if model in strides:
        return f"{column} + k * {strides[model]}"
    if model is None and field.primary_key and field.model in strides:
        return f"{column} + k * {strides[field.model]}"
    if not apart:
        return column
    if isinstance(field, models.IntegerField):
        return f"{column} + k * (SELECT max({column}) + 1 FROM {_table(field.model)})"
    # the copy's own number, so that a copy of a copy differs too
    own = f"({_copied(field.model._meta.pk, strides, False)})" if field.model in strides else "k"
    most = getattr(field, "max_length", None) or 1_000
    return (
        f"CASE WHEN {column} = '' THEN '' WHEN length({column}) + length({own}::text) < {most} "
        f"THEN {column} || '-' || {own} ELSE left(md5({column} || {own}), {most}) END"
    )


def _table(model: Model) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _quoted(field: models.Field) -> str:
    return connection.ops.quote_name(field.column or "")
