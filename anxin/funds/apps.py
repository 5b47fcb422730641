from __future__ import annotations

from django.apps import AppConfig


class FundsConfig(AppConfig):
    name = "anxin.funds"
    verbose_name = "资金"

    def ready(self) -> None:
        from anxin.evidence.kinds import register
        from anxin.funds import expiry, handlers
        from anxin.funds.imports import ReceiptsImport
        from anxin.notices import kinds

        register(ReceiptsImport())
        handlers.register()
        kinds.register(
            kinds.Kind(
                expiry.KIND,
                "保函和担保将到期",
                "我主管的项目有保函、保险或担保快到期或已到期",
                frozenset({"email"}),
            )
        )
