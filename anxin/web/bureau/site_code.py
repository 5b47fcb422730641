"""工地码: the sheet for the site's notice board, and a new code where the old one has got into wrong hands."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from anxin.accounts import access
from anxin.accounts.access import may_on
from anxin.web import clock
from anxin.web.bureau.projects import project_or_404
from anxin.web.policy import page, user_of
from anxin.web.site_board import board_of
from anxin.workforce.site_codes import issue_site_code


@page(access.VIEW)
def board(request: HttpRequest, pk: int) -> HttpResponse:
    project = project_or_404(request, pk)
    context = {
        "project": project,
        "board": board_of(request, project),
        "may_issue": may_on(user_of(request), access.IMPORT, project),
    }
    return render(request, "bureau/site_code.html", context)


@page(access.IMPORT, methods=("POST",))
def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a code; one that was there stops working."""
    project = project_or_404(request, pk, access.IMPORT)
    code = issue_site_code(project, actor=access.actor(user_of(request)), now=clock.now())
    messages.success(request, f"新的工地码是 {code.code}，请打印后贴到告示牌上；原来的工地码已停用。")
    return redirect("project-site-code", pk=project.pk)
