from __future__ import annotations

from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "anxin.funds"
    verbose_name = "资金"

    def ready(self) -> None:
        from anxin.evidence.kinds import register
        from anxin.funds import handlers
        from anxin.funds.imports import ReceiptsImport

        register(ReceiptsImport())
        handlers.register()
