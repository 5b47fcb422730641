"""One worker's claim leaves as one file: the own rows whole, everybody else's withheld with their hash in the chain."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace

import pytest

from anxin.clues.claimant_rows import Said
from anxin.clues.claimants import add_claimant
from anxin.clues.intake import Voice, take_in
from anxin.clues.models import Claimant, Clue
from anxin.dossier.handing import Exported
from anxin.dossier.subjects import OfWorker, exports_of, hand_out, of_claimant
from anxin.evidence import files
from anxin.evidence.journal import SYSTEM, record
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.workforce.models import Enrolment
from tests.dossier.packs import NOW, a_site, inside, rows
from tests.monitoring import factories as make
from tests.proof.packages import judged, judged_independently

TELLER, PHONE = "南宫报信", "13912345678"
TEXT = f"我是{TELLER}，电话{PHONE}，欧阳木、慕容石的工资一直没有发。"


@pytest.fixture
def place(db) -> SimpleNamespace:
    found = a_site()
    voice = Voice(
        channel="hotline", kind="complaint", region="990101", project=found.site, text=TEXT, title="工资", name=TELLER,
        phone=PHONE, received_at=NOW - dt.timedelta(hours=2),
    )  # fmt: skip
    (made,) = take_in([voice], actor=SYSTEM, now=NOW)
    found.clue = Clue.objects.get(pk=made.pk)
    for name, serial in (("欧阳木", 1), ("慕容石", 2)):
        said = Said(name, make.id_number(serial), amounts={"worker": 600_000})
        assert not add_claimant(found.clue, said, by=found.inspector, now=NOW).problems
    return found


def export(place: SimpleNamespace, number: int = 2, by=None, **more) -> Exported:
    subject = of_claimant(place.clue.claimants.select_related("clue__project").get(number=number))
    return hand_out(subject, by=by or place.inspector, now=NOW, law=local_law.current(), **more)


def everything(made: Exported) -> str:
    return "\n".join(content.decode(errors="replace") for content in inside(made).values())


def test_both_verifiers_agree_others_are_withheld_and_a_changed_byte_is_found(place, tmp_path: Path):
    made = export(place)
    verdict = judged(made.content, frozenset({made.fingerprint}))
    assert (verdict.valid, verdict.trusted) == (True, True)
    lines = rows(made, "t06_payroll")
    assert [row is None for row in lines] == [True, False, True, True, True]
    assert [row is None for row in rows(made, "t10_claims")] == [True, False]
    assert [row is None for row in rows(made, "t18_evidence")] == [False, True]
    assert verdict.redacted == 4 + 1 + 1
    target = tmp_path / "package.zip"
    target.write_bytes(made.content)
    assert judged_independently(target) == 0
    target.write_bytes(made.content.replace(b'"net":"6000.00"', b'"net":"9000.00"', 1))
    assert judged_independently(target) == 1


def test_the_own_facts_are_in_it(place):
    made = export(place)
    assert [row["team"] for row in rows(made, "t02_roster")] == ["木工班"]
    assert [row["day"] for row in rows(made, "t04_attendance")] == ["2026-10-08", "2026-10-09", "2026-11-02"]
    (line,) = [row for row in rows(made, "t06_payroll") if row]
    assert (line["sign"], line["source"]) == ("P1", "10月工资.csv 第3行")
    (evidence,) = [row for row in rows(made, "t18_evidence") if row]
    assert evidence["rests_on"] == line["row"]
    assert rows(made, "t16_warnings")[0]["number"] == str(place.warning.pk)
    (claim,) = [row for row in rows(made, "t10_claims") if row]
    assert (claim["number"], claim["worker"]) == (2, "6000.00")
    assert [row["without"] for row in rows(made, "t19_files")] == ["文件里有其他人的行，不装入"]


@pytest.mark.parametrize("full", [False, True])
def test_neither_who_told_us_nor_another_worker_leaves(place, full):
    record(
        actor=SYSTEM, action="clue.corrected", object_type="clue", object_id=place.clue.pk, summary="核对欧阳木的说法", now=NOW
    )  # fmt: skip
    made = export(place, full=full, purpose="移送法院立案" if full else "")
    text = everything(made)
    for word in (TELLER, PHONE, "欧阳木", "司徒瓦", "诸葛无名", make.id_number(1), "核对欧阳木"):
        assert word not in text, word
    assert ("慕容石" in text) is full
    assert "没有装入" in made.left_out or "条日志" in made.left_out


def test_contracts_come_along_only_where_the_person_is_whole(place):
    stored = files.store("合同 慕容石".encode(), name="合同.txt", now=NOW)
    Enrolment.objects.filter(worker=place.workers[1]).update(contract_file=stored)
    assert rows(export(place), "documents") == []
    whole = export(place, full=True, purpose="移送法院立案")
    (paper,) = rows(whole, "documents")
    assert inside(whole)[paper["path"]] == "合同 慕容石".encode()
    assert rows(whole, "people")[0]["id_number"] == make.id_number(2)


def test_from_the_worker_the_clues_of_the_same_person_come_along(place):
    subject = OfWorker(place.workers[1])
    made = hand_out(subject, by=place.inspector, now=NOW, law=local_law.current())
    assert [row["number"] for row in rows(made, "t09_clues")] == [place.clue.number]
    assert exports_of(subject).get().after["sha256"] == made.sha256


def test_a_claimant_whom_no_roster_knows(place):
    said = Said("独孤远", "", amounts={"worker": 100})
    add_claimant(place.clue, said, by=place.inspector, now=NOW)
    made = export(place, number=3)
    assert judged(made.content).valid
    assert rows(made, "t06_payroll") == []
    assert [row["number"] for row in rows(made, "t10_claims") if row] == [3]


def test_who_may_and_who_may_not(place):
    claimant = of_claimant(Claimant.objects.select_related("clue__project").get(number=2))
    worker = OfWorker(place.workers[1])
    for subject in (claimant, worker):
        for one in (place.inspector, place.leader):
            assert subject.may(one)
            assert subject.may_whole(one)
        for one in (place.clerk, place.outsider):
            assert not subject.may(one)
            with pytest.raises(Refused, match="监察员或者领导出具"):
                hand_out(subject, by=one, now=NOW, law=local_law.current())


def test_it_costs_the_same_with_many(place, django_assert_max_num_queries):
    for serial in range(100, 130):
        make.line(place.site, "2026-10", make.worker(serial))
        add_claimant(place.clue, Said(f"甲某{serial}", ""), by=place.inspector, now=NOW)
    with django_assert_max_num_queries(60):
        export(place)
