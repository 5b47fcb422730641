from __future__ import annotations

from django.apps import AppConfig


class GridConfig(AppConfig):
    name = "anxin.grid"
    verbose_name = "网格上报"
