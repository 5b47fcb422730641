"""Lists say how their tickets stand: kept beside the clue, replaced by newer lists, left alone by older ones."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from anxin.clues.models import Clue, Telling, TicketNote, TicketStatus
from anxin.evidence.imports import accept_batch, open_batch
from anxin.evidence.journal import SYSTEM
from anxin.evidence.models import ImportProblem, JournalEntry
from tests.clues.conftest import NOW, OWED
from tests.signals.conftest import table

HEADINGS = ("工单号", "受理时间", "诉求内容", "区县", "状态", "退单理由", "是否延期", "延期到期日", "处理结果", "办结日期", "重办", "督办", "满意度")  # fmt: skip


def line(number: str = "GD-1", text: str = OWED, **cells: str) -> tuple[str, ...]:
    known = {"status": "办理中", "returned": "", "extension": "", "until": "", "result": "", "done": "", "redone": "0",
             "supervised": "0", "satisfied": "", **cells}  # fmt: skip
    return (number, "2026-11-10 09:30", text, "云城区", *known.values())


def bring(*rows: tuple[str, ...], filename: str = "工单.csv", headings=HEADINGS):
    batch = open_batch(kind="hotline", data=table(headings, *rows), filename=filename, actor=SYSTEM, now=NOW)
    assert batch.recognition is not None, batch.refusal
    if batch.already_accepted:
        return batch
    return accept_batch(batch.pk, actor=SYSTEM, now=NOW, recognition=batch.recognition)


def standing() -> TicketStatus:
    return TicketStatus.objects.get(superseded_at__isnull=True)


def test_how_a_ticket_stands_is_kept_beside_its_clue_and_its_words_are_sealed(office, home):
    bring(
        line(
            returned="不属本单位职责",
            until="2026-11-25",
            result="已联系赵大宝，工资付清",
            redone="1",
            satisfied="满意",
        )
    )
    found = standing()
    assert (found.status, found.extension, found.extended_to) == ("办理中", "granted", dt.date(2026, 11, 25))
    assert (found.redone, found.supervised, found.satisfied) == (1, 0, True)
    assert found.result.open() == "已联系赵大宝，工资付清"
    assert found.returned_why.open() == "不属本单位职责"
    assert "赵大宝" not in str(list(JournalEntry.objects.values()))
    # what was told has not changed by it, and is no longer read
    assert Telling.objects.get().said == {}


def test_a_list_without_such_columns_keeps_nothing(deliver):
    from tests.clues.conftest import ticket

    deliver(ticket("GD-1"))
    assert not TicketStatus.objects.exists()


def test_a_later_list_replaces_what_was_said_and_the_words_told_stay(office, home):
    bring(line())
    batch = bring(line(status="已办结", result="工资付清", done="2026-11-19"))
    assert (batch.rows_unchanged, batch.rows_superseded) == (0, 1)
    assert standing().status == "已办结"
    assert TicketStatus.objects.filter(superseded_at__isnull=False).get().status == "办理中"
    assert (Clue.objects.count(), Telling.objects.count()) == (1, 1)


def test_the_same_twice_changes_nothing(office, home):
    bring(line(result="工资付清"))
    assert bring(line(result="工资付清")).already_accepted
    batch = bring(line(result="工资付清"), line("GD-2"))
    assert batch.rows_unchanged == 1
    assert TicketStatus.objects.filter(clue__sender_number="GD-1").count() == 1


def test_an_older_list_changes_neither_the_state_nor_the_words_and_says_so(office, home):
    bring(line(text=OWED, status="已办结", done="2026-11-19"), filename="工单20261119.csv")
    batch = bring(line(text=f"{OWED}（补充）", status="办理中"), filename="工单20261115.csv")
    assert standing().status == "已办结"
    assert Telling.objects.get().text.open() == OWED
    assert (batch.rows_accepted, batch.rows_unchanged) == (1, 1)
    assert "比已经登记的旧" in ImportProblem.objects.get(batch=batch).reason
    assert batch.report["ticket_statuses"] == {"kept": 0, "older": 1}
    # its may: the next day's list
    bring(line(text=f"{OWED}（补充）", status="重办中", redone="1"), filename="工单20261120.csv")
    assert (standing().status, standing().done_at) == ("重办中", None)


def test_a_list_seen_between_does_not_undo_a_later_one_that_said_the_same(office, home):
    bring(line(), filename="工单20261112.csv")
    bring(line(), line("GD-2"), filename="工单20261118.csv")
    bring(line(status="待签收"), filename="工单20261115.csv")
    assert TicketStatus.objects.get(clue__sender_number="GD-1").status == "办理中"


def test_what_cannot_be_right_comes_back_by_itself(office, home):
    batch = bring(line(redone="好几次"), line("GD-2", done="2026-11-01"), line("GD-3"))
    assert (batch.rows_accepted, batch.rows_rejected) == (1, 2)
    reasons = list(ImportProblem.objects.order_by("row").values_list("header", "reason"))
    assert [header for header, _ in reasons] == ["重办", "办结日期"]
    assert "不是次数" in reasons[0][1] and "早于来电时间" in reasons[1][1]
    assert list(Clue.objects.values_list("sender_number", flat=True)) == ["GD-3"]


def test_handled_anew_or_under_oversight_a_clue_is_to_be_looked_at_again(office, home):
    bring(line(), line("GD-2"))
    Clue.objects.update(looked_at=NOW, looked_by_name="某监察员")
    bring(line(supervised="1"), line("GD-2", status="已签收"))
    looked = dict(Clue.objects.values_list("sender_number", "looked_at"))
    assert looked == {"GD-1": None, "GD-2": NOW}


def calls() -> list[tuple]:
    return list(
        TicketNote.objects.order_by("pk").values_list(
            "kind", "contacted", "solved", "satisfied", "centre_name"
        )
    )


def test_a_call_back_in_a_list_is_kept_as_what_a_hotlines_program_tells_and_never_twice(office, home):
    bring(line(satisfied=""), line("GD-2", satisfied="未联系/-/-"), filename="工单20261111.csv")
    assert calls() == [("revisit", False, None, None, "导入的热线清单")]
    later = (line(satisfied="不满意"), line("GD-2", satisfied="是/是/满意"))
    bring(*later, filename="工单20261115.csv")
    bring(*later, line("GD-3"), filename="工单20261116.csv")  # says the same of both
    bring(line(satisfied="满意"), filename="工单20261112.csv")  # older
    assert calls()[1:] == [
        ("revisit", True, None, False, "导入的热线清单"),
        ("revisit", True, True, True, "导入的热线清单"),
    ]
    first = TicketNote.objects.get(satisfied=False)
    assert f"{timezone.localtime(first.at):%Y-%m-%d}" == "2026-11-15" and not first.disagreed
    bring(line(satisfied="满意"), filename="工单20261118.csv")
    assert calls()[-1][3] is True, "whoever is content at last counts so"


def test_a_list_that_says_nothing_of_a_call_keeps_none(office, home):
    bring(line(status="已办结", result="工资付清", satisfied="未回访"))
    assert TicketStatus.objects.exists() and not TicketNote.objects.exists()
