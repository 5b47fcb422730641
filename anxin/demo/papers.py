"""A pledge of the invented city: signed on print ten days ago, one of its days gone by unanswered, and one that waits for its signatures."""

from __future__ import annotations

import datetime as dt
from typing import Any

from anxin.casework.models import Matter
from anxin.demo.registering import Cast
from anxin.letters import party, party_signing, turn_files
from anxin.letters.models import PartyPaper
from anxin.local_law import queries as local_law

_FIRM = {
    "employer": "演示省天工建设集团有限公司（演示）", "employer_code": "91990000MA00000001", "employer_address": "云州市建设路18号（演示）",
    "employer_head": "周大成",
}  # fmt: skip


def papers_of_the_city(cast: Cast, *, now: dt.datetime) -> None:
    """By the office's own acts, of a matter that has letters."""
    matter = Matter.objects.select_related("lead", "project", "employer").get(
        title__startswith="连续三个月未发工资"
    )
    signed = _closed(cast, matter, now - dt.timedelta(days=10), due=(8, 20))
    party_signing.finish_by_hand(
        signed, data=turn_files.read(signed), filename="整改承诺书（签名扫描件，演示）.pdf", compared=True,
        by=cast.users["lin"], now=now - dt.timedelta(days=9), law=local_law.current(),
    )  # fmt: skip
    _closed(cast, matter, now - dt.timedelta(hours=2), due=(5, 12))


def _closed(cast: Cast, matter: Matter, at: dt.datetime, *, due: tuple[int, int]) -> PartyPaper:
    lin = cast.users["lin"]
    paper = party.make(matter, kind="rectification_pledge", by=lin, now=at)
    days = [(at + dt.timedelta(days=one)).date().isoformat() for one in due]
    said: dict[str, Any] = _FIRM | {
        "office": matter.lead.name,
        "project": matter.project.name if matter.project else "东台安置房工程（演示）",
        "issued_on": at.date().isoformat(),
        "origin": "工资没有按时足额支付，经约谈",
        "items": [
            {"item": "付清上个工资月的农民工工资", "finish_by": days[0], "proof": "专用账户发放回单"},
            {"item": "补齐新进场人员的书面劳动合同", "finish_by": days[1], "proof": "合同复印件"},
        ],
    }
    paper = party.edit(paper, said, by=lin, now=at, expected_version=paper.version)
    party.add_signer(
        paper, side="officer", name=str(lin), phone="19900000101", id_number="", by=lin, now=at, again=paper.signers.get()
    )  # fmt: skip
    party.add_signer(paper, side="party", name="周大成", phone="19900000102", id_number="", by=lin, now=at)
    return party.close(paper, by=lin, now=at, law=local_law.current(), expected_version=paper.version)
