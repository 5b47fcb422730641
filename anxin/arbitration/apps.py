from __future__ import annotations

from django.apps import AppConfig


class ArbitrationConfig(AppConfig):
    name = "anxin.arbitration"
    verbose_name = "劳动人事争议仲裁"

    def ready(self) -> None:
        from anxin.arbitration import (
            access,
            letter_facts,
            paid_people,
            papers,
            party_facts,
            receipts,
            record_signing,
        )
        from anxin.arbitration.imports_applicants import ApplicantsImport
        from anxin.arbitration.models import PROCEDURES
        from anxin.casework import access as matters
        from anxin.evidence.kinds import register
        from anxin.letters import serving, sources, turns

        for procedure in PROCEDURES:
            matters.register_working(procedure, access.sits)
        sources.register(papers.known)
        sources.register(letter_facts.of_hearings)
        for kind, source in party_facts.SOURCES.items():
            sources.register_for(kind, source)
        serving.register_taker(receipts.from_service)
        turns.register(record_signing.TURNS)
        register(ApplicantsImport())
        paid_people.register()
