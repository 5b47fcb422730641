from __future__ import annotations

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "anxin.casework"
    verbose_name = "办件与期限"

    def ready(self) -> None:
        from anxin.casework import handlers, urging

        handlers.register()
        urging.register_notices()
