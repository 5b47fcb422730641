from __future__ import annotations

from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "anxin.enforcement"
    verbose_name = "专班"
