from __future__ import annotations

from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "anxin.evidence"
    verbose_name = "取证与导入"
