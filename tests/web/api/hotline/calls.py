"""Calls of a hotline's program, and a clue of it brought to its conclusion."""

from __future__ import annotations

import datetime as dt

from anxin.clues.models import Clue
from anxin.referral import services as referral
from tests.referral.clues import paper
from tests.referral.conftest import NOW

TICKETS = "/api/v1/hotline/tickets"
CHANGES = "/api/v1/hotline/changes"
OWED = "我们14个木工在东台安置房工地给众力劳务做事，从7月到9月的工资一共18.6万元一直没有发，老板总说再等等。"
ANSWER = "经核实，众力劳务拖欠4人工资属实，已立案查处，承办人电话13900009999。"


def ticket(number: str = "YZ-1", **said) -> dict[str, str]:
    return {
        "number": number, "received_at": "2026-11-19 09:30", "text": OWED, "title": "木工班工资", "name": "赵某某",
        "phone": "13900001234", "region": "云城区", "channel": "微信", "category": "投诉", "handle_by": "2026-11-25",
    } | said  # fmt: skip


def sent(hotline, *tickets, **headers):
    answer = hotline.post(TICKETS, {"tickets": list(tickets) or [ticket()]}, **headers)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def state(hotline, number: str = "YZ-1") -> dict:
    answer = hotline.get(f"{TICKETS}/{number}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def changes(hotline, after: int, **query) -> dict:
    more = "".join(f"&{name}={value}" for name, value in query.items())
    answer = hotline.get(f"{CHANGES}?after={after}{more}")
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def read(number: str = "YZ-1") -> Clue:
    """As a person left it."""
    Clue.objects.filter(sender_number=number).update(
        arrears=True, construction=True, urgency=1, people=4, amount_fen=1_860_000, debtor="众力劳务"
    )
    return Clue.objects.get(sender_number=number)


def concluded(city, number: str = "YZ-1", *, now: dt.datetime = NOW) -> Clue:
    clue = read(number)
    made = referral.refer(
        clue, by=city.desk, now=now, law=city.law, lead=city.bodies["QRS"], why="由区局直接核处"
    )
    referral.accept(clue, by=city.desk, now=now, law=city.law)
    paper(made.matter, "case_filing_approval", by=city.desk, now=now)
    referral.conclude(clue, "属实，已立案查处", words=ANSWER, by=city.desk, now=now, law=city.law)
    return clue
