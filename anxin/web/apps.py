from __future__ import annotations

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "anxin.web"
    verbose_name = "页面"
