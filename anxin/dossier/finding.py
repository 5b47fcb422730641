"""What the operator names on the command line: by numbers that say nothing about a person. Each raises :class:`Refused`."""

from __future__ import annotations

from anxin.casework.models import Matter
from anxin.clues.models import Claimant
from anxin.dossier.subjects import OfMatter, OfSiteMonth, OfWorker, of_claimant
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.registry.models import Project
from anxin.workforce.models import Worker

_SHOWN = 120
#: the largest key there can be
_MOST_DIGITS = 18


def matter(number: str) -> OfMatter:
    rows = Matter.objects.select_related("region", "lead", "handler", "project", "employer", "follows")
    found = rows.filter(number=number.strip()).first()
    if found is None:
        raise Refused(f"没有编号为“{number[:_SHOWN]}”的事项，请核对编号。")
    return OfMatter(found)


def site_month(code: str, month: str) -> OfSiteMonth:
    found = Project.objects.select_related("region", "responsible").filter(code=code.strip()).first()
    if found is None:
        raise Refused(f"没有编码为“{code[:_SHOWN]}”的项目，请核对项目编码。")
    try:
        return OfSiteMonth(found, Month.parse(month.strip()))
    except ValueError:
        raise Refused(f"“{month[:_SHOWN]}”不是月份，请写成 2026-10 这样。") from None


def worker(named: str) -> OfWorker:
    """``CLUE/NUMBER`` as the clue's list counts its people, or the internal number of a worker."""
    clue, apart, number = named.strip().rpartition("/")
    if not (number.isascii() and number.isdecimal() and len(number) <= _MOST_DIGITS):
        raise Refused(f"“{named[:_SHOWN]}”不是劳动者的编号：写线索编号/序号，或者内部编号（数字）。")
    if apart:
        return _claimant(clue, int(number))
    found = Worker.objects.filter(pk=int(number)).first()
    if found is None:
        raise Refused(f"没有内部编号为{number}的劳动者，请在人员页的网址末尾核对。")
    return OfWorker(found)


def _claimant(clue: str, number: int) -> OfWorker:
    rows = Claimant.objects.filter(left_at__isnull=True).select_related("clue__region", "clue__project")
    found = rows.filter(clue__number=clue.strip(), number=number).first() if number < 2**31 else None
    if found is None:
        raise Refused(f"线索“{clue[:_SHOWN]}”的人员名单里没有第{number}号，请核对线索编号和序号。")
    return of_claimant(found)
