from __future__ import annotations

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "anxin.connections"
    verbose_name = "机构接入"
