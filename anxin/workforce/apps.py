from __future__ import annotations

from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "anxin.workforce"
    verbose_name = "用工"

    def ready(self) -> None:
        from anxin.evidence.kinds import register
        from anxin.workforce import handlers
        from anxin.workforce.alarms import register_notice
        from anxin.workforce.attendance_imports import AttendanceImport
        from anxin.workforce.imports import RosterImport

        register(RosterImport())
        register(AttendanceImport())
        handlers.register()
        register_notice()
