"""A PostgreSQL for the time of one measurement."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from urllib.parse import urlsplit, urlunsplit


def server(url: str) -> AbstractContextManager[str]:
    """The named server, or one of Debian's binaries for the time of the measurement; the address is given."""
    if url:
        return nullcontext(url)
    from tools.postgres import find_binaries, temporary_postgres

    binaries = find_binaries()
    if binaries is None:
        raise SystemExit("no PostgreSQL found: name one in DATABASE_URL")
    return temporary_postgres(binaries)


@contextmanager
def own_database(url: str, purpose: str) -> Iterator[None]:
    """A fresh database beside the named one, its tables made, with Django set up on it; dropped at the end."""
    import psycopg

    name = f"anxin_{purpose}_{os.getpid()}"
    parts = urlsplit(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    os.environ["DATABASE_URL"] = urlunsplit(parts._replace(path=f"/{name}"))
    try:
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anxin.config.settings")
        django.setup()
        from django.db import connections

        from anxin.cli import tables

        tables.bring_up()
        yield
        connections.close_all()
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
