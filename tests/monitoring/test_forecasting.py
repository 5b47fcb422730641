"""The nightly forecast of pay days: what is kept, what it adds up to, what is learnt when they have passed."""

from __future__ import annotations

import datetime as dt
import json

import pytest

from anxin.cli.main import main
from anxin.evidence.models import JournalEntry
from anxin.funds.models import LabourCostTerm, SpecialAccount
from anxin.funds.models_accounts import AccountBalance
from anxin.monitoring.forecasting import forecast_pay_days
from anxin.monitoring.models import ForecastModel, PayDayForecast
from anxin.monitoring.queries_forecast import (
    SOONEST,
    came_true,
    coming,
    missing_fen,
    page,
    short_of_money,
    standing_of,
)
from tests.monitoring import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

NIGHT = dt.date(2026, 10, 25)


def night(day: dt.date = NIGHT):
    return forecast_pay_days(as_of=day, now=make.at(day.isoformat(), 23))


@pytest.fixture
def site():
    """Pay day on the 15th of the next month; September's list asks for 12,000.00 and was paid, two people."""
    site = make.project("P1", commencement=dt.date(2026, 9, 1))
    for serial in (1, 2):
        make.pay(make.line(site, "2026-09", make.worker(serial)), paid_on="2026-10-14")
    return site


def balance(site, fen: int, day: str = "2026-10-20") -> None:
    account, _ = SpecialAccount.objects.get_or_create(
        project=site, defaults={"opened_on": dt.date(2026, 5, 1), "recorded_at": make.EARLY}
    )
    AccountBalance.objects.create(
        account=account, on=dt.date.fromisoformat(day), balance_fen=fen, recorded_at=make.at(day)
    )


def of(site, month: str = "2026-10") -> PayDayForecast:
    return PayDayForecast.objects.get(project=site, month=month, current=True)


def test_the_need_is_the_last_bill_and_the_balance_what_the_bank_reported(site):
    balance(site, 500_000)
    assert night().pay_days == 1
    one = of(site)
    # the 15th of November 2026 is a Sunday: paid on the Friday before
    assert (one.due, one.ahead) == (dt.date(2026, 11, 13), 19)
    assert (one.need_fen, one.free_fen, one.expected_fen, one.people) == (1_200_000, 500_000, 0, 2)
    assert (missing_fen(one), standing_of(one).title) == (700_000, "资金不足")


def test_the_months_own_list_goes_before_the_last_bill(site):
    make.line(site, "2026-10", make.worker(1), net_fen=900_000)
    balance(site, 900_000)
    night()
    assert (of(site).need_fen, standing_of(of(site)).title) == (900_000, "资金够发")


def test_a_balance_nobody_reported_is_unknown_and_not_nothing(site):
    night()
    assert of(site).free_fen is None
    assert standing_of(of(site)).title == "数据不全"


def test_a_balance_of_long_ago_says_nothing_about_today(site):
    balance(site, 5_000_000, "2026-08-12")
    night()
    assert of(site).free_fen is None
    assert of(site).balance_on == dt.date(2026, 8, 12)


def test_labour_cost_agreed_before_the_pay_day_makes_up_for_what_the_account_lacks(site):
    LabourCostTerm.objects.create(
        project=site, first_month="2026-11", cycle_months=1, due_day=5, monthly_fen=700_000, recorded_at=make.EARLY
    )  # fmt: skip
    balance(site, 500_000)
    night()
    assert (of(site).expected_fen, missing_fen(of(site)), standing_of(of(site)).title) == (
        700_000,
        0,
        "资金够发",
    )


def test_a_short_past_gives_no_chance_and_says_why(site):
    night()
    assert of(site).chance is None
    assert "还不够训练模型" in ForecastModel.objects.get().reason


def test_the_same_night_twice_is_one_forecast_and_a_later_one_takes_its_place(site):
    night()
    night()
    assert PayDayForecast.objects.count() == 1
    night(NIGHT + dt.timedelta(days=1))
    assert [one.as_of for one in PayDayForecast.objects.filter(current=True)] == [
        NIGHT + dt.timedelta(days=1)
    ]
    assert JournalEntry.objects.filter(action="monitoring.pay_days_forecast").count() == 3


def test_how_a_pay_day_went_is_kept_and_only_nights_of_the_horizons_stay(site):
    for ahead in (19, 15, 9):
        night(dt.date(2026, 11, 13) - dt.timedelta(days=ahead))
    for serial in (1, 2):
        make.pay(make.line(site, "2026-10", make.worker(serial)), paid_on="2026-11-20")
    night(dt.date(2026, 11, 28))
    ended = PayDayForecast.objects.filter(month="2026-10")
    assert [(one.ahead, one.missed, one.current) for one in ended] == [(15, True, False)]


