from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "anxin.exchange"
    verbose_name = "数据交换"

    def ready(self) -> None:
        from anxin.exchange import handlers
        from anxin.exchange.uploads import alarms  # noqa: F401  registers its kind of notice

        handlers.register()
