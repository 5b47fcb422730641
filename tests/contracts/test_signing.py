"""Who may sign what, in which order; and what the file says afterwards."""

from __future__ import annotations

import datetime as dt
import subprocess

import pytest

from anxin.contracts import acting, drafting, ending, papers, seals, signatures
from anxin.contracts.access import clerk_contracts, visible_contracts, worker_contracts
from anxin.contracts.models import Contract, ContractBatch, SigningCode
from anxin.evidence.models import JournalEntry
from anxin.kernel.refusal import Refused
from anxin.signing.verifying import verify
from anxin.vouching.keys import roots
from anxin.workforce.models import Enrolment
from anxin.workforce.signin import worker_actor
from tests.contracts.conftest import start
from tests.monitoring import factories as make
from tests.support.letters import needs_poppler
from tests.support.readings import ask_seals

MINUTE = dt.timedelta(minutes=1)


def read_and_sign(contract, now, worker=None, code=None):
    worker = worker or contract.worker
    acting.read_to_end(contract, by=worker_actor(worker), now=now)
    contract.refresh_from_db()
    asked = signatures.ask_code(contract, worker=worker, now=now)
    return signatures.sign_with_code(
        contract, worker=worker, code=code or asked.code, consent=True, device="手机", now=now
    )


def in_force(contract, site, now):
    read_and_sign(contract, now)
    ask_seals([contract.pk], user=site.clerk, now=now)
    seals.seal_asked(now=now)
    contract.refresh_from_db()
    return contract


def test_worker_by_code_then_seal_is_in_force_valid_and_a_fact_of_the_roster(sent, site, now, tmp_path):
    contract = in_force(sent[0], site, now)
    assert contract.state == Contract.State.IN_FORCE
    verdict = verify(papers.read(contract), roots(), now)
    assert (verdict.valid, verdict.trusted) == (True, True)
    assert [one.name for one in verdict.signers] == [contract.worker.name, "某劳务公司"]
    assert verdict.signers[0].identity["method"] == "phone_code"
    row = Enrolment.objects.get(project=site.project, worker=contract.worker, superseded_at__isnull=True)
    assert (row.contract_signed, row.contract_number, row.contract_from) == (
        True, contract.number, dt.date(2026, 11, 1),
    )  # fmt: skip
    assert row.contract_file_id == contract.file_id
    others = Enrolment.objects.filter(superseded_at__isnull=True).exclude(pk=row.pk)
    assert set(others.values_list("contract_signed", flat=True)) == {None}
    assert {"contract.read", "contract.signed", "contracts.in_force"} <= set(
        JournalEntry.objects.values_list("action", flat=True)
    )


def test_an_outside_judge_finds_both_signatures_valid_and_one_changed_byte_invalid(sent, site, now, tmp_path):
    needs_poppler()
    pdf = papers.read(in_force(sent[0], site, now))
    for name, content, good in (
        ("good", pdf, True),
        ("bad", pdf[:2000] + bytes([pdf[2000] ^ 1]) + pdf[2001:], False),
    ):
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(content)
        said = subprocess.run(["pdfsig", str(path)], capture_output=True, text=True, check=False).stdout
        assert (said.count("Signature is Valid") >= 2) is good
    assert verify(pdf[:2000] + bytes([pdf[2000] ^ 1]) + pdf[2001:], roots(), now).valid is False


def test_another_worker_cannot_read_on_sign_or_refuse(sent, now):
    contract, other = sent[0], sent[1].worker
    acting.read_to_end(contract, by=worker_actor(contract.worker), now=now)
    contract.refresh_from_db()
    assert not worker_contracts(other).filter(pk=contract.pk).exists()
    with pytest.raises(Refused, match="不是您的"):
        signatures.ask_code(contract, worker=other, now=now)
    asked = signatures.ask_code(contract, worker=contract.worker, now=now)
    with pytest.raises(Refused, match="不是您的"):
        signatures.sign_with_code(contract, worker=other, code=asked.code, consent=True, device="", now=now)
    with pytest.raises(Refused, match="不是您的"):
        acting.refuse(contract, worker=other, words="不想干了，不签", now=now)
    contract.refresh_from_db()
    assert contract.state == Contract.State.READ


