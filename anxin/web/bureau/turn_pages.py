"""What pages show of a paper that is signed in turn: its signers, the code on the screen, the verdict. The page has journalled the look."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from anxin.evidence.files import FileDamaged
from anxin.evidence.sealing import Sealed, plain
from anxin.kernel.masking import mask_id_number, mask_phone
from anxin.kernel.refusal import Refused
from anxin.letters import turn_files
from anxin.letters.models_turns import TurnPaper
from anxin.letters.turns import LINK_HOLDS
from anxin.signing.parties import METHOD_WORDS, Method
from anxin.signing.verdict import Unreadable
from anxin.web import clock
from anxin.web.site_board import qr_svg

#: acts of the desk on one signer, each with its own address
_ACTS = ("drop", "link", "tablet", "refuse")


def addresses(name: str, pk: int, *more: str) -> dict[str, str]:
    """Act → where its form goes; ``more``: acts that only some pages have (``signer``: mending one who is registered)."""
    return {act: reverse(name, args=[pk, act]) for act in (*_ACTS, *more)}


def shown(one: Any, role: str = "", how: str | None = None) -> dict[str, Any]:
    """A signer in full but for telephone and card. ``role``: what the paper calls them, where not by their side;
    ``how`` it was signed, where a paper knows ways of its own."""
    if how is None:
        how = METHOD_WORDS[Method(one.method)] if one.method else ""
    return {
        "row": one,
        "key": str(one.pk),
        "role": role or one.get_side_display(),
        "name": plain(one.name),
        "phone": mask_phone(one.phone.open()) if isinstance(one.phone, Sealed) else "",
        "id": mask_id_number(one.id_number.open()) if isinstance(one.id_number, Sealed) else "",
        "how": how,
        "objection": plain(one.objection),
    }


def code_shown(code: tuple[Any, str] | None, what: str, role: str = "") -> dict[str, Any]:
    """The code that opens the paper for one signer: signer and address, or nothing."""
    if code is None:
        return {"qr": ""}
    signer, address = code
    return {
        "code_name": plain(signer.name),
        "code_for_role": role or signer.get_side_display(),
        "address": address,
        "qr": qr_svg(address, f"扫码{what}"),
        "minutes": LINK_HOLDS.seconds // 60,
    }


def judged(paper: TurnPaper) -> list[str]:
    """What verification says of the file, in sentences."""
    try:
        return turn_files.judged(paper, clock.now())
    except (Refused, Unreadable, FileDamaged) as problem:
        return [str(problem)]
