from __future__ import annotations

from django.apps import AppConfig


class ReferralConfig(AppConfig):
    name = "anxin.referral"
    verbose_name = "转办与结论"

    def ready(self) -> None:
        from anxin.evidence.kinds import register
        from anxin.letters import sources
        from anxin.referral import handlers, letter_facts, offered, telling, transferring
        from anxin.referral.imports_payments import PaymentsImport

        register(PaymentsImport())
        telling.register_notices()
        handlers.register()
        sources.register(letter_facts.known)
        transferring.register()
        offered.register()
