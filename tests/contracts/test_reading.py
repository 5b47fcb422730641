"""Whoever seals contracts has gone through what is sealed, and no signature says that more was read than was."""

from __future__ import annotations

import datetime as dt

import pytest

from anxin.contracts import acting, papers, reading, seals, signatures
from anxin.contracts.models import Contract
from anxin.evidence.models import FileReading, JournalEntry
from anxin.kernel.refusal import Refused
from anxin.signing.verifying import verify
from anxin.vouching.keys import roots
from tests.contracts.conftest import person
from tests.contracts.test_pages import signed_in, text
from tests.monitoring import factories as make

State = Contract.State
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def signed(sent, site, now) -> list[Contract]:
    """All three, signed by the workers at the counter."""
    for serial, one in enumerate(sent, 1):
        signatures.sign_at_counter(
            one, id_number=make.id_number(serial), witness="王见证", consent=True, user=site.clerk, now=now
        )
    return list(Contract.objects.order_by("pk"))


def keys(rows) -> list[int]:
    return [one.pk for one in rows]


def opened(rows, user, now) -> reading.Laid:
    laid = reading.to_seal(user, keys(rows))
    reading.open_all(laid, user=user, now=now)
    return laid


def read(rows, user, now) -> None:
    reading.read_to_end(opened(rows, user, now), user=user, now=now + MINUTE)


def seal_of(row: Contract, now) -> dict:
    row.refresh_from_db()
    return verify(papers.read(row), roots(), now).signers[-1].identity


def test_nobody_seals_what_they_have_not_gone_through_to_the_end(signed, site, now):
    with pytest.raises(Refused, match="还没有看到末尾"):
        acting.act("seal", keys(signed), user=site.clerk, now=now)
    opened(signed[:1], site.clerk, now)
    with pytest.raises(Refused, match="还没有看到末尾"):  # opened is not read
        acting.act("seal", keys(signed[:1]), user=site.clerk, now=now)
    colleague = person("colleague", "payroll_clerk", employer=site.firm.uscc)
    read(signed[:1], colleague, now)
    with pytest.raises(Refused, match="还没有看到末尾"):  # another's eyes
        acting.act("seal", keys(signed[:1]), user=site.clerk, now=now)
    with pytest.raises(Refused, match="请重新打开"):
        laid = reading.to_seal(site.clerk, keys(signed[1:2]))
        reading.read_to_end(laid, user=site.clerk, now=now)
    assert set(Contract.objects.values_list("seal_asked_at", flat=True)) == {None}


def test_one_contract_read_to_its_end_says_so_in_the_seal_with_who_and_when(signed, site, now):
    read(signed[:1], site.clerk, now)
    acting.act("seal", keys(signed[:1]), user=site.clerk, now=now + 2 * MINUTE)
    shown = signed[0].file.sha256
    assert seals.seal_asked(now=now + 2 * MINUTE) == 1
    said = seal_of(signed[0], now + 2 * MINUTE)
    assert (said["read_to_end"], said["shown_sha256"], said["reading"]["sha256"]) == (True, shown, shown)
    assert (said["reading"]["extent"], said["reading"]["ended_at"]) == ("file", (now + MINUTE).isoformat())
    assert "盖章人已打开全文看到末尾" in " ".join(papers.judged(signed[0], now + 2 * MINUTE))
    notes = JournalEntry.objects.filter(action__startswith="reading.", object_id=str(signed[0].pk))
    assert {one.action for one in notes} == {"reading.opened", "reading.ended"}
    assert {one.actor for one in notes} == {f"user:{site.clerk.pk}"}


def test_many_at_once_say_one_text_and_the_list_and_no_more(signed, site, now):
    read(signed[1:2], site.clerk, now)  # this one was opened by itself
    read(signed, site.clerk, now)
    acting.act("seal", keys(signed), user=site.clerk, now=now + MINUTE)
    assert seals.seal_asked(now=now + MINUTE) == 3
    said = [seal_of(one, now + MINUTE) for one in signed]
    assert [(one["read_to_end"], one["reading"]["extent"], one["reading"]["files"]) for one in said] == [
        (False, "list", 3), (True, "file", 1), (False, "list", 3),
    ]  # fmt: skip
    verdict = verify(papers.read(signed[0]), roots(), now + MINUTE)
    assert (verdict.valid, verdict.trusted) == (True, True)
    assert "没有逐份打开" in verdict.signers[-1].reason
    assert "盖章人看完其中一份全文和3份的清单" in " ".join(papers.judged(signed[0], now + MINUTE))


def test_a_list_that_was_read_is_not_the_list_of_others(signed, site, now):
    read(signed[:2], site.clerk, now)
    for others in (signed, signed[1:]):
        with pytest.raises(Refused, match="还没有看到末尾"):
            acting.act("seal", keys(others), user=site.clerk, now=now)
    Contract.objects.filter(pk=signed[0].pk).update(terms={**signed[0].terms, "pay_rate": "每日1元"})
    with pytest.raises(Refused, match="还没有看到末尾"):
        acting.act("seal", keys(signed[:2]), user=site.clerk, now=now)


def test_a_seal_asked_for_before_readings_were_kept_goes_back_to_the_clerk(signed, site, now):
    Contract.objects.filter(pk=signed[0].pk).update(
        seal_asked_at=now, seal_asked_by_key="user:1", seal_asked_by_name="某人"
    )
    assert seals.seal_asked(now=now) == 0
    signed[0].refresh_from_db()
    assert (signed[0].state, signed[0].seal_asked_at) == (State.WORKER_SIGNED, None)
    assert "没有经办人看过" in signed[0].reason


def test_the_page_shows_the_text_and_the_list_and_seals_only_what_it_showed(signed, site, now, monkeypatch):
    monkeypatch.setattr("anxin.web.clock.now", lambda: now)
    clerk, address = signed_in(site.clerk), "/employer/contracts/seal"
    assert "先勾选" in text(clerk.post(address, follow=True))
    laid = clerk.post(address, {"ids": keys(signed)})
    assert "请看到最后一行" in text(laid)
    assert make.id_number(1) not in text(laid)
    assert all(one.number in text(laid) for one in signed)
    said = {"word": "seal", "seen": laid.context["laid"].digest, "password": "Dongtai-2026-xin"}
    fewer = clerk.post(address, {**said, "ids": keys(signed[:2])}, follow=True)
    assert "清单在您打开以后有变化" in text(fewer)
    assert FileReading.objects.filter(ended_at__isnull=False).count() == 0
    assert signed_in(site.inspector).get(address).status_code == 403
    assert "没有工人已签" in text(signed_in(site.stranger).post(address, {"ids": keys(signed)}, follow=True))
    assert clerk.post(address, {**said, "ids": keys(signed)}).status_code == 302
    assert Contract.objects.filter(seal_asked_at__isnull=False).count() == 3
    assert clerk.post("/employer/contracts/many/seal", {"ids": keys(signed)}).status_code == 404
