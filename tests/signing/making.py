"""Keys, people and signed files for these tests; nothing of it is made twice in a run."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from functools import cache
from pathlib import Path

from anxin.cli.samples import labour_contract as sample
from anxin.signing.authority import Authority
from anxin.signing.parties import IdentityCheck, Method, Person, Slot
from anxin.signing.preparing import prepare
from anxin.signing.sealing import sign
from anxin.signing.timestamps import LocalTimeStamper

AT = dt.datetime(2026, 11, 20, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
EMPLOYER, WORKER = sample.EMPLOYER, sample.WORKER
OTHER = Person("周堃", "worker-other")


@cache
def folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="anxin-signing-")) / "keys"


@cache
def authority() -> Authority:
    return Authority(folder(), AT)


@cache
def signed() -> bytes:
    return sample.signed_sample(folder(), AT)


@cache
def prepared() -> bytes:
    slots = [Slot("employer", "甲方", EMPLOYER), Slot("worker", "乙方", WORKER)]
    return prepare(sample.contract(), slots)


def check(pdf: bytes, person: Person, **changed) -> IdentityCheck:
    given = {
        "person": person, "method": Method.PHONE_CODE, "at": AT, "device": "手机", "read_to_end": True, "consent": True,
        "shown": hashlib.sha256(pdf).hexdigest(),
    }  # fmt: skip
    return IdentityCheck(**(given | changed))


def sign_as(pdf: bytes, slot: str, person: Person, *, identity: IdentityCheck | None = None, at=AT) -> bytes:
    return sign(
        pdf, slot=slot, signer=authority().signer_for(person, at), identity=identity or check(pdf, person),
        stamper=LocalTimeStamper(authority(), lambda: at), at=at,
    )  # fmt: skip


def roots():
    return (authority().root.certificate,)
