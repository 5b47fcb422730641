"""Mending by hand what was not recognised: kind, sheet, header rows, columns, month, unit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from anxin.accounts import access
from anxin.clues import list_channels
from anxin.clues.imports import KIND as TICKETS
from anxin.evidence import files
from anxin.evidence import imports as services
from anxin.kernel.months import Month
from anxin.sheets import KINDS, SIGNALS, SheetRefused
from anxin.web import clock, lists
from anxin.web.bureau.batches import WAITING, batch_or_404, may_act, project_of
from anxin.web.policy import page, user_of

_UNITS = ("元", "万元")


@page(access.IMPORT, methods=("POST",))
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Recognise the file again with the mapping in the form, and remember it for this layout."""
    user = user_of(request)
    batch = batch_or_404(user, pk)
    if not may_act(user, batch, project_of(batch)):
        raise PermissionDenied
    try:
        if request.POST.get("month"):
            # The month belongs to the delivery, not to the layout: next month's file has another.
            batch.month = str(Month.parse(request.POST["month"]))
        services.remap_batch(
            batch,
            mapping=mapping_from(request, batch.kind, batch.mapping),
            actor=access.actor(user),
            now=clock.now(),
        )
    except (SheetRefused, services.ImportRefused, files.FileDamaged, ValueError) as refusal:
        messages.error(request, f"没有改动：{refusal}")
    else:
        messages.success(request, _mended_words(request))
    return redirect("import", pk=pk)


@page(access.IMPORT, methods=("POST",))
def other_kind(request: HttpRequest, pk: int) -> HttpResponse:
    """The same file as another kind: who chose the wrong one need not look for the file again."""
    user = user_of(request)
    batch = batch_or_404(user, pk)
    if not may_act(user, batch, project_of(batch)):
        raise PermissionDenied
    who, now = access.actor(user), clock.now()
    try:
        kind = request.POST.get("kind", "")
        going_on = services.delivered_as(batch, kind)
        again = services.open_batch(
            kind=kind,
            data=files.read(going_on),
            filename=batch.filename if going_on == batch.file else going_on.name,
            actor=who,
            now=now,
            project_code=batch.project_code,
            month=batch.month or None,
        )
        if again.pk != batch.pk and batch.state in WAITING:
            services.withdraw_batch(batch, actor=who, now=now)
    except (services.ImportRefused, files.FileDamaged) as refusal:
        messages.error(request, f"没有改动：{refusal}")
        return redirect("import", pk=pk)
    if again.already_accepted:
        messages.warning(request, "该文件已按这一种类接收过，未作任何改动。")
    if batch.bundle is not None and again.bundle is None:
        messages.warning(
            request, "这一种类不收附件，压缩包里的附件没有带过来；原来的压缩包仍可在原批次下载。"
        )
    return redirect("import", pk=again.pk)


def mapping_from(request: HttpRequest, kind: str, before: dict[str, Any] | None) -> dict[str, Any]:
    """The mapping so far with what was changed in the form.

    Only changes enter: a layout is remembered for the next months, whose title lines may be fewer or more,
    so what was recognised rightly is left to be recognised again.
    """
    post = request.POST
    mapping: dict[str, Any] = dict(before or {})
    mapping.pop("layout", None)  # mended by hand, it is no longer the one agreed with the institution
    columns = dict(mapping.get("columns") or {})
    for spec in (SIGNALS.get(kind) or KINDS[kind]).fields:
        chosen = post.get(f"column-{spec.name}")
        if chosen is not None and chosen != post.get(f"was-{spec.name}", ""):
            columns[spec.name] = chosen
    mapping["columns"] = columns
    rows = _header_rows(post.get("header_first"), post.get("header_last"))
    if rows and rows != _header_rows(post.get("was-header_first"), post.get("was-header_last")):
        mapping["header_rows"] = rows
    for name, known in (("sheet", None), ("unit", _UNITS)):
        value = post.get(name)
        if value and value != post.get(f"was-{name}") and (known is None or value in known):
            mapping[name] = value
    if kind == TICKETS and post.get("channel") in list_channels.CHOICES:
        mapping["channel"] = post["channel"]
    return mapping


def _header_rows(first_text: str | None, last_text: str | None) -> list[int]:
    first, last = lists.whole_number(first_text), lists.whole_number(last_text)
    if not first:
        return []
    # A slip of the keyboard must not ask for a million header rows.
    return list(range(first, min(max(last or first, first), first + 9) + 1))


def _mended_words(request: HttpRequest) -> str:
    """Only a month was given, or the layout was mended."""
    if request.POST.get("month") and "sheet" not in request.POST:
        return f"已按{Month.parse(request.POST['month']).chinese()}重新识别，请核对后接收。"
    if "channel" in request.POST:
        return "已按您选的来源重新识别，并记住了这种版式，下次自动套用。"
    return "已按您的更正重新识别，并记住了这种版式，下次自动套用。"
