"""Counted rightly: each number against rows counted by hand, as of chosen days, with its rows, and the ledger."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from anxin.clues.models import Clue, TicketNote
from anxin.clues.ticket_status import Status
from anxin.clues.ticket_statuses import Plan, calls_told
from anxin.evidence.sealing import Sealed
from anxin.kernel.refusal import Refused
from anxin.referral import counting, services
from anxin.referral.counting import BY_KEY, INDICATORS, Span, broken_down, counted, figures, percentile
from anxin.referral.ledger import ledger_workbook
from anxin.referral.trend import trend
from tests.referral.clues import a_clue, paper, to_the_end
from tests.referral.conftest import NOW

DAY = NOW.date()


def later(days: int) -> dt.datetime:
    return NOW + dt.timedelta(days=days)


def span(as_of: int = 30, **more) -> Span:
    return Span(**{"first": DAY, "last": DAY, "as_of": DAY + dt.timedelta(days=as_of), **more})


def settle(city, clue, *, on: int, agrees: bool | None = True, fen: int = 1_860_000) -> None:
    """Passed on, paid, concluded, its ticket ended, and the worker's word on the day."""
    made = services.refer(clue, by=city.desk, now=NOW, law=city.law)
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    document = paper(made.matter, "payment_proof", by=city.housing, now=later(on))
    services.add_recovered(
        clue, proof="document", document=document, person="甲工人", amount_fen=fen, paid_on=DAY,
        by=city.housing, now=later(on),
    )  # fmt: skip
    services.conclude(
        clue, "属实，已付清", words="逐人核对了银行回单。", people=clue.people, amount_fen=fen, by=city.housing,
        now=later(on), law=city.law,
    )  # fmt: skip
    to_the_end(made.matter, by=city.housing, now=later(on))
    services.tell(clue, "phone", by=city.housing, now=later(on), number="13900001234")
    if agrees is not None:
        services.worker_says(clue, agrees, "", later(on))


@pytest.fixture
def five(city) -> list[Clue]:
    """Closed after 3 and after 20 days, silent, rejected, never passed on; one merged and one of another matter."""
    clues = [a_clue(city, people=people) for people in (4, 5, 6, 7, 8)]
    settle(city, clues[0], on=3)
    settle(city, clues[1], on=20)
    settle(city, clues[2], on=3, agrees=None)
    settle(city, clues[3], on=3, agrees=False)
    merged = a_clue(city)
    Clue.objects.filter(pk=merged.pk).update(dispute=clues[4])
    a_clue(city, arrears=False)
    return clues


def pairs(user, told: Span) -> dict[str, tuple[int, int]]:
    return {key: (one.part, one.base) for key, one in figures(user, told).items()}


def test_every_number_is_what_its_definition_says(city, five):
    told = pairs(city.leader, span())
    assert told["closure"] == (2, 6), "the merged one was received too"
    assert told["settled"] == (2, 6)
    assert told["reopened"] == (1, 4)
    assert told["satisfied"] == (2, 4)
    assert told["silent"] == (1, 4)
    assert told["people"] == (9, 30)
    assert told["money"] == (4 * 1_860_000, 5 * 1_860_000)
    found = figures(city.leader, span())["days"]
    assert (found.part, found.median, found.ninetieth) == (2, 3, 20)
    assert told["on_time"] == (2, 2)


def test_who_was_not_told_is_not_silent_and_counts_as_untold_until_somebody_has_told_them(city):
    clue = a_clue(city)
    services.refer(clue, by=city.desk, now=NOW, law=city.law)
    services.accept(clue, by=city.housing, now=NOW, law=city.law)
    paper(clue.referrals.get().matter, "clue_check_form", by=city.housing)
    services.conclude(
        clue, "不属实", words="核对了工资表，没有发现拖欠。", by=city.housing, now=NOW, law=city.law
    )
    assert pairs(city.leader, span())["untold"] == (0, 0), (
        "what waits for a second person is no conclusion yet"
    )
    services.review(clue, agrees=True, words="", by=city.head, now=later(1))
    for day in (2, 3):
        services.tell(clue, "phone", by=city.housing, now=later(day), number="13900001234", reached=False)
    told = pairs(city.leader, span())
    assert (told["untold"], told["silent"], told["satisfied"]) == ((1, 1), (0, 0), (0, 0))
    assert told["unreached"] == (0, 0), "that is said of the hotline's calls"
    services.tell(clue, "letter", by=city.housing, now=later(9), words="挂号信寄本人住址，11月29日签收")
    told = pairs(city.leader, span())
    assert (told["untold"], told["silent"]) == ((0, 1), (1, 1))
    assert pairs(city.leader, span(as_of=8))["untold"] == (1, 1), "as it was then"


