from __future__ import annotations

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "anxin.monitoring"
    verbose_name = "监测预警"

    def ready(self) -> None:
        from anxin.monitoring import escalating, handlers  # noqa: F401 - a kind of notice

        handlers.register()
