"""Lists of revoked certificates: from files and addresses that were entered, embedded in each signed file for whoever reads it later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from asn1crypto import crl, pem

from anxin.kernel.refusal import Refused
from anxin.vouching import calling

#: a list is fetched once in so long; authorities publish daily
_FRESH = dt.timedelta(hours=1)
_kept: dict[str, tuple[dt.datetime, crl.CertificateList]] = {}


def lists(places: Sequence[str], at: dt.datetime) -> tuple[crl.CertificateList, ...]:
    """The lists of ``places`` (paths, or http and https addresses: a list is signed). Raises :class:`Refused`."""
    return tuple(_list(place, at) for place in places)


def _list(place: str, at: dt.datetime) -> crl.CertificateList:
    held = _kept.get(place)
    if held is not None and abs(at - held[0]) < _FRESH:
        return held[1]
    try:
        content = _content(place)
    except OSError as problem:
        raise Refused(
            f"取不到证书吊销列表“{place}”，请稍后再试，或由系统管理员核对 ANXIN_REVOCATION。"
        ) from problem
    try:
        found = crl.CertificateList.load(
            pem.unarmor(content)[2] if pem.detect(content) else content, strict=True
        )
        found.native  # noqa: B018 - reads every field now, so that a broken list is refused here
    except (ValueError, TypeError) as problem:
        raise Refused(f"“{place}”不是证书吊销列表，请系统管理员核对 ANXIN_REVOCATION。") from problem
    if place.startswith(("http://", "https://")):
        _kept[place] = (at, found)
    return found


def _content(place: str) -> bytes:
    return calling.fetch(place) if place.startswith(("http://", "https://")) else Path(place).read_bytes()
