"""A site's month leaves as one file: everybody's rows with where they stand, masked, signed, verified twice."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from anxin.dossier.handing import Exported
from anxin.dossier.subjects import OfSiteMonth, exports_of, hand_out
from anxin.evidence.journal import Actor
from anxin.evidence.models import JournalEntry
from anxin.kernel.months import Month
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from tests.dossier.packs import DATA, NOW, a_site, inside, rows
from tests.monitoring import factories as make
from tests.proof.packages import judged, judged_independently

OCTOBER = Month(2026, 10)


@pytest.fixture
def place(db) -> SimpleNamespace:
    return a_site()


def export(place: SimpleNamespace, by=None, **more) -> Exported:
    subject = OfSiteMonth(place.site, OCTOBER)
    return hand_out(subject, by=by or place.inspector, now=NOW, law=local_law.current(), **more)


def test_both_verifiers_agree_and_a_changed_byte_is_found(place, tmp_path: Path):
    made = export(place)
    assert judged(made.content, frozenset({made.fingerprint})).trusted
    target = tmp_path / "package.zip"
    target.write_bytes(made.content)
    assert judged_independently(target) == 0
    target.write_bytes(made.content.replace(b"4000.00", b"6000.00", 1))
    assert judged_independently(target) == 1
    assert not judged(target.read_bytes()).valid


def test_what_happened_that_month_is_in_it_and_no_other_month(place):
    made = export(place)
    assert [row["sign"] for row in rows(made, "t03_roster")] == ["P1", "P2", "P3"]
    assert {row["day"] for row in rows(made, "t04_attendance")} == {"2026-10-08", "2026-10-09"}
    assert len(rows(made, "t04_attendance")) == 6
    lines = rows(made, "t06_payroll")
    assert sorted((row["sign"], row["net"], bool(row["replaced"])) for row in lines) == [
        ("P1", "5000.00", True), ("P1", "6000.00", False), ("P2", "6000.00", False), ("P3", "6000.00", False),
        ("P4", "6000.00", False),
    ]  # fmt: skip
    assert [row["source"] for row in lines if row["sign"] == "P2"] == ["10月工资.csv 第3行"]
    assert [(row["sign"], row["amount"]) for row in rows(made, "t07_receipts")] == [("P1", "4000.00")]
    (match,) = rows(made, "t08_matches")
    assert (match["receipt"], match["line"]) == (
        f"receipt:{place.receipt.pk}",
        f"payroll_line:{place.lines[0].pk}",
    )
    assert match["line"] in {row["row"] for row in lines}


def test_a_warning_comes_with_its_rule_its_version_and_the_rows_it_rests_on(place):
    made = export(place)
    (warning,) = rows(made, "t13_warnings")
    assert (warning["number"], warning["version"]) == (
        str(place.warning.pk),
        place.warning.sweep.code_version,
    )
    rests = {row["sign"]: row["rests_on"] for row in rows(made, "t15_evidence") if "sign" in row}
    assert {rests["P2"], rests["P3"]} <= {row["row"] for row in rows(made, "t06_payroll")}


def test_the_journal_of_the_deliveries_comes_along_and_a_changed_entry_stops_it(place):
    made = export(place)
    assert [row["action"] for row in rows(made, "journal")] == ["import.accepted"]
    entry = JournalEntry.objects.get(action="import.accepted")
    JournalEntry.objects.filter(pk=entry.pk).update(summary="另一句话")
    with pytest.raises(Refused, match=f"第{entry.sequence}条操作日志"):
        export(place)


def test_masked_the_files_stay_and_only_their_hash_leaves_whole_they_come_along(place):
    made = export(place)
    text = "\n".join(content.decode(errors="replace") for content in inside(made).values())
    for word in ("欧阳木", "慕容石", "诸葛无名", make.id_number(1), "甲工人1"):
        assert word not in text, word
    (listed,) = rows(made, "t18_files")
    assert (listed["sha256"], bool(listed["without"])) == (place.batch.file.sha256, True)
    whole = export(place, full=True, purpose="移送法院立案")
    (paper,) = rows(whole, "documents")
    assert inside(whole)[paper["path"]] == DATA
    assert rows(whole, "people")[0]["id_number"] == make.id_number(1)
    assert [one.after["purpose"] for one in exports_of(OfSiteMonth(place.site, OCTOBER))] == [
        "移送法院立案",
        "",
    ]


def test_who_may_and_who_may_not(place):
    subject = OfSiteMonth(place.site, OCTOBER)
    for one in (place.inspector, place.leader):
        assert subject.may(one)
        assert subject.may_whole(one)
    before = JournalEntry.objects.count()
    for one in (place.clerk, place.outsider):
        assert not subject.may(one)
        assert not subject.may_whole(one)
        with pytest.raises(Refused, match="监察员或者领导出具"):
            export(place, by=one)
    with pytest.raises(Refused, match="请写明为什么"):
        export(place, full=True)
    assert JournalEntry.objects.count() == before


def test_the_operator_may_and_a_month_without_anything_goes_out_too(place):
    made = hand_out(
        OfSiteMonth(place.site, Month(2025, 1)), by=Actor("cli", "管理员"), now=NOW, law=local_law.current()
    )
    assert judged(made.content).valid
    assert any("没有收到工资表" in row["said"] for row in rows(made, "t01_site"))


def test_it_costs_the_same_with_many(place, django_assert_max_num_queries):
    more = [make.worker(serial) for serial in range(100, 140)]
    make.enrol(place.site, *more, team="钢筋班")
    for one in more:
        make.attend(place.site, one, "2026-10-08")
        make.pay(make.line(place.site, "2026-10", one))
    with django_assert_max_num_queries(54):
        export(place)
