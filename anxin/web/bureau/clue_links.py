"""An entry of the register looked for by name, to link a clue to it by hand."""

from __future__ import annotations

from collections.abc import Mapping

from anxin.accounts.models import User
from anxin.kernel.refusal import Refused
from anxin.registry.finding import find_employers, find_projects
from anxin.registry.models import Employer, Project

FIELDS = ("employer", "project")
_MOST = 8
_LONGEST = 60


def the_one(user: User, field: str, text: str) -> str:
    """The key of the one entry whose name, alias or code holds the text. Raises :class:`Refused` where a person must choose."""
    found = _found(user, field, text)
    if not found:
        raise Refused(f"辖区内没有找到“{text.strip()[:_LONGEST]}”，请核对名称。", field="find")
    if len(found) > 1:
        raise Refused("找到不止一个，请在“改为”里选择。", field="find")
    if not _holds(found[0], text):
        raise Refused("没有完全相同的名称，“改为”里第一个相近，请核对后选择。", field="find")
    return str(found[0].pk)


def looked_for(user: User, post: Mapping[str, str]) -> dict[str, list[tuple[str, str]]]:
    """What the form looked for found, as choices of its field: key, name and code."""
    field, text = post.get("field", ""), post.get("find", "")
    if field not in FIELDS or not text.strip():
        return {}
    found = [(str(one.pk), f"{one.name}（{_code(one)}）") for one in _found(user, field, text)]
    return {field: found} if found else {}


def _found(user: User, field: str, text: str) -> list[Employer] | list[Project]:
    text = text.strip()[:_LONGEST]
    return find_projects(user, text, _MOST) if field == "project" else find_employers(user, text, _MOST)


def _holds(one: Employer | Project, text: str) -> bool:
    """Not only like it: the name or the code says so, or an alias does."""
    text = text.strip()
    return (
        text in one.name
        or text.upper() == _code(one).upper()
        or one.aliases.filter(name__icontains=text, ended_at__isnull=True).exists()
    )


def _code(one: Employer | Project) -> str:
    return one.code if isinstance(one, Project) else one.uscc
