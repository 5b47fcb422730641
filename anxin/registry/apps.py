from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "anxin.registry"
    verbose_name = "登记"

    def ready(self) -> None:
        from anxin.notices import outside
        from anxin.registry.invented import invented_phone

        outside.keep_in(invented_phone)
