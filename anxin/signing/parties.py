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


class Extent(StrEnum):
    """How much whoever signs or seals had read."""

    #: the very file, to its end
    FILE = "file"
    #: a letter as it was issued, to its end; the file that is signed has the same words and the picture of the seal
    BEFORE_SEAL = "before_seal"
    #: for many files of one text: one of them to its end, and the list of all with what differs in each
    LIST = "list"
    #: nobody went through it as a file; what it says was worked on in the system
    UNREAD = "unread"


#: what was read to its end, word by word
_WHOLE = (Extent.FILE, Extent.BEFORE_SEAL)
#: who may sign without having read this very file: an employer's clerk many contracts of one text; a keeper of a seal what
#: was made from records by the act itself
_ADMITTED = {(Method.ACCOUNT, Extent.LIST), (Method.SEAL_KEEPER, Extent.UNREAD)}


@dataclass(frozen=True)
class Reading:
    """What was open before a signature, from when, and when its end was reached; ``files`` counts those a list names."""

    extent: Extent
    digest: str = ""
    opened_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    files: int = 1

    @property
    def whole(self) -> bool:
        """Whether every word of what is signed was read."""
        return self.extent in _WHOLE

    def as_json(self) -> dict[str, Any]:
        moments = {"opened_at": self.opened_at, "ended_at": self.ended_at}
        said = {name: at.isoformat(timespec="seconds") for name, at in moments.items() if at is not None}
        return {"extent": self.extent.value, "sha256": self.digest, "files": self.files, **said}


def reading_words(identity: dict[str, Any]) -> str:
    """What a signature says was read before it, in a clause; of a worker nothing: who signs has read to the end."""
    method, said = identity.get("method"), identity.get("reading")
    if not isinstance(said, dict):
        keeps = method in (Method.ACCOUNT, Method.SEAL_KEEPER)
        return "当时没有留下盖章人的阅读记录" if keeps else ""
    match said.get("extent"):
        case Extent.FILE | Extent.BEFORE_SEAL:
            return "盖章人已打开全文看到末尾"
        case Extent.LIST:
            return f"盖章人看完其中一份全文和{said.get('files')}份的清单，没有逐份打开"
    return "盖章前没有另行打开阅读"


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
    #: of whoever seals or signs for an employer or an office
    reading: Reading | None = None

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("the moment of an identity check carries its offset")
        if not _DIGEST.match(self.shown):
            raise ValueError("shown is the SHA-256 of the file in lower-case hex")
        if self.method is Method.TABLET and not self.witness.strip():
            raise Refused("用现场平板核验身份时，应写明见证人。", field="witness")
        if not self.device.strip():
            raise Refused("应写明签名所用的设备。", field="device")
        if self.reading is not None and self.read_to_end != self.reading.whole:
            raise ValueError("what is claimed to be read is what was read")

    def require(self, *, person: Person, digest: str, at: dt.datetime) -> None:
        """Refuse unless this check is of ``person``, for the file of ``digest``, shortly before ``at``."""
        if self.person != person:
            raise Refused(
                f"核验的是“{self.person.name}”，而这里应由“{person.name}”签名，不能代签。", field="identity"
            )
        if self.shown != digest:
            raise Refused("签名人看过的不是这份文件，请重新打开并阅读全文后再签。", field="identity")
        if not self.read_to_end and (self.method, self.reading and self.reading.extent) not in _ADMITTED:
            raise Refused("签名人还没有读到文件末尾，请读完全文后再签。", field="identity")
        if not self.consent:
            raise Refused("签名人没有表示同意，不能签名。", field="identity")
        if not dt.timedelta(0) <= at - self.at <= CHECK_HOLDS:
            raise Refused("身份核验应在签名之前24小时以内，请重新核验。", field="identity")

    def sentence(self) -> str:
        """For the reason of the signature, which every reader of PDF shows."""
        if self.method is Method.SEAL_KEEPER:
            read = "看完全文后" if self.read_to_end else ""
            return f"本机关签发的文书，由印章管理人员{read}加盖印章；签发记录：{self.reference}"
        if self.reading is not None and self.reading.extent is Extent.LIST:
            return (
                f"单位经办人看完其中一份全文和{self.reading.files}份的清单后确认盖章，没有逐份打开；"
                f"身份核验：{METHOD_WORDS[self.method]}"
            )
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
            **({"reading": self.reading.as_json()} if self.reading else {}),
        }
