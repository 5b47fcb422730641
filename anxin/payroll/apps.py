from __future__ import annotations

from django.apps import AppConfig


class PayrollConfig(AppConfig):
    name = "anxin.payroll"
    verbose_name = "工资"
