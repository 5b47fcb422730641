from __future__ import annotations

from django.apps import AppConfig


class ArbitrationConfig(AppConfig):
    name = "anxin.arbitration"
    verbose_name = "劳动人事争议仲裁"

    def ready(self) -> None:
        from anxin.arbitration import papers
        from anxin.letters import sources

        sources.register(papers.known)
