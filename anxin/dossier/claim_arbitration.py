"""The arbitrations of one person's claim: the tables of a matter's package (``t23`` to ``t33``) with the own rows whole.

Rows about other applicants are withheld, and so are sums over all of them: of two people the other's would be the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from anxin.arbitration.models import Applicant, ArbitrationCase
from anxin.casework.models import Matter
from anxin.clues.masking import opened
from anxin.clues.models import Claimant
from anxin.dossier import arbitration_tables
from anxin.dossier.case_reading import ArbitrationRead, arbitrations, key_of
from anxin.dossier.people import Person
from anxin.proof import Table
from anxin.proof.contents import ABOUT, WITHHELD

#: stands for everybody else; no person of a package has this sign
_OTHER = Person("", "", "")
#: tables in which every row is about an applicant, also where nobody is told
_OF_PEOPLE = ("t24", "t25", "t27")
_SUMS = {"t23": "请求合计（元）", "t26": "total"}
_SIGNED = "t32"


def read(
    claimants: Sequence[Claimant], id_hash: str, projects: Sequence[int], seen: QuerySet[Matter]
) -> list[ArbitrationRead]:
    """The cases among the matters ``seen`` in which the person applies.

    An applicant is the person as a claimant of a clue, or by the keyed hash of the ID number, which is looked for in the cases
    of the clues and of the own sites.
    """
    clues = [one.clue_id for one in claimants]
    near = Q(matter__referral__clue__in=clues) | Q(matter__follows__referral__clue__in=clues)
    near |= Q(matter__project__in=projects)
    known = Q(applicants__claimant__in=[one.pk for one in claimants])
    if id_hash:
        known |= Q(applicants__claimant__id_hash=id_hash)
    found = ArbitrationCase.objects.filter(known | near, matter__in=seen.order_by().values("pk"))
    cases = list(found.select_related("matter", "region", "employer").distinct().order_by("pk"))
    listed = Applicant.objects.filter(case__in=[one.pk for one in cases]).select_related("claimant")
    mine = {one.case_id for one in listed if is_me(one, claimants, id_hash)}
    return arbitrations([one for one in cases if one.pk in mine])


def is_me(one: Applicant, claimants: Sequence[Claimant], id_hash: str) -> bool:
    """Whether this applicant is the person."""
    if one.claimant_id in {mine.pk for mine in claimants}:
        return True
    return bool(id_hash) and key_of(one, opened(one.id_number)) == id_hash


def tables(
    cases: Sequence[ArbitrationRead], claimants: Sequence[Claimant], id_hash: str, me: Person
) -> list[Table]:
    """Of all cases together, each row with the number of its matter; nothing where the person applies nowhere."""
    merged: dict[str, Table] = {}
    for told in cases:
        known = {one.pk: me if is_me(one, claimants, id_hash) else _OTHER for one in told.applicants}
        number = told.case.matter.number
        for table in arbitration_tables.about(told, known, full=False):
            rows = [
                {"matter": number} | _own(table.slug, row, me) for row in table.rows if _kept(table.slug, row)
            ]
            before = merged.get(table.slug)
            columns = {"matter": "事项编号"} | {
                name: title for name, title in table.columns.items() if _SUMS.get(table.slug[:3]) != name
            }
            merged[table.slug] = Table(
                table.slug, table.title, columns, [*(before.rows if before else ()), *rows]
            )
    return list(merged.values())


def _kept(slug: str, row: dict[str, Any]) -> bool:
    return row.get("what") != _SUMS.get(slug[:3], "")


def _own(slug: str, row: dict[str, Any], me: Person) -> dict[str, Any]:
    """The row as it is where it is about the person or about nobody; else it stays with its hash alone."""
    said = {name: value for name, value in row.items() if name != _SUMS.get(slug[:3])}
    whose = said.get(ABOUT)
    if whose == [me.sign]:
        return said
    told = {name: value for name, value in said.items() if name != ABOUT}
    nobody = whose is None and not slug.startswith(_OF_PEOPLE) and not _unknown_signer(slug, said)
    return told if nobody else told | {WITHHELD: True}


def _unknown_signer(slug: str, row: dict[str, Any]) -> bool:
    """Somebody signed as an applicant, and it is not known which."""
    return slug.startswith(_SIGNED) and row.get("side") == "申请人"
