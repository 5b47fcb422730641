"""Whose keys sign here. So far the demonstration authority, whose certificates say 示例 and carry no legal weight."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from asn1crypto import x509
from django.conf import settings

from anxin.kernel.refusal import Refused
from anxin.registry.models import Region
from anxin.signing.authority import Authority, local_root
from anxin.signing.timestamps import LocalTimeStamper

#: small print of every stamp
DEMONSTRATION = "示例证书，无法律效力"
#: no region of GB/T 2260 begins so: where there is one, all people are invented
_INVENTED = "99"


class Keys:
    """The authority of the data folder, opened once for many signatures of one moment.

    Raises :class:`Refused` where real people are registered: a demonstration's certificate must not pass for one."""

    def __init__(self, at: dt.datetime) -> None:
        if not Region.objects.filter(code__startswith=_INVENTED).exists():
            raise Refused("本机构还没有接入电子签名认证机构，示例证书只能用于演示数据，现在不能签署。")
        self.authority = Authority(_folder(), at)
        self.at = at
        self.stamper = LocalTimeStamper(self.authority, lambda: self.at)


def trusted_roots() -> Sequence[x509.Certificate]:
    """The roots that verification here trusts."""
    return local_root(_folder())


def _folder() -> Path:
    return Path(settings.ANXIN_HOME) / "keys"
