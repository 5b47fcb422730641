from __future__ import annotations

from django.apps import AppConfig


class ContractsConfig(AppConfig):
    name = "anxin.contracts"
    verbose_name = "电子劳动合同"
