"""A provincial platform that is set up and switched off, with a few records of one site in each state.

Nothing leaves the house: an in-process session answers in the place of a platform, and says so.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from uuid import UUID

from anxin.accounts.access import MANAGE, MAY
from anxin.accounts.models import User
from anxin.exchange.adapters.base import Codes, Receipt, Rejected, TryAgain
from anxin.exchange.models import Kind, Platform
from anxin.exchange.uploads.draining import drain_platform
from anxin.exchange.uploads.filling import fill
from anxin.exchange.uploads.payloads import Outgoing, masked_body
from anxin.exchange.uploads.services import configure_platform
from anxin.registry.models import Project

#: reports that the stand-in takes; the next one finds nobody there
_TAKES = 14
_SAYS = "演示：没有连接任何平台。"


class DemonstrationSession:
    """Stands in for a platform: takes some, sends one back, keeps a few waiting, then does not answer."""

    def __init__(self) -> None:
        self._records: dict[UUID, str] = {}

    def post(self, outgoing: Outgoing, *, request_id: UUID, record: str, codes: Codes) -> str:
        if len(self._records) >= _TAKES:
            raise TryAgain(_SAYS, everybody=True)
        self._records[request_id] = record
        if len(self._records) == _TAKES // 2:
            raise Rejected("演示：姓名与身份证号核验不一致，请核对花名册。", "name")
        return f"YS{len(self._records):04d}"

    def receipts(self, requests: Sequence[UUID]) -> Sequence[Receipt]:
        known = list(self._records)
        return [
            Receipt(str(one), self._records[one], "accepted", f"YSHZ{known.index(one) + 1:04d}")
            for one in requests
            if one in self._records and known.index(one) < _TAKES - 3
        ]

    def masked(self, outgoing: Outgoing) -> Mapping[str, object]:
        return masked_body(outgoing)


def a_platform(now: dt.datetime) -> None:
    """Set it up by the service that the console uses, fill the queue of one site, and let the stand-in answer."""
    roles = [role for role, may in MAY.items() if MANAGE in may]
    admin = User.objects.filter(grants__role__in=roles).order_by("pk").first()
    site = Project.objects.filter(enrolments__isnull=False).order_by("pk").first()
    if admin is None or site is None:
        return
    platform = configure_platform(
        code="YS-SPT",
        name="演示省实名制平台（未启用）",
        adapter=Platform.Adapter.SICHUAN,
        base_url="https://platform.example.gov.cn/api",
        app_id="yunzhou-demo",
        secret="demonstration",
        cipher=Platform.Cipher.SM4,
        cipher_key="00" * 16,
        kinds=[Kind.ENTERPRISE, Kind.PROJECT, Kind.PERSONNEL],
        region=site.region_id[:4],
        user=admin,
        now=now,
    )
    session = DemonstrationSession()
    before = now - dt.timedelta(minutes=5)
    fill(platform, site, now=before)
    # First it takes them; minutes later it is asked what became of them, and then nobody is there: an
    # administrator in service is told by the log, a newcomer who only looks is not alarmed.
    log = logging.getLogger("anxin.exchange.uploads.draining")
    log.disabled = True
    try:
        for moment in (before, now - dt.timedelta(minutes=2)):
            drain_platform(platform, moment, connect=lambda _: session)
    finally:
        log.disabled = False
