"""Letters on a worker's own pages: who may be served there, what is proved, and that each opening is kept."""

from __future__ import annotations

import pytest

from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.letters import consents, worker_portal
from anxin.letters.models import LetterAct, Service, WorkerCopy
from tests.letters.conftest import sealed
from tests.monitoring import factories as make


@pytest.fixture
def letter(office):
    return sealed(office, kind="arbitration_acceptance_notice")


@pytest.fixture
def zhou(office):
    return make.worker(1, name="周建国")


def agreed(office) -> None:
    consents.record_consent(
        office.matter, receiver="周建国", address="19900000001", given_on=office.now.date(), how="签了送达地址确认书",
        by=office.inspector, now=office.now,
    )  # fmt: skip


def placed(office, letter, **more) -> WorkerCopy:
    said = {
        "id_number": make.id_number(1), "receiver": "周建国", "target": "", "by": office.inspector, "now": office.now, "law": office.law,
        "expected_version": letter.version,
    }  # fmt: skip
    return worker_portal.place(letter, **said | more)


def test_only_a_worker_who_agreed_and_is_that_person_is_served_there(office, letter, zhou):
    make.worker(2, name="李秀英")
    with pytest.raises(Refused, match="没有登记过电子送达确认书"):
        placed(office, letter)
    agreed(office)
    for change, said in (
        ({"id_number": make.id_number(9)}, "花名册里没有这个身份证号"),
        ({"id_number": "12"}, "花名册里没有这个身份证号"),
        ({"id_number": make.id_number(2)}, "不是受送达人的"),
    ):
        with pytest.raises(Refused, match=said):
            placed(office, letter, **change)
    with pytest.raises(Refused):
        placed(office, letter, by=office.outsider)
    assert not WorkerCopy.objects.exists()
    copy = placed(office, letter)
    service = Service.objects.get()
    assert (copy.service, service.manner, service.served_on) == (service, "electronic", office.now.date())
    assert service.proof.kind == "service_return"


def test_he_sees_his_own_and_each_opening_is_kept(office, letter, zhou):
    agreed(office)
    copy = placed(office, letter)
    assert list(worker_portal.received(zhou)) == [copy]
    assert list(worker_portal.received(make.worker(2, name="李秀英"))) == []
    assert worker_portal.unread(zhou) == 1
    for _ in range(2):
        worker_portal.opened(copy, now=office.now)
    copy.refresh_from_db()
    assert (copy.times_opened, copy.first_opened_at, worker_portal.unread(zhou)) == (2, office.now, 0)
    assert LetterAct.objects.filter(letter=letter, act="opened").count() == 2
    entries = JournalEntry.objects.filter(action="letter.opened")
    assert entries.count() == 2
    assert "周建国" not in "".join(one.summary for one in entries)
