from __future__ import annotations

from django.apps import AppConfig


class LocalLawConfig(AppConfig):
    name = "anxin.local_law"
    verbose_name = "本地数值与确认"
