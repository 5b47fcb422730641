"""The papers of a mediation, set as PDF and kept among the papers of its matter. The one module that does so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from anxin.accounts.models import User
from anxin.casework.models import Document, Matter
from anxin.casework.services import attach
from anxin.kernel.refusal import Refused
from anxin.law import Law
from anxin.typesetting.errors import FacesMissing, NotFilled
from anxin.typesetting.filling import fill
from anxin.typesetting.letters import Letter
from anxin.typesetting.pdf import pdf
from anxin.typesetting.templates import template


def make(kind: str, data: Mapping[str, Any], law: Law) -> bytes:
    """The instrument as PDF. Raises :class:`Refused` naming every field that is missing or wrong."""

    try:
        return pdf(_filled(kind, data, law))
    except FacesMissing as error:
        raise Refused(f"不能制作《{template(kind).name}》：{error}") from None


def keep(
    matter: Matter,
    kind: str,
    data: Mapping[str, Any],
    *,
    by: User,
    now: dt.datetime,
    law: Law,
    what: str = "",
) -> Document:
    """Make the instrument and attach it to the matter. ``what`` tells copies of one kind apart in the file's name."""
    made = make(kind, data, law)
    name = template(kind).name
    return attach(
        matter,
        kind=kind,
        data=made,
        filename=f"{name}{f'（{what}）' if what else ''}.pdf",
        by=by,
        now=now,
        law=law,
        dated=data.get("issued_on"),
    )


def check(kind: str, data: Mapping[str, Any], law: Law) -> None:
    """Whether the instrument could be made with this data, without making it. Raises :class:`Refused`."""
    _filled(kind, data, law)


def _filled(kind: str, data: Mapping[str, Any], law: Law) -> Letter:
    try:
        return fill(template(kind), data, cite=law.cite)
    except NotFilled as error:
        said = "".join(dict.fromkeys(problem.sentence for problem in error.problems))
        raise Refused(f"《{template(kind).name}》还缺内容：{said}", field="paper") from None
