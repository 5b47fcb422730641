"""Where extensions, pauses and restarts meet: what is counted, and that the steps say the same."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.law import BadQuestion, Deadline, Extension, Law, Overlay, Pause, Restart, load


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.fixture(scope="module")
def law() -> Law:
    return load()


@pytest.fixture(scope="module")
def counts_the_start() -> Law:
    """A place whose investigation takes in the day of filing and has 30 natural days, with its own extension."""
    common = {"region": "990101", "name": "云舟区", "from": day("2020-01-01"), "value": 30, "unit": "日"}
    counting = {"day_type": "natural", "start_day_counted": True}
    return load(
        (),
        Overlay(
            local_values=(
                {**common, "key": "inspection.investigation_days", "counting": counting, "source": "甲字1号"},
                {**common, "key": "inspection.investigation_extension_days", "source": "甲字1号"},
            )
        ),
    )


def pauses_told(deadline: Deadline) -> list[str]:
    return [step.text for step in deadline.steps if step.kind == "pause"]


def test_a_pause_inside_the_extension_is_counted_out_and_told_so(law: Law) -> None:
    pause = Pause(day("2026-05-06"), day("2026-05-15"), "等待鉴定")
    asked = ("inspection.investigation_days", day("2026-01-05"))
    without = law.deadline(*asked, extensions=[Extension(30)])
    paused = law.deadline(*asked, extensions=[Extension(30)], pauses=[pause])

    assert (without.due, paused.due) == (day("2026-05-20"), day("2026-06-02"))
    assert pauses_told(paused) == [
        "2026年5月6日（星期三）至2026年5月15日（星期五）中止（等待鉴定），其间不计入延长的时间。"
    ]


def test_a_pause_after_everything_changes_nothing_and_is_told_so(law: Law) -> None:
    pause = Pause(day("2026-05-06"), day("2026-05-15"))
    answer = law.deadline("inspection.investigation_days", day("2026-01-05"), pauses=[pause])
    assert answer.due == day("2026-04-03")
    assert pauses_told(answer) == [
        "2026年5月6日（星期三）至2026年5月15日（星期五）中止在届满之后，不影响到期日。"
    ]


def test_hours_from_a_moment_do_not_begin_again_on_a_mere_day(law: Law) -> None:
    moment = dt.datetime(2026, 3, 2, 10, 0)
    with pytest.raises(BadQuestion, match="新的起算时刻"):
        law.deadline("crime.transfer_send_hours", moment, restarts=[Restart(day("2026-03-05"))])


def test_hours_from_a_day_may_begin_again_on_another_day(law: Law) -> None:
    answer = law.deadline(
        "crime.transfer_send_hours", day("2026-03-02"), restarts=[Restart(day("2026-03-05"))]
    )
    assert answer.due == day("2026-03-06")


def test_a_first_day_that_is_counted_may_itself_be_paused(law: Law) -> None:
    """One month from 2 March ends on 1 April; with its first day paused, a day later."""
    first = day("2026-03-02")
    asked = ("wage_payment.written_contract_months", first)
    assert law.deadline(*asked).due == day("2026-04-01")

    paused = law.deadline(*asked, pauses=[Pause(first, first)])
    assert paused.due == day("2026-04-02")
    assert pauses_told(paused) == ["2026年3月2日（星期一）至2026年3月2日（星期一）中止，其间不计入期限。"]


def test_a_pause_that_ends_before_a_counted_first_day_changes_nothing(law: Law) -> None:
    pause = Pause(day("2026-02-20"), day("2026-03-01"))
    answer = law.deadline("wage_payment.written_contract_months", day("2026-03-02"), pauses=[pause])
    assert answer.due == day("2026-04-01")
    assert pauses_told(answer)[0].endswith("在起算之前，不影响到期日。")


def test_an_extension_does_not_count_the_last_day_again(counts_the_start: Law) -> None:
    """30 days with their first day: 1 to 30 June; 30 more end on 30 July, not on the 29th."""
    asked = ("inspection.investigation_days", day("2026-06-01"), "990101")
    assert counts_the_start.deadline(*asked).nominal == day("2026-06-30")
    longer = counts_the_start.deadline(*asked, extensions=[Extension(30)])
    assert longer.nominal == day("2026-07-30")


def test_elsewhere_the_first_day_is_still_left_out(counts_the_start: Law) -> None:
    shipped = load().deadline("inspection.investigation_days", day("2026-06-01"), "990102")
    assert counts_the_start.deadline("inspection.investigation_days", day("2026-06-01"), "990102") == shipped
