"""Whether somebody vouches for a signer: a chain to a trusted root, valid and not revoked at the moment of the time stamp."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from asn1crypto import crl, ocsp, x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InvalidCertificateError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
)

from anxin.signing import paths
from anxin.signing.cms import Checked


@dataclass(frozen=True)
class Vouching:
    """What chains are built from. Nothing is fetched."""

    roots: Sequence[x509.Certificate]
    certificates: Sequence[x509.Certificate]
    revocation_lists: Sequence[crl.CertificateList]
    responses: Sequence[ocsp.OCSPResponse] = ()

    def doubt(self, checked: Checked, at: dt.datetime, *, time_stamp: bool = False) -> str:
        """Why the certificate is not trusted as of ``at``; empty where it is."""
        if not self.roots:
            return "没有指定信任的根证书。"
        others = [*self.certificates, *checked.certificates]
        if paths.has_sm2([checked.certificate, *others, *self.roots]):
            try:
                return paths.doubt(
                    checked.certificate, others, self.roots, self.revocation_lists, at, time_stamp=time_stamp
                )
            except (ValueError, TypeError, KeyError):  # parts are parsed when they are first asked for
                return paths.UNKNOWN
        context = ValidationContext(
            trust_roots=list(self.roots),
            other_certs=others,
            crls=list(self.revocation_lists),
            ocsps=list(self.responses),
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
            return paths.REVOKED
        except (ExpiredError, NotYetValidError):
            return paths.OUT_OF_TIME
        except PathBuildingError:
            return paths.UNTRUSTED
        except InvalidCertificateError:
            return paths.UNUSABLE
        except Exception:
            return paths.UNKNOWN
        return ""


def _finish(asked: Coroutine[object, object, object]) -> None:
    """Run to its end in a thread of its own: whoever asks may itself stand in a running loop, where ``run`` is refused."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, asked).result()
