"""Whether somebody vouches for a signer: a chain to a trusted root, valid and not revoked at the moment of the time stamp."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from asn1crypto import crl, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
)

from anxin.signing.cms import Checked


@dataclass(frozen=True)
class Vouching:
    """What chains are built from. Nothing is fetched."""

    roots: Sequence[x509.Certificate]
    certificates: Sequence[x509.Certificate]
    revocation_lists: Sequence[crl.CertificateList]

    def doubt(self, checked: Checked, at: dt.datetime, *, time_stamp: bool = False) -> str:
        """Why the certificate is not trusted as of ``at``; empty where it is."""
        if not self.roots:
            return "没有指定信任的根证书。"
        context = ValidationContext(
            trust_roots=list(self.roots),
            other_certs=[*self.certificates, *checked.certificates],
            crls=list(self.revocation_lists),
            moment=at,
            allow_fetching=False,
            revocation_mode="hard-fail",
            retroactive_revinfo=True,
        )
        validator = CertificateValidator(
            checked.certificate, intermediate_certs=list(checked.certificates), validation_context=context
        )
        usage = {"digital_signature"}
        try:
            _finish(validator.async_validate_usage(usage, {"time_stamping"} if time_stamp else set()))
        except RevokedError:
            return "证书在签名时已被吊销。"
        except (ExpiredError, NotYetValidError):
            return "证书在签名时不在有效期内。"
        except PathBuildingError:
            return "证书不是由所信任的机构签发的。"
        except InvalidCertificateError:
            return "证书不能用于这种签名。"
        except Exception:
            return "证书无法核对，例如文件里没有它的吊销信息。"
        return ""


def _finish(asked: Coroutine[object, object, object]) -> None:
    """Run to its end in a thread of its own: whoever asks may itself stand in a running loop, where ``run`` is refused."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asked).result()
