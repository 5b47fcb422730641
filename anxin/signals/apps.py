from __future__ import annotations

from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "anxin.signals"
    verbose_name = "部门数据"

    def ready(self) -> None:
        from anxin.evidence.kinds import register
        from anxin.signals.kinds import KINDS

        for kind in KINDS:
            register(kind)
