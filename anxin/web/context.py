"""What every console page knows: the doors this person has, the version, and whether the data are invented."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.db.models import Exists, QuerySet
from django.http import HttpRequest
from django.urls import reverse

import anxin
from anxin.accounts import access
from anxin.accounts.models import User
from anxin.notices.queries import unread_number
from anxin.registry.invented import INVENTED
from anxin.registry.models import Region


@dataclass(frozen=True)
class Door:
    """One entry of the menu."""

    name: str
    title: str
    icon: str
    url: str
    open: bool


_MAIN = (
    ("home", "工作台", "home", (access.VIEW, access.IMPORT)),
    ("employer:home", "单位办事", "home", (access.EMPLOYER,)),
    ("employer:projects", "我的项目", "building", (access.EMPLOYER,)),
    ("employer:contracts", "劳动合同", "list", (access.EMPLOYER,)),
    ("employer:letters", "收到的文书", "paperclip", (access.EMPLOYER,)),
    ("employer:runs", "工资代发", "cash", (access.EMPLOYER,)),
    ("employer:objections", "工人异议", "message", (access.EMPLOYER,)),
    ("employer:uploads", "上传文件", "file-import", (access.EMPLOYER,)),
    ("bank:home", "机构办事", "home", (access.BANK,)),
    ("bank:orders", "代发批次", "cash", (access.BANK,)),
    ("bank:accounts", "专用账户", "building", (access.BANK,)),
    ("bank:queries", "账户查询", "search", (access.BANK,)),
    ("grid:home", "网格上报", "home", (access.REPORT,)),
    ("grid:mine", "我上报的", "list", (access.REPORT,)),
    ("mediation-mine", "我的调解", "home", (access.MEDIATE,)),
    ("arbitration-mine", "我的庭审", "home", (access.ARBITRATE,)),
    ("tasks", "我的待办", "checklist", (access.HANDLE, access.DECIDE)),
    ("overview", "监测总览", "eye", (access.VIEW,)),
    ("warnings", "预警", "alert-triangle", (access.VIEW,)),
    ("clues", "线索与案件", "briefcase", (access.VIEW,)),
    ("projects", "项目与单位", "building", (access.VIEW,)),
    ("workers", "人员查询", "users", (access.VIEW,)),
    ("law", "法规与期限", "list", ()),
)
_FOOT = (
    ("imports", "导入", "file-import", (access.VIEW, access.IMPORT)),
    ("system", "系统", "settings", (access.VIEW, access.MANAGE, access.AUDIT)),
)
#: the first part of a page's address names its door; in a portal with several doors the first two
_DOOR_OF = {
    "": "home",
    "matters": "clues",
    "letters": "clues",
    "emergencies": "clues",
    "codes": "clues",
    "reception": "clues",
    "task-force": "clues",
    "meetings": "clues",
    "guides": "clues",
    "help-places": "clues",
    "criminal-line": "clues",
    "marks": "clues",
    "thresholds": "clues",
    "bulletins": "clues",
    "gates": "projects",
    "employers": "projects",
    "coverage": "projects",
    "aliases": "projects",
    "labour-contracts": "projects",
    "forecasts": "projects",
    "matches": "imports",
    "money": "projects",
    "search": "home",
    "rules": "warnings",
    "backtests": "warnings",
    "agency-runs": "projects",
    "employer": "employer:home",
    "bank": "bank:home",
    "grid": "grid:home",
    "grid/mine": "grid:mine",
    "grid-reports": "clues",
    "arbitration": "clues",
    "mediation": "clues",
    "mediation/mine": "mediation-mine",
    "arbitration/mine": "arbitration-mine",
    "legal-aid": "clues",
    "bank/batches": "bank:orders",
    "bank/accounts": "bank:accounts",
    "bank/queries": "bank:queries",
    "employer/projects": "employer:projects",
    "employer/contracts": "employer:contracts",
    "employer/letters": "employer:letters",
    "employer/payrolls": "employer:runs",
    "employer/lines": "employer:runs",
    "employer/orders": "employer:runs",
    "employer/objections": "employer:objections",
    "employer/uploads": "employer:uploads",
}


def console(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"version": anxin.__version__, "demo": demo_data_loaded()}
    frame = cache(partial(_frame, user))
    first, _, rest = request.path.strip("/").partition("/")
    within = f"{first}/{rest.partition('/')[0]}"
    current = _DOOR_OF.get(within) or _DOOR_OF.get(first, first)
    return {
        "version": anxin.__version__,
        "doors": _doors(user, _MAIN, current),
        "foot_doors": _doors(user, _FOOT, current),
        "may_search": access.may(user, access.VIEW),
        "perms_handle": access.may(user, access.HANDLE) or access.may(user, access.DECIDE),
        "perms_manage": access.may(user, access.MANAGE),
        "perms_import": access.may(user, access.IMPORT),
        "perms_audit": access.may(user, access.AUDIT),
        "perms_law_settings": access.may(user, access.VIEW) or access.may(user, access.LAW),
        # Asked where a template shows them, both at once: pieces of a page have neither banner nor bell.
        "demo": lambda: frame()[0],
        "unread_notices": lambda: frame()[1],
    }


def _frame(user: User) -> tuple[bool, int]:
    """Whether the data are invented, and the number on the bell; one query."""
    invented = Exists(_demo_regions())
    found = User.objects.filter(pk=user.pk).values_list(invented, unread_number(user))
    return found.get()


def demo_data_loaded() -> bool:
    return _demo_regions().exists()


def _demo_regions() -> QuerySet[Region]:
    return Region.objects.filter(code__startswith=INVENTED)


def _doors(user: Any, doors: tuple[tuple[str, str, str, tuple[str, ...]], ...], current: str) -> list[Door]:
    return [
        Door(name, title, icon, reverse(name), name == current)
        for name, title, icon, permissions in doors
        if not permissions or any(access.may(user, permission) for permission in permissions)
    ]
