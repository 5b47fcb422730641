"""Who signs, where, and how it was shown that it was this person who wanted to."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from anxin.kernel.refusal import Refused

#: an identity check serves the signature that follows it, not one of another day
CHECK_HOLDS = dt.timedelta(hours=24)
_SLOT_KEY = re.compile(r"[a-z][a-z0-9_-]{0,39}\Z")
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True)
class Person:
    """Somebody who signs: the ``name`` as written, and a ``key`` that tells two people of one name apart.

    The key is a number of the installation's own (a worker's record, an employer's credit code). It stands in the
    certificate and in the file, so it is never the number of an identity card.
    """

    name: str
    key: str

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > 60:
            raise Refused("签名人的姓名或名称应为1至60个字。", field="name")
        if not self.key.strip() or len(self.key) > 60:
            raise Refused("签名人的识别号应为1至60个字符。", field="key")
        if re.fullmatch(r"\d{17}[\dXx]", self.key) and not self.key.startswith("9"):
            raise Refused("签名人的识别号会写进文件，不能用身份证号码。", field="key")


@dataclass(frozen=True)
class Slot:
    """A place prepared for one signature: who must sign, and where the stamp stands.

    ``box`` is left, bottom, right, top in points from the lower left corner of the page; ``page`` counts from 0,
    from the back where it is negative. Without a box the signature is not to be seen on the page.
    """

    key: str
    label: str
    person: Person
    page: int = -1
    box: tuple[int, int, int, int] | None = None

    def __post_init__(self) -> None:
        if not _SLOT_KEY.match(self.key):
            raise Refused(f"签名位的名称“{self.key}”应由小写字母、数字、- 和 _ 组成，字母开头。", field="key")


class Method(StrEnum):
    """How it was shown who signs."""

    NATIONAL_PLATFORM = "national_platform"
    TABLET = "tablet"
    PHONE_CODE = "phone_code"
    #: an office's seal: put on by the keeper of the seal, under the keeper's own account, after somebody else issued the letter
    SEAL_KEEPER = "seal_keeper"
    #: somebody who acts for an employer, signed in with an account that was given for it, and asked anew for the password
    ACCOUNT = "account"


METHOD_WORDS = {
    Method.NATIONAL_PLATFORM: "国家网络身份认证",
    Method.TABLET: "现场平板读取身份证并有见证人",
    Method.PHONE_CODE: "手机验证码",
    Method.SEAL_KEEPER: "印章管理人员本人账号",
    Method.ACCOUNT: "单位经办人账号和密码",
}


@dataclass(frozen=True)
class IdentityCheck:
    """What was found about the signer before signing. It goes into the signature and is covered by it.

    ``at`` is the moment of consent, with its offset. ``shown`` is the SHA-256 (hex) of the very file that was read.
    ``reference`` is the number under which the checking service or the journal holds the details; the details
    themselves (identity number, telephone, face) stay out of the file.
    """

    person: Person
    method: Method
    at: dt.datetime
    device: str
    shown: str
    read_to_end: bool
    consent: bool
    reference: str = ""
    witness: str = ""
    #: how sure whoever checked was, in their own word (``in_person``, a level of the national platform)
    level: str = ""

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the moment of an identity check carries its offset")
        if not _DIGEST.match(self.shown):
            raise ValueError("shown is the SHA-256 of the file in lower-case hex")
        if self.method is Method.TABLET and not self.witness.strip():
            raise Refused("用现场平板核验身份时，应写明见证人。", field="witness")
        if not self.device.strip():
            raise Refused("应写明签名所用的设备。", field="device")

    def require(self, *, person: Person, digest: str, at: dt.datetime) -> None:
        """Refuse unless this check is of ``person``, for the file of ``digest``, shortly before ``at``."""
        if self.person != person:
            raise Refused(
                f"核验的是“{self.person.name}”，而这里应由“{person.name}”签名，不能代签。", field="identity"
            )
        if self.shown != digest:
            raise Refused("签名人看过的不是这份文件，请重新打开并阅读全文后再签。", field="identity")
        if not self.read_to_end:
            raise Refused("签名人还没有读到文件末尾，请读完全文后再签。", field="identity")
        if not self.consent:
            raise Refused("签名人没有表示同意，不能签名。", field="identity")
        if not dt.timedelta(0) <= at - self.at <= CHECK_HOLDS:
            raise Refused("身份核验应在签名之前24小时以内，请重新核验。", field="identity")

    def sentence(self) -> str:
        """For the reason of the signature, which every reader of PDF shows."""
        if self.method is Method.SEAL_KEEPER:
            return f"本机关签发的文书，由印章管理人员加盖印章；签发记录：{self.reference}"
        witness = f"，见证人：{self.witness}" if self.witness else ""
        return f"本人已阅读全文并同意签署；身份核验：{METHOD_WORDS[self.method]}{witness}"

    def dumps(self) -> str:
        """The same check always gives the same text."""
        return json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.person.name,
            "key": self.person.key,
            "method": self.method.value,
            "at": self.at.isoformat(timespec="seconds"),
            "device": self.device,
            "shown_sha256": self.shown,
            "read_to_end": self.read_to_end,
            "consent": self.consent,
            "reference": self.reference,
            "witness": self.witness,
            "level": self.level,
        }
