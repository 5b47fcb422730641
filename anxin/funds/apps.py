from __future__ import annotations

from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "anxin.funds"
    verbose_name = "资金"
