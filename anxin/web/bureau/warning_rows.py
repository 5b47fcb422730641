"""The rows behind one warning as a workbook: the same facts as its page, names masked, all rows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from anxin.accounts import access
from anxin.evidence.workbooks import Column, table_workbook
from anxin.kernel.money import parse_yuan
from anxin.monitoring.queries import explain, shared_by, visible_warning
from anxin.web import clock, lists
from anxin.web.found import or_404
from anxin.web.policy import page, user_of
from anxin.web.templatetags.anxin_show import measures

#: beyond this a list is for a report, not for a person to read
LIMIT = 10_000
COLUMNS = (
    Column("序号", "number", 6),
    Column("人员", "text", 12),
    Column("共用的", "text", 24),
    Column("金额（元）", "yuan", 16),
    Column("天数", "number", 8),
    Column("数值", "text", 40),
    Column("出处", "text", 60),
)


@page(access.VIEW)
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """All rows of one warning within one's scope."""
    user, today = user_of(request), clock.today()
    warning = or_404(visible_warning(user, pk))
    told = explain(warning, rows_limit=LIMIT)
    graph, _ = shared_by(warning, whole=True)
    things: dict[str, list[str]] = {}
    labels = {thing.key: thing.label for thing in graph.things}
    for edge in graph.edges:
        things.setdefault(edge.person, []).append(labels[edge.thing])
    rows = [_row(number, row, things) for number, row in enumerate(told["evidence"], start=1)]
    cut = f"　只列出前{LIMIT}行" if told["evidence_after"] else ""
    mark = "　这是疑点，不是认定" if warning.advice else ""
    subtitle = f"填报单位：{lists.office_of(user)}　导出日期：{today.isoformat()}{mark}{cut}"
    title = f"{told['title']}（编号{warning.pk}）依据的数据"
    return lists.workbook_response(
        table_workbook(title, subtitle, COLUMNS, rows, sheet="依据的数据"),
        f"预警{warning.pk}依据的数据",
        today,
    )


def _row(number: int, row: dict[str, Any], things: dict[str, list[str]]) -> list[object]:
    # people without a key go by their place, in the graph as here
    key = f"row:{number - 1}" if row["worker"] is None else str(row["worker"])
    return [
        number,
        row["person"],
        "、".join(things.get(key, [])),
        None if row["amount"] is None else parse_yuan(row["amount"]),
        row["days"],
        measures(row["detail"]),
        "；".join(source["place"] for source in row["sources"]),
    ]
