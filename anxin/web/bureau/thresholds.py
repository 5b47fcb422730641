"""通报约谈: who passed a line this month, the draft bulletin, and the interview a person opens from it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.models import User
from anxin.enforcement import bulletins
from anxin.enforcement.exports import thresholds_workbook
from anxin.enforcement.models import Bulletin
from anxin.enforcement.thresholds import RULES, lines, may_count, reached, whole_places
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.registry.models import Employer, Organisation, Region
from anxin.registry.queries import organisations
from anxin.web import clock, lists
from anxin.web.bureau.matter_opening import own_body
from anxin.web.found import or_404
from anxin.web.policy import page, user_of

_KINDS = Organisation.Kind
#: significant digits of a county; below it a count says little
_COUNTY = 6


@page(access.HANDLE)
def listing(request: HttpRequest) -> HttpResponse:
    return _show(request)


@page(access.HANDLE)
def export(request: HttpRequest) -> HttpResponse:
    """What was counted, as a workbook."""
    user, today = user_of(request), clock.today()
    month, region = _month(request), _region(request, user)
    if region is None:
        raise Http404
    found = reached(month, region, local_law.current())
    data = thresholds_workbook(found, month=month, region=region, on=today, office=lists.office_of(user))
    return lists.workbook_response(data, "通报约谈线", today)


@page(access.HANDLE, methods=("POST",))
def draft(request: HttpRequest) -> HttpResponse:
    """Keep one count as a draft bulletin."""
    user, post = user_of(request), request.POST
    month, region = _month(request), _region(request, user)
    number = lists.whole_number(post.get("employer"))
    employer = Employer.objects.filter(pk=number).first() if number else None
    if region is None or employer is None:
        raise Http404
    try:
        lead = own_body(user, region.code)
        if lead is None:
            raise Refused("没有找到本单位，请系统管理员登记当地的人社部门。")
        made = bulletins.draft_bulletin(
            kind=post.get("kind", ""), employer=employer, month=month, region=region, lead=lead, by=user,
            now=clock.now(), law=local_law.current(),
        )  # fmt: skip
    except Refused as refusal:
        return _show(request, str(refusal))
    messages.success(request, "已起草，请核对后打印；需要约谈的在下面开始。")
    return redirect("bulletin", pk=made.pk)


@page(access.HANDLE)
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    return _bulletin(request, _find(request, pk))


@page(access.HANDLE, methods=("POST",))
def interview(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the joint interview, with the bodies ticked."""
    found, user = _find(request, pk), user_of(request)
    wanted = [lists.whole_number(value) for value in request.POST.getlist("supporting")]
    bodies = list(Organisation.objects.filter(pk__in=[one for one in wanted if one]))
    try:
        matter = bulletins.open_interview(
            found, supporting=bodies, by=user, now=clock.now(), law=local_law.current()
        )
    except Refused as refusal:
        return _bulletin(request, _find(request, pk), str(refusal))
    messages.success(request, f"已开始约谈，编号为{matter.number}。")
    return redirect("matter", pk=matter.pk)


def _show(request: HttpRequest, refusal: str = "") -> HttpResponse:
    user, law = user_of(request), local_law.current()
    month, region = _month(request), _region(request, user)
    context: dict[str, Any] = {
        "month": month,
        "region": region,
        "regions": _regions(user),
        "refusal": refusal,
        "found": reached(month, region, law) if region else [],
        "lines": [(line, RULES[line.kind]) for line in lines(law, month, region)] if region else [],
    }
    return render(request, "bureau/thresholds.html", context, status=422 if refusal else 200)


def _bulletin(request: HttpRequest, found: Bulletin, refusal: str = "") -> HttpResponse:
    context = {
        "bulletin": found,
        "month": Month.parse(found.month),
        "bodies": organisations(_KINDS.BUREAU, _KINDS.INDUSTRY_AUTHORITY, _KINDS.TOWN),
        "today": clock.today(),
        "refusal": refusal,
    }
    return render(request, "bureau/bulletin.html", context, status=422 if refusal else 200)


def _find(request: HttpRequest, pk: int) -> Bulletin:
    return or_404(bulletins.visible_bulletins(user_of(request)).filter(pk=pk).first())


def _month(request: HttpRequest) -> Month:
    """From the address; what makes no sense there is this month."""
    try:
        return Month.parse(request.POST.get("month") or request.GET.get("month", ""))
    except ValueError:
        return Month.of(clock.today())


def _region(request: HttpRequest, user: User) -> Region | None:
    """A place for which this person answers as a whole: the one asked for, else the widest of their own."""
    code = request.POST.get("region") or request.GET.get("region", "")
    asked = Region.objects.filter(pk=code).first() if code.isdecimal() else None
    if asked is not None and may_count(user, asked):
        return asked
    return next(iter(_regions(user)), None)


def _regions(user: User) -> list[Region]:
    """Cities and counties this person may count for, the widest first."""
    places = [one.region for one in whole_places(user)]
    if not places:
        return []
    codes = Region.objects.values_list("code", flat=True)
    own = [code for code in codes if len(code) <= _COUNTY and any(code.startswith(one) for one in places)]
    own += [code for code in codes if code in places]
    return sorted(Region.objects.filter(pk__in=own), key=lambda one: (len(one.code), one.code))
