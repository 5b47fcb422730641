"""期限计算 with what no form sends: always a page with a sentence, never an error."""

from __future__ import annotations

import pytest

ASKED = {"key": "inspection.investigation_days", "start": "2026-01-05"}


@pytest.mark.parametrize("amount", ["1" * 5000, "0", "-1", "1.5", "三十", "²"])
def test_an_extension_that_is_no_number_is_refused_in_a_sentence(amount, sign_in, world):
    answer = sign_in("inspector").get("/law/deadline", ASKED | {"extend": amount})
    assert answer.status_code == 200
    assert "应为正整数" in answer.content.decode()


def test_an_extension_that_is_one_is_counted(sign_in, world):
    answer = sign_in("inspector").get("/law/deadline", ASKED | {"extend": "30"})
    assert "2026年5月20日" in answer.content.decode()


@pytest.mark.parametrize("on", ["9999-12-31", "0001-01-01", "2026-11-20", "nonsense"])
def test_a_value_is_drawn_on_whatever_day_it_is_asked_for(on, sign_in, world):
    answer = sign_in("inspector").get("/law/values/inspection.investigation_days", {"on": on})
    assert answer.status_code == 200
