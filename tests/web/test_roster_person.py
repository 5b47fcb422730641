"""The page of one person on a roster: contract on file, pay day, trainings; kept when a file comes."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from anxin.evidence.models import JournalEntry
from anxin.workforce.models import Enrolment, Training

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def row(world):
    return world.workers[0].enrolments.get()


def address(row) -> str:
    return f"/projects/{row.project_id}/roster/{row.pk}"


def terms(**changes) -> dict[str, object]:
    values = {"what": "contract", "pay_day": "15", "signed": "yes", "number": "HT-7", "valid_from": "2026-03-01",
              "valid_until": "2026-12-31"}  # fmt: skip
    return values | changes


def test_a_contract_is_recorded_with_its_file_and_the_old_row_stays(sign_in, row):
    file = SimpleUploadedFile("合同.pdf", b"%PDF-1 text")
    assert sign_in("clerk").post(address(row), terms(file=file)).status_code == 302
    new = Enrolment.objects.get(worker=row.worker, superseded_at=None)
    assert (new.pay_day, new.contract_signed, new.contract_number, new.team) == (15, True, "HT-7", "木工班")
    assert Enrolment.objects.get(pk=row.pk).superseded_at is not None
    answer = sign_in("inspector").get(f"{address(new)}/contract")
    assert answer.content == b"%PDF-1 text"
    assert JournalEntry.objects.filter(action="person.unmasked").count() == 1
    assert sign_in("clerk").get(f"{address(new)}/contract").status_code == 403


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"pay_day": "32"}, "应为1至31"),
        ({"valid_until": "2026-02-01"}, "早于起始日期"),
        ({"signed": "no"}, "却选了未签"),
        ({"file": SimpleUploadedFile("合同.exe", b"MZ")}, "是程序"),
        ({"file": SimpleUploadedFile("合同.pdf", b"PK\x03\x04")}, "已损坏"),
        ({"file": SimpleUploadedFile("合同.pdf", b"words")}, "合同文件只收 PDF、OFD、JPG、PNG"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(sign_in, row, changes, said):
    answer = sign_in("clerk").post(address(row), terms(**changes))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert Enrolment.objects.get(worker=row.worker).superseded_at is None


def test_a_training_is_recorded_and_corrected(sign_in, row):
    client = sign_in("clerk")
    values = {"what": "training", "kind": "entry", "on": "2026-03-01", "hours": "8"}
    assert client.post(address(row), values).status_code == 302
    assert client.post(address(row), values | {"hours": "12"}).status_code == 302
    assert [str(one.hours) for one in Training.objects.filter(superseded_at=None)] == ["12.0"]
    for wrong in ({"hours": "0"}, {"on": "2027-01-01"}):
        assert client.post(address(row), values | wrong).status_code == 422
    assert "进场安全教育" in client.get(address(row)).content.decode()


@pytest.mark.parametrize(("who", "status"), [("leader", 403), ("outsider", 404)])
def test_who_does_not_deliver_for_the_site_records_nothing(sign_in, row, who, status):
    assert sign_in(who).post(address(row), terms()).status_code == status
    assert Enrolment.objects.get(worker=row.worker).pay_day is None
