"""发薪预测: the list, its workbook, a project's page, and who may see them."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from openpyxl import load_workbook

from anxin.monitoring.models import PayDayForecast
from tests.monitoring.warnings import a_pay_day


def text(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def told(world, now) -> PayDayForecast:
    return a_pay_day(world.here, now)


def test_without_coming_pay_days_the_list_says_why(sign_in, world):
    assert "今后五周没有发薪日" in text(sign_in("inspector").get("/forecasts"))


def test_the_list_says_need_money_and_what_is_missing(sign_in, told):
    said = text(sign_in("inspector").get("/forecasts"))
    for word in (
        "东台安置房工程",
        "资金不足",
        "尚缺 ¥5,000.00",
        "暂不给出",
        "上次迟发 25%",
        "过去的发薪日还不够。",
    ):
        assert word in said


def test_a_chance_stands_beside_what_the_last_time_says(sign_in, told):
    PayDayForecast.objects.update(chance=0.62, as_last=0.4, announced=True)
    said = text(sign_in("inspector").get("/forecasts"))
    assert "62%" in said and "按上次推算 40%" in said


def test_a_filter_leaves_out_what_is_enough(sign_in, told):
    PayDayForecast.objects.update(free_fen=900_000)
    inspector = sign_in("inspector")
    assert "没有符合条件的发薪日" in text(inspector.get("/forecasts?standing=short"))
    assert "东台安置房工程" in text(inspector.get("/forecasts?standing=enough"))


def test_nobody_sees_pay_days_beyond_the_scope(sign_in, told, world):
    outsider = sign_in("outsider")
    assert "东台安置房工程" not in text(outsider.get("/forecasts"))
    assert outsider.get(f"/projects/{world.here.pk}/forecast").status_code == 404


def test_the_workbook_holds_what_the_list_shows(sign_in, told):
    data = sign_in("inspector").get("/forecasts/export.xlsx").content
    rows = list(load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True))
    assert "尚缺（元）" in rows[2]
    assert (rows[3][3], rows[3][7], rows[3][10]) == ("东台安置房工程", 10_000, 5_000)


def test_a_projects_page_tells_coming_pay_days_and_earlier_forecasts(sign_in, told, world):
    PayDayForecast.objects.create(
        project=world.here, month="2026-09", due=told.due - dt.timedelta(days=31), as_of=told.as_of, ahead=15,
        expected_fen=0, current=False, missed=True, model=told.model,
    )  # fmt: skip
    said = text(sign_in("inspector").get(f"/projects/{world.here.pk}/forecast"))
    for word in ("2026-10 工资", "¥10,000.00，12 人", "现有余额够发几成", "没有按时发足"):
        assert word in said


def test_the_wall_counts_pay_days_short_of_money_and_opens_their_list(sign_in, told):
    said = text(sign_in("leader").get("/wall"))
    assert "发薪日资金不足" in said and "/forecasts?standing=short" in said


def test_without_a_model_the_chance_of_the_last_time_is_shown(sign_in, told):
    PayDayForecast.objects.update(as_last=0.4)
    assert "40%" in text(sign_in("inspector").get("/forecasts")) and "模型暂不给出" in text(
        sign_in("inspector").get("/forecasts")
    )


def test_a_projects_page_draws_a_pay_day_night_by_night_from_the_second_night_on(sign_in, told, world):
    inspector, address = sign_in("inspector"), f"/projects/{world.here.pk}/forecast"
    assert 'data-chart="forecast"' not in text(inspector.get(address))
    PayDayForecast.objects.create(
        project=world.here, month=told.month, due=told.due, as_of=told.as_of - dt.timedelta(days=1), ahead=10,
        need_fen=900_000, free_fen=None, expected_fen=0, as_last=0.2, current=False, model=told.model,
    )  # fmt: skip
    said = text(inspector.get(address))
    assert 'data-chart="forecast"' in said
    assert '"need": [9000.0, 10000.0]' in said and '"money": [null, 3000.0]' in said


def test_the_overview_counts_pay_days_short_of_money_and_announced(sign_in, told):
    PayDayForecast.objects.update(announced=True)
    said = text(sign_in("leader").get("/overview"))
    assert "发薪日资金不足" in said and "涉及 12 人" in said
    assert "/forecasts?announced=1" in said


def test_the_leaders_number_opens_only_announced_pay_days(sign_in, told):
    inspector = sign_in("inspector")
    assert "没有符合条件的发薪日" in text(inspector.get("/forecasts?announced=1"))
    PayDayForecast.objects.update(announced=True)
    assert "东台安置房工程" in text(inspector.get("/forecasts?announced=1"))
