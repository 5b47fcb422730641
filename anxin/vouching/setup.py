"""What the administrator has set for signatures and identity, and what is wrong with it, in sentences."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from asn1crypto import x509
from django.conf import settings

from anxin.kernel.refusal import Refused
from anxin.notices.addresses import address_problem
from anxin.signing.authority import read_roots
from anxin.vouching import bodies, calling

#: what an installation with real people needs before anything is signed
NEEDED = (
    "本机构还没有接入签名网关，示例密钥只能用于演示数据，现在不能签名、用印。请系统管理员设置 ANXIN_SIGNING_URL、ANXIN_SIGNING_CREDENTIAL、"
    "ANXIN_TIME_URL 和 ANXIN_TRUST，再运行 anxin signing check 核对。"
)
GATEWAY, TIME, IDENTITY = "签名网关", "时间戳服务", "身份核验平台"


@dataclass(frozen=True)
class Setup:
    """The settings as they stand; empty text where nothing was set."""

    signing_url: str
    credential: str
    keys: str
    time_url: str
    trust: str
    revocation: tuple[str, ...]
    ocsp: bool
    identity: tuple[str, ...]
    identity_url: str
    identity_credential: str

    @property
    def gateway(self) -> bool:
        """Whether an outside key signs; without it only the demonstration's does."""
        return bool(self.signing_url)

    def authorities(self) -> tuple[x509.Certificate, ...]:
        """Roots and what stands below them, as entered. Raises :class:`Refused`."""
        try:
            return read_roots(Path(self.trust).read_bytes())
        except OSError as problem:
            raise Refused(f"打不开信任的证书文件“{self.trust}”，请核对 ANXIN_TRUST 和读取权限。") from problem
        except (ValueError, TypeError) as problem:
            raise Refused(f"“{self.trust}”不是证书文件（PEM），请核对 ANXIN_TRUST。") from problem

    def anchors(self) -> tuple[x509.Certificate, ...]:
        """The roots alone: certificates that name themselves as issuer. Raises :class:`Refused`."""
        return tuple(one for one in self.authorities() if one.issuer.dump() == one.subject.dump())


def current() -> Setup:
    """The settings of this process."""
    return Setup(
        settings.ANXIN_SIGNING_URL,
        settings.ANXIN_SIGNING_CREDENTIAL,
        settings.ANXIN_SIGNING_KEYS,
        settings.ANXIN_TIME_URL,
        settings.ANXIN_TRUST,
        tuple(settings.ANXIN_REVOCATION),
        settings.ANXIN_OCSP,
        tuple(settings.ANXIN_IDENTITY),
        settings.ANXIN_IDENTITY_URL,
        settings.ANXIN_IDENTITY_CREDENTIAL,
    )


def signing_problems(setup: Setup, at: dt.datetime) -> list[str]:
    """Everything that keeps the gateway from being used, one sentence each; asks nobody outside."""
    return list(_signing(setup, at)) if setup.gateway else []


def _signing(setup: Setup, at: dt.datetime) -> Iterator[str]:
    yield from _service(setup.signing_url, GATEWAY, "ANXIN_SIGNING_URL")
    if setup.credential:
        yield from calling.credential_problems(setup.credential, "ANXIN_SIGNING_CREDENTIAL")
    else:
        yield "没有设置 ANXIN_SIGNING_CREDENTIAL：签名网关凭什么认出本系统的凭据文件（客户端证书，或者一行密钥）。"
    if setup.time_url:
        yield from _service(setup.time_url, TIME, "ANXIN_TIME_URL")
    else:
        yield "没有设置 ANXIN_TIME_URL：时间戳服务（RFC 3161）的地址。"
    if not setup.trust:
        yield "没有设置 ANXIN_TRUST：信任的根证书文件（PEM），含签名证书和时间戳证书的上级。"
    else:
        try:
            if not setup.anchors():
                yield f"“{setup.trust}”里没有根证书（自己签发自己的证书），请核对 ANXIN_TRUST。"
        except Refused as refused:
            yield refused.sentence
    try:
        for body in bodies.read(setup.keys).values():
            yield from bodies.problems(body, at)
    except Refused as refused:
        yield refused.sentence


def _service(url: str, title: str, setting: str) -> Iterator[str]:
    problem = address_problem(url, title)
    if problem:
        yield f"{setting}：{problem}"
