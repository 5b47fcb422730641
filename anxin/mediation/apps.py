from __future__ import annotations

from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "anxin.mediation"
    verbose_name = "调解与法律援助"

    def ready(self) -> None:
        from anxin.casework import access as matters
        from anxin.casework import daily as matters_daily
        from anxin.evidence.kinds import register
        from anxin.letters import sources, turns
        from anxin.mediation import access, daily, letter_facts, offering, paper_turns, telling
        from anxin.mediation.imports import KINDS

        for kind in KINDS:
            register(kind)
        matters.register_working("mediation", access.mediates)
        matters_daily.register("mediation", daily.run)
        telling.register_notices()
        turns.register(paper_turns.TURNS)
        sources.register(letter_facts.known)
        offering.register()