def test_a_number_of_an_earlier_day_stays_what_it_was(city, five):
    told = pairs(city.leader, span(as_of=4))
    assert told["closure"] == (1, 6) and told["people"] == (4, 30)
    assert told["money"][0] == 3 * 1_860_000
    before = pairs(city.leader, span(as_of=2))
    assert before["closure"] == (0, 6) and before["satisfied"] == (0, 0)
    assert figures(city.leader, span(as_of=2))["satisfied"].value is None
    services.worker_says(Clue.objects.get(pk=five[0].pk), False, "又没了", later(25))
    assert pairs(city.leader, span(as_of=4))["closure"] == (1, 6)
    assert pairs(city.leader, span())["closure"] == (1, 6)


def test_the_rows_behind_a_number_are_as_many_as_it_says(city, five):
    for indicator in INDICATORS:
        told = figures(city.leader, span())[indicator.key]
        part, base, rest = (
            list(counted(city.leader, span(), indicator, of=of)) for of in ("part", "base", "rest")
        )
        assert len(part) + len(rest) == len(base) and set(part) <= set(base), indicator.key
        if indicator.unit in ("share", "days"):
            assert (len(part), len(base)) == (told.part, told.base), indicator.key
        elif indicator.unit == "fen":
            assert sum(one.recovered_fen for one in part) == told.part, indicator.key
        for dimension in counting.DIMENSIONS:
            shown = broken_down(city.leader, span(), indicator, dimension)
            assert sum(one.base for _, one in shown) == told.base, (indicator.key, dimension)
            assert sum(one.part for _, one in shown) == told.part, (indicator.key, dimension)


def test_a_breakdown_names_bodies_and_what_was_not_passed_on(city, five):
    shown = dict(broken_down(city.leader, span(), BY_KEY["closure"], "body"))
    assert {name: (one.part, one.base) for name, one in shown.items()} == {
        "云州市住建局": (2, 4),
        "尚未派单": (0, 2),
    }
    rows = counted(city.leader, span(), BY_KEY["closure"], of="base", group=("body", "尚未派单"))
    assert set(rows) == {five[4], *Clue.objects.filter(dispute=five[4])}


def asked(clue, *, on: int, satisfied: bool | None, told_on: int | None = None) -> TicketNote:
    """The hotline asked back ``on`` a day and told it then or later; ``None``: reached nobody."""
    return TicketNote.objects.create(
        clue=clue, kind="revisit", at=later(on), contacted=satisfied is not None, satisfied=satisfied,
        mark=f"{clue.pk}-{on}", centre_name="12345热线", recorded_at=later(on if told_on is None else told_on),
    )  # fmt: skip


@pytest.fixture
def asked_back(city) -> list[Clue]:
    """Content; content and later not; not content and later yes; reached twice in vain; reached, not asked; never called."""
    clues = [a_clue(city) for _ in range(6)]
    asked(clues[0], on=1, satisfied=True)
    asked(clues[1], on=1, satisfied=True)
    asked(clues[1], on=5, satisfied=False)
    asked(clues[2], on=5, satisfied=True)
    # told last, said first
    asked(clues[2], on=1, satisfied=False, told_on=6)
    asked(clues[3], on=1, satisfied=None)
    asked(clues[3], on=2, satisfied=None)
    TicketNote.objects.filter(pk=asked(clues[4], on=1, satisfied=None).pk).update(contacted=True)
    TicketNote.objects.create(
        clue=clues[5], kind="urge", at=later(1), words=Sealed.of("请快一点"), mark="u", centre_name="12345热线",
        recorded_at=later(1),
    )  # fmt: skip
    return clues


def test_content_is_the_last_answer_of_those_who_gave_one(city, asked_back):
    told = pairs(city.leader, span())
    assert told["content"] == (2, 3) and told["unreached"] == (2, 5)
    rows = {of: set(counted(city.leader, span(), BY_KEY["content"], of=of)) for of in ("part", "rest")}
    assert rows == {"part": {asked_back[0], asked_back[2]}, "rest": {asked_back[1]}}
    assert set(counted(city.leader, span(), BY_KEY["unreached"], of="part")) == set(asked_back[3:5])
    before = pairs(city.leader, span(as_of=4))
    assert before["content"] == (2, 2), "as it was known then"
    none = figures(city.leader, span(as_of=0))["content"]
    assert (none.base, none.value) == (0, None)


