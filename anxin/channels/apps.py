from __future__ import annotations

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "anxin.channels"
    verbose_name = "反映渠道"

    def ready(self) -> None:
        from anxin.channels import answering, flags, issuing

        answering.register_notices()
        answering.register_sealed()
        issuing.register_sealed()
        flags.register_notices()
