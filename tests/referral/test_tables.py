"""Signed tables: two persons, versions by day and place, and the workbook they are written in."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import xlsxwriter

from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.referral import signing, table_words, tables
from anxin.referral.conclusion_list import read_choices
from anxin.referral.models import SignedTable, State
from anxin.referral.shipped import shipped
from tests.referral.conftest import NOW

TODAY = NOW.date()


def proposed(
    city, *, by=None, region="990101", entries=None, valid_from=TODAY, sort="routing"
) -> SignedTable:
    return signing.propose_table(
        sort=sort, region=region, valid_from=valid_from, entries=entries or shipped(sort).entries,
        source_title="分派办法", source_number="云治欠办〔2026〕1号", by=by or city.leader, now=NOW, law=city.law,
    )  # fmt: skip


def with_a_row() -> list[dict]:
    return [{"name": "本区的工资线索都由人社牵头", "lead": "wage_office"}, *shipped("routing").entries]


def names(held) -> list[str]:
    return [row.name for row in held.rows]


def test_nothing_holds_before_the_second_person_signs(city):
    record = proposed(city, entries=with_a_row())
    assert tables.in_force("routing", region="990101", on=TODAY).record is None
    with pytest.raises(Refused, match="另一位"):
        signing.sign(record, by=city.leader, now=NOW, law=city.law)
    signing.sign(record, by=city.head, now=NOW, law=city.law)
    held = tables.in_force("routing", region="990101001", on=TODAY)
    assert held.record == record and names(held)[0] == "本区的工资线索都由人社牵头"
    assert tables.in_force("routing", region="990102", on=TODAY).record is None
    actions = list(JournalEntry.objects.filter(object_type="signed_table").values_list("action", flat=True))
    assert actions == ["referral.table_proposed", "referral.table_confirmed"]


def test_a_table_holds_from_its_day_and_the_older_one_stays_readable(city):
    first = signing.sign(proposed(city), by=city.head, now=NOW, law=city.law)
    later = TODAY + dt.timedelta(days=30)
    second = signing.sign(
        proposed(city, entries=with_a_row(), valid_from=later), by=city.head, now=NOW, law=city.law
    )
    assert tables.in_force("routing", region="990101", on=TODAY).record == first
    assert tables.in_force("routing", region="990101", on=later).record == second
    signing.withdraw(second, reason="文件未印发", by=city.head, now=NOW)
    assert tables.in_force("routing", region="990101", on=later).record == first
    assert names(tables.of_record(SignedTable.objects.get(pk=second.pk)))[0] == "本区的工资线索都由人社牵头"


def test_one_of_the_same_day_replaces_the_other(city):
    first = signing.sign(proposed(city), by=city.head, now=NOW, law=city.law)
    second = signing.sign(proposed(city, entries=with_a_row()), by=city.head, now=NOW, law=city.law)
    assert SignedTable.objects.get(pk=first.pk).state == State.SUPERSEDED
    assert tables.in_force("routing", region="990101", on=TODAY).record == second


def test_one_proposal_waits_at_a_time(city):
    proposed(city)
    with pytest.raises(Refused, match="正在等另一人确认"):
        proposed(city)


def test_who_may_not_is_refused(city):
    for person in (city.desk, city.clerk, city.housing):
        with pytest.raises(Refused, match="您只能为自己负责的整个地区"):
            proposed(city, by=person)
    with pytest.raises(Refused, match="您只能为自己负责的整个地区"):
        proposed(city, by=city.head, region="990102")
    record = proposed(city)
    with pytest.raises(Refused, match="没有为这一地区确认的权限"):
        signing.sign(record, by=city.desk, now=NOW, law=city.law)


def test_a_table_with_a_gap_is_not_even_proposed(city):
    with pytest.raises(Refused, match="没有一行说明由谁牵头"):
        proposed(city, entries=shipped("routing").entries[:-1])


def test_a_list_that_lets_a_claim_end_unlooked_at_is_refused(city):
    entries = [dict(entry) for entry in shipped("conclusions").entries]
    entries[0]["review"] = "never"
    with pytest.raises(Refused, match="必须另一人复核"):
        proposed(city, sort="conclusions", entries=entries)


def test_the_shipped_list_has_ten_for_wages_and_passes_its_check(city):
    choices = read_choices(shipped("conclusions").entries)
    parameter = city.law.value("channels.clue_conclusion_types", on=TODAY)
    assert sum("construction" in choice.about for choice in choices) == parameter.value
    signing.check_entries("conclusions", shipped("conclusions").entries, city.law)


@pytest.mark.parametrize("sort", ["routing", "conclusions", "ledger"])
def test_the_workbook_comes_back_as_the_same_table(sort, law):
    entries = list(shipped(sort).entries)
    data = table_words.workbook(sort, entries, title="表", source="文", on=TODAY, law=law)
    back = table_words.read(sort, data, "表.xlsx", law)
    wanted = [{field: value for field, value in entry.items() if value} for entry in entries]
    assert back == wanted


def test_a_word_that_no_column_knows_is_named_with_its_row(law):
    entries = [dict(entry) for entry in shipped("routing").entries]
    data = table_words.workbook("routing", entries, title="表", source="文", on=TODAY, law=law)
    cells = [[str(cell) for cell in row] for row in _cells(data)]
    cells[4][9] = "街道办"
    with pytest.raises(Refused, match=r"第5行“牵头”里的“街道办”不认识"):
        table_words.read("routing", _book(cells), "表.xlsx", law)


def test_a_workbook_without_its_columns_says_what_to_do(law):
    with pytest.raises(Refused, match="请先下载现行的表"):
        table_words.read("routing", _book([["甲", "乙"], ["1", "2"]]), "表.xlsx", law)


def _cells(data: bytes) -> list[list[object]]:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def _book(rows: list[list[str]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for at, row in enumerate(rows):
            page.write_row(at, 0, row)
    return buffer.getvalue()
