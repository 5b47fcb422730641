"""An instrument made and signed in the product goes along with the step that asks for it: nobody uploads it again."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

from django.core.files.uploadedfile import SimpleUploadedFile

from anxin.casework.models import Matter
from anxin.letters import party
from anxin.letters.models import PartyPaper
from anxin.local_law import queries as local_law
from tests.letters.test_party import by_phone, values
from tests.web.cases import a_matter
from tests.web.test_warnings import text

DAY = dt.date(2026, 11, 16)


def to_sign(matter: Matter, office: SimpleNamespace) -> PartyPaper:
    """立案审批表, closed, to be signed by who proposes and who decides."""
    sure = {"by": office.inspector, "now": office.now}
    paper = party.make(matter, kind="case_filing_approval", **sure)
    paper = party.edit(paper, values(office, "case_filing_approval"), expected_version=1, **sure)
    party.add_signer(
        paper, side="officer", name="陈明", phone="19900001111", id_number="", again=paper.signers.get(), **sure
    )  # fmt: skip
    party.add_signer(paper, side="approver", name="许立", phone="19900002222", id_number="", **sure)
    return party.close(paper, law=office.law, expected_version=paper.version, **sure)


def test_what_was_signed_whole_goes_along_and_what_is_half_signed_does_not(sign_in, world, now):
    matter = a_matter(world, now, on=dt.date(2026, 11, 12))
    office = SimpleNamespace(inspector=world.inspector, now=now, law=local_law.current())
    paper = to_sign(matter, office)
    by_phone(office, paper, "officer")
    client = sign_in("leader")

    def accept():
        matter.refresh_from_db()
        notice = SimpleUploadedFile("受理通知书.pdf", b"%PDF-1.4 notice")
        return client.post(
            f"/matters/{matter.pk}/steps/accept",
            {
                "version": matter.version,
                "on": DAY.isoformat(),
                "paper-0-kind": "acceptance_notice",
                "paper-0": notice,
            },
        )

    page = text(client.get(f"/matters/{matter.pk}"))
    assert "还有2号审批人没有签名" in page and f"/papers/{paper.pk}" in page
    answer = accept()
    assert answer.status_code == 422 and "还须附上《立案审批表》" in text(answer)
    assert not matter.documents.exists(), "both or neither"

    by_phone(office, paper, "approver")
    page = text(client.get(f"/matters/{matter.pk}"))
    assert "本件里已经签完，随本步存入案卷" in page and 'name="paper-1"' not in page
    assert accept().status_code == 302
    matter.refresh_from_db()
    paper.refresh_from_db()
    assert (matter.state, paper.state) == ("accepted", "done")
    assert paper.document == matter.documents.get(kind="case_filing_approval")
    assert paper.document in matter.steps.get(transition="accept").documents.all()
