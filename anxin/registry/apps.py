from __future__ import annotations

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "anxin.registry"
    verbose_name = "登记"
