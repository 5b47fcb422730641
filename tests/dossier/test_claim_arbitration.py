"""The arbitration of one worker's claim: the own rows whole, other applicants withheld, and no sum that gives them away."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anxin.arbitration import aftermath
from anxin.casework.models import Matter
from anxin.dossier.claim_arbitration import read
from anxin.dossier.subjects import OfWorker, hand_out
from anxin.evidence.sealing import finding_hash
from anxin.registry.models import Organisation
from anxin.workforce.models import Worker
from tests.arbitration import conftest as awards
from tests.arbitration.conftest import bench  # noqa: F401
from tests.dossier.packs import inside, rows
from tests.monitoring import factories as make
from tests.proof.packages import judged, judged_independently


def enrolled(bench, name: str, number: str) -> Worker:  # noqa: F811
    worker = Worker.objects.create(
        name=name, id_number=number, id_hash=finding_hash("id", number), recorded_at=make.EARLY
    )
    make.enrol(bench.project, worker)
    return worker


@pytest.fixture
def decided(bench):  # noqa: F811
    case = awards.a_case(bench)
    awards.found(bench, awards.claimed(bench, case))
    awards.found(bench, awards.claimed(bench, case, 2), 100_000, "钱某某只证明了一部分，赵某某可以作证")
    (award,) = awards.decided(bench, case)
    for number in (1, 2):
        aftermath.receive(
            award, "worker", awards.TODAY, how="钱某某当面签收", by=bench.inspector, now=awards.NOW, law=bench.law,
            applicants=[awards.applicant(case, number).pk],
        )  # fmt: skip
    return case


def export(bench, worker, **more):  # noqa: F811
    return hand_out(
        OfWorker(worker), by=more.pop("by", bench.inspector), now=awards.NOW, law=bench.law, **more
    )


def test_the_own_rows_are_whole_and_others_withheld_under_both_verifiers(bench, decided, tmp_path: Path):  # noqa: F811
    made = export(bench, enrolled(bench, "赵某某", awards.IDS[0]))
    assert judged(made.content).valid
    target = tmp_path / "package.zip"
    target.write_bytes(made.content)
    assert judged_independently(target) == 0
    claims = rows(made, "t25_asked")
    assert [row and (row["matter"], row["sign"], row["found"]) for row in claims] == [
        (decided.matter.number, "P1", "4200.00"), None,
    ]  # fmt: skip
    for slug in ("t24_applicants", "t27_working", "t29_received"):
        assert [row is None for row in rows(made, slug)] == [False, True], slug
    (award,) = rows(made, "t26_awards")
    assert award["finality"] == "终局裁决"
    assert "arbitration_case" in {row["object_type"] for row in rows(made, "journal") if row}


@pytest.mark.parametrize("full", [False, True])
def test_nothing_of_another_applicant_can_be_read_or_worked_out(bench, decided, full):  # noqa: F811
    worker = enrolled(bench, "赵某某", awards.IDS[0])
    made = export(bench, worker, full=full, purpose="法院调取证据" if full else "")
    text = "\n".join(data.decode(errors="replace") for data in inside(made).values())
    for word in ("钱某某", awards.IDS[1], "13900000002", "只证明了一部分", "8400.00", "5200.00", "1000.00"):
        assert word not in text, word
    assert [row["sign"] for row in rows(made, "people")] == ["P1"]


def test_who_applies_nowhere_or_may_not_be_seen_has_no_table_of_it(bench, decided):  # noqa: F811
    other = enrolled(bench, "孙某某", awards.checked("99010119920101001"))
    assert not [name for name in inside(export(bench, other)) if name.startswith("rows/t23")]
    elsewhere = Organisation.objects.create(
        code="X", name="别处", kind="bureau", region=make.region("990102")
    )
    Matter.objects.filter(pk=decided.matter_id).update(region="990102", lead=elsewhere)
    own = export(bench, enrolled(bench, "赵某某", awards.IDS[0]))
    assert not [name for name in inside(own) if name.startswith("rows/t23")]


def test_it_asks_no_more_for_many_cases_and_applicants(bench, decided):  # noqa: F811
    worker = enrolled(bench, "赵某某", awards.IDS[0])

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            read([], worker.id_hash, [bench.project.pk], Matter.objects.all())
        return len(queries)

    before = asked()
    for _ in range(2):
        awards.claimed(bench, awards.a_case(bench, people=6), 6)
    assert len(read([], worker.id_hash, [bench.project.pk], Matter.objects.all())) == 3
    assert asked() == before
