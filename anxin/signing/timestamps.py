"""Time stamps (RFC 3161): of the demonstration authority in this process, or of a service."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from asn1crypto import cms, core, tsp, x509

from anxin.kernel.refusal import Refused
from anxin.signing.authority import Authority
from anxin.signing.building import SHA256, signed_data
from anxin.signing.hashing import sha256
from anxin.signing.interfaces import DataOf, Post, ValidationData

#: an arc below 2.25 belongs to whoever drew the number (ITU-T X.667); it names the demonstration's policy
_POLICY = "2.25.227434526091480093041170829353108927563"


class _Answer(core.Sequence):  # type: ignore[misc]
    """``TimeStampResp`` (RFC 3161, 2.4.2). The library's own wants a token even where the service refuses."""

    _fields = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


@dataclass(frozen=True)
class LocalTimeStamper:
    """The demonstration's time stamps. ``clock`` gives the moment, with its offset."""

    authority: Authority
    clock: Callable[[], dt.datetime]
    token_size: int = 2048

    def stamp(self, digest: bytes) -> bytes:
        certificate = self.authority.time.certificate
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": _POLICY,
                "message_imprint": {"hash_algorithm": SHA256, "hashed_message": digest},
                "serial_number": secrets.randbits(63),
                "gen_time": self.clock().astimezone(dt.UTC).replace(microsecond=0),
            }
        ).dump()
        return signed_data(
            content=info,
            digest=sha256(info),
            certificate=certificate,
            chain=(),
            sign_digest=self.authority.time.sign_digest,
        )

    def validation_data(self, at: dt.datetime) -> ValidationData:
        return self.authority.time.validation_data(at)


@dataclass(frozen=True)
class ServiceTimeStamper:
    """A time-stamp service over HTTP (RFC 3161, section 3.4).

    ``certificates`` and ``data`` are what the operator entered of the service: its chain, and where its lists of
    revoked certificates come from at a moment.
    """

    post: Post
    address: str
    data: DataOf = field(default=lambda at, *certificates: ValidationData())
    token_size: int = 8192
    #: certificates of the last token, for which validation data is needed, too
    _seen: list[x509.Certificate] = field(default_factory=list, compare=False)

    def stamp(self, digest: bytes) -> bytes:
        nonce = secrets.randbits(63)
        request = tsp.TimeStampReq(
            {
                "version": 1,
                "message_imprint": {"hash_algorithm": SHA256, "hashed_message": digest},
                "nonce": nonce,
                "cert_req": True,
            }
        ).dump()
        try:
            answer = _Answer.load(
                self.post(self.address, "application/timestamp-query", request), strict=True
            )
            status = answer["status"]["status"].native
            if status not in ("granted", "granted_with_mods"):
                raise Refused("时间戳服务没有给出时间戳，请稍后再试，或与服务方联系。")
            token = answer["time_stamp_token"]
            said = token["content"]["encap_content_info"]["content"].parsed
            imprint = said["message_imprint"]
            agrees = (
                imprint["hash_algorithm"]["algorithm"].native == "sha256"
                and imprint["hashed_message"].native == digest
                and said["nonce"].native == nonce
            )
            der = bytes(token.dump())
            self._seen[:] = [one.chosen for one in token["content"]["certificates"] or ()]
        except OSError as problem:
            raise Refused("时间戳服务没有回应，请稍后再试。") from problem
        except Refused:
            raise
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            raise Refused("时间戳服务的回答读不懂，请与服务方联系。") from problem
        if not agrees:
            raise Refused("时间戳服务回答的不是这次的请求，没有采用。")
        if len(der) > self.token_size:
            raise Refused("时间戳服务的回答太大，没有采用。")
        return der

    def validation_data(self, at: dt.datetime) -> ValidationData:
        return self.data(at, *self._seen)