def test_a_code_of_another_contract_a_wrong_or_an_old_one_does_not_sign(sent, now):
    first, second = sent[0], sent[1]
    for one in (first, second):
        acting.read_to_end(one, by=worker_actor(one.worker), now=now)
        one.refresh_from_db()
    other = signatures.ask_code(second, worker=second.worker, now=now)
    asked = signatures.ask_code(first, worker=first.worker, now=now)
    if other.code != asked.code:
        with pytest.raises(Refused, match="验证码"):
            signatures.sign_with_code(
                first, worker=first.worker, code=other.code, consent=True, device="", now=now
            )
    with pytest.raises(Refused, match="过期"):
        late = now + 16 * MINUTE
        signatures.sign_with_code(
            first, worker=first.worker, code=asked.code, consent=True, device="", now=late
        )
    with pytest.raises(Refused, match="同意"):
        signatures.sign_with_code(
            first, worker=first.worker, code=asked.code, consent=False, device="", now=now
        )
    SigningCode.objects.update(wrong=5)
    with pytest.raises(Refused, match="验证码"):
        signatures.sign_with_code(
            first, worker=first.worker, code=asked.code, consent=True, device="", now=now
        )


def test_a_text_that_was_not_read_to_its_end_cannot_be_signed(sent, now):
    with pytest.raises(Refused, match="看完"):
        signatures.ask_code(sent[0], worker=sent[0].worker, now=now)


def test_at_the_counter_with_the_card_and_a_witness(sent, site, now):
    by = {"witness": "王见证", "consent": True, "now": now}
    for user in (site.stranger, site.outsider):
        with pytest.raises(Refused, match="权限"):
            signatures.sign_at_counter(sent[0], id_number=make.id_number(1), user=user, **by)
    with pytest.raises(Refused, match="不能代签"):
        signatures.sign_at_counter(sent[0], id_number=make.id_number(2), user=site.clerk, **by)
    for witness in ("", str(site.clerk), sent[0].worker.name):
        with pytest.raises(Refused, match="见证人"):
            signatures.sign_at_counter(
                sent[0], id_number=make.id_number(1), user=site.clerk, **{**by, "witness": witness}
            )
    signed = signatures.sign_at_counter(sent[0], id_number=make.id_number(1), user=site.clerk, **by)
    assert (signed.state, signed.witness) == (Contract.State.WORKER_SIGNED, "王见证")
    signed = signatures.sign_at_counter(sent[1], id_number=make.id_number(2), user=site.inspector, **by)
    assert "王见证" in " ".join(papers.judged(signed, now))
    with pytest.raises(Refused, match="现在不能签"):
        signatures.sign_at_counter(sent[0], id_number=make.id_number(1), user=site.clerk, **by)


def test_a_seal_needs_the_workers_signature_and_the_own_employers_clerk(sent, site, now):
    with pytest.raises(Refused, match="等待盖章"):
        ask_seals([sent[0].pk], user=site.clerk, now=now)
    read_and_sign(sent[0], now)
    with pytest.raises(Refused, match="等待盖章"):
        ask_seals([sent[0].pk], user=site.stranger, now=now)
    ask_seals([sent[0].pk], user=site.clerk, now=now)
    assert seals.seal_asked(now=now) == 1
    assert seals.seal_asked(now=now) == 0


def test_a_seal_that_waited_too_long_goes_back_to_the_clerk(sent, site, now):
    read_and_sign(sent[0], now)
    ask_seals([sent[0].pk], user=site.clerk, now=now)
    assert seals.seal_asked(now=now + dt.timedelta(hours=25)) == 0
    sent[0].refresh_from_db()
    assert "24小时" in sent[0].reason
    ask_seals([sent[0].pk], user=site.clerk, now=now + dt.timedelta(hours=25))


