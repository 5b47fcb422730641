"""Printing codes: which sites, the A3 boards, and the sheets of round stickers for helmets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from anxin.accounts import access
from anxin.channels import codes as services
from anxin.channels import queries_codes as queries
from anxin.channels import tokens
from anxin.channels.access import visible_codes
from anxin.channels.models import ScanCode
from anxin.kernel.refusal import Refused
from anxin.registry.access import visible_projects
from anxin.registry.models import Employer, Participation, Project
from anxin.registry.queries import ProjectFilters, matching_projects
from anxin.web import clock, lists
from anxin.web.policy import page, user_of
from anxin.web.site_board import public_address, qr_svg
from anxin.workforce.models_signin import SiteCode

PAGE = 50
#: sheets made in one go: what a printer and a browser take without stopping to breathe
SITES_AT_ONCE = 100
STICKERS_AT_ONCE = 600


@dataclass(frozen=True)
class Sheet:
    """One board or sticker as it is printed; ``qr`` holds the address alone."""

    code: ScanCode
    address: str
    qr: str
    owner: str = ""
    contractor: str = ""
    own_qr: str = ""
    site_code: str = ""


@page(access.IMPORT, methods=("GET", "POST"))
def choose(request: HttpRequest) -> HttpResponse:
    """Choose sites and what to print for them; printing makes the codes that are not there yet."""
    if request.method == "GET":
        return _choose(request)
    try:
        return redirect(_make(request))
    except Refused as refusal:
        return _choose(request, str(refusal))


@page(access.IMPORT)
def boards(request: HttpRequest) -> HttpResponse:
    """A3 boards of the sites in the address, one a page."""
    sites = [number for text in request.GET.getlist("site") if (number := lists.whole_number(text))]
    found = _current(request, ScanCode.Kind.BOARD).filter(project__in=sites[:SITES_AT_ONCE])
    codes = list(found.order_by("project_id"))
    if not codes:
        raise Http404
    return render(request, "bureau/code_boards.html", {"sheets": _boards(request, codes)})


@page(access.IMPORT)
def stickers(request: HttpRequest) -> HttpResponse:
    """Round stickers, twelve to an A4 sheet: ``site=7-1-60`` are numbers 1 to 60 of site 7."""
    codes: list[ScanCode] = []
    for text in request.GET.getlist("site")[:SITES_AT_ONCE]:
        parts = [lists.whole_number(part) for part in text.split("-")]
        if len(parts) == 3 and all(parts):
            site, first, last = parts
            found = _current(request, ScanCode.Kind.HELMET).filter(project=site, number__range=(first, last))
            codes += found.order_by("number")[: STICKERS_AT_ONCE - len(codes)]
    if not codes:
        raise Http404
    sheets = [_sticker(request, code) for code in codes]
    pages = [sheets[start : start + 12] for start in range(0, len(sheets), 12)]
    return render(request, "bureau/code_stickers.html", {"pages": pages, "number": len(sheets)})


def sheet_address(codes: Sequence[ScanCode]) -> str:
    """Where these codes, all of one kind, are laid out for printing."""
    if codes[0].kind == ScanCode.Kind.BOARD:
        return f"{reverse('code-boards')}?{urlencode([('site', code.project_id) for code in codes])}"
    runs: dict[int, tuple[int, int]] = {}
    for code in codes:
        first, last = runs.get(code.project_id, (code.number, code.number))
        runs[code.project_id] = (min(first, code.number), max(last, code.number))
    asked = [("site", f"{site}-{first}-{last}") for site, (first, last) in runs.items()]
    return f"{reverse('code-stickers')}?{urlencode(asked)}"


def _make(request: HttpRequest) -> str:
    """Make and mark what was asked for; returns the address of its sheets."""
    user, now = user_of(request), clock.now()
    actor = access.actor(user)
    asked = [number for text in request.POST.getlist("ids") if (number := lists.whole_number(text))]
    sites = list(visible_projects(user, access.IMPORT).filter(pk__in=asked).order_by("pk"))
    if not sites:
        raise Refused("请先勾选要打印的工地。")
    if len(sites) > SITES_AT_ONCE:
        raise Refused(f"一次最多打印{SITES_AT_ONCE}个工地，请分几次打印。")
    if request.POST.get("what") != "stickers":
        codes = services.issue_boards(sites, actor=actor, now=now)
    else:
        count = lists.whole_number(request.POST.get("count")) or 0
        if count * len(sites) > STICKERS_AT_ONCE:
            raise Refused(f"一次最多做{STICKERS_AT_ONCE}张安全帽贴，请少选几个工地或分几次做。")
        codes = services.issue_helmets(sites, count=count, actor=actor, now=now)
    services.mark_printed(codes, actor=actor, now=now)
    messages.success(request, f"已做好{len(codes)}张，记为今天打印。")
    return sheet_address(codes)


def _choose(request: HttpRequest, refusal: str = "") -> HttpResponse:
    user = user_of(request)
    filters = ProjectFilters(
        text=request.GET.get("text", ""),
        region=request.GET.get("region", ""),
        state=request.GET.get("state", Project.State.IN_PROGRESS.value),
    )
    without = bool(request.GET.get("without"))
    found = queries.sites_to_print(matching_projects(user, filters, access.IMPORT), without)
    after = lists.whole_number(request.GET.get("after"))
    rows = list((found.filter(pk__lt=after) if after else found)[: PAGE + 1])
    context = {
        "sites": rows[:PAGE],
        "next_key": rows[PAGE - 1].pk if len(rows) > PAGE else None,
        "filters": filters,
        "without": without,
        "states": Project.State.choices,
        "regions": lists.region_choices(user),
        "narrowed": any(request.GET.get(name) for name in ("text", "region", "state", "without")),
        "refusal": refusal,
        "picked": set(request.POST.getlist("ids")),
        "count": request.POST.get("count", "60"),
    }
    return render(request, "bureau/codes_print.html", context, status=422 if refusal else 200)


def _current(request: HttpRequest, kind: str) -> QuerySet[ScanCode]:
    found = visible_codes(user_of(request), access.IMPORT)
    return found.filter(kind=kind, withdrawn_at__isnull=True)


def _boards(request: HttpRequest, codes: Sequence[ScanCode]) -> list[Sheet]:
    """Boards with the site's firms and, where the site has one, its code for workers' own pages; two queries."""
    sites = [code.project_id for code in codes]
    firms: dict[tuple[int, str], Employer] = {}
    parts = Participation.objects.filter(project__in=sites).select_related("employer").order_by("pk")
    for part in parts:
        firms.setdefault((part.project_id, part.role), part.employer)
    letters = dict(
        SiteCode.objects.filter(project__in=sites, withdrawn_at__isnull=True).values_list(
            "project_id", "code"
        )
    )
    return [_board(request, code, firms, letters.get(code.project_id, "")) for code in codes]


def _board(
    request: HttpRequest, code: ScanCode, firms: dict[tuple[int, str], Employer], letters: str
) -> Sheet:
    address = _scanned_address(request, code)
    own = public_address(request, "worker:scanned", letters) if letters else ""
    owner = firms.get((code.project_id, Participation.Role.OWNER))
    contractor = firms.get((code.project_id, Participation.Role.GENERAL_CONTRACTOR))
    return Sheet(
        code,
        address,
        qr_svg(address, "扫码反映欠薪"),
        str(owner or ""),
        str(contractor or ""),
        qr_svg(own, "扫码查自己的工资") if own else "",
        letters,
    )


def _sticker(request: HttpRequest, code: ScanCode) -> Sheet:
    address = _scanned_address(request, code)
    return Sheet(code, address, qr_svg(address, f"{code}扫码反映欠薪"))


def _scanned_address(request: HttpRequest, code: ScanCode) -> str:
    return public_address(request, "public:scanned", tokens.token_of(code.pk))
