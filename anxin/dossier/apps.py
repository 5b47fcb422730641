from __future__ import annotations

from django.apps import AppConfig


class DossierConfig(AppConfig):
    name = "anxin.dossier"
    verbose_name = "证据包"