def test_a_worker_says_no_with_words_and_the_clerk_reads_them(sent, now):
    with pytest.raises(Refused, match="为什么"):
        acting.refuse(sent[0], worker=sent[0].worker, words="不", now=now)
    acting.refuse(sent[0], worker=sent[0].worker, words="说好的是三百五一天", now=now)
    sent[0].refresh_from_db()
    assert (sent[0].state, sent[0].reason) == (Contract.State.REFUSED, "说好的是三百五一天")
    with pytest.raises(Refused, match="看完"):
        signatures.ask_code(sent[0], worker=sent[0].worker, now=now)


def test_who_sees_whose_contracts(sent, site):
    assert clerk_contracts(site.clerk).count() == 3
    assert clerk_contracts(site.stranger).count() == 0
    assert visible_contracts(site.inspector).count() == 3
    assert visible_contracts(site.outsider).count() == 0
    assert [one.pk for one in worker_contracts(sent[0].worker)] == [sent[0].pk]


def test_a_renewal_takes_the_place_of_the_old_one_only_when_both_have_signed(sent, site, now):
    old = in_force(sent[0], site, now)
    new = start(
        site,
        now,
        kind=ContractBatch.Kind.RENEWAL,
        begins_on=dt.date(2026, 12, 1),
        ends_on=dt.date(2027, 11, 30),
    )
    assert (new.made, new.left_out) == (1, 2)
    drafting.make_batch(new.batch.pk, now=now)
    later = new.batch.contracts.get()
    read_and_sign(later, now)
    old.refresh_from_db()
    assert old.state == Contract.State.IN_FORCE
    ask_seals([later.pk], user=site.clerk, now=now)
    seals.seal_asked(now=now)
    old.refresh_from_db()
    assert old.state == Contract.State.REPLACED
    row = Enrolment.objects.get(worker=old.worker, superseded_at__isnull=True)
    assert (row.contract_number, row.contract_until) == (later.number, dt.date(2027, 11, 30))


def test_an_end_has_a_reason_a_day_and_two_years_of_keeping(sent, site, now):
    contract = in_force(sent[0], site, now)
    said = {"reason": "expired", "words": "任务完成，工资结清", "now": now}
    with pytest.raises(Refused, match="不能为这个单位"):
        ending.end_contract(contract, ended_on=now.date(), user=site.stranger, **said)
    with pytest.raises(Refused, match="还没有到"):
        ending.end_contract(contract, ended_on=now.date() + dt.timedelta(days=1), user=site.clerk, **said)
    with pytest.raises(Refused, match="早于"):
        ending.end_contract(contract, ended_on=dt.date(2026, 10, 31), user=site.clerk, **said)
    with pytest.raises(Refused, match="原因"):
        ending.end_contract(contract, ended_on=now.date(), user=site.clerk, **{**said, "reason": "x"})
    ended = ending.end_contract(contract, ended_on=now.date(), user=site.clerk, **said)
    assert (ended.state, ended.keep_until) == (Contract.State.ENDED, dt.date(2028, 11, 20))
    with pytest.raises(Refused, match="保存期"):
        ended.delete()
    with pytest.raises(Refused, match="保存期"):
        Contract.objects.filter(pk=ended.pk).delete()
    row = Enrolment.objects.get(worker=contract.worker, superseded_at__isnull=True)
    assert (row.contract_signed, row.contract_until) == (True, now.date())
    with pytest.raises(Refused, match="已生效"):
        ending.end_contract(sent[1], ended_on=now.date(), user=site.clerk, **said)


def test_what_is_signed_by_the_worker_cannot_be_taken_back(sent, site, now):
    with pytest.raises(Refused, match="原因"):
        acting.act("withdraw", [sent[1].pk], user=site.clerk, now=now)
    read_and_sign(sent[0], now)
    moved = acting.act("withdraw", [one.pk for one in sent], user=site.clerk, now=now, reason="工资写错了")
    assert {one.pk for one in moved} == {sent[1].pk, sent[2].pk}
