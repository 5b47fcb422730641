"""In whose name a package is signed: the bureau of the place, with the key of this installation."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from anxin.casework.models import Matter
from anxin.kernel.refusal import Refused
from anxin.proof import KeySigner, KeyUnusable, from_file
from anxin.registry.models import Organisation

ROLE = "出具单位"
KEY = "evidence-key.pem"


def office_of(matter: Matter) -> str:
    """The bureau that answers for the matter's place, the nearest first; without any the lead body. One query."""
    if matter.lead.kind == Organisation.Kind.BUREAU:
        return matter.lead.name
    nearest = _nearest_bureau(matter.region_id)
    return nearest.name if nearest else matter.lead.name


def office_at(code: str, responsible: Organisation | None) -> str:
    """The same for a place by its region code, else who answers for the project there. Raises :class:`Refused`."""
    if responsible is not None and responsible.kind == Organisation.Kind.BUREAU:
        return responsible.name
    found = _nearest_bureau(code) or responsible
    if found is None:
        raise Refused("当地没有登记人社部门，不知道以谁的名义出具，请先在“单位”里登记。")
    return found.name


def _nearest_bureau(code: str) -> Organisation | None:
    places = [code[:length] for length in range(2, len(code) + 1)]
    found = Organisation.objects.filter(kind=Organisation.Kind.BUREAU, region__in=places).order_by("pk")
    return max(found, key=lambda one: len(one.region_id or ""), default=None)


def signer(name: str) -> KeySigner:
    """Who signs: the key is made at the first package and kept with the other secrets. Raises :class:`Refused`."""
    path = Path(settings.ANXIN_HOME) / "secrets" / KEY
    try:
        return from_file(path, name, ROLE)
    except KeyUnusable as problem:
        raise Refused(str(problem)) from problem
    except OSError as problem:
        raise Refused(f"签章密钥文件“{KEY}”读不出来，请联系系统管理员。") from problem
