from __future__ import annotations

from django.apps import AppConfig


class LiabilityConfig(AppConfig):
    name = "anxin.liability"
    verbose_name = "清偿责任"
