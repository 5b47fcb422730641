from __future__ import annotations

from django.apps import AppConfig


class ReceptionConfig(AppConfig):
    name = "anxin.reception"
    verbose_name = "接访"
