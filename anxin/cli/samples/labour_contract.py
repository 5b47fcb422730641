"""A labour contract of invented parties, signed by both: employer first, then worker."""

from __future__ import annotations

import datetime as dt
import json
from functools import cache
from importlib.resources import files
from pathlib import Path

import typst

from anxin.signing.authority import Authority
from anxin.signing.hashing import sha256
from anxin.signing.parties import IdentityCheck, Method, Person, Slot
from anxin.signing.preparing import prepare
from anxin.signing.sealing import sign
from anxin.signing.stamps import Seal, Stamp
from anxin.signing.timestamps import LocalTimeStamper

#: the credit code begins like no real one
EMPLOYER = Person("云州恒山建筑劳务有限公司", "91990100MA0SAMPLE0")
WORKER = Person("古丽娜尔·吐㴔洪", "worker-sample-1")
_SMALL = "示例证书，无法律效力"
_BOTTOM = 92


def signed_sample(folder: Path, at: dt.datetime) -> bytes:
    """The contract with two signatures by the demonstration authority in ``folder``, made there at first use."""
    authority = Authority(folder, at)
    stamper = LocalTimeStamper(authority, lambda: at)
    slots = [
        Slot("employer", "甲方（盖章）", EMPLOYER, box=(80, _BOTTOM, 290, _BOTTOM + 100)),
        Slot("worker", "乙方（签名）", WORKER, box=(330, _BOTTOM + 20, 520, _BOTTOM + 80)),
    ]
    pdf = prepare(contract(), slots)
    for slot, seal, method in (
        (slots[0], Seal(EMPLOYER.name), Method.NATIONAL_PLATFORM),
        (slots[1], None, Method.TABLET),
    ):
        check = IdentityCheck(
            person=slot.person,
            method=method,
            at=at,
            device="示例设备",
            shown=sha256(pdf).hex(),
            read_to_end=True,
            consent=True,
            reference="示例",
            witness="示例见证人" if method is Method.TABLET else "",
        )
        pdf = sign(
            pdf,
            slot=slot.key,
            signer=authority.signer_for(slot.person, at),
            identity=check,
            stamper=stamper,
            at=at,
            stamp=Stamp(seal, _SMALL),
        )
    return pdf


def contract() -> bytes:
    """The pages without signatures, the same bytes at every call."""
    said = {"employer": EMPLOYER.name, "credit_code": EMPLOYER.key, "worker": WORKER.name}
    template = files("anxin.cli.samples").joinpath("labour_contract.typ").read_bytes()
    made = _compiler().compile(  # type: ignore[type-var]
        input={"main.typ": template, "said.json": json.dumps(said).encode()}, format="pdf", timestamp=0
    )
    assert isinstance(made, bytes)
    return made


@cache
def _compiler() -> typst.Compiler:
    import pylopdf_fonts_zh_cn

    return typst.Compiler(font_paths=[Path(pylopdf_fonts_zh_cn.__file__).parent], ignore_system_fonts=True)
