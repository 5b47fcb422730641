from __future__ import annotations

from django.apps import AppConfig


class AgencyConfig(AppConfig):
    name = "anxin.agency"
    verbose_name = "总包代发"

    def ready(self) -> None:
        from anxin.agency import handlers

        handlers.register()
