from __future__ import annotations

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "anxin.channels"
    verbose_name = "反映渠道"
