"""电子订立告知记录: the moments that were kept, the same bytes each time, only of a contract that both signed, for the own clerk alone."""

from __future__ import annotations

import pytest

from anxin.contracts.informing import information_record
from anxin.contracts.models import Contract
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from tests.contracts.test_pages import fixed_day, signed_in  # noqa: F401
from tests.contracts.test_signing import in_force
from tests.support.letters import needs_poppler, text_of


def again(contract: Contract) -> Contract:
    return Contract.objects.select_related("worker", "employer", "project", "batch", "file").get(
        pk=contract.pk
    )


def test_it_says_when_and_how_and_which_file(sent, site, now, tmp_path):
    contract, law = again(in_force(sent[0], site, now)), local_law.current()
    made = information_record(contract, law)
    assert made == information_record(contract, law)
    needs_poppler()
    said = text_of(made, tmp_path).replace("\n", "").replace(" ", "")
    for word in (
        contract.number,
        contract.worker.name,
        contract.employer.uscc,
        contract.file.sha256,
        "第六条",
        "手机验证码",
        "不收费用",
    ):
        assert word.replace(" ", "") in said, word
    assert "见证人在场" not in said
    Contract.objects.filter(pk=contract.pk).update(witness="林某某", method="tablet")
    said = text_of(information_record(again(contract), law), tmp_path).replace("\n", "").replace(" ", "")
    assert "林某某" in said and "见证人在场" in said and "不要告诉别人" not in said


def test_a_contract_that_is_not_in_force_has_none_and_what_is_missing_is_named(sent, site, now):
    law = local_law.current()
    with pytest.raises(Refused, match="双方签完、生效以后"):
        information_record(again(sent[1]), law)
    contract = in_force(sent[0], site, now)
    Contract.objects.filter(pk=contract.pk).update(sent_at=None)
    with pytest.raises(Refused, match="告知时间"):
        information_record(again(contract), law)


def test_the_own_clerk_takes_it_nobody_else(sent, site, now):
    contract = in_force(sent[0], site, now)
    page = f"/employer/contracts/{contract.pk}"
    clerk = signed_in(site.clerk)
    assert f"{page}/information" in clerk.get(page).content.decode()
    answer = clerk.get(f"{page}/information")
    assert answer.status_code == 200 and answer.content[:5] == b"%PDF-"
    assert (
        JournalEntry.objects.filter(action="contract.downloaded", summary__contains="告知记录").count() == 1
    )
    assert signed_in(site.stranger).get(f"{page}/information").status_code == 404
    assert signed_in(site.inspector).get(f"{page}/information").status_code == 403
    waiting = f"/employer/contracts/{sent[1].pk}"
    assert f"{waiting}/information" not in clerk.get(waiting).content.decode()
    assert clerk.get(f"{waiting}/information").status_code == 302
