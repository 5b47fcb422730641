"""Making a package for somebody: only what they may see, in full only with a purpose, always journalled."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import IO, Any

from django.db import transaction
from django.utils import timezone

from anxin.accounts.access import UNMASK, VIEW, actor
from anxin.accounts.models import User
from anxin.evidence.journal import Actor, record
from anxin.exchange.standard.packing import Form, write
from anxin.exchange.standard.rows import Selection
from anxin.exchange.standard.showing import Showing
from anxin.kernel.refusal import Refused, worded
from anxin.registry.access import visible_projects
from anxin.registry.models import Project

#: shortest purpose that says anything
EXPORTED = "exchange.exported"


def export_for(
    user: User,
    target: IO[bytes],
    *,
    codes: Sequence[str],
    form: Form,
    now: dt.datetime,
    full: bool = False,
    purpose: str = "",
) -> dict[str, Any]:
    """The package of these projects (all visible ones without codes); returns the manifest.

    Identifiers in full need the permission on every project of the package, and a purpose. Raises
    :class:`Refused`.
    """
    projects = _chosen(
        list(visible_projects(user, VIEW).select_related("responsible").order_by("code")), codes
    )
    if full:
        allowed = set(visible_projects(user, UNMASK).values_list("pk", flat=True))
        hidden = [project.code for project in projects if project.pk not in allowed]
        if hidden:
            raise Refused(
                f"您没有查看项目“{hidden[0]}”人员完整信息的权限，只能导出遮盖后的数据。", field="full"
            )
    return _export(projects, target, form=form, full=full, purpose=purpose, by=actor(user), now=now)


def export_for_operator(
    by: Actor,
    target: IO[bytes],
    *,
    codes: Sequence[str],
    form: Form,
    now: dt.datetime,
    full: bool = False,
    purpose: str = "",
) -> dict[str, Any]:
    """The same for whoever runs the server and sees its data anyway; the purpose and the trace stay."""
    projects = _chosen(list(Project.objects.select_related("responsible").order_by("code")), codes)
    return _export(projects, target, form=form, full=full, purpose=purpose, by=by, now=now)


def _chosen(visible: list[Project], codes: Sequence[str]) -> list[Project]:
    if not visible:
        raise Refused("没有可导出的项目：您的账号看不到任何项目。")
    if not codes:
        return visible
    by_code = {project.code: project for project in visible}
    for code in codes:
        if code not in by_code:
            raise Refused(f"没有编码为“{code}”的工程项目，请核对项目编码。", field="projects")
    return [by_code[code] for code in dict.fromkeys(codes)]


def _export(
    projects: Sequence[Project],
    target: IO[bytes],
    *,
    form: Form,
    full: bool,
    purpose: str,
    by: Actor,
    now: dt.datetime,
) -> dict[str, Any]:
    purpose = purpose.strip()
    if full:
        worded(purpose, "导出完整证件号码须写明目的", field="purpose", more="，例如“报送省级平台”")
    # Together with its trace, or not at all.
    with transaction.atomic():
        chosen = Selection(projects, Showing(full=full), timezone.localdate(now))
        made_at = timezone.localtime(now).isoformat(timespec="seconds")
        manifest = write(target, chosen, form=form, made_at=made_at)
        counts = {one["object"]: one["rows"] for one in manifest["objects"] if one["rows"]}
        shown = "证件号码完整" if full else "证件号码遮盖"
        record(
            actor=by,
            action=EXPORTED,
            object_type="package",
            object_id=made_at,
            summary=f"按实名制数据标准导出{len(projects)}个项目（{shown}）"
            + (f"，目的：{purpose}" if full else ""),
            now=now,
            after={
                "projects": [project.code for project in projects],
                "rows": counts,
                "full": full,
                "purpose": purpose,
                "form": form,
            },
        )
    return manifest
