from __future__ import annotations

from django.apps import AppConfig


class AgencyConfig(AppConfig):
    name = "anxin.agency"
    verbose_name = "总包代发"
