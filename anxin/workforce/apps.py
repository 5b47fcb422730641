from __future__ import annotations

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "anxin.workforce"
    verbose_name = "用工"
