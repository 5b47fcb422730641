"""What raises the chance of a miss, said with its values; empty where there is nothing to say."""

from __future__ import annotations

from anxin.monitoring.forecast.money import Row, free_fen, need_fen, overdue_fen, to_come_fen


def _yuan(fen: float) -> str:
    return f"{fen / 100:,.2f}元"


def _percent(share: float) -> str:
    return f"{share:.0%}"


def money(row: Row) -> str:
    """The balance and what may come against the need."""
    need, free = need_fen(row), free_fen(row)
    if not need or free is None:
        return ""
    more = to_come_fen(row) + overdue_fen(row)
    coming = f"，按建设单位的拨付习惯估计还到{_yuan(more)}" if more else ""
    return f"专户余额除去以前欠的还有{_yuan(max(0, free))}{coming}，应发{_yuan(need)}"


def again(row: Row) -> str:
    """Short again after a missed pay day."""
    share = row.get("last_late_share")
    return "" if not share else f"上一个发薪日有{_percent(share)}的工资没有按时发出，这次钱又不够"


def last(row: Row) -> str:
    """How the last pay day went."""
    share, due = row.get("last_late_share"), row.get("last_due")
    return "" if not share or due is None else f"上一个发薪日（{due}）有{_percent(share)}的工资没有按时发出"


def late(row: Row) -> str:
    """How the last months went."""
    share = row.get("late_share")
    return "" if not share else f"近三个月有{_percent(share)}的工资没有按时发出"


def habit(row: Row) -> str:
    """Late though the money was there."""
    times, days = row.get("late_rich_days"), row.get("pay_days")
    return "" if not times else f"近一年{days}个发薪日中有{times}个账上有钱仍拖延发放"


def still_owed(row: Row) -> str:
    """Wages of earlier months."""
    fen = row.get("open_fen")
    return "" if not fen else f"以前月份还有{_yuan(fen)}工资没有发出"


def overdue(row: Row) -> str:
    """Labour cost of the wage month that has not come."""
    days = row.get("month_due_days")
    return "" if days is None or days < 0 else f"{row['month']}的人工费到期{days}天还没有到账"


def unpaid(row: Row) -> str:
    """Periods without any labour cost."""
    periods, days = row.get("unpaid_periods"), row.get("unpaid_days_most")
    return "" if not periods else f"近半年有{periods}期人工费没有到账，最早的一期已过{days}天"


def unhelped(row: Row) -> str:
    """What the contractor did where money was short."""
    short, kept = row.get("contractor_short_days"), row.get("contractor_short_kept_days") or 0
    return "" if not short else f"总包单位的项目近一年有{short}次发薪日前钱不够，其中{kept}次仍按时发足"


def contractor(row: Row) -> str:
    """The contractor's other sites."""
    share = row.get("contractor_late_share")
    return "" if not share else f"总包单位其他项目近三个月有{_percent(share)}的工资没有按时发出"


def lists(row: Row) -> str:
    """Months without a pay list."""
    months = row.get("missing_lists")
    return "" if not months else f"有{months}个已过发薪日的月份没有工资表"


def insurance(row: Row) -> str:
    """Social insurance of the contractor."""
    months = row.get("contractor_insurance_arrears")
    return "" if not months else f"总包单位欠缴社保{months}个月"


def troubles(row: Row) -> str:
    """What courts, tax offices and registers report of the contractor."""
    times = row.get("contractor_troubles")
    return "" if not times else f"总包单位近半年有{times}条被执行、失信、欠税、经营异常或仲裁记录"
