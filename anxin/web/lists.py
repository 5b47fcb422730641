"""What the console's lists share: chosen columns, choices for filters, workbooks to download."""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from anxin.accounts.models import User
from anxin.evidence import workbooks
from anxin.kernel.refusal import Refused
from anxin.registry.access import visible_projects
from anxin.registry.models import Industry, Organisation, Region
from anxin.web import clock
from anxin.web.handing_out import handed_out
from anxin.web.policy import user_of

_COOKIE_AGE = 365 * 24 * 3600


@dataclass(frozen=True)
class Column:
    """A column a person may show or hide; ``shown`` is how it starts."""

    name: str
    title: str
    shown: bool = True


class Columns:
    """The columns somebody chose for one list: from the address, else remembered in a cookie."""

    def __init__(self, request: HttpRequest, name: str, columns: Sequence[Column]) -> None:
        self.all, self._cookie = columns, f"columns-{name}"
        known = {column.name for column in columns}
        asked = [name for name in request.GET.getlist("show") if name in known]
        kept = [name for name in request.COOKIES.get(self._cookie, "").split(".") if name in known]
        self._chosen_now = bool(asked)
        self.chosen = set(asked or kept or [column.name for column in columns if column.shown])

    def __contains__(self, name: str) -> bool:
        return name in self.chosen

    def remember(self, response: HttpResponse) -> HttpResponse:
        if self._chosen_now:
            response.set_cookie(
                self._cookie,
                ".".join(sorted(self.chosen)),
                max_age=_COOKIE_AGE,
                samesite="Lax",
                httponly=True,
            )
        return response


def region_choices(user: User) -> list[Region]:
    """Counties and cities in which this person sees projects, by code; two queries."""
    codes = visible_projects(user).order_by().values_list("region_id", flat=True).distinct()
    wanted = {code[:length] for code in codes for length in (4, 6) if len(code) >= length}
    return list(Region.objects.filter(code__in=wanted).order_by("code"))


def organisation_choices(user: User) -> list[Organisation]:
    """The bodies that answer for projects this person sees."""
    wanted = visible_projects(user).order_by().values("responsible_id").distinct()
    return list(Organisation.objects.filter(pk__in=wanted).order_by("name"))


def industry_choices() -> list[tuple[str, str]]:
    return list(Industry.choices)


def workbook_response(data: bytes, title: str, on: dt.date) -> HttpResponse:
    """A download whose Chinese name every browser understands."""
    return handed_out(data, f"{title}{on:%Y%m%d}.xlsx", plain="export")


def table_response(
    request: HttpRequest,
    title: str,
    columns: Sequence[workbooks.Column],
    rows: Iterable[Sequence[Any]],
    *,
    about: str = "",
) -> HttpResponse:
    """A list as a workbook that says of which office and of which day it is, and ``about`` what its numbers count."""
    today = clock.today()
    subtitle = f"填报单位：{office_of(user_of(request))}　导出日期：{today}{f'　{about}' if about else ''}"
    # a sheet's name holds 31 letters at most
    return workbook_response(workbooks.table_workbook(title[:31], subtitle, columns, rows), title, today)


def whole_number(text: str | None) -> int | None:
    """A positive whole number from the address; nonsense counts as nothing."""
    return int(text) if text and text.isdecimal() and len(text) <= 18 else None


def chosen_part(request: HttpRequest, parts: Container[str]) -> str:
    """Which part of a list the address asks for; nonsense counts as the whole."""
    part = request.GET.get("part", "")
    return part if part in parts else ""


def expected_version(request: HttpRequest) -> int:
    """The version that the form was made from. Raises :class:`Refused` where the form has none."""
    version = whole_number(request.POST.get("version"))
    if version is None:
        raise Refused("页面已失效，请刷新后再办理。")
    return version


def office_of(user: User) -> str:
    """The 填报单位 of an export."""
    return user.office or "（未填写单位）"
