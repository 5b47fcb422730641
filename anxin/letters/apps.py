from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LettersConfig(AppConfig):
    name = "anxin.letters"
    verbose_name = "文书"

    def ready(self) -> None:
        from anxin.casework import daily as matters_daily
        from anxin.letters import (
            assessment_facts,
            daily,
            objection_facts,
            party_signing,
            portal,
            site_facts,
            sources,
            turns,
            warning_facts,
        )

        portal.register_notices()
        matters_daily.register("letters", daily.run)
        turns.register(party_signing.TURNS)
        for facts in (warning_facts, assessment_facts, objection_facts, site_facts):
            for kind, source in facts.SOURCES.items():
                sources.register_for(kind, source)
        post_migrate.connect(_guard, sender=self)


def _guard(using: str, **_: Any) -> None:
    """After every migration and not in one: SQLite makes a table anew when a column changes, and loses its triggers."""
    from django.db import connections

    from anxin.letters import guards

    guards.install(connections[using])