def test_a_call_back_told_by_a_list_counts_like_one_told_by_program(city):
    clue = a_clue(city)
    for number, said in enumerate((Status(contacted=False), Status(satisfied=False), Status(satisfied=True))):
        plan = Plan(changed={1: (replace(said, as_of=later(number)), None)})
        TicketNote.objects.bulk_create(calls_told(plan, {1: clue}, now=later(number)))
    found = [pairs(city.leader, span(as_of=day)) for day in range(3)]
    assert [one["content"] for one in found] == [(0, 0), (0, 1), (1, 1)]
    assert [one["unreached"] for one in found] == [(1, 1), (0, 1), (0, 1)]


def test_a_merged_caller_who_is_not_content_is_not_lost_and_closes_nothing(city, asked_back):
    merged = a_clue(city)
    asked(merged, on=2, satisfied=False)
    Clue.objects.filter(pk=merged.pk).update(dispute=asked_back[0])
    told = pairs(city.leader, span())
    assert told["content"] == (1, 3) and told["unreached"] == (2, 5)
    assert told["closure"] == (0, 7) and told["satisfied"] == (0, 0)
    alone = a_clue(city)
    asked(alone, on=2, satisfied=False)
    Clue.objects.filter(pk=alone.pk).update(dispute=asked_back[5])
    assert pairs(city.leader, span())["content"] == (1, 4), "asked through who was merged into it"
    assert pairs(city.outsider, span())["content"] == (0, 0)


# merged clues


def merge_into(lead: Clue, city, **fields) -> Clue:
    made = a_clue(city, people=3, **fields)
    Clue.objects.filter(pk=made.pk).update(dispute=lead)
    return Clue.objects.get(pk=made.pk)


def test_merging_makes_no_denominator_smaller_and_what_is_merged_closes_with_its_lead(city):
    first, second = a_clue(city), a_clue(city)
    assert pairs(city.leader, span())["closure"] == (0, 2)
    Clue.objects.filter(pk=second.pk).update(dispute=first)
    assert pairs(city.leader, span())["closure"] == (0, 2)
    settle(city, first, on=3)
    told = pairs(city.leader, span())
    assert (told["closure"], told["settled"], told["on_time"]) == ((2, 2), (2, 2), (2, 2))
    assert figures(city.leader, span())["days"].median == 3
    assert (told["people"], told["satisfied"], told["money"][1]) == ((4, 4), (1, 1), 1_860_000), (
        "a dispute counts once"
    )
    assert set(counted(city.leader, span(), BY_KEY["closure"], of="part")) == {first, second}
    bodies = broken_down(city.leader, span(), BY_KEY["closure"], "body")
    assert [(name, one.part, one.base) for name, one in bodies] == [("云州市住建局", 2, 2)]
    services.worker_says(Clue.objects.get(pk=first.pk), False, "又没了", later(5))
    assert pairs(city.leader, span())["closure"] == (0, 2), "opened again with it"


def test_what_came_after_the_closing_and_is_merged_into_it_is_not_closed_by_it(city):
    first = a_clue(city)
    settle(city, first, on=3)
    late = merge_into(first, city, now=later(10))
    told = Span(DAY, DAY + dt.timedelta(days=20), DAY + dt.timedelta(days=30))
    assert pairs(city.leader, told)["closure"] == (1, 2)
    assert list(counted(city.leader, told, BY_KEY["closure"], of="rest")) == [late]
    month = trend(city.leader, as_of=told.as_of, months=2)
    assert (
        sum(one.came for one in month) == 2 and sum(one.settled for one in month) == 1 and month[-1].open == 1
    )


def test_a_clue_with_a_round_of_its_own_keeps_its_own_fate_when_it_is_merged(city):
    first, second = a_clue(city), a_clue(city)
    settle(city, second, on=3)
    Clue.objects.filter(pk=second.pk).update(dispute=first)
    assert list(counted(city.leader, span(), BY_KEY["closure"], of="part")) == [second]


def test_the_trend_counts_merged_clues_as_the_numbers_do(city):
    first = a_clue(city)
    merge_into(first, city)
    settle(city, first, on=3)
    month = trend(city.leader, as_of=DAY + dt.timedelta(days=9), months=1)[0]
    assert (month.came, month.settled, month.open, month.median) == (2, 2, 0, 3)