def test_nights_of_a_pay_day_whose_end_nobody_tells_are_thinned_and_go_in_time(site):
    for ahead in (19, 15):
        night(dt.date(2026, 11, 13) - dt.timedelta(days=ahead))
    night(dt.date(2026, 11, 14))
    waiting = PayDayForecast.objects.filter(month="2026-10")
    assert [(one.ahead, one.missed) for one in waiting] == [(15, None)]
    night(dt.date(2027, 6, 1))
    assert list(waiting.values_list("due", "as_of", "missed", "ended_on")) == []


def test_without_a_model_the_list_is_sorted_by_what_the_last_time_says(site):
    night()
    first = of(site)
    other = make.project("P2", commencement=dt.date(2026, 9, 1))
    for risk, project, due in ((300, site, 5), (-1, other, 1), (800, other, 9), (300, other, 2)):
        PayDayForecast.objects.create(
            project=project, month=f"2027-0{due}", due=NIGHT + dt.timedelta(days=due), as_of=NIGHT, ahead=due,
            expected_fen=0, risk=risk, model=first.model,
        )  # fmt: skip
    first.delete()
    found = coming(make.user("内", region="990102"))
    assert [(one.risk, one.ahead) for one in found] == [(800, 9), (300, 2), (300, 5), (-1, 1)]
    one = page(found, limit=2)
    two = page(found, one.next_after or "", limit=2)
    assert [row.risk for row in (*one.items, *two.items)] == [800, 300, 300, -1]
    assert two.next_after is None
    soonest = coming(make.user("近", region="990102"), sort=SOONEST)
    head = page(soonest, sort=SOONEST, limit=3)
    tail = page(soonest, head.next_after or "", sort=SOONEST, limit=3)
    assert [row.ahead for row in (*head.items, *tail.items)] == [1, 2, 5, 9]


def test_a_past_that_tells_misses_apart_gives_chances_and_reasons(site, capsys):
    """Thirty sites, of which those with an empty account missed; after two months of it a model is used."""
    sites = [make.project(f"S{n:02d}", commencement=dt.date(2026, 5, 1)) for n in range(30)]
    known_by = make.at("2026-05-02")
    for number, one in enumerate(sites):
        poor = number % 3 == 0
        for month, paid in (
            ("2026-05", "06-20"),
            ("2026-06", "07-20"),
            ("2026-07", "08-20"),
            ("2026-08", "09-20"),
        ):
            line = make.line(one, month, make.worker(number + 10), recorded_at=known_by)
            day = f"2026-{paid}" if poor else f"2026-{paid[:3]}10"
            make.pay(line, paid_on=day, recorded_at=make.at(day))
        for day in ("2026-05-03", "2026-06-03", "2026-07-03", "2026-08-03", "2026-09-03"):
            balance(one, 10_000 if poor else 900_000, day)
    for month in (6, 7, 8, 9):
        night(dt.date(2026, month, 1))
    night(dt.date(2026, 9, 29))
    told = ForecastModel.objects.order_by("-made_on").first()
    assert told.reason == "" and told.error < min(told.error_as_last, told.error_average)
    assert told.tried >= 30
    assert main(["forecast", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["pay_days"] == told.cases and said["brier"] < said["brier_as_last"]
    poor, rich = of(sites[0], "2026-09"), of(sites[1], "2026-09")
    assert poor.chance > 0.5 > rich.chance
    assert poor.announced and not rich.announced
    assert poor.risk == round(poor.chance * 1000)
    assert any("没有按时发出" in reason for reason in poor.reasons)


def test_a_truth_without_its_folder_is_refused(capsys):
    assert main(["forecast", "--truth", ".", "--json"]) == 2
    assert "只能和 --facts 一起用" in json.loads(capsys.readouterr().out)["error"]


def test_only_projects_within_reach_are_told(site):
    balance(site, 0)
    night()
    inside, outside = make.user("内", region="990102"), make.user("外", region="990103")
    assert [one.project_id for one in coming(inside)] == [site.pk]
    assert list(coming(outside)) == []
    assert short_of_money(inside) == {"pay_days": 1, "people": 2, "announced": 0}
    assert short_of_money(outside) == {"pay_days": 0, "people": 0, "announced": 0}


def test_forecasts_are_held_against_what_happened_by_class_of_chance(site):
    night()
    one = of(site)
    for number, (chance, missed) in enumerate([(0.9, True), (0.95, False), (0.1, False)]):
        PayDayForecast.objects.create(
            project=site, month=f"2026-0{number + 1}", due=NIGHT, as_of=NIGHT, ahead=15, expected_fen=0,
            chance=chance, missed=missed, current=False, model=one.model,
        )  # fmt: skip
    assert [(c.low, c.forecasts, c.missed) for c in came_true()] == [(0.0, 1, 0.0), (0.8, 2, 0.5)]
