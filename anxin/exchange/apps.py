from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "anxin.exchange"
    verbose_name = "数据交换"