# the person's own answer


def content(city, as_of: int = 30) -> tuple[int, int]:
    return pairs(city.leader, span(as_of))["content"]


def test_the_persons_own_answer_goes_before_a_call_and_counts_once(city):
    clue = a_clue(city)
    settle(city, clue, on=3)
    assert content(city) == (0, 0)
    asked(clue, on=4, satisfied=True)
    assert content(city) == (1, 1)
    services.say_satisfied(clue, "not", "钱晚了三个月", now=later(5))
    assert content(city) == (0, 1) and content(city, as_of=4) == (1, 1)
    asked(clue, on=6, satisfied=True)
    assert content(city) == (0, 1), "a later call does not overrule it"
    services.say_satisfied(clue, "fairly", "", now=later(7))
    assert content(city) == (1, 1)
    assert pairs(city.leader, span())["unreached"] == (0, 1)
    assert list(counted(city.leader, span(), BY_KEY["content"], of="part")) == [clue]


def test_opened_again_a_call_about_it_counts_until_the_person_answers_again(city):
    clue = a_clue(city)
    settle(city, clue, on=3)
    services.say_satisfied(clue, "content", "", now=later(4))
    services.worker_says(Clue.objects.get(pk=clue.pk), False, "只收到一半", later(5))
    assert content(city) == (1, 1), "nobody has said anything else yet"
    asked(clue, on=6, satisfied=False)
    assert content(city) == (0, 1)
    with pytest.raises(Refused, match="还没有办完"):
        services.say_satisfied(clue, "content", "", now=later(7))


def test_each_caller_of_a_dispute_answers_for_themselves(city):
    first = a_clue(city)
    other = merge_into(first, city)
    settle(city, first, on=3)
    services.say_satisfied(first, "content", "", now=later(4))
    asked(other, on=4, satisfied=False)
    assert content(city) == (0, 1)
    services.say_satisfied(Clue.objects.get(pk=other.pk), "content", "", now=later(5))
    assert content(city) == (1, 1)
    services.say_satisfied(Clue.objects.get(pk=other.pk), "not", "", now=later(6))
    assert content(city) == (0, 1)


def test_nobody_counts_what_lies_outside_their_scope(city, five):
    assert pairs(city.outsider, span())["closure"] == (0, 0)
    assert pairs(city.leader, span(region="990102"))["closure"] == (0, 0)
    assert pairs(city.desk, span(region="990101"))["closure"] == (2, 6)


def test_numbers_cost_the_same_however_many_clues(city, five, django_assert_max_num_queries):
    with django_assert_max_num_queries(3):
        figures(city.leader, span())
    with django_assert_max_num_queries(2):
        broken_down(city.leader, span(), BY_KEY["days"], "body")


def test_the_ledger_has_its_heads_merged_and_says_who_closed_it(city, five):
    data = ledger_workbook(city.leader, span(), office="云州市人社局", on=DAY)
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0)
    cells = sheet.to_python()
    assert cells[0][0] == "欠薪线索办理台账" and "统计截至：2026-12-20" in cells[1][0]
    assert [name for name in cells[2] if name] == ["序号", "线索", "欠薪情况", "办理", "追回", "销号"]
    assert (2, 1) in {start for start, _ in sheet.merged_cell_ranges}
    heads = ["序号", *cells[3][1:]]
    shown = [dict(zip(heads, row, strict=True)) for row in cells[4:-2]]
    assert [row["序号"] for row in shown] == [1, 2, 3, 4, 5]
    first = shown[0]
    assert (first["金额（万元）"], first["证明到账（元）"], first["尚差（元）"]) == (1.86, 18600, 0)
    assert (first["是否销号"], first["销号日期"], first["销号人"]) == (
        "已销号",
        dt.date(2026, 11, 23),
        "某housing",
    )
    assert shown[2]["是否销号"] == "未销号" and "待劳动者确认" in shown[2]["结论"]


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60), st.integers(1, 100))
def test_a_percentile_is_the_smallest_value_that_enough_do_not_exceed(values, share):
    ordered = sorted(values)
    found = percentile(ordered, share)
    assert sum(one <= found for one in ordered) * 100 >= share * len(ordered)
    smaller = [one for one in ordered if one < found]
    assert len(smaller) * 100 < share * len(ordered)
