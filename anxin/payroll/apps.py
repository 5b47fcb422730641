from __future__ import annotations

from django.apps import AppConfig


class PayrollConfig(AppConfig):
    name = "anxin.payroll"
    verbose_name = "工资"

    def ready(self) -> None:
        from anxin.evidence.kinds import register
        from anxin.payroll.imports import PayrollImport
        from anxin.workforce.access import visible_also_through

        # Who is paid on a project may be seen there, also when no roster names the person.
        visible_also_through("payroll_lines__payroll__project__")
        register(PayrollImport())
