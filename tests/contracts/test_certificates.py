"""The certificate of an end: what the law has it state, the same bytes each time, for the own people only."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.contracts import ending
from anxin.contracts.certificates import certificate, length, started
from anxin.contracts.models import Contract
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.local_law import queries as local_law
from anxin.workforce.models import Enrolment
from tests.contracts.test_pages import fixed_day, own, signed_in, text  # noqa: F401
from tests.contracts.test_signing import in_force
from tests.support.letters import needs_poppler, text_of

SAID = "双方协商一致，10月工资已付清。"


@pytest.fixture
def ended(sent, site, now) -> Contract:
    contract = in_force(sent[0], site, now)
    ending.end_contract(contract, reason="agreed", ended_on=now.date(), words=SAID, user=site.clerk, now=now)
    return Contract.objects.select_related("worker", "employer", "project").get(pk=contract.pk)


@pytest.mark.parametrize(
    ("since", "until", "says"),
    [
        ("2026-03-01", "2026-04-01", "1个月1天"),
        ("2026-03-01", "2027-02-28", "1年"),
        ("2026-01-31", "2026-02-28", "1个月1天"),
        ("2024-02-29", "2026-03-05", "2年6天"),
        ("2026-11-20", "2026-11-20", "1天"),
        ("2026-12-05", "2027-02-03", "1个月30天"),
    ],
)
def test_service_is_counted_in_whole_years_and_months_then_days(since, until, says):
    assert length(dt.date.fromisoformat(since), dt.date.fromisoformat(until)) == says


def test_it_states_what_the_law_asks_and_is_the_same_each_time(ended, tmp_path):
    law = local_law.current()
    made = certificate(ended, law)
    assert made == certificate(ended, law)
    needs_poppler()
    said = text_of(made, tmp_path).replace("\n", "").replace(" ", "")
    for word in (ended.employer.name, ended.worker.name, ended.worker.id_number.open(), ended.number, SAID, "2026年11月20日",
                 "双方协商一致解除", "第三十六条", "第五十条", "第二十四条"):  # fmt: skip
        assert word.replace(" ", "") in said, word


def test_service_begins_with_the_first_day_that_is_known(ended):
    assert started(ended) <= ended.begins_on
    Enrolment.objects.filter(worker=ended.worker).update(entry=dt.date(2026, 3, 1), employer=ended.employer)
    assert started(ended) == dt.date(2026, 3, 1)
    Enrolment.objects.filter(worker=ended.worker).update(entry=dt.date(2026, 12, 1))
    assert started(ended) == ended.begins_on


def test_a_contract_that_goes_on_has_none(sent):
    with pytest.raises(Refused, match="解除或者终止以后"):
        certificate(sent[1], local_law.current())


def test_the_own_worker_and_clerk_take_it_nobody_else(ended, sent, site):
    clerks, workers = f"/employer/contracts/{ended.pk}", f"/w/contracts/{ended.pk}"
    phone = own(ended.worker, site.project)
    for client, page in ((signed_in(site.clerk), clerks), (phone, workers)):
        assert f"{page}/end" in client.get(page).content.decode()
        answer = client.get(f"{page}/end")
        assert answer.status_code == 200 and answer.content[:5] == b"%PDF-"
    assert JournalEntry.objects.filter(action="contract.downloaded", summary__contains="证明").count() == 2
    assert signed_in(site.stranger).get(f"{clerks}/end").status_code == 404
    assert signed_in(site.inspector).get(f"{clerks}/end").status_code == 403
    assert own(sent[1].worker, site.project).get(f"{workers}/end").status_code == 404
    going_on = sent[1].pk
    assert "以后才能出具证明" in text(own(sent[1].worker, site.project).get(f"/w/contracts/{going_on}/end"))
    assert signed_in(site.clerk).get(f"/employer/contracts/{going_on}/end").status_code == 302
