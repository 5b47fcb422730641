"""A labour contract of invented parties, signed by both: employer first, then worker."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

from anxin import law
from anxin.law.statutes import citation
from anxin.signing.authority import Authority
from anxin.signing.hashing import sha256
from anxin.signing.parties import IdentityCheck, Method, Person, Slot
from anxin.signing.preparing import prepare
from anxin.signing.sealing import sign
from anxin.signing.stamps import Seal, Stamp
from anxin.signing.timestamps import LocalTimeStamper
from anxin.typesetting.agreements import EMPLOYER_BOX, WORKER_BOX, agreement_pdf
from anxin.typesetting.filling import fill
from anxin.typesetting.letters import Paragraph
from anxin.typesetting.templates import template

#: the credit code begins like no real one
EMPLOYER = Person("云州恒山建筑劳务有限公司", "91990100MA0SAMPLE0")
WORKER = Person("古丽娜尔·吐㴔洪", "worker-sample-1")
_SMALL = "示例证书，无法律效力"


def signed_sample(folder: Path, at: dt.datetime) -> bytes:
    """The contract with two signatures by the demonstration authority in ``folder``, made there at first use."""
    authority = Authority(folder, at)
    stamper = LocalTimeStamper(authority, lambda: at)
    slots = [
        Slot("employer", "甲方（盖章）", EMPLOYER, box=EMPLOYER_BOX),
        Slot("worker", "乙方（签名）", WORKER, box=WORKER_BOX),
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
    """The pages without signatures, the same bytes at every call: the model text with invented parties."""
    one = template("labour_contract")
    said = one.example() | {
        "employer": EMPLOYER.name, "employer_code": EMPLOYER.key, "employer_address": "云州市恒山区工业路18号", "employer_head": "陆㴔",
        "worker": WORKER.name, "worker_gender": "female", "worker_id": "（示例，不填写）", "worker_address": "云州市恒山区河口镇",
        "worker_mail": "", "worker_phone": "（示例，不填写）", "project": "江湾一号项目", "place": "云州市恒山区江湾一号项目工地",
        "task": "江湾一号项目3号楼主体结构木工工程", "pay_rate": "每个工日380.00元（叁佰捌拾元整）", "number": "示例-0001",
    }  # fmt: skip
    letter = fill(one, said, cite=_cite)
    note = Paragraph("本合同双方均为虚构，仅供试用签名与验证，没有法律效力。", "center")
    return agreement_pdf(
        dataclasses.replace(letter, title=f"{letter.title}（示例）", blocks=(note, *letter.blocks))
    )


def _cite(statute: str, article: int | None, paragraph: int | None, sub: int | None) -> str:
    return citation(law.load().statute(statute), article, paragraph, sub)
