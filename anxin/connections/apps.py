from __future__ import annotations

from django.apps import AppConfig


class ConnectionsConfig(AppConfig):
    name = "anxin.connections"
    verbose_name = "机构接入"

    def ready(self) -> None:
        from anxin.connections.queries_layouts import agreed_mapping
        from anxin.evidence.recognising import register_agreed

        register_agreed(agreed_mapping)
