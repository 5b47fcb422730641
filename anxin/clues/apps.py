from __future__ import annotations

from django.apps import AppConfig


class CluesConfig(AppConfig):
    name = "anxin.clues"
    verbose_name = "欠薪线索"

    def ready(self) -> None:
        from anxin.clues import handlers, opening
        from anxin.clues.imports import HotlineImport
        from anxin.clues.imports_claimants import ClaimantsImport
        from anxin.evidence.kinds import register

        register(HotlineImport())
        register(ClaimantsImport())
        opening.register_notices()
        handlers.register()
