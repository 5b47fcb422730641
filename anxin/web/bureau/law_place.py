"""The place and the day a law page is asked for: a code or a name, and a sentence where neither is known."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import HttpRequest

from anxin.accounts.models import User
from anxin.registry.models import Region
from anxin.web import clock

_LENGTHS = (2, 4, 6, 9, 12)
#: first two digits of every province, autonomous region and city under the State Council (GB/T 2260)
_PROVINCES = frozenset(
    f"{number}"
    for span in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for number in range(span[0], span[1] + 1)
)


@dataclass(frozen=True)
class Place:
    """``code`` empty is the whole country. ``typed`` stands in the form again; ``problem`` is one sentence."""

    code: str
    name: str
    typed: str
    problem: str = ""


def place_asked(request: HttpRequest, user: User) -> Place:
    """The place in the address, as code or name; else, and where it is not known, that of the first grant."""
    own = next((grant.region for grant in user.grants.order_by("pk") if grant.region), "")
    if "region" not in request.GET:
        return Place(own, place_name(own), own)
    typed = request.GET["region"].strip()
    code = _code(typed)
    if code is not None:
        return Place(code, place_name(code), typed)
    name = place_name(own)
    problem = f"没有“{typed[:20]}”这个地区，请填写行政区划代码（例如 510115）或名称（例如 四川省）；以下按{name}列出。"
    return Place(own, name, typed[:20], problem)


def place_name(code: str) -> str:
    if not code:
        return "全国"
    found = Region.objects.filter(code=code).first()
    return found.name if found else f"地区{code}"


def places_offered() -> list[tuple[str, str]]:
    """Provinces and the bureau's own places, for the field's list: (code, name)."""
    found = Region.objects.filter(parent=None) | Region.objects.filter(code__startswith="99")
    return list(found.order_by("code").values_list("code", "name")[:200])


def day_asked(request: HttpRequest) -> tuple[dt.date, str]:
    """The day in the address, else today; and a sentence where what stands there is no day."""
    text = request.GET.get("on", "").strip()
    try:
        return (dt.date.fromisoformat(text) if text else clock.today()), ""
    except ValueError:
        return clock.today(), f"日期“{text[:20]}”不对，应形如 2026-10-09；以下按今天的规定列出。"


def _code(typed: str) -> str | None:
    """The code meant by a code or a name; ``None`` where there is no such place. Raises nothing."""
    if not typed:
        return ""
    if typed.isascii() and typed.isdigit():
        return typed if len(typed) in _LENGTHS and _is_known(typed) else None
    whole = Region.objects.filter(name=typed)
    begun = Region.objects.filter(name__startswith=typed) if len(typed) > 1 else whole.none()
    for query in (whole, begun):
        codes = sorted(query.values_list("code", flat=True)[:50], key=lambda code: (len(code), code))
        if codes and (len(codes) == 1 or len(codes[1]) > len(codes[0])):
            return codes[0]
    return None


def _is_known(code: str) -> bool:
    """Within a province, or a place of the bureau's own: streets and new counties are not all in the list."""
    return (
        code[:2] in _PROVINCES
        or Region.objects.filter(code__in=[code[:n] for n in _LENGTHS if n <= len(code)]).exists()
    )
