from __future__ import annotations

from django.apps import AppConfig


class ReferralConfig(AppConfig):
    name = "anxin.referral"
    verbose_name = "转办与结论"
